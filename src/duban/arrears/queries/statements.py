"""What a statement is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from duban.arrears.models import Answer, ClaimNow, ClosedMonth, Question, StatedClaim, Statement
from duban.arrears.rules.accounts import HELD, OPEN, OUTSIDE_RATES, Account
from duban.arrears.rules.statement import Stated
from duban.kernel.money import ZERO, Money
from duban.workbook.findings import Finding as Found


@dataclass(frozen=True, slots=True)
class KnownParty:
    """A side of a claim, under the name that was last written."""

    party_id: int
    name: str
    uscc: str | None


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim of the ledger, as a statement is compared with it."""

    claim_id: int
    scope_id: int
    line_code: str
    ledger_no: str
    debtor: KnownParty
    creditor: KnownParty
    debtor_kind: str
    transfers: int
    contract_no: str
    project: str
    category: str
    signed_on: date | None
    due_on: date | None
    balances: Mapping[Account, Money]
    base: Stated | None
    """What the reporter stated of it last; None where it never did, or no longer does."""
    said: str = ""
    """The fingerprint of what the row of then said of it."""

    @property
    def still_owed(self) -> Money:
        """What is left of it, due or not."""
        return sum((self.balances[account] for account in (*OPEN, *OUTSIDE_RATES)), ZERO)

    @property
    def step(self) -> int:
        """How finely its amounts are known: as the last statement showed them, where nothing else changed them since.

        In fen; the amount as first owed stands for all of them.
        """
        if self.base is None or self.base.step == 1:
            return 1
        recognised = sum(self.balances.values(), ZERO) - self.balances[Account.REDUCED]
        return self.base.step if recognised == self.base.amount else 1

    def is_covered(self, coverage: Mapping[str, str]) -> bool:
        """Whether it is in the part of the ledger that a statement is of (`Statement.coverage`)."""
        own = {"line": self.line_code, "kind": self.debtor_kind, "category": self.category}
        return all(own[name] == code for name, code in coverage.items())


def known_claims(unit_id: int) -> list[KnownClaim]:
    """All claims of a reporter. Two queries."""
    rows = ClaimNow.objects.filter(scope__unit_id=unit_id).values_list(
        "claim_id", "scope_id", "scope__line__code", "ledger_no", "transfers", "debtor_id", "debtor_name",
        "debtor__uscc", "creditor_id", "creditor_name", "creditor__uscc", "debtor_kind", "contract_no", "project",
        "category", "signed_on", "due_on", *(account.value for account in HELD),
    )  # fmt: skip
    stated = last_stated(unit_id)
    return [
        KnownClaim(
            claim_id=row[0], scope_id=row[1], line_code=row[2] or "", ledger_no=row[3], transfers=row[4],
            debtor=KnownParty(*row[5:8]), creditor=KnownParty(*row[8:11]), debtor_kind=row[11],
            contract_no=row[12], project=row[13], category=row[14], signed_on=row[15], due_on=row[16],
            balances=dict(zip(HELD, row[17:], strict=True)), base=stated[row[0]][0] if row[0] in stated else None,
            said=stated[row[0]][1] if row[0] in stated else "",
        )
        for row in rows
    ]  # fmt: skip


PARTS = (Account.UNDISPUTED, *OUTSIDE_RATES, Account.DISPUTED, Account.JUDICIAL)
"""What an amount first owed is divided into, as `StatedClaim` has it."""


def last_stated(unit_id: int) -> dict[int, tuple[Stated, str]]:
    """What a reporter stated last of each of its claims, and the fingerprint of what it said beside.

    Claims that its last statement no longer had are left out. One query.
    """
    latest = StatedClaim.objects.filter(scope__unit_id=unit_id).order_by("claim_id", "-pk").distinct("claim_id")
    rows = latest.values_list("claim_id", "n", "step", "cleared", "facts", *(part.value for part in PARTS))
    return {
        row[0]: (Stated(dict(zip(PARTS, row[5:], strict=True)), row[3], step=row[2]), row[4])
        for row in rows
        if row[1] > 0
    }


def latest_accepted_day(unit_id: int) -> date | None:
    """The day of a reporter's latest accepted statement."""
    accepted = Statement.objects.filter(unit_id=unit_id, state=Statement.State.ACCEPTED)
    return accepted.order_by("-as_of").values_list("as_of", flat=True).first()


def latest_closed_month(unit_id: int) -> date | None:
    """The first day of the latest month that was signed for any scope of a reporter."""
    closed = ClosedMonth.objects.filter(scope__unit_id=unit_id)
    return closed.order_by("-month").values_list("month", flat=True).first()


def unanswered(statement: Statement) -> QuerySet[Question]:
    """The questions of a statement that nobody answered."""
    return statement.questions.filter(~Exists(Answer.objects.filter(question=OuterRef("pk"))))


def open_questions(statement: Statement) -> int:
    """How many questions of a statement nobody answered. One query."""
    return unanswered(statement).count()


def findings_of(statement: Statement) -> list[Found]:
    """What was found in a statement, in the order of the sheet. One query."""
    rows = statement.findings.order_by("pk").values("rule", "severity", "sheet", "cell", "value", "message", "expected")
    return [Found.from_stored(row) for row in rows]
