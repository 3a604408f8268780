"""Reading the ledger: functions that return plain, frozen rows."""

from duban.arrears.queries.balances import free_balances, least_balances
from duban.arrears.queries.statements import (
    KnownClaim,
    KnownParty,
    findings_of,
    known_claims,
    latest_accepted_day,
    latest_closed_month,
)

__all__ = [
    "KnownClaim",
    "KnownParty",
    "findings_of",
    "free_balances",
    "known_claims",
    "latest_accepted_day",
    "latest_closed_month",
    "least_balances",
]
