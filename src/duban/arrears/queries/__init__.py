"""Reading the ledger: functions that return plain, frozen rows."""

from duban.arrears.queries.statements import KnownClaim, claims_by_key, findings_of, latest_accepted_day

__all__ = ["KnownClaim", "claims_by_key", "findings_of", "latest_accepted_day"]
