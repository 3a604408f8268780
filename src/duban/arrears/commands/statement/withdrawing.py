"""Taking a statement back: before it is entered, and afterwards by the opposite of all that it did."""

from datetime import date
from uuid import UUID

from django.db import transaction

from duban.arrears.commands.claim.acting import Act
from duban.arrears.commands.claim.reversing import reverse_statement
from duban.arrears.commands.statement.steps import STATES, NotNow, check_month, held, hold_reporter, trace
from duban.arrears.models import StatedClaim, Statement
from duban.arrears.rules.reporting import check_reason
from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO
from duban.kernel.words import N_, Sentence
from duban.workbook.findings import stored_sentence


class NotTheLatest(DomainError):
    """A statement on which later ones of the reporter rest."""

    text = N_(
        "A later workbook of this reporter, of {day}, was entered since and rests on this one. Take that one back "
        "first."
    )

    def __init__(self, *, day: date) -> None:
        super().__init__(day=day)


@transaction.atomic
def withdraw(uid: UUID, *, reason: str, today: date, actor: Appointment) -> Statement:
    """Take a statement back.

    One that is not entered is only marked. Of one that is, everything is posted the opposite way on its own day: its
    transfers, its payments, what it said anew of claims, and what its reporter stated last. A claim that it added stays
    with nothing on it.

    Raises:
        PermissionDenied: `actor` may not report for the unit; for one that is entered, may not decide on it.
        NotNow: it is refused, withdrawn or being entered.
        ReasonMissing: nobody said why.
        MonthIsClosed: its month was signed.
        NotTheLatest: a later one of the reporter was entered.
        PartTakenBack, PaymentWentOn, MovedOn: see `reverse_statement`.
    """
    reason = check_reason(reason)
    statement = held(uid)
    was_entered = statement.state == Statement.State.ACCEPTED
    needed = Permission.ARREARS_DECIDE if was_entered else Permission.ARREARS_IMPORT
    access.require(actor, needed, scope_id=statement.scope_id)
    if not (was_entered or statement.state in Statement.UNDECIDED | {Statement.State.RETURNED}):
        raise NotNow(state=STATES[statement.state])
    words = Sentence(N_("Withdrawn: {reason}"), {"reason": reason})
    if was_entered:
        _take_out(statement, Act(statement.as_of, today, reason), actor)
    statement.state = Statement.State.WITHDRAWN
    statement.refusal = stored_sentence(words)
    statement.save(update_fields=["state", "refusal"])
    trace(statement, "arrears.statement_withdrawn", words, actor)
    return statement


def _take_out(statement: Statement, act: Act, actor: Appointment) -> None:
    hold_reporter(statement.unit_id)
    check_month(statement.unit_id, statement.as_of)
    later = Statement.objects.filter(unit_id=statement.unit_id, state=Statement.State.ACCEPTED, pk__gt=statement.pk)
    if (last := later.order_by("-as_of").first()) is not None:
        raise NotTheLatest(day=last.as_of)
    if statement.posting is not None:
        reverse_statement(statement.posting, act=act, actor=actor)
    _state_as_before(statement)


def _state_as_before(statement: Statement) -> None:
    """Let what was stated before the statement be again what its reporter stated last."""
    taken_back = list(StatedClaim.objects.filter(statement=statement).order_by("claim_id"))
    earlier = StatedClaim.objects.filter(claim_id__in=[one.claim_id for one in taken_back], pk__lt=_first(taken_back))
    before = {one.claim_id: one for one in earlier.order_by("claim_id", "-pk").distinct("claim_id")}
    StatedClaim.objects.bulk_create(_again(one, before.get(one.claim_id)) for one in taken_back)


def _first(rows: list[StatedClaim]) -> int:
    return min((row.pk for row in rows), default=0)


_AMOUNTS = ("step", "undisputed", "unsettled", "not_due", "disputed", "judicial", "cleared")


def _again(taken_back: StatedClaim, before: StatedClaim | None) -> StatedClaim:
    """The row of before once more; one that says that the claim is not stated where there was none."""
    last = before or StatedClaim(
        claim_id=taken_back.claim_id, scope_id=taken_back.scope_id, statement_id=taken_back.statement_id, n=0, step=1,
        undisputed=ZERO, unsettled=ZERO, not_due=ZERO, disputed=ZERO, judicial=ZERO, cleared=ZERO,
    )  # fmt: skip
    return StatedClaim(
        claim_id=last.claim_id, scope_id=last.scope_id, statement_id=last.statement_id, n=last.n, facts=last.facts,
        **{name: getattr(last, name) for name in _AMOUNTS},
    )  # fmt: skip
