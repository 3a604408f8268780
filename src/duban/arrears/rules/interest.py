"""What delay has cost up to a day: an estimate (测算), shown and never booked. Pure.

The interest of a day is what was owed at its beginning times the rate of a day; nothing is added to what is owed, so a
payment goes to the principal. The regulation is silent on compounding and on the order of payments.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from itertools import pairwise

from duban.arrears.rules.law import LawVersion
from duban.arrears.rules.provisions import Breach, InterestRule, PayerClass
from duban.arrears.rules.start import Violation
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.rates import LoanPrimeRates
from duban.kernel.words import N_, Sentence

_ONE_DAY = timedelta(days=1)


class YearDays(IntEnum):
    """Into how many days a contract divides a yearly rate."""

    D365 = 365
    D360 = 360


class RateBelowZero(DomainError):
    """A contract cannot agree less than no interest."""

    text = N_("A rate of {rate} % a year is below zero. Enter what the contract agrees, or leave the rate out.")

    def __init__(self, *, annual: Decimal) -> None:
        super().__init__(rate=_percent(annual))


@dataclass(frozen=True, slots=True)
class AgreedRate:
    """The rate of interest for delay that a contract agrees: a ratio for a year (0.0435)."""

    annual: Decimal
    year_days: YearDays = YearDays.D365

    def __post_init__(self) -> None:
        if self.annual < 0:
            raise RateBelowZero(annual=self.annual)


class RateBasis(StrEnum):
    """Where a rate comes from."""

    AGREED = "agreed"
    RAISED = "raised"
    """Agreed below the loan prime rate of the contract's day, and raised to it."""
    STATUTORY = "statutory"


@dataclass(frozen=True, slots=True)
class Rate:
    """What one day of delay costs, as an exact share of what is owed: a 365th of a decimal is none."""

    daily: Fraction
    basis: RateBasis
    explained: Sentence
    violation: Violation | None = None


class ContractDayMissing(DomainError):
    """An agreed rate has to be compared, and the day of the contract is not known."""

    text = N_(
        "The agreed rate of {rate} % a year may not be below the one-year loan prime rate of the day on which the "
        "contract was signed ({source}), and that day is not recorded. Record it."
    )

    def __init__(self, *, annual: Decimal, source: Sentence) -> None:
        super().__init__(rate=_percent(annual), source=source)


class NoRate(DomainError):
    """Neither the contract nor the edition gives a rate."""

    text = N_(
        "The contract agrees no rate of interest for delay, and “{law}” gives none. Enter an agreed rate, "
        "or leave the estimate out."
    )

    def __init__(self, *, law: LawVersion) -> None:
        super().__init__(law=law.label)


def rate_for(
    agreed: AgreedRate | None,
    *,
    law: LawVersion,
    payer: PayerClass,
    signed_on: date | None,
    prime_rates: LoanPrimeRates,
) -> Rate:
    """Find the rate of a day: as agreed and raised to the floor, else the edition's own.

    A rate that is raised keeps the contract's division of the year, so that raising never lowers it.

    Raises:
        NoRate, ContractDayMissing, LoanPrimeRateBefore, LoanPrimeRateAfter.
    """
    if law.interest is None:
        if agreed is None:
            raise NoRate(law=law)
        return _as_agreed(agreed)
    source = law.cite(law.interest.article, payer)
    if agreed is None:
        return _statutory(law.interest, source)
    if signed_on is None:
        raise ContractDayMissing(annual=agreed.annual, source=source)
    floor = prime_rates.in_force(signed_on).one_year
    return _as_agreed(agreed) if agreed.annual >= floor else _raised(agreed, floor, signed_on, source)


def _statutory(rule: InterestRule, source: Sentence) -> Rate:
    text = N_("{rate} % a day, because the contract agrees no rate ({source}).")
    return Rate(
        Fraction(rule.daily), RateBasis.STATUTORY, Sentence(text, {"rate": _percent(rule.daily), "source": source})
    )


