"""What every act on the register shares: who may, finding the party, its posting and its trail."""

from uuid import UUID

from django.db import connection

from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.identity import access
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence
from duban.register.commands.knowing import Named, find
from duban.register.models import Party


class PartyUnknown(DomainError):
    """A code or a name that means none of the parties, or may mean several."""

    text = N_("The register does not know “{typed}”, or knows several of that name. Give the credit code of the body.")

    def __init__(self, *, typed: str) -> None:
        super().__init__(typed=typed)


def open_act(*, actor: Appointment, kind: str, reason: str) -> Posting:
    """Open the posting of an act on the register, which is in the scope of the actor's own unit.

    Raises:
        PermissionDenied: `actor` may not manage parties.
    """
    scope_id = scope_of(actor.unit_id, None)
    access.require(actor, Permission.PARTIES_MANAGE, scope_id=scope_id)
    return audit.open_posting(actor=actor, kind=kind, scope_id=scope_id, reason=reason)


def trace(party: Party, *, posting: Posting, words: Sentence, actor: Appointment) -> None:
    """Leave a row in the trail on a party."""
    subject = ("register.party", str(party.uid))
    audit.record(actor=actor, action=posting.kind, subject=subject, scope_id=posting.scope_id, words=words)


def party_of(uid: UUID) -> Party:
    """The party, or `Party.DoesNotExist`."""
    return Party.objects.get(uid=uid)


def find_typed(typed: str) -> int:
    """The id of the party that somebody means by a code or a name, or `PartyUnknown`."""
    by_code, by_name = Named("", typed.strip().upper()), Named(typed)
    ids = find([by_code, by_name])
    found = ids.get(by_code.key) or ids.get(by_name.key)
    if found is None:
        raise PartyUnknown(typed=typed.strip())
    return found


def hold_decisions() -> None:
    """Wait for whoever is deciding on duplicates, and let nobody else until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT register.hold_decisions()")
