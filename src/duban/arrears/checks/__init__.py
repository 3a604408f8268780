"""What `audit verify` recomputes of the ledger.

Each query of a check sees one state of the books, so it may run while people work.
"""

from duban.arrears.checks import (
    campaigns,
    claims,
    facts,
    flows,
    folds,
    links,
    postings,
    reporting,
    settlements,
    statements,
    transfers,
)
from duban.audit import verify


def register() -> None:
    """Add the checks of this context: what others are derived from comes first."""
    for check in (
        postings.CHECK,
        transfers.CHECK,
        facts.CHECK,
        claims.CHECK,
        flows.CHECK,
        folds.CHECK,
        statements.CHECK,
        settlements.CHECK,
        links.CHECK,
        reporting.CHECK,
        campaigns.CHECK,
    ):
        verify.register(check)
