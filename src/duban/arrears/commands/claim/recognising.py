"""Recognising a claim by hand: a debt that no ledger has brought yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from duban.arrears.commands.claim.acting import Act, check_days, check_papers, keep_papers, make_moves, trace
from duban.arrears.commands.posting import NewClaim, add_claims
from duban.arrears.commands.statement.steps import hold_reporter
from duban.arrears.models import ClaimNow
from duban.arrears.rules.entering import entered
from duban.arrears.rules.facts import FactValues
from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.identity import access
from duban.identity import queries as units
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.queries import UnitView
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence
from duban.register import commands as register
from duban.register.commands import Named


class NumberTaken(DomainError):
    """A ledger number that another claim of the same reporter has."""

    text = N_(
        "Number {number} is taken in this ledger: {creditor} is owed by {debtor} under it. "
        "Give the claim a number of its own, or act on that claim."
    )

    def __init__(self, *, claim: ClaimNow) -> None:
        super().__init__(number=claim.ledger_no, creditor=claim.creditor_name, debtor=claim.debtor_name)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A claim that was entered, with what a second look should be taken at."""

    uid: UUID
    warnings: list[Sentence] = field(default_factory=list)


@transaction.atomic
def recognise(
    *,
    unit_code: str,
    debtor: Named,
    creditor: Named,
    facts: Mapping[str, Any],
    owed: Money,
    act: Act,
    estimated: Money = ZERO,
    actor: Appointment,
) -> Recognised:
    """Enter a claim in a reporter's ledger by hand.

    What is owed stands as not due before its day and as undisputed afterwards. A part that is disputed or before a
    court is entered by the acts for that, which ask for their papers.

    Args:
        facts: columns of `Facts`; the names of the parties are those of `debtor` and `creditor`.
        estimated: what waits for acceptance, settlement or review, beside what is owed.

    Raises:
        UnknownUnit: there is no such reporter.
        PermissionDenied: `actor` may not enter claims there.
        PaperMissing: nothing shows on what the claim rests.
        NumberTaken: another claim of that ledger has the number.
        NothingEntered: nothing is owed.
    """
    unit = units.unit_on(unit_code, act.today)
    said = FactValues(**{**facts, "debtor_name": debtor.name, "creditor_name": creditor.name})
    scope_id = scope_for(unit, said.department, act)
    access.require(actor, Permission.ARREARS_POST, scope_id=scope_id)
    hold_reporter(unit.id)
    check_papers(act.papers, ["basis"])
    check_days(unit.id, scope_id, act.effective_on, act.value_on, act.today)
    check_number(unit.id, said.ledger_no)
    moves = entered(owed=owed, estimated=estimated, due_on=said.due_on, on=act.effective_on)
    posting = audit.open_posting(actor=actor, kind="arrears.recognised", scope_id=scope_id, reason=act.reason)
    ids = register.know([debtor, creditor], posting=posting)
    claim = add_claim_of(scope_id, ids[debtor.key], ids[creditor.key], said, posting)
    keep_papers(claim, act.papers, posting, actor)
    make_moves(claim, moves, act, posting)
    values = {"number": claim.ledger_no, "amount": owed + estimated, "debtor": debtor.name, "creditor": creditor.name}
    words = Sentence(N_("Recognised claim {number}: {debtor} owes {creditor} {amount}"), values)
    trace(claim, "arrears.recognised", words, actor)
    return Recognised(claim.claim.uid, _look_alikes(claim, unit.id))


def scope_for(unit: UnitView, department: str, act: Act) -> int:
    """Where a claim of a reporter belongs: its crossing with the department's line, or the reporter's own."""
    lines = units.lines_by_unit_name([department], on=act.today)
    return scope_of(unit.id, lines.get(department, unit.line_id))


def check_number(unit_id: int, number: str) -> None:
    """Let a ledger number pass that no claim of a reporter has, or raise `NumberTaken`."""
    taken = ClaimNow.objects.filter(scope__unit_id=unit_id, ledger_no=number).first()
    if taken:
        raise NumberTaken(claim=taken)


def add_claim_of(scope_id: int, debtor_id: int, creditor_id: int, facts: FactValues, posting: Posting) -> ClaimNow:
    """Add a claim between two parties with its first facts, and nothing on it yet."""
    [claim_id] = add_claims([NewClaim(scope_id, debtor_id, creditor_id, facts)], posting=posting)
    return ClaimNow.objects.select_related("claim", "scope").get(pk=claim_id)


def _look_alikes(claim: ClaimNow, unit_id: int) -> list[Sentence]:
    """Claims of the same parties and contract in the same ledger, which may be the same debt (F5, F7)."""
    others = ClaimNow.objects.filter(
        scope__unit_id=unit_id, debtor_id=claim.debtor_id, creditor_id=claim.creditor_id,
        contract_no=claim.contract_no, project=claim.project,
    ).exclude(pk=claim.pk)  # fmt: skip
    text = N_("Claim {number} is of the same parties, contract and project: look whether it is the same debt.")
    return [Sentence(text, {"number": other.ledger_no}) for other in others.order_by("ledger_no")[:5]]
