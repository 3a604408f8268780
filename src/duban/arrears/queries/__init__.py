"""Reading the ledger: functions that return plain, frozen rows."""

from duban.arrears.queries.balances import free_balances, least_balances
from duban.arrears.queries.rates import last_version, prime_rates
from duban.arrears.queries.statements import (
    PARTS,
    KnownClaim,
    KnownParty,
    findings_of,
    known_claims,
    latest_accepted_day,
    latest_closed_month,
    open_questions,
    unanswered,
)

__all__ = [
    "PARTS",
    "KnownClaim",
    "KnownParty",
    "findings_of",
    "free_balances",
    "known_claims",
    "last_version",
    "latest_accepted_day",
    "latest_closed_month",
    "least_balances",
    "open_questions",
    "prime_rates",
    "unanswered",
]
