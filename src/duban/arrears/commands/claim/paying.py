"""A stated payment: reporting it, showing its voucher, and the creditor's word on it."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction

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
from duban.arrears.models import ClaimNow, Settlement, SettlementEvent
from duban.arrears.queries.settlements import stated_against
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.settling import Method, NotHonouredYet, Step, check_step, check_voucher, settles_as
from duban.arrears.rules.statement import Move
from duban.audit.models import Posting
from duban.evidence.models import File
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence

VOUCHER_LOCK = 7_030_204
"""With the hash of a voucher's number, the advisory lock under which one payment by it is stated at a time."""


@dataclass(frozen=True, slots=True)
class Voucher:
    """What a payment is proved by, as it is stated.

    Args:
        total: what the whole voucher is worth; needed only where it stands on several claims.
        payee_name: as it stands on the voucher.
    """

    number: str = ""
    total: Money = ZERO
    payee_name: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """A payment that was entered, with what a second look should be taken at."""

    settlement: Settlement
    warnings: list[Sentence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Held:
    """A payment, its claim held, and the number of its last event."""

    paid: Settlement
    claim: ClaimNow
    last: int


@transaction.atomic
def report_payment(
    *, claim_id: int, method: Method, amount: Money, voucher: Voucher, act: Act, actor: Appointment
) -> Reported:
    """State that a part of a claim was paid. With the voucher among the papers it is evidenced, too.

    Raises:
        PermissionDenied: `actor` may not act on the claim.
        NotAPayment: nothing is paid by that method.
        VoucherShared, VoucherSpent: other claims were paid with the voucher.
        NotEnough: more than is undisputed and open.
    """
    claim = hold(claim_id, actor)
    settles_as(method)
    move = Move(Account.UNDISPUTED, Account.REPORTED, amount)
    check_moves(claim, [move], act)
    warnings = _check_voucher(claim, amount, voucher)
    posting = open_act(claim, "arrears.payment", act, actor)
    settlement = Settlement.objects.create(
        claim_id=claim.claim_id, scope_id=claim.scope_id, method=method.value, amount=amount,
        voucher_number=voucher.number, voucher_total=voucher.total, payee_name=voucher.payee_name,
        value_on=act.value_on, posting=posting,
    )  # fmt: skip
    files = keep_papers(claim, act.papers, posting, actor)
    _add_event(settlement, 1, Step.STATED, posting)
    if "voucher" in files:
        _add_event(settlement, 2, Step.EVIDENCED, posting, files["voucher"])
    make_moves(claim, [move], act, posting, settlement_id=settlement.pk)
    words = Sentence(
        N_("Stated {amount} of claim {number} as paid: {method}"),
        {"amount": amount, "number": claim.ledger_no, "method": method.label},
    )
    trace(claim, "arrears.payment_reported", words, actor)
    return Reported(settlement, warnings)


def _check_voucher(claim: ClaimNow, amount: Money, voucher: Voucher) -> list[Sentence]:
    """Refuse what the voucher cannot bear; returns what a person should look at (F1)."""
    warnings = []
    if voucher.payee_name and voucher.payee_name != claim.creditor_name:
        values = {"payee": voucher.payee_name, "creditor": claim.creditor_name}
        warnings.append(Sentence(N_("The payee {payee} is not the creditor {creditor}: look at the voucher."), values))
    if not voucher.number:
        return warnings
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [VOUCHER_LOCK, voucher.number])
    found = stated_against(voucher.number, debtor_id=claim.debtor_id)
    total = voucher.total if voucher.total > ZERO else found.total
    check_voucher(voucher.number, amount, total=total, stated=found.stated)
    if found.stated is not None:
        values = {"number": voucher.number, "stated": str(found.stated)}
        warnings.append(Sentence(N_("Voucher {number} stands on other payments, too, with {stated}."), values))
    return warnings


@transaction.atomic
def show_voucher(*, settlement: UUID, act: Act, actor: Appointment) -> Settlement:
    """Hand in the voucher of a stated payment.

    Raises:
        PermissionDenied: `actor` may not act on the claim.
        StepNotNext: the creditor has spoken already.
        PaperMissing: there is no voucher among the papers.
    """
    held = _payment(settlement, Step.EVIDENCED, actor)
    check_papers(act.papers, ["voucher"])
    posting = open_act(held.claim, "arrears.payment", act, actor)
    file = keep_papers(held.claim, act.papers, posting, actor)["voucher"]
    _add_event(held.paid, held.last + 1, Step.EVIDENCED, posting, file)
    _trace_step(held, Step.EVIDENCED, actor)
    return held.paid


