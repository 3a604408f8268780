"""The one-year loan prime rate (1年期贷款市场报价利率, LPR): which rate was in force on a day."""

import csv
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Self

from duban.kernel.errors import DomainError
from duban.kernel.words import N_

DAY_OF_PUBLICATION = 20  # of every month, or the first workday after it


@dataclass(frozen=True, slots=True, order=True)
class LoanPrimeRate:
    """One publication. `one_year` is a ratio for a year (0.031), in force from its day until the next publication."""

    published_on: date
    one_year: Decimal


class LoanPrimeRateBefore(DomainError):
    """A day lies before the first rate that is loaded."""

    text = N_(
        "The one-year loan prime rate of {day} is not known: the rates loaded begin on {first}. "
        "Load the rate that was last published by {day}."
    )

    def __init__(self, *, day: date, first: date) -> None:
        super().__init__(day=day, first=first)


class LoanPrimeRateAfter(DomainError):
    """A day lies a publication or more after the last rate that is loaded."""

    text = N_(
        "The one-year loan prime rate of {day} is not known: the last one loaded is of {last}, and the next was to "
        "come on {following}. Load the rates published from {following} to {day}."
    )

    def __init__(self, *, day: date, last: date, following: date) -> None:
        super().__init__(day=day, last=last, following=following)


class LoanPrimeRateMissing(DomainError):
    """The rates to be loaded leave out a month, or there are none."""

    text = N_(
        "Loan prime rates must cover months without a gap; none follows that of {last}. Load the missing ones too."
    )

    def __init__(self, *, last: date | str) -> None:
        super().__init__(last=last)


class LoanPrimeRateTwice(DomainError):
    """Two rates are given for one day of publication."""

    text = N_("Two loan prime rates are given for {day}. Keep the one that was published.")

    def __init__(self, *, day: date) -> None:
        super().__init__(day=day)


class LoanPrimeRates:
    """Rates of a run of months.

    Args:
        rates: in any order; a month may have more than one, and none may be without.

    Raises:
        LoanPrimeRateMissing, LoanPrimeRateTwice.
    """

    def __init__(self, rates: Iterable[LoanPrimeRate]) -> None:
        self._rates = sorted(set(rates))
        self._days = [rate.published_on for rate in self._rates]
        if not self._days:
            raise LoanPrimeRateMissing(last="-")
        for earlier, later in pairwise(self._days):
            if earlier == later:
                raise LoanPrimeRateTwice(day=later)
            if later.replace(day=1) > _following(earlier).replace(day=1):
                raise LoanPrimeRateMissing(last=earlier)

    @classmethod
    @cache
    def shipped(cls) -> Self:
        """Return the rates that come with the program (data/loan_prime_rates.csv), read once.

        Source: the monthly announcements of the National Interbank Funding Center (全国银行间同业拆借中心), from the
        first one of 2019-08-20; days and rates as listed by the Bank of China.
        """
        with (files("duban.kernel") / "data" / "loan_prime_rates.csv").open(encoding="utf-8") as rows:
            return cls(_rate(row) for row in csv.DictReader(rows))

    def extended(self, rates: Iterable[LoanPrimeRate]) -> "LoanPrimeRates":
        """Return these rates with further ones.

        Raises:
            LoanPrimeRateMissing, LoanPrimeRateTwice.
        """
        return LoanPrimeRates([*self._rates, *rates])

    def in_force(self, day: date) -> LoanPrimeRate:
        """Return the rate last published on or before `day`.

        Raises:
            LoanPrimeRateBefore: none had been published.
            LoanPrimeRateAfter: another one must have been published since, and is not loaded.
        """
        position = bisect_right(self._days, day) - 1
        if position < 0:
            raise LoanPrimeRateBefore(day=day, first=self._days[0])
        following = _following(self._days[-1])
        if day >= following:
            raise LoanPrimeRateAfter(day=day, last=self._days[-1], following=following)
        return self._rates[position]


def _following(published_on: date) -> date:
    """The day of publication in the month after."""
    year, month = divmod(published_on.year * 12 + published_on.month, 12)
    return date(year, month + 1, DAY_OF_PUBLICATION)


def _rate(row: dict[str, str]) -> LoanPrimeRate:
    return LoanPrimeRate(date.fromisoformat(row["published_on"]), Decimal(row["one_year_pct"]) / 100)
