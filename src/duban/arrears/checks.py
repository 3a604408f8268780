"""What `audit verify` recomputes of the ledger."""


def register() -> None:
    """Add the checks of this context."""
