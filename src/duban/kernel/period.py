"""Periods of reporting: half-open spans of days, so that quarters meet without overlap."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from duban.kernel.errors import DomainError
from duban.kernel.period_text import PeriodKind, UnreadablePeriod, label, read, written
from duban.kernel.words import N_, Sentence

__all__ = [
    "EmptyPeriod",
    "NoSamePeriodLastYear",
    "NoSeparateMonth",
    "NoSuchPeriod",
    "Period",
    "PeriodKind",
    "UnreadablePeriod",
    "industrial_months",
    "next_industrial_month",
    "previous_industrial_month",
]

FIRST_YEAR, LAST_YEAR = 1900, 2999  # beyond these a year is a slip of the keyboard
JOINT_JANUARY_FEBRUARY_SINCE = 2013  # National Bureau of Statistics, note on industrial statistics

_ONE_DAY = timedelta(days=1)


class NoSuchPeriod(DomainError):
    """A year, half, quarter, month or week has a number that does not exist."""

    text = N_("There is no {part} {number}: use a number from {lowest} to {highest}.")

    def __init__(self, *, part: Sentence, number: int, lowest: int, highest: int) -> None:
        super().__init__(part=part, number=number, lowest=lowest, highest=highest)


class EmptyPeriod(DomainError):
    """A period would end before it has begun."""

    text = N_("A period from {first} to {last} holds no day. Give a last day that is not before the first.")

    def __init__(self, *, first: date, last: date) -> None:
        super().__init__(first=first, last=last)


class NoSeparateMonth(DomainError):
    """January or February was asked for alone in industrial statistics."""

    text = N_(
        "Industrial figures for {month} alone do not exist: since 2013 January and February are surveyed and published "
        "together. Use January–February, {joint}."
    )

    def __init__(self, *, month: "Period", joint: "Period") -> None:
        super().__init__(month=month.label(), joint=joint)


class NoSamePeriodLastYear(DomainError):
    """A leap day or a 53rd week has no counterpart a year before."""

    text = N_("{period} has no counterpart in {year}. Compare with a whole month, quarter or year.")

    def __init__(self, *, period: "Period", year: int) -> None:
        super().__init__(period=period, year=year)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` up to, but not including, `end`: `day in Period.quarter(2026, 1)`.

    Periods sort by their first day, then by their end. `str()` is a stable form that `parse` reads back; among periods
    of one kind, and among the industrial months of all years, the order of the texts is the order in time. In a text
    ".." stands between the first and the last day or month, both included. `Period(start, end)` is any span of days.
    """

    start: date
    end: date
    kind: PeriodKind = PeriodKind.DAYS

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise EmptyPeriod(first=self.start, last=self.last_day)

    @classmethod
    def year(cls, year: int) -> "Period":
        """Return a calendar year."""
        return cls._months(PeriodKind.YEAR, year, first=1, last=12)

    @classmethod
    def half(cls, year: int, half: int) -> "Period":
        """Return the first (1) or second (2) half of a year."""
        _check(N_("half"), half, 1, 2)
        return cls._months(PeriodKind.HALF, year, first=6 * half - 5, last=6 * half)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> "Period":
        """Return one of the four quarters of a year."""
        _check(N_("quarter"), quarter, 1, 4)
        return cls._months(PeriodKind.QUARTER, year, first=3 * quarter - 2, last=3 * quarter)

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        """Return a calendar month."""
        _check(N_("month"), month, 1, 12)
        return cls._months(PeriodKind.MONTH, year, first=month, last=month)

    @classmethod
    def jan_feb(cls, year: int) -> "Period":
        """Return January and February together (1–2月), the first industrial month of a year."""
        return cls._months(PeriodKind.JANUARY_FEBRUARY, year, first=1, last=2)

    @classmethod
    def year_to_date(cls, year: int, month: int) -> "Period":
        """Return January up to and including `month` (1—N月累计)."""
        _check(N_("month"), month, 1, 12)
        return cls._months(PeriodKind.YEAR_TO_DATE, year, first=1, last=month)

    @classmethod
    def industrial_month(cls, year: int, month: int) -> "Period":
        """Return a month that has industrial figures of its own.

        Raises:
            NoSeparateMonth: January or February, which since 2013 exist only together.

        Source: National Bureau of Statistics, note on industrial statistics.
        """
        period = cls.month(year, month)
        if month <= 2 and year >= JOINT_JANUARY_FEBRUARY_SINCE:
            raise NoSeparateMonth(month=period, joint=cls.jan_feb(year))
        return period

    @classmethod
    def week(cls, year: int, week: int) -> "Period":
        """Return a week from Monday to Sunday, numbered as ISO 8601 does; week 1 may begin in December."""
        _check(N_("year"), year, FIRST_YEAR, LAST_YEAR)
        _check(N_("week"), week, 1, date(year, 12, 28).isocalendar().week)
        monday = date.fromisocalendar(year, week, 1)
        return cls(monday, monday + timedelta(days=7), PeriodKind.WEEK)

    @classmethod
    def day(cls, day: date) -> "Period":
        """Return a single day."""
        return cls(day, day + _ONE_DAY, PeriodKind.DAY)

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read the stable form that `str()` writes; full-width digits and spaces around it do not matter.

        Raises:
            UnreadablePeriod, NoSuchPeriod, EmptyPeriod.
        """
        parts = read(text)
        if parts.days:
            first, last = parts.days[0], parts.days[-1]
            return cls(first, last + _ONE_DAY, parts.kind)
        return _MAKERS[parts.kind](*parts.numbers)

    @classmethod
    def _months(cls, kind: PeriodKind, year: int, *, first: int, last: int) -> "Period":
        _check(N_("year"), year, FIRST_YEAR, LAST_YEAR)
        return cls(date(year, first, 1), _months_later(date(year, first, 1), last - first + 1), kind)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def contains(self, other: "Period") -> bool:
        """Whether every day of `other` is a day of this period."""
        return self.start <= other.start and other.end <= self.end

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - _ONE_DAY

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days

    def previous(self) -> "Period":
        """Return the period of the same kind just before: for 1—3月 it is 1—2月, for 1月 it is 1—12月 of the last year.

        January–February has no neighbour of its kind; December stands before it and March after it.
        """
        return self._moved(-1)

    def next(self) -> "Period":
        """Return the period of the same kind just after; see `previous`."""
        return self._moved(1)

    def _moved(self, step: int) -> "Period":
        if self.kind in _LENGTH_IN_MONTHS:
            months = step * _LENGTH_IN_MONTHS[self.kind]
            return Period(_months_later(self.start, months), _months_later(self.end, months), self.kind)
        if self.kind is PeriodKind.JANUARY_FEBRUARY:
            neighbour = self.end if step > 0 else self.start - _ONE_DAY
            return self.month(neighbour.year, neighbour.month)
        if self.kind is PeriodKind.YEAR_TO_DATE:
            last = _months_later(self.last_day.replace(day=1), step)
            return self.year_to_date(last.year, last.month)
        return Period(self.start + step * self.days * _ONE_DAY, self.end + step * self.days * _ONE_DAY, self.kind)

    def same_period_last_year(self) -> "Period":
        """Return the base of a 同比 comparison; a week keeps its number, a span its days.

        Raises:
            NoSamePeriodLastYear: the 53rd week of a long year, or 29 February alone.
        """
        if self.kind is PeriodKind.WEEK:
            year, week, _ = self.start.isocalendar()
            if week > date(year - 1, 12, 28).isocalendar().week:
                raise NoSamePeriodLastYear(period=self, year=year - 1)
            return self.week(year - 1, week)
        start, end = _year_before(self.start), _year_before(self.end)
        if start == end:
            raise NoSamePeriodLastYear(period=self, year=start.year)
        return Period(start, end, self.kind)

    def __str__(self) -> str:
        return written(self.kind, self.start, self.last_day)

    def label(self) -> Sentence:
        """How a heading names the period, in the reader's language."""
        return label(self.kind, self.start, self.last_day)


