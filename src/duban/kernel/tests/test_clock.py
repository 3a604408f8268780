from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.kernel.calendar import CalendarYearUnknown, WorkCalendar
from duban.kernel.clock import Clock, ClockState, ClockUnit, EmptySuspension, NegativeTerm, Suspension

CALENDAR = WorkCalendar.shipped()
starts = st.dates(date(2013, 1, 1), date(2024, 12, 31))
units = st.sampled_from(ClockUnit)


def clock(start: date, length: int, *suspensions: Suspension, workdays: bool = False, shift: bool = False) -> Clock:
    unit = ClockUnit.WORKDAY if workdays else ClockUnit.DAY
    return Clock(start=start, length=length, unit=unit, holiday_shift=shift, suspensions=suspensions)


def test_a_delivery_of_1_july_2025_is_due_after_30_days_and_153_days_overdue_at_the_end_of_the_year() -> None:
    payment = clock(date(2025, 7, 1), 30, shift=True)
    assert payment.due_on(CALENDAR) == date(2025, 7, 31)
    assert payment.days_overdue(date(2025, 12, 31), CALENDAR) == 153
    assert payment.state_on(date(2025, 12, 31), CALENDAR) is ClockState.OVERDUE


def test_the_due_day_itself_is_in_time() -> None:
    payment = clock(date(2025, 7, 1), 30)
    assert payment.days_left(date(2025, 7, 1), CALENDAR) == 30
    assert payment.days_left(date(2025, 7, 31), CALENDAR) == 0
    assert payment.days_overdue(date(2025, 7, 31), CALENDAR) == 0
    assert payment.state_on(date(2025, 7, 31), CALENDAR) is ClockState.RUNNING
    assert payment.days_overdue(date(2025, 8, 1), CALENDAR) == 1
    assert payment.days_left(date(2025, 8, 1), CALENDAR) == 0


def test_a_last_day_in_a_holiday_moves_to_the_first_workday_after_it_only_when_told() -> None:
    assert clock(date(2025, 9, 1), 30, shift=True).due_on(CALENDAR) == date(2025, 10, 9)
    assert clock(date(2025, 9, 1), 30).due_on(CALENDAR) == date(2025, 10, 1)
    # 11 October 2025 is a Saturday that is worked, so nothing moves.
    assert clock(date(2025, 9, 11), 30, shift=True).due_on(CALENDAR) == date(2025, 10, 11)


def test_a_transfer_within_10_workdays_passes_over_the_holidays() -> None:
    assert clock(date(2025, 9, 26), 10, workdays=True).due_on(CALENDAR) == date(2025, 10, 16)


def test_a_term_of_no_days_is_due_on_the_day_of_the_event() -> None:
    assert clock(date(2025, 7, 1), 0).due_on(CALENDAR) == date(2025, 7, 1)


def test_a_suspension_stops_the_count_from_its_start_and_not_on_its_end() -> None:
    stopped = Suspension(date(2025, 7, 5), date(2025, 7, 10))
    handling = clock(date(2025, 7, 1), 10, stopped)
    assert handling.due_on(CALENDAR) == date(2025, 7, 16)
    assert handling.state_on(date(2025, 7, 4), CALENDAR) is ClockState.RUNNING
    assert handling.state_on(date(2025, 7, 5), CALENDAR) is ClockState.SUSPENDED
    assert handling.state_on(date(2025, 7, 10), CALENDAR) is ClockState.RUNNING


def test_overlapping_suspensions_stop_a_day_once() -> None:
    one, two = Suspension(date(2025, 7, 5), date(2025, 7, 10)), Suspension(date(2025, 7, 8), date(2025, 7, 12))
    assert clock(date(2025, 7, 1), 10, one, two).due_on(CALENDAR) == date(2025, 7, 18)


def test_while_a_suspension_has_no_end_there_is_no_due_day() -> None:
    waiting = clock(date(2025, 7, 1), 10, Suspension(date(2025, 7, 5)))
    assert waiting.due_on(CALENDAR) is None
    assert waiting.days_left(date(2025, 9, 1), CALENDAR) is None
    assert waiting.days_overdue(date(2025, 9, 1), CALENDAR) == 0
    assert waiting.state_on(date(2025, 9, 1), CALENDAR) is ClockState.SUSPENDED


def test_a_suspension_after_the_due_day_changes_nothing() -> None:
    late = clock(date(2025, 7, 1), 10, Suspension(date(2025, 7, 12)))
    assert late.due_on(CALENDAR) == date(2025, 7, 11)
    assert late.state_on(date(2025, 7, 12), CALENDAR) is ClockState.OVERDUE


def test_a_last_day_that_moves_into_a_suspension_moves_on_to_the_first_workday_after_it() -> None:
    saturday, monday = date(2025, 7, 12), date(2025, 7, 14)
    stopped = clock(date(2025, 7, 2), 10, Suspension(monday, date(2025, 7, 19)), shift=True)
    assert clock(date(2025, 7, 2), 10).due_on(CALENDAR) == saturday
    assert stopped.due_on(CALENDAR) == date(2025, 7, 21)
    assert clock(date(2025, 7, 2), 10, Suspension(monday), shift=True).due_on(CALENDAR) is None


@given(
    plain=st.builds(Clock, start=starts, length=st.integers(0, 300), unit=units, holiday_shift=st.booleans()),
    gap=st.integers(0, 90),
    length=st.integers(1, 60),
)
def test_a_suspension_never_brings_the_due_day_forward(plain: Clock, gap: int, length: int) -> None:
    begins = plain.start + timedelta(days=gap)
    suspension = Suspension(begins, begins + timedelta(days=length))
    due, later = plain.due_on(CALENDAR), replace(plain, suspensions=(suspension,)).due_on(CALENDAR)
    assert due is not None
    assert later is not None
    assert later >= due
    assert plain.length == 0 or later not in suspension
    assert not plain.holiday_shift or CALENDAR.is_workday(later)


@given(start=starts, length=st.integers(0, 200), unit=units, shift=st.booleans())
def test_counting_day_by_day_gives_what_the_short_way_gives(
    start: date, length: int, unit: ClockUnit, shift: bool
) -> None:
    long_past = Suspension(date(2012, 1, 1), date(2012, 1, 2))
    short = Clock(start=start, length=length, unit=unit, holiday_shift=shift)
    counted = Clock(start=start, length=length, unit=unit, holiday_shift=shift, suspensions=(long_past,))
    assert counted.due_on(CALENDAR) == short.due_on(CALENDAR)


@given(start=starts, length=st.integers(0, 400), shift=st.booleans(), today=starts)
def test_a_clock_is_never_both_ahead_and_overdue(start: date, length: int, shift: bool, today: date) -> None:
    term = clock(start, length, shift=shift)
    assert not (term.days_left(today, CALENDAR) and term.days_overdue(today, CALENDAR))


def test_a_due_day_that_depends_on_an_unknown_year_is_not_guessed() -> None:
    with pytest.raises(CalendarYearUnknown):
        clock(date(2026, 12, 20), 30, shift=True).due_on(CALENDAR)
    assert clock(date(2026, 12, 20), 30).due_on(CALENDAR) == date(2027, 1, 19)


def test_impossible_terms_and_suspensions_are_refused() -> None:
    with pytest.raises(NegativeTerm, match="A term of -1 days"):
        clock(date(2025, 7, 1), -1)
    with pytest.raises(EmptySuspension, match="from 2025-07-05 that ends on 2025-07-05 stops no day"):
        Suspension(date(2025, 7, 5), date(2025, 7, 5))
