"""Settling what was unsettled: the amount that both sides confirmed takes the place of an estimate."""

from datetime import date

from django.db import transaction

from duban.arrears.commands.claim.acting import (
    Act,
    check_moves,
    check_papers,
    check_second_person,
    hold,
    keep_papers,
    make_moves,
    open_act,
    trace,
)
from duban.arrears.commands.claim.correcting import add_version, changed_facts
from duban.arrears.rules.acts import Ground
from duban.arrears.rules.entering import settled
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import Money
from duban.kernel.words import N_, Sentence


@transaction.atomic
def settle(
    *,
    claim_id: int,
    confirmed: Money,
    due_on: date | None,
    act: Act,
    estimated: Money | None = None,
    actor: Appointment,
) -> None:
    """Record the amount that both sides confirmed of what was unsettled.

    Where it stands then follows from the day on which it is to be paid. What is disputed of it is disputed afterwards,
    by its own act with its own papers. Less than was estimated reduces the claim, so a second person decides.

    Args:
        due_on: the day that follows from the settlement; None leaves what is said of the claim.
        estimated: the part of the unsettled that is settled; None for all of it.

    Raises:
        PermissionDenied: `actor` may not act on the claim, or not decide where it is reduced.
        SamePerson: the claim is reduced by whoever entered it.
        PaperMissing: the settlement is not there.
        NothingEntered, NotEnough: nothing was confirmed, or less is unsettled.
    """
    claim = hold(claim_id, actor)
    check_papers(act.papers, ["settlement"])
    estimate = claim.unsettled if estimated is None else estimated
    moves = settled(estimated=estimate, confirmed=confirmed, due_on=due_on or claim.due_on, on=act.effective_on)
    if confirmed < estimate:
        hold(claim_id, actor, Permission.ARREARS_DECIDE)
        check_second_person(claim.claim.posting_id, actor)
    check_moves(claim, moves, act)
    posting = open_act(claim, "arrears.settled_up", act, actor)
    keep_papers(claim, act.papers, posting, actor)
    make_moves(claim, moves, act, posting, ground=Ground.TWO_SIDED)
    changed = changed_facts(claim_id, {"due_on": due_on} if due_on else {})
    if changed:
        add_version(claim, changed, posting)
    words = Sentence(
        N_("Settled claim {number}: {confirmed} confirmed of {estimated} estimated"),
        {"number": claim.ledger_no, "confirmed": confirmed, "estimated": estimate},
    )
    trace(claim, "arrears.settled_up", words, actor)
