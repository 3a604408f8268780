import csv
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared_data import shared

from duban.kernel.calendar import (
    CalendarYearsMissing,
    CalendarYearUnknown,
    DayArrangedTwice,
    DayKind,
    NoticeDay,
    WorkCalendar,
)

CALENDAR = WorkCalendar.shipped()
YEARS = range(2007, 2027)
inner_days = st.dates(date(2008, 1, 1), date(2025, 12, 31))


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


def test_the_shipped_calendar_declares_its_years() -> None:
    assert CALENDAR.years == tuple(YEARS)
    assert WorkCalendar.shipped() is CALENDAR


@pytest.mark.parametrize("year", YEARS)
def test_each_year_agrees_with_its_weekends_and_with_the_number_of_statutory_holidays(year: int) -> None:
    weekend = {day for day in _days(year) if day.weekday() >= 5}
    off = {day for day in _days(year) if not CALENDAR.is_workday(day)}
    made_up, weekdays_off = weekend - off, off - weekend
    assert all(CALENDAR.holiday_on(day) for day in weekdays_off)
    assert all(CALENDAR.holiday_on(day) is None for day in made_up)
    # The law gives 10 days off until 2007, 11 until 2024 and 13 since. Besides: a New Year made up for in the December
    # before (2007, 2011, 2012), the day of remembrance of 2015 and the Spring Festival of 2020, longer by two days.
    statutory = 10 if year == 2007 else 11 if year <= 2024 else 13
    besides = {2007: 2, 2011: -1, 2012: 1, 2015: 1, 2020: 2}.get(year, 0)
    assert len(weekdays_off) - len(made_up) == statutory + besides


def test_the_days_we_ship_say_the_same_as_the_public_list() -> None:
    with shared("codes", "cn_holidays.csv").open(encoding="utf-8") as listed:
        rows = [row for row in csv.DictReader(listed) if int(row["date"][:4]) in YEARS]
    assert len(rows) > 600
    for row in rows:
        assert CALENDAR.is_workday(date.fromisoformat(row["date"])) == (row["kind"] == "makeup_workday"), row


def test_a_holiday_a_made_up_saturday_and_a_plain_weekend_are_told_apart() -> None:
    assert not CALENDAR.is_workday(date(2025, 10, 1))
    assert CALENDAR.holiday_on(date(2025, 10, 1)) == "国庆节、中秋节"
    assert CALENDAR.is_workday(date(2025, 10, 11))
    assert not CALENDAR.is_workday(date(2025, 10, 18))
    assert CALENDAR.holiday_on(date(2025, 10, 18)) is None


def test_the_eve_of_a_year_follows_the_notice_of_the_next() -> None:
    assert not CALENDAR.is_workday(date(2018, 12, 31))
    assert CALENDAR.is_workday(date(2018, 12, 29))


def test_workdays_are_counted_over_a_long_holiday() -> None:
    assert CALENDAR.next_workday(date(2025, 9, 30)) == date(2025, 10, 9)
    assert CALENDAR.add_workdays(date(2025, 9, 30), 3) == date(2025, 10, 11)
    assert CALENDAR.add_workdays(date(2025, 10, 5), 1) == date(2025, 10, 9)
    assert CALENDAR.add_workdays(date(2025, 10, 9), -1) == date(2025, 9, 30)
    assert CALENDAR.on_or_after(date(2025, 10, 5)) == date(2025, 10, 9)
    assert CALENDAR.on_or_after(date(2025, 10, 9)) == date(2025, 10, 9)
    assert CALENDAR.workdays_between(date(2025, 9, 28), date(2025, 10, 9)) == 3


@given(inner_days, st.integers(1, 200))
def test_adding_workdays_lands_on_the_workday_that_counting_finds(day: date, count: int) -> None:
    landed = CALENDAR.add_workdays(day, count)
    assert CALENDAR.is_workday(landed)
    assert CALENDAR.workdays_between(day + timedelta(days=1), landed + timedelta(days=1)) == count
    if CALENDAR.is_workday(day):
        assert CALENDAR.add_workdays(landed, -count) == day


@given(inner_days, inner_days, inner_days)
def test_counts_of_adjoining_spans_add_up(one: date, two: date, three: date) -> None:
    between = CALENDAR.workdays_between
    assert between(one, two) + between(two, three) == between(one, three)


@pytest.mark.parametrize("day", [date(2006, 12, 30), date(2027, 1, 4)])
def test_a_day_outside_the_known_years_is_not_guessed(day: date) -> None:
    with pytest.raises(CalendarYearUnknown, match=rf"{day.year}.*cover 2007 to 2026. Load the State Council's notice"):
        CALENDAR.is_workday(day)


def test_a_count_that_leaves_the_known_years_is_refused() -> None:
    with pytest.raises(CalendarYearUnknown, match="a day of 2027"):
        CALENDAR.add_workdays(date(2026, 12, 31), 1)
    with pytest.raises(CalendarYearUnknown, match="a day of 2006"):
        CALENDAR.add_workdays(date(2007, 1, 4), -1)
    with pytest.raises(CalendarYearUnknown):
        CALENDAR.workdays_between(date(2026, 12, 1), date(2027, 1, 2))
    assert CALENDAR.workdays_between(date(2026, 12, 31), date(2027, 1, 1)) == 1


def test_a_later_notice_extends_the_calendar_and_may_reach_back_into_december() -> None:
    notice = [
        NoticeDay(date(2026, 12, 31), DayKind.OFF, "元旦", 2027),
        NoticeDay(date(2027, 1, 1), DayKind.OFF, "元旦", 2027),
    ]
    extended = CALENDAR.extended(notice, years=[2027])
    assert extended.years[-1] == 2027
    assert extended.next_workday(date(2026, 12, 30)) == date(2027, 1, 4)
    assert CALENDAR.is_workday(date(2026, 12, 31))


def test_an_amending_notice_replaces_an_earlier_one_and_not_the_other_way_round() -> None:
    day = date(2026, 10, 10)
    amended = CALENDAR.extended([NoticeDay(day, DayKind.OFF, "国庆节", 2026)], years=[])
    assert not amended.is_workday(day)
    older = CALENDAR.extended([NoticeDay(day, DayKind.OFF, "国庆节", 2025)], years=[])
    assert older.is_workday(day)


def test_years_with_a_gap_and_contradicting_rows_are_refused() -> None:
    with pytest.raises(CalendarYearsMissing, match="these cover: 2024, 2026"):
        WorkCalendar([], years=[2026, 2024])
    with pytest.raises(CalendarYearsMissing):
        WorkCalendar([], years=[])
    rows = [NoticeDay(date(2026, 1, 4), kind, "元旦", 2026) for kind in DayKind]
    with pytest.raises(DayArrangedTwice, match="2026-01-04 is given both"):
        WorkCalendar(rows, years=[2026])


def test_the_known_workdays_are_in_order() -> None:
    assert all(one < two for one, two in pairwise(CALENDAR._workdays))
