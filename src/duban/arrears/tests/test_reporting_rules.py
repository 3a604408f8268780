from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules.reporting import (
    NoSuchDeadline,
    Outcome,
    ReasonMissing,
    Reported,
    check_deadline_day,
    check_reason,
    days_late,
    deadline,
    last_day,
    month_of,
    next_month,
    outcome,
)

OCTOBER, DUE = date(2026, 10, 1), date(2026, 11, 5)
ACCEPTED = Reported("accepted", is_accepted=True)


def come_to(found: Reported, *, today: date = DUE, is_expected: bool = True) -> str:
    return outcome(found, is_expected=is_expected, due_on=DUE, today=today)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_months_meet_without_a_gap(day: date) -> None:
    month = month_of(day)
    assert month <= day <= last_day(month)
    assert last_day(month) + timedelta(days=1) == next_month(month)
    assert deadline(month) == next_month(month) + timedelta(days=4)


def test_nothing_is_awaited_up_to_the_deadline_and_missing_after_it_and_never_a_zero() -> None:
    assert come_to(Reported()) == Outcome.AWAITED
    assert come_to(Reported(), today=DUE + timedelta(days=1)) == Outcome.MISSING
    assert come_to(Reported(), is_expected=False) == Outcome.NOT_EXPECTED


def test_a_month_is_closed_only_where_something_was_accepted() -> None:
    assert come_to(ACCEPTED) == "accepted"
    assert come_to(Reported("accepted", is_accepted=True, is_closed=True)) == Outcome.CLOSED
    assert come_to(Reported(is_closed=True), today=DUE + timedelta(days=1)) == Outcome.MISSING


def test_a_zero_report_stands_until_a_claim_surfaces() -> None:
    assert come_to(Reported(has_zero=True)) == Outcome.ZERO
    assert come_to(Reported(has_zero=True, is_void=True)) == Outcome.ZERO_VOID
    assert come_to(Reported("checked", has_zero=True)) == Outcome.ZERO
    assert come_to(Reported("checked", has_zero=True, is_void=True)) == "checked"
    assert come_to(Reported("accepted", is_accepted=True, has_zero=True)) == "accepted"


@pytest.mark.parametrize(
    ("found", "came_on", "today", "days"),
    [
        (ACCEPTED, DUE, DUE + timedelta(days=30), 0),
        (ACCEPTED, DUE + timedelta(days=3), DUE + timedelta(days=30), 3),
        (Reported("checked"), DUE + timedelta(days=1), DUE + timedelta(days=9), 1),
        (Reported("refused", is_refused=True), DUE, DUE + timedelta(days=9), 9),
        (Reported(has_zero=True), DUE + timedelta(days=2), DUE + timedelta(days=9), 2),
        (Reported(has_zero=True, is_void=True), DUE, DUE + timedelta(days=9), 9),
        (Reported(), None, DUE + timedelta(days=4), 4),
        (Reported(), None, DUE, 0),
    ],
)
def test_days_late_end_with_what_stands_and_go_on_where_nothing_does(
    found: Reported, came_on: date | None, today: date, days: int
) -> None:
    assert days_late(found, handed_in_on=came_on, due_on=DUE, today=today) == days


def test_a_deadline_is_a_day_of_every_month_and_a_word_has_a_reason() -> None:
    check_deadline_day(28)
    for day in (0, 29):
        with pytest.raises(NoSuchDeadline, match=rf"day {day} of a month. Give a day from 1 to 28"):
            check_deadline_day(day)
    assert check_reason(" 通知 ") == "通知"
    with pytest.raises(ReasonMissing):
        check_reason("  ")
