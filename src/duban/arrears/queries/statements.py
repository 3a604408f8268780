"""What a statement is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from duban.arrears.models import ClaimNow, Statement
from duban.arrears.rules.accounts import HELD, Account
from duban.kernel.money import Money
from duban.workbook.findings import Finding as Found

Key = tuple[str, int, int]
"""Ledger number, debtor, creditor."""


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim of the ledger, as a statement is compared with it."""

    claim_id: int
    scope_id: int
    transfers: int
    open: Money
    balances: Mapping[Account, Money]


def claims_by_key(unit_id: int) -> dict[Key, KnownClaim]:
    """All claims of a reporter by ledger number and parties. One query."""
    accounts = [account.value for account in HELD]
    rows = ClaimNow.objects.filter(scope__unit_id=unit_id).values_list(
        "ledger_no", "debtor_id", "creditor_id", "claim_id", "scope_id", "transfers", "open", *accounts
    )
    return {
        row[:3]: KnownClaim(row[3], row[4], row[5], row[6], dict(zip(HELD, row[7:], strict=True))) for row in rows
    }


def latest_accepted_day(unit_id: int) -> date | None:
    """The day of a reporter's latest accepted statement."""
    accepted = Statement.objects.filter(unit_id=unit_id, state=Statement.State.ACCEPTED)
    return accepted.order_by("-as_of").values_list("as_of", flat=True).first()


def findings_of(statement: Statement) -> list[Found]:
    """What was found in a statement, in the order of the sheet. One query."""
    rows = statement.findings.order_by("pk").values("rule", "severity", "sheet", "cell", "value", "message", "expected")
    return [Found.from_stored(row) for row in rows]
