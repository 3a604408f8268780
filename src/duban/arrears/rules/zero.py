"""When a unit may say that it owes nothing (零报告), and when that no longer holds. Pure."""

from datetime import date

from duban.arrears.rules.reporting import last_day
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_


class MonthNotOver(DomainError):
    """A zero report of a month that has not ended."""

    text = N_(
        "{month} ends on {last}, and today is {today}. What is owed at its end is known after that day; "
        "hand the zero report in then."
    )

    def __init__(self, *, month: date, today: date) -> None:
        super().__init__(month=f"{month:%Y-%m}", last=last_day(month), today=today)


class StillOwed(DomainError):
    """A zero report of a unit that owes something."""

    text = N_(
        "The ledger shows {open} yuan due and open on {day}, in {claims} claims, so this is no zero report. "
        "Hand in the ledger of the month, or correct the claims first."
    )

    def __init__(self, *, owed: Money, day: date, claims: int) -> None:
        super().__init__(open=owed, day=day, claims=claims)


class MonthSigned(DomainError):
    """Something about the report of a month that was signed."""

    text = N_("{month} was signed and is closed. What was wrong in it is put right in the month that is open now.")

    def __init__(self, *, month: date) -> None:
        super().__init__(month=f"{month:%Y-%m}")


class AlreadyZero(DomainError):
    """A second zero report beside one that stands."""

    text = N_(
        "A zero report of {unit} for {month} is there already, signed by {signer}. "
        "If it is wrong, withdraw it first, with the reason."
    )

    def __init__(self, *, unit: str, month: date, signer: str) -> None:
        super().__init__(unit=unit, month=f"{month:%Y-%m}", signer=signer)


class WithdrawnAlready(DomainError):
    """A zero report is withdrawn a second time."""

    text = N_("This zero report was withdrawn on {day} already. If the unit owes nothing, hand in a new one.")

    def __init__(self, *, day: date) -> None:
        super().__init__(day=day)


def check_month(month: date, *, today: date, closed: date | None) -> None:
    """Let the report of a month pass that has ended and was not signed.

    Args:
        closed: the first day of the latest month that was signed.

    Raises:
        MonthNotOver, MonthSigned.
    """
    if today <= last_day(month):
        raise MonthNotOver(month=month, today=today)
    check_open(month, closed=closed)


def check_open(month: date, *, closed: date | None) -> None:
    """Let a month pass that was not signed, or raise `MonthSigned`."""
    if closed and month <= closed:
        raise MonthSigned(month=month)


def check_nothing_owed(owed: Money, *, day: date, claims: int) -> None:
    """Let a unit pass that owes nothing on a day, or raise `StillOwed`."""
    if owed > ZERO:
        raise StillOwed(owed=owed, day=day, claims=claims)