def _as_agreed(agreed: AgreedRate) -> Rate:
    text = N_("{rate} % a year of {days} days, as the contract agrees.")
    values = {"rate": _percent(agreed.annual), "days": int(agreed.year_days)}
    return Rate(Fraction(agreed.annual) / agreed.year_days, RateBasis.AGREED, Sentence(text, values))


def _raised(agreed: AgreedRate, floor: Decimal, signed_on: date, source: Sentence) -> Rate:
    values = {"rate": _percent(floor), "days": int(agreed.year_days), "agreed": _percent(agreed.annual)}
    values |= {"day": signed_on, "source": source}
    found = N_(
        "The contract agrees {agreed} % a year, below the one-year loan prime rate of {rate} % on the day of the "
        "contract, {day} ({source}). The estimate uses {rate} %."
    )
    text = N_("{rate} % a year of {days} days, raised from the contract's {agreed} % ({source}).")
    violation = Violation(Breach.RATE, Sentence(found, values))
    return Rate(Fraction(floor) / agreed.year_days, RateBasis.RAISED, Sentence(text, values), violation)


@dataclass(frozen=True, slots=True)
class Change:
    """What was owed became more or, by a payment, less, from the end of a day."""

    on: date
    amount: Money


class PaidTooMuch(DomainError):
    """More was paid than was owed."""

    text = N_("By {day} {excess} more is paid than was owed, so no interest can be estimated. Correct the payments.")

    def __init__(self, *, day: date, excess: Money) -> None:
        super().__init__(day=day, excess=excess)


@dataclass(frozen=True, slots=True)
class InterestPeriod:
    """Days of delay on one amount: from the first to the last, both counted.

    Args:
        amount: by how much the rounded sum grows, so that the amounts of all periods add up to the total; within a
            fen of the period's own interest.
    """

    first_day: date
    last_day: date
    days: int
    principal: Money
    rate: Rate
    amount: Money


@dataclass(frozen=True, slots=True)
class Estimate:
    """Interest up to and including a day.

    Args:
        exact: in fen, not rounded.
        total: rounded once, to the fen, a half upwards.
    """

    exact: Fraction
    total: Money
    periods: tuple[InterestPeriod, ...]


def estimate(changes: Iterable[Change], *, due_on: date, as_of: date, rate: Rate) -> Estimate:
    """Add up the interest from the day after `due_on` up to and including `as_of`.

    Args:
        changes: all of them, in any order; the first is what was owed, on the due day or before it. A payment on the
            due day is in time, and a payment later bears interest for its own day.

    Raises:
        PaidTooMuch: by some day before `as_of`.
    """
    exact, total, periods = Fraction(0), ZERO, []
    for start, end, principal in _spans(changes, due_on, as_of):
        days = (end - start).days
        exact += principal.fen * days * rate.daily
        risen = _rounded(exact)
        periods.append(InterestPeriod(start + _ONE_DAY, end, days, principal, rate, risen - total))
        total = risen
    return Estimate(exact, total, tuple(periods))


def changes_between(balances: Mapping[date, Money]) -> list[Change]:
    """The changes that lead from nothing to the first balance, and from each balance to the next by day."""
    held, changes = ZERO, []
    for day, balance in sorted(balances.items()):
        changes.append(Change(day, balance - held))
        held = balance
    return changes


def _spans(changes: Iterable[Change], due_on: date, as_of: date) -> list[tuple[date, date, Money]]:
    """Spans of delay on one amount: from the end of a day to the end of another. Those on nothing are left out."""
    moved = defaultdict[date, int](int)
    for change in changes:
        moved[max(change.on, due_on)] += change.amount.fen
    days = sorted({due_on, *(day for day, fen in moved.items() if fen and day < as_of), as_of})
    spans, owed = [], 0
    for start, end in pairwise(days if due_on < as_of else ()):
        owed += moved[start]
        if owed < 0:
            raise PaidTooMuch(day=start, excess=Money(-owed))
        if owed:
            spans.append((start, end, Money(owed)))
    return spans


def _rounded(fen: Fraction) -> Money:
    """Round to the fen, a half upwards; interest is never below zero."""
    return Money(int(fen + Fraction(1, 2)))


def _percent(ratio: Decimal) -> str:
    return f"{(ratio * 100).normalize():f}"
