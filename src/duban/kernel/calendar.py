"""Which days are workdays in China: weekends, State Council holidays and the workdays that make up for them (调休)."""

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Self

from duban.kernel.errors import DomainError
from duban.kernel.words import N_

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class DayKind(StrEnum):
    """What a notice says of a day: off, or a weekend day that is worked."""

    OFF = "off"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day as a State Council notice sets it.

    Args:
        day: may lie in the December before `notice_year`.
        kind: off or work; weekends that a notice does not name need no row.
        holiday: the holiday that it belongs to, as the notice writes it.
        notice_year: the year that the notice arranges.
    """

    day: date
    kind: DayKind
    holiday: str
    notice_year: int


class CalendarYearUnknown(DomainError):
    """A day lies outside the years whose holiday notices are loaded."""

    text = N_(
        "Whether a day of {year} is a workday is not known: the holiday notices loaded cover {first} to {last}. "
        "Load the State Council's notice for {year} when it is published."
    )

    def __init__(self, *, year: int, first: int, last: int) -> None:
        super().__init__(year=year, first=first, last=last)


class CalendarYearsMissing(DomainError):
    """The holiday notices leave out a year, or there are none."""

    text = N_("Holiday notices must cover years without a gap, and these cover: {years}. Load the missing ones too.")

    def __init__(self, *, years: Iterable[int]) -> None:
        super().__init__(years=", ".join(map(str, years)) or "-")


class DayArrangedTwice(DomainError):
    """Two rows say different things of one day."""

    text = N_("{day} is given both as a day off and as a workday. Keep the row of the later notice only.")

    def __init__(self, *, day: date) -> None:
        super().__init__(day=day)


class WorkCalendar:
    """Workdays in a run of known years.

    A notice for a year can still change days at the end of the December before it, so the last weeks of the last known
    year are as the law stands until the next notice comes.

    Args:
        days: what the notices set, in any order.
        years: the years whose notices are complete in `days`, declared and never guessed from the rows.

    Raises:
        CalendarYearsMissing, DayArrangedTwice.
    """

    def __init__(self, days: Iterable[NoticeDay], *, years: Iterable[int]) -> None:
        self.years = tuple(sorted(set(years)))
        if not self.years or len(self.years) != self.years[-1] - self.years[0] + 1:
            raise CalendarYearsMissing(years=self.years)
        self._arranged: dict[date, NoticeDay] = {}
        for row in days:
            if self._arranged.setdefault(row.day, row).kind is not row.kind:
                raise DayArrangedTwice(day=row.day)
        first, end = date(self.years[0], 1, 1), date(self.years[-1] + 1, 1, 1)
        known = (first + timedelta(days=number) for number in range((end - first).days))
        self._workdays = [day for day in known if self._is_worked(day)]

    @classmethod
    @cache
    def shipped(cls) -> Self:
        """Return the calendar that comes with the program (data/workdays.csv, data/workday_notices.csv), read once.

        Source: the State Council notices named in workday_notices.csv. Where one notice amends another, only what holds
        in the end is kept; a notice's mention of an ordinary workday (3 February 2020) is left out.
        """
        data = files("duban.kernel") / "data"
        with (data / "workday_notices.csv").open(encoding="utf-8") as notices:
            years = [int(row["year"]) for row in csv.DictReader(notices)]
        with (data / "workdays.csv").open(encoding="utf-8") as rows:
            return cls(map(_notice_day, csv.DictReader(rows)), years=years)

    def extended(self, days: Iterable[NoticeDay], *, years: Iterable[int]) -> "WorkCalendar":
        """Return this calendar with further notices; what a later notice says of a day replaces what stood before."""
        arranged = dict(self._arranged)
        for row in days:
            held = arranged.get(row.day)
            if held is None or held.notice_year <= row.notice_year:
                arranged[row.day] = row
        return WorkCalendar(arranged.values(), years=(*self.years, *years))

    def is_workday(self, day: date) -> bool:
        """Whether people work on `day`.

        Raises:
            CalendarYearUnknown.
        """
        self._require(day.year)
        return self._is_worked(day)

    def holiday_on(self, day: date) -> str | None:
        """Return the name of the holiday that makes `day` a day off; None on workdays and plain weekends."""
        self._require(day.year)
        row = self._arranged.get(day)
        return row.holiday if row and row.kind is DayKind.OFF else None

    def on_or_after(self, day: date) -> date:
        """Return `day` itself when it is a workday, and else the first workday after it."""
        return day if self.is_workday(day) else self.next_workday(day)

    def next_workday(self, day: date) -> date:
        """Return the first workday after `day`, never `day` itself."""
        return self.add_workdays(day, 1)

    def add_workdays(self, day: date, count: int) -> date:
        """Return the `count`-th workday after `day`, which need not be one itself; before it when negative.

        Raises:
            CalendarYearUnknown: `day` or the answer lies outside the known years.
        """
        self._require(day.year)
        if count == 0:
            return day
        position = (bisect_right(self._workdays, day) - 1 if count > 0 else bisect_left(self._workdays, day)) + count
        if position < 0:
            self._require(self.years[0] - 1)
        if position >= len(self._workdays):
            self._require(self.years[-1] + 1)
        return self._workdays[position]

    def workdays_between(self, start: date, end: date) -> int:
        """Count the workdays from `start` up to, but not including, `end`; negative when `end` is the earlier one.

        Raises:
            CalendarYearUnknown: a counted day lies outside the known years.
        """
        if start == end:
            return 0
        first, after = min(start, end), max(start, end)
        self._require(first.year)
        self._require((after - _ONE_DAY).year)
        count = bisect_left(self._workdays, after) - bisect_left(self._workdays, first)
        return count if start < end else -count

    def _is_worked(self, day: date) -> bool:
        row = self._arranged.get(day)
        return row.kind is DayKind.WORK if row else day.weekday() < _SATURDAY

    def _require(self, year: int) -> None:
        if not self.years[0] <= year <= self.years[-1]:
            raise CalendarYearUnknown(year=year, first=self.years[0], last=self.years[-1])


def _notice_day(row: dict[str, str]) -> NoticeDay:
    return NoticeDay(date.fromisoformat(row["day"]), DayKind(row["kind"]), row["holiday"], int(row["notice_year"]))
