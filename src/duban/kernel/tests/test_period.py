from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.kernel.period import (
    EmptyPeriod,
    NoSamePeriodLastYear,
    NoSeparateMonth,
    NoSuchPeriod,
    Period,
    UnreadablePeriod,
    industrial_months,
    next_industrial_month,
    previous_industrial_month,
)

years = st.integers(1901, 2998)
days = st.dates(date(1901, 1, 1), date(2998, 12, 31))
regular = st.one_of(
    st.builds(Period.year, years),
    st.builds(Period.half, years, st.integers(1, 2)),
    st.builds(Period.quarter, years, st.integers(1, 4)),
    st.builds(Period.month, years, st.integers(1, 12)),
    st.builds(Period.week, years, st.integers(1, 52)),
    st.builds(Period.week, st.sampled_from((1903, 2020, 2026)), st.just(53)),
    st.builds(Period.day, days),
    st.builds(lambda first, length: Period(first, first + timedelta(days=length)), days, st.integers(1, 400)),
)
periods = regular | st.builds(Period.jan_feb, years) | st.builds(Period.year_to_date, years, st.integers(1, 12))


def test_quarters_meet_without_overlap() -> None:
    first, second = Period.quarter(2026, 1), Period.quarter(2026, 2)
    assert first.end == second.start
    assert date(2026, 3, 31) in first
    assert date(2026, 4, 1) not in first
    assert first.last_day == date(2026, 3, 31)
    assert first.days == 90


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (Period.year(2026), "2026"),
        (Period.half(2026, 2), "2026H2"),
        (Period.quarter(2026, 4), "2026Q4"),
        (Period.month(2026, 3), "2026-03"),
        (Period.jan_feb(2026), "2026-01..02"),
        (Period.year_to_date(2026, 11), "2026YTD11"),
        (Period.week(2026, 7), "2026W07"),
        (Period.day(date(2026, 3, 5)), "2026-03-05"),
        (Period(date(2026, 3, 5), date(2026, 4, 1)), "2026-03-05..2026-03-31"),
    ],
)
def test_each_kind_has_a_stable_text(period: Period, text: str) -> None:
    assert str(period) == text
    assert Period.parse(text) == period


