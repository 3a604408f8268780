"""Which party came after which, and taking that back."""

from datetime import date
from uuid import UUID

from django.db import transaction

from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.words import N_, Sentence
from duban.register.commands.acting import find_typed, hold_decisions, open_act, party_of, trace
from duban.register.models import Party, SuccessionEntry
from duban.register.queries.resolving import survivors
from duban.register.queries.succeeding import successions
from duban.register.rules.dated import check_entry
from duban.register.rules.successions import NothingSucceeded, check_succession, holding


@transaction.atomic
def succeed(
    *, party: UUID, successor: str, since: date, paper: str, today: date, actor: Appointment
) -> SuccessionEntry:
    """Enter that another party stands in a party's place from a day on; after a split, once for each successor.

    Claims keep the party they name; `queries.who_is` tells who answers for them on a day.

    Args:
        successor: its code or name.

    Raises:
        PermissionDenied: `actor` may not manage parties.
        PaperMissing, DayNotCome, PartyUnknown: the entry is none.
        SucceedsItself: the successor came before the party already.
    """
    before, after = _held(party, successor, since=since, paper=paper, today=today, actor=actor)
    now = survivors([before.pk, after.pk])
    check_succession(now[before.pk], now[after.pk], successions(), names=(before.name, after.name))
    text = N_("{successor} stands in the place of {predecessor} from {day} on, by {paper}.")
    return _enter(before, after, since=since, holds=True, paper=paper, text=text, actor=actor)


@transaction.atomic
def undo_succession(*, party: UUID, successor: str, paper: str, today: date, actor: Appointment) -> SuccessionEntry:
    """Take back that a party stands in another one's place, as if it had not been entered.

    Args:
        paper: why.

    Raises:
        PermissionDenied: `actor` may not manage parties.
        PaperMissing, PartyUnknown: there is no reason, or no such party.
        NothingSucceeded: it does not stand there.
    """
    before, after = _held(party, successor, since=today, paper=paper, today=today, actor=actor)
    now = survivors([before.pk, after.pk])
    pair = (now[before.pk], now[after.pk])
    if pair not in {(known.predecessor, known.successor) for known in holding(successions())}:
        raise NothingSucceeded(predecessor=before.name, successor=after.name)
    text = N_("{successor} no longer counts as standing in the place of {predecessor}: {paper}")
    return _enter(before, after, since=today, holds=False, paper=paper, text=text, actor=actor)


def _held(
    party: UUID, successor: str, *, since: date, paper: str, today: date, actor: Appointment
) -> tuple[Party, Party]:
    """The two parties of an entry that may be made, while nobody else decides."""
    access.require(actor, Permission.PARTIES_MANAGE)
    hold_decisions()
    before = party_of(party)
    check_entry(name=before.name, paper=paper, since=since, today=today)
    return before, Party.objects.get(pk=find_typed(successor))


def _enter(
    before: Party, after: Party, *, since: date, holds: bool, paper: str, text: str, actor: Appointment
) -> SuccessionEntry:
    posting = open_act(actor=actor, kind="register.succession", reason=paper)
    entry = SuccessionEntry.objects.create(
        predecessor=before, successor=after, since=since, holds=holds, paper=paper.strip(), posting=posting
    )
    words = {"predecessor": before.name, "successor": after.name, "day": since, "paper": entry.paper}
    trace(before, posting=posting, words=Sentence(text, words), actor=actor)
    return entry
