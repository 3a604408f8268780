"""Disputes and courts: where a part of a claim stands while it is argued about."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from duban.arrears.commands.claim.acting import (
    Act,
    check_moves,
    check_papers,
    hold,
    keep_papers,
    make_moves,
    open_act,
    trace,
)
from duban.arrears.models import ActDetail
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.acts import Cause
from duban.arrears.rules.statement import Move
from duban.identity.models import Appointment
from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.kernel.words import N_, Sentence


class ExpiredAlready(DomainError):
    """A dispute that is to be resolved by a day that is over."""

    text = N_("The dispute is to be resolved by {day}, which is not after today, {today}. Give a day to come.")

    def __init__(self, *, day: date, today: date) -> None:
        super().__init__(day=day, today=today)


class CaseMissing(DomainError):
    """A court without a case number."""

    text = N_("Going to court needs the number of the case. Give it as it stands on the court's paper.")


@transaction.atomic
def dispute(*, claim_id: int, amount: Money, cause: Cause, expires_on: date, act: Act, actor: Appointment) -> None:
    """Call a part of a claim disputed; the rest has to be paid on time (regulation of 2025, article 15).

    Both sides' statements are needed on any day, and so within 60 days before a deadline, too (F4).

    Raises:
        PermissionDenied: `actor` may not act on the claim.
        PaperMissing: what one of the sides says is not there.
        ExpiredAlready: the day by which it is to be resolved is over.
        NotEnough: less is undisputed.
    """
    if expires_on <= act.today:
        raise ExpiredAlready(day=expires_on, today=act.today)
    needed = ["debtor_statement", "creditor_statement"]
    moves = [Move(Account.UNDISPUTED, Account.DISPUTED, amount)]
    detail = ActDetail(amount=amount, cause=cause.value, expires_on=expires_on)
    _move(claim_id, moves, act, actor, kind="arrears.disputed", needed=needed, detail=detail)


@transaction.atomic
def withdraw_dispute(*, claim_id: int, amount: Money, act: Act, actor: Appointment) -> None:
    """Call a disputed part undisputed again.

    Raises:
        PermissionDenied: `actor` may not act on the claim.
        NotEnough: less is disputed.
    """
    moves = [Move(Account.DISPUTED, Account.UNDISPUTED, amount)]
    _move(claim_id, moves, act, actor, kind="arrears.dispute_withdrawn")


@transaction.atomic
def go_to_court(
    *, claim_id: int, source: Account, amount: Money, case_number: str, act: Act, actor: Appointment
) -> None:
    """Record that a part of a claim, undisputed or disputed, is before a court or an arbitrator.

    Raises:
        PermissionDenied: `actor` may not act on the claim.
        CaseMissing, PaperMissing: the case or the court's paper is not given.
        MoveNotAllowed, NotEnough: nothing goes to court from there, or less is there.
    """
    if not case_number:
        raise CaseMissing
    moves = [Move(source, Account.JUDICIAL, amount)]
    detail = ActDetail(amount=amount, case_number=case_number)
    _move(claim_id, moves, act, actor, kind="arrears.court", needed=["court_paper"], detail=detail)


@transaction.atomic
def come_back_from_court(*, claim_id: int, destination: Account, amount: Money, act: Act, actor: Appointment) -> None:
    """Record that a part of a claim is no longer before a court (司法转回).

    Raises:
        PermissionDenied: `actor` may not act on the claim.
        PaperMissing: the court's paper is not there.
        MoveNotAllowed, NotEnough: nothing comes back to there, or less is before the court.
    """
    moves = [Move(Account.JUDICIAL, destination, amount)]
    _move(claim_id, moves, act, actor, kind="arrears.court_over", needed=["court_paper"])


@transaction.atomic
def enforce(*, claim_id: int, amount: Money, act: Act, actor: Appointment) -> None:
    """Record what a court enforced: it is cleared by both rules.

    Raises:
        PermissionDenied: `actor` may not act on the claim.
        PaperMissing: the court's paper is not there.
        NotEnough: less is before the court.
    """
    moves = [Move(Account.JUDICIAL, Account.COURT, amount)]
    _move(claim_id, moves, act, actor, kind="arrears.enforced", needed=["court_paper"])


def _move(
    claim_id: int,
    moves: Sequence[Move],
    act: Act,
    actor: Appointment,
    *,
    kind: str,
    needed: Sequence[str] = (),
    detail: ActDetail | None = None,
) -> None:
    claim = hold(claim_id, actor)
    check_papers(act.papers, needed)
    check_moves(claim, moves, act)
    posting = open_act(claim, kind, act, actor)
    keep_papers(claim, act.papers, posting, actor)
    make_moves(claim, moves, act, posting)
    if detail:
        detail.claim_id, detail.scope_id, detail.posting = claim.claim_id, claim.scope_id, posting
        detail.save(force_insert=True)
    words = Sentence(
        N_("Claim {number}: {amount} went from {source} to {destination}"),
        {
            "number": claim.ledger_no,
            "amount": moves[0].amount,
            "source": moves[0].source.label,
            "destination": moves[0].destination.label,
        },
    )
    trace(claim, kind, words, actor)
