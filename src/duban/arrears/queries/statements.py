"""What a statement is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from duban.arrears.models import ClaimNow, ClosedMonth, Statement
from duban.arrears.rules.accounts import HELD, OPEN, OUTSIDE_RATES, Account
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
    ledger_no: str
    debtor: KnownParty
    creditor: KnownParty
    transfers: int
    contract_no: str
    project: str
    category: str
    signed_on: date | None
    due_on: date | None
    balances: Mapping[Account, Money]

    @property
    def still_owed(self) -> Money:
        """What is left of it, due or not."""
        return sum((self.balances[account] for account in (*OPEN, *OUTSIDE_RATES)), ZERO)


def known_claims(unit_id: int) -> list[KnownClaim]:
    """All claims of a reporter. One query."""
    rows = ClaimNow.objects.filter(scope__unit_id=unit_id).values_list(
        "claim_id", "scope_id", "ledger_no", "transfers", "debtor_id", "debtor_name", "debtor__uscc",
        "creditor_id", "creditor_name", "creditor__uscc", "contract_no", "project", "category", "signed_on", "due_on",
        *(account.value for account in HELD),
    )  # fmt: skip
    return [
        KnownClaim(
            claim_id=row[0], scope_id=row[1], ledger_no=row[2], transfers=row[3],
            debtor=KnownParty(*row[4:7]), creditor=KnownParty(*row[7:10]),
            contract_no=row[10], project=row[11], category=row[12], signed_on=row[13], due_on=row[14],
            balances=dict(zip(HELD, row[15:], strict=True)),
        )
        for row in rows
    ]  # fmt: skip


def latest_accepted_day(unit_id: int) -> date | None:
    """The day of a reporter's latest accepted statement."""
    accepted = Statement.objects.filter(unit_id=unit_id, state=Statement.State.ACCEPTED)
    return accepted.order_by("-as_of").values_list("as_of", flat=True).first()


def latest_closed_month(unit_id: int) -> date | None:
    """The first day of the latest month that was signed for any scope of a reporter."""
    closed = ClosedMonth.objects.filter(scope__unit_id=unit_id)
    return closed.order_by("-month").values_list("month", flat=True).first()


def findings_of(statement: Statement) -> list[Found]:
    """What was found in a statement, in the order of the sheet. One query."""
    rows = statement.findings.order_by("pk").values("rule", "severity", "sheet", "cell", "value", "message", "expected")
    return [Found.from_stored(row) for row in rows]