@transaction.atomic
def confirm_payment(*, settlement: UUID, act: Act, actor: Appointment) -> Settlement:
    """Record that the creditor confirms a payment: now it stands where its method leads.

    Set-off and goods in payment count by the strict rule, so the account `offset` is reached here alone, with what the
    creditor signed; every confirmation needs that paper.

    Raises:
        PermissionDenied: `actor` may not decide on the claim.
        SamePerson: `actor` stated it.
        StepNotNext: no voucher was shown yet, or the creditor has spoken already.
        PaperMissing: what the creditor signed is not among the papers.
        NotAPayment: nothing is paid by that method.
    """
    held = _payment(settlement, Step.CONFIRMED, actor, Permission.ARREARS_DECIDE)
    check_second_person(held.paid.posting_id, actor)
    check_papers(act.papers, ["creditor_confirmation"])
    move = Move(Account.REPORTED, settles_as(Method(held.paid.method)), held.paid.amount)
    return _step(held, Step.CONFIRMED, move, act, actor)


@transaction.atomic
def deny_payment(*, settlement: UUID, act: Act, actor: Appointment) -> Settlement:
    """Record that the creditor denies a payment: it is owed again.

    Raises:
        PermissionDenied: `actor` may not act on the claim.
        StepNotNext: the creditor has spoken already.
    """
    held = _payment(settlement, Step.DENIED, actor)
    move = Move(Account.REPORTED, Account.UNDISPUTED, held.paid.amount)
    return _step(held, Step.DENIED, move, act, actor)


@transaction.atomic
def dishonour_payment(*, settlement: UUID, act: Act, actor: Appointment) -> Settlement:
    """Record that a confirmed bill or e-voucher was not paid when it fell due: it is owed again.

    Raises:
        PermissionDenied: `actor` may not act on the claim.
        StepNotNext: it was not confirmed.
        NotHonouredYet: it was no bill or e-voucher.
    """
    held = _payment(settlement, Step.DISHONOURED, actor)
    if settles_as(Method(held.paid.method)) is not Account.INSTRUMENT:
        raise NotHonouredYet(method=Method(held.paid.method))
    move = Move(Account.INSTRUMENT, Account.UNDISPUTED, held.paid.amount)
    return _step(held, Step.DISHONOURED, move, act, actor)


def _payment(uid: UUID, wanted: Step, actor: Appointment, permission: Permission = Permission.ARREARS_POST) -> _Held:
    """A payment and its claim, held, where `wanted` may follow."""
    paid = Settlement.objects.get(uid=uid)
    claim = hold(paid.claim_id, actor, permission)
    last = paid.events.latest("n")
    check_step(Step(last.step), wanted)
    return _Held(paid, claim, last.n)


def _step(held: _Held, step: Step, move: Move, act: Act, actor: Appointment) -> Settlement:
    """Move the whole of a payment, and say what happened to it."""
    check_moves(held.claim, [move], act)
    posting = open_act(held.claim, "arrears.payment", act, actor)
    files = keep_papers(held.claim, act.papers, posting, actor)
    _add_event(held.paid, held.last + 1, step, posting, next(iter(files.values()), None))
    make_moves(held.claim, [move], act, posting, settlement_id=held.paid.pk)
    _trace_step(held, step, actor)
    return held.paid


def _add_event(paid: Settlement, n: int, step: Step, posting: Posting, file: File | None = None) -> None:
    SettlementEvent.objects.create(
        settlement=paid, scope_id=paid.scope_id, n=n, step=step.value, file=file, posting=posting
    )


def _trace_step(held: _Held, step: Step, actor: Appointment) -> None:
    words = Sentence(
        N_("Payment of {amount} on claim {number}: {step}"),
        {"amount": held.paid.amount, "number": held.claim.ledger_no, "step": step.label},
    )
    trace(held.claim, f"arrears.payment_{step}", words, actor)
