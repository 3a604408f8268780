"""Reducing a claim by hand: never payment, and always decided by a second person."""

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
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.acts import Ground, papers_for
from duban.arrears.rules.statement import Move
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import Money
from duban.kernel.words import N_, Sentence


@transaction.atomic
def reduce(*, claim_id: int, source: Account, amount: Money, ground: Ground, act: Act, actor: Appointment) -> None:
    """Reduce an open part of a claim (核减): listed in error, agreed by both sides, or a discount.

    Raises:
        PermissionDenied: `actor` may not decide on the claim.
        SamePerson: `actor` entered the claim.
        NotByHand: the ground comes about otherwise.
        PaperMissing: the ground's paper is not there.
        MoveNotAllowed, NotEnough: the account is not open, or holds less.
    """
    claim = hold(claim_id, actor, Permission.ARREARS_DECIDE)
    check_second_person(claim.claim.posting_id, actor)
    check_papers(act.papers, papers_for(ground))
    move = Move(source, Account.REDUCED, amount)
    check_moves(claim, [move], act)
    posting = open_act(claim, "arrears.reduced", act, actor)
    keep_papers(claim, act.papers, posting, actor)
    make_moves(claim, [move], act, posting, ground=ground)
    words = Sentence(
        N_("Reduced claim {number} by {amount}: {ground}"),
        {"number": claim.ledger_no, "amount": amount, "ground": ground.label},
    )
    trace(claim, "arrears.reduced", words, actor)
