"""Clocks: how long somebody has, counted the way the law counts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from duban.kernel.calendar import WorkCalendar
from duban.kernel.errors import DomainError
from duban.kernel.words import N_

_ONE_DAY = timedelta(days=1)


class ClockUnit(StrEnum):
    """What a clock counts: calendar days (日) or workdays (工作日)."""

    DAY = "day"
    WORKDAY = "workday"


class ClockState(StrEnum):
    """Where a clock stands on a day."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    OVERDUE = "overdue"


class NegativeTerm(DomainError):
    """A term has fewer than no days."""

    text = N_(
        "A term of {length} days cannot be counted. Give 0 for the day of the event itself, or a positive number."
    )

    def __init__(self, *, length: int) -> None:
        super().__init__(length=length)


class EmptySuspension(DomainError):
    """A suspension ends on or before the day it begins."""

    text = N_(
        "A suspension from {start} that ends on {end} stops no day. Give the first day that counts again as its end."
    )

    def __init__(self, *, start: date, end: date) -> None:
        super().__init__(start=start, end=end)


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days that a clock does not count: from `start` up to, but not including, `end`; None while it still lasts."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise EmptySuspension(start=self.start, end=self.end)

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A term that starts with an event.

    Args:
        start: the day of the event; counting starts the day after (Civil Code, article 201).
        length: how many days or workdays; 0 means due on the day of the event.
        unit: calendar days or workdays.
        holiday_shift: whether a last day that is no workday moves to the first workday after it (Civil Code,
            article 203). Parties may agree otherwise (article 204), so the caller always says.
        suspensions: days that are not counted, in any order; they may overlap.
    """

    start: date
    length: int
    unit: ClockUnit
    holiday_shift: bool
    suspensions: tuple[Suspension, ...] = ()

    def __post_init__(self) -> None:
        if self.length < 0:
            raise NegativeTerm(length=self.length)

    def due_on(self, calendar: WorkCalendar) -> date | None:
        """Return the last day on which the act is in time; None while a suspension without an end stops the clock.

        A last day that moves over a holiday into a suspension moves on to the first workday after that.

        Raises:
            CalendarYearUnknown: a workday beyond the known years would have to be judged.
        """
        if not self.suspensions:
            workdays = self.unit is ClockUnit.WORKDAY
            last = calendar.add_workdays(self.start, self.length) if workdays else self.start + self.length * _ONE_DAY
            return calendar.on_or_after(last) if self.holiday_shift else last
        counts = calendar.is_workday if self.unit is ClockUnit.WORKDAY else _every_day
        last, left = self.start, self.length
        while left:
            counted = self._first_running(last + _ONE_DAY, counts)
            if counted is None:
                return None
            last, left = counted, left - 1
        if self.holiday_shift and not calendar.is_workday(last):
            return self._first_running(last, calendar.is_workday)
        return last

    def days_left(self, today: date, calendar: WorkCalendar) -> int | None:
        """Count the calendar days from `today` to the due day: 0 on it and after it, None while no due day is known."""
        due = self.due_on(calendar)
        return None if due is None else max(0, (due - today).days)

    def days_overdue(self, today: date, calendar: WorkCalendar) -> int:
        """Count the calendar days since the due day: 0 until it has passed, and while no due day is known.

        The due day itself is in time, so the first overdue day is the one after it.
        """
        due = self.due_on(calendar)
        return 0 if due is None else max(0, (today - due).days)

    def state_on(self, today: date, calendar: WorkCalendar) -> ClockState:
        """Say where the clock stands: overdue once the due day has passed, else suspended or running."""
        if self.days_overdue(today, calendar):
            return ClockState.OVERDUE
        return ClockState.SUSPENDED if self._is_suspended(today) else ClockState.RUNNING

    def _is_suspended(self, day: date) -> bool:
        return any(day in suspension for suspension in self.suspensions)

    def _first_running(self, day: date, counts: Callable[[date], bool]) -> date | None:
        """Return the first day from `day` on that counts and is not suspended; None when a suspension has no end."""
        while True:
            stopped = [suspension.end for suspension in self.suspensions if day in suspension]
            if None in stopped:
                return None
            if not stopped and counts(day):
                return day
            day = max((end for end in stopped if end), default=day + _ONE_DAY)


def _every_day(_: date) -> bool:
    return True
