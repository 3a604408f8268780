"""Who reports by when, and what a month of a reporter has come to (报送). Pure.

A month without a report is 未报告, never a zero: a unit that owes nothing says so by a zero report (零报告), which
somebody signs (domain.md §2.2, the non-report rule and its false zeros).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence

DEADLINE_DAY = 5
"""Of the month after, where nobody set another day. Ours: no national text names one."""
LATEST_DEADLINE_DAY = 28
"""A day that every month has."""


class Outcome(StrEnum):
    """What a month has come to where it is more, or less, than the state of a statement."""

    CLOSED = "closed"
    """A statement was accepted, and the month was signed since."""
    ZERO = "zero"
    ZERO_VOID = "zero_void"
    """A zero report stood until a claim surfaced."""
    AWAITED = "awaited"
    """Nothing yet, and the deadline has not passed."""
    MISSING = "missing"
    """Nothing, and the deadline has passed."""
    NOT_EXPECTED = "not_expected"

    @property
    def label(self) -> Sentence:
        """Its name in the reader's language."""
        return Sentence(_OUTCOME_LABELS[self])


_OUTCOME_LABELS = {
    Outcome.CLOSED: N_("Closed"),
    Outcome.ZERO: N_("Zero report"),
    Outcome.ZERO_VOID: N_("Zero report void"),
    Outcome.AWAITED: N_("Awaited"),
    Outcome.MISSING: N_("Not reported"),
    Outcome.NOT_EXPECTED: N_("Not expected"),
}


class ReasonMissing(DomainError):
    """Something that needs a reason was done without one."""

    text = N_("This needs a reason. Say from which paper or whose word you know it.")


class NoSuchDeadline(DomainError):
    """A deadline on a day that some months do not have."""

    text = N_("The deadline cannot be day {day} of a month. Give a day from 1 to {latest}, which every month has.")

    def __init__(self, *, day: int) -> None:
        super().__init__(day=day, latest=LATEST_DEADLINE_DAY)


class NotSigned(DomainError):
    """A paper without the name or the post of whoever signed it."""

    text = N_("This paper is signed by name. Give the name and the post of whoever signed it.")


def check_signer(name: str, post: str) -> tuple[str, str]:
    """The name and the post of the signer without what stands around them, or `NotSigned`."""
    if not name.strip() or not post.strip():
        raise NotSigned
    return name.strip(), post.strip()


def check_reason(reason: str) -> str:
    """The reason without what stands around it, or `ReasonMissing`."""
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()


def check_deadline_day(day: int) -> None:
    """Let a day of the month pass that every month has, or raise `NoSuchDeadline`."""
    if not 1 <= day <= LATEST_DEADLINE_DAY:
        raise NoSuchDeadline(day=day)


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def last_day(month: date) -> date:
    """The last day of a month."""
    return next_month(month) - timedelta(days=1)


def deadline(month: date, day_of_month: int = DEADLINE_DAY) -> date:
    """The last day on which the report of a month is in time."""
    return next_month(month).replace(day=day_of_month)


@dataclass(frozen=True, slots=True)
class Reported:
    """What is there of a reporter for a month.

    Args:
        statement: the state of the statement that counts; empty where there is none.
        is_accepted: it was entered into the ledger.
        is_refused: it was turned down, so that nothing is handed in.
        has_zero, is_void: there is a zero report that nobody withdrew; a claim surfaced since.
        is_closed: the month was signed.
    """

    statement: str = ""
    is_accepted: bool = False
    is_refused: bool = False
    has_zero: bool = False
    is_void: bool = False
    is_closed: bool = False


def outcome(found: Reported, *, is_expected: bool, due_on: date, today: date) -> str:
    """What a month has come to: an `Outcome`, or the state of the statement that counts.

    What was accepted says more than a zero report, a zero report that stands more than a statement still on its way.
    """
    if found.is_accepted:
        return Outcome.CLOSED if found.is_closed else found.statement
    if found.has_zero and not found.is_void:
        return Outcome.ZERO
    if found.statement:
        return found.statement
    if found.has_zero:
        return Outcome.ZERO_VOID
    if not is_expected:
        return Outcome.NOT_EXPECTED
    return Outcome.MISSING if today > due_on else Outcome.AWAITED


def days_late(found: Reported, *, handed_in_on: date | None, due_on: date, today: date) -> int:
    """By how many days a report was late, or is: one that was refused or is void is not handed in."""
    stands = found.is_accepted or (found.has_zero and not found.is_void) or (found.statement and not found.is_refused)
    by = handed_in_on if stands and handed_in_on else today
    return max((by - due_on).days, 0)