_LENGTH_IN_MONTHS = {PeriodKind.YEAR: 12, PeriodKind.HALF: 6, PeriodKind.QUARTER: 3, PeriodKind.MONTH: 1}
_MAKERS: dict[PeriodKind, Callable[..., Period]] = {
    PeriodKind.YEAR: Period.year,
    PeriodKind.HALF: Period.half,
    PeriodKind.QUARTER: Period.quarter,
    PeriodKind.MONTH: Period.month,
    PeriodKind.JANUARY_FEBRUARY: Period.jan_feb,
    PeriodKind.YEAR_TO_DATE: Period.year_to_date,
    PeriodKind.WEEK: Period.week,
}


def industrial_months(year: int) -> tuple[Period, ...]:
    """Return the months of a year that have industrial figures: {1–2, 3 … 12} since 2013, twelve before.

    Source: National Bureau of Statistics, note on industrial statistics.
    """
    if year < JOINT_JANUARY_FEBRUARY_SINCE:
        return tuple(Period.month(year, month) for month in range(1, 13))
    return (Period.jan_feb(year), *(Period.month(year, month) for month in range(3, 13)))


def previous_industrial_month(period: Period) -> Period:
    """Return the industrial month before: the base of 环比, where March follows January–February."""
    day = period.start - _ONE_DAY
    return next(month for month in industrial_months(day.year) if day in month)


def next_industrial_month(period: Period) -> Period:
    """Return the industrial month after; after December comes January–February of the next year."""
    return next(month for month in industrial_months(period.end.year) if period.end in month)


def _check(part: str, number: int, lowest: int, highest: int) -> None:
    if not lowest <= number <= highest:
        raise NoSuchPeriod(part=Sentence(part), number=number, lowest=lowest, highest=highest)


def _months_later(first: date, months: int) -> date:
    """Move the first day of a month by whole months."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _year_before(day: date) -> date:
    """Move a boundary by a year; before 29 February lies the end of 28 February, which is 1 March elsewhere."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 3, 1)
    return day.replace(year=day.year - 1)
