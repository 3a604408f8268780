"""The one-year loan prime rate (1年期贷款市场报价利率, LPR): which rate was in force on a day."""

import csv
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from io import StringIO
from itertools import pairwise
from typing import Self

from duban.kernel.errors import DomainError
from duban.kernel.numbers import shortened
from duban.kernel.words import N_, Sentence

DAY_OF_PUBLICATION = 20  # of every month, or the first workday after it


@dataclass(frozen=True, slots=True, order=True)
class LoanPrimeRate:
    """One publication. `one_year` is a ratio for a year (0.031), in force from its day until the next publication."""

    published_on: date
    one_year: Decimal

    @property
    def shown(self) -> str:
        """The rate as a number of per cent, as it is published: 3.10."""
        return f"{self.one_year * 100:.2f}"


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


class RatesFileRefused(DomainError):
    """A file of rates that cannot be taken as a whole; nothing of it is loaded."""

    text = N_("Line {line} of the file of rates: {problem} Correct it and load the file again.")

    def __init__(self, *, line: int, problem: Sentence) -> None:
        super().__init__(line=line, problem=problem)


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
            return cls(read_rates(rows.read()))

    def corrected(self, rates: Iterable[LoanPrimeRate]) -> "LoanPrimeRates":
        """Return these rates with further ones, of which the later holds where two are of one day.

        Raises:
            LoanPrimeRateMissing.
        """
        by_day = {rate.published_on: rate for rate in (*self._rates, *rates)}
        return LoanPrimeRates(by_day.values())

    def __contains__(self, rate: LoanPrimeRate) -> bool:
        return self.published(rate.published_on) == rate

    def published(self, day: date) -> LoanPrimeRate | None:
        """Return the rate that was published on `day` itself, or None where none was."""
        position = bisect_left(self._days, day)
        return self._rates[position] if position < len(self._days) and self._days[position] == day else None

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


COLUMNS = ("published_on", "one_year_pct")


def read_rates(text: str) -> list[LoanPrimeRate]:
    """Read a CSV with the header `published_on,one_year_pct`: days in ISO, rates in per cent a year, such as 3.10.

    Raises:
        RatesFileRefused: a column is missing, or a day or a rate cannot be read.
        LoanPrimeRateTwice: two rates are given for one day.
    """
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff")))
    for column in COLUMNS:
        if column not in (reader.fieldnames or ()):
            raise RatesFileRefused(line=1, problem=Sentence(N_("the column {column} is missing."), {"column": column}))
    found = [_rate(line, row) for line, row in enumerate(reader, start=2) if any(row.values())]
    for earlier, later in pairwise(sorted(found)):
        if earlier.published_on == later.published_on and earlier != later:
            raise LoanPrimeRateTwice(day=later.published_on)
    return found


def _rate(line: int, row: Mapping[str, str | None]) -> LoanPrimeRate:
    day, percent = ((row.get(column) or "").strip() for column in COLUMNS)
    try:
        published_on = date.fromisoformat(day)
    except ValueError:
        problem = Sentence(N_("“{seen}” is no day of the form 2025-06-20."), {"seen": shortened(day)})
        raise RatesFileRefused(line=line, problem=problem) from None
    number = re.fullmatch(r"([0-9]{1,2}(?:\.[0-9]{1,4})?)\s*%?", percent)
    if number is None:
        problem = Sentence(N_("“{seen}” is no rate in per cent a year, such as 3.10."), {"seen": shortened(percent)})
        raise RatesFileRefused(line=line, problem=problem)
    return LoanPrimeRate(published_on, Decimal(number[1]) / 100)