@given(periods)
def test_the_text_is_read_back(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(periods, periods)
def test_within_a_kind_the_order_of_texts_is_the_order_in_time(one: Period, other: Period) -> None:
    if one.kind is other.kind:
        assert (str(one) < str(other)) == (one < other)


@given(years, years)
def test_the_texts_of_industrial_months_sort_in_time_over_the_years(one: int, other: int) -> None:
    months = [*industrial_months(one), *industrial_months(other)]
    assert sorted(months, key=str) == sorted(months)


@given(regular)
def test_next_and_previous_undo_each_other_and_meet(period: Period) -> None:
    assert period.next().previous() == period
    assert period.next().kind is period.kind
    assert period.next().start == period.end


@given(periods)
def test_the_same_period_last_year_is_of_the_same_kind_and_earlier(period: Period) -> None:
    try:
        base = period.same_period_last_year()
    except NoSamePeriodLastYear:
        assert str(period).endswith(("W53", "-02-29"))
        return
    assert base.kind is period.kind
    assert base < period
    assert abs(base.days - period.days) <= 1


def test_a_total_since_january_moves_by_a_month() -> None:
    assert Period.year_to_date(2026, 3).previous() == Period.year_to_date(2026, 2)
    assert Period.year_to_date(2026, 1).previous() == Period.year_to_date(2025, 12)
    assert Period.year_to_date(2026, 12).next() == Period.year_to_date(2027, 1)


def test_january_february_stands_between_december_and_march() -> None:
    assert Period.jan_feb(2026).previous() == Period.month(2025, 12)
    assert Period.jan_feb(2026).next() == Period.month(2026, 3)
    assert Period.jan_feb(2026).same_period_last_year() == Period.jan_feb(2025)


def test_industrial_months_are_eleven_since_2013() -> None:
    months = industrial_months(2026)
    assert [str(month) for month in months[:2]] == ["2026-01..02", "2026-03"]
    assert len(months) == 11
    assert len(industrial_months(2012)) == 12
    assert all(one.end == two.start for one, two in pairwise(months))


@pytest.mark.parametrize("month", [1, 2])
def test_january_or_february_alone_is_no_industrial_month(month: int) -> None:
    with pytest.raises(NoSeparateMonth, match=r"2026 alone do not exist.*Use January–February, 2026-01\.\.02\."):
        Period.industrial_month(2026, month)
    assert Period.industrial_month(2012, month) == Period.month(2012, month)
    assert Period.industrial_month(2026, 3) == Period.month(2026, 3)


def test_industrial_neighbours_pass_over_january_and_february_together() -> None:
    assert previous_industrial_month(Period.month(2026, 3)) == Period.jan_feb(2026)
    assert previous_industrial_month(Period.jan_feb(2026)) == Period.month(2025, 12)
    assert next_industrial_month(Period.month(2025, 12)) == Period.jan_feb(2026)
    assert next_industrial_month(Period.month(2012, 1)) == Period.month(2012, 2)


def test_a_leap_day_and_a_53rd_week_have_no_counterpart() -> None:
    with pytest.raises(NoSamePeriodLastYear, match="2024-02-29 has no counterpart in 2023"):
        Period.day(date(2024, 2, 29)).same_period_last_year()
    with pytest.raises(NoSamePeriodLastYear, match="2026W53 has no counterpart in 2025"):
        Period.week(2026, 53).same_period_last_year()
    assert Period.month(2024, 2).same_period_last_year().days == 28


def test_a_period_contains_its_parts() -> None:
    year, quarter = Period.year(2026), Period.quarter(2026, 4)
    assert year.contains(quarter)
    assert not quarter.contains(year)
    assert year.contains(year)


def test_the_first_iso_week_may_begin_in_december() -> None:
    week = Period.week(2026, 1)
    assert week.start == date(2025, 12, 29)
    assert str(week) == "2026W01"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("2026Q5", "There is no quarter 5: use a number from 1 to 4"),
        ("2026-13", "There is no month 13"),
        ("2026H0", "There is no half 0"),
        ("2025W53", "There is no week 53: use a number from 1 to 52"),
        ("0226", "There is no year 226: use a number from 1900 to 2999"),
        ("2026-00", "There is no month 0"),
    ],
)
def test_a_number_that_does_not_exist_is_refused_with_the_ones_that_do(text: str, refusal: str) -> None:
    with pytest.raises(NoSuchPeriod, match=refusal):
        Period.parse(text)


@pytest.mark.parametrize("text", ["", "spring", "2026-2", "2026-02-30", "2026-01..03", "20260305", "2026Q", "2026-3-5"])
def test_what_is_no_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UnreadablePeriod, match=r"is not a period. Write it like one of these: 2026, 2026H1"):
        Period.parse(text)


def test_full_width_and_lower_case_are_read() -> None:
    assert Period.parse(" ２０２６q１ ") == Period.quarter(2026, 1)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(EmptyPeriod, match="from 2026-05-01 to 2026-04-01 holds no day"):
        Period.parse("2026-05-01..2026-04-01")
    with pytest.raises(EmptyPeriod):
        Period(date(2026, 5, 1), date(2026, 5, 1))


@pytest.mark.parametrize(
    ("period", "label"),
    [
        (Period.year(2026), "the year 2026"),
        (Period.half(2026, 1), "first half of 2026"),
        (Period.half(2026, 2), "second half of 2026"),
        (Period.quarter(2026, 3), "quarter 3 of 2026"),
        (Period.month(2026, 12), "December 2026"),
        (Period.jan_feb(2026), "January–February 2026"),
        (Period.year_to_date(2026, 3), "January to March 2026, in all"),
        (Period.week(2026, 1), "week 1 of 2026"),
        (Period.day(date(2026, 3, 5)), "2026-03-05"),
        (Period(date(2026, 3, 5), date(2026, 4, 1)), "2026-03-05 to 2026-03-31"),
    ],
)
def test_a_label_names_the_period_for_people(period: Period, label: str) -> None:
    assert str(period.label()) == label
