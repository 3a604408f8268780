"""What every act on the register shares: who may, finding the party, its posting and its trail."""

from uuid import UUID

from django.db import connection

from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.identity import access
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.words import Sentence
from duban.register.models import Party


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


def hold_decisions() -> None:
    """Wait for whoever is deciding on duplicates, and let nobody else until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT register.hold_decisions()")
