"""How long a claim has been due. Pure."""

from datetime import date


def days_overdue(due_on: date, *, as_of: date) -> int:
    """Whole days since the due day; 0 on it and before (domain.md §1.3)."""
    return max(0, (as_of - due_on).days)
