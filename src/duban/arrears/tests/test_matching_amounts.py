import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules.matching import (
    Shown,
    WrongUnit,
    changes_of_unit,
    check_unit,
    equal_as_shown,
    finer,
    power_of_ten,
)

WAN = 10_000 * 100
"""A step of one 万元, in fen."""


@pytest.mark.parametrize(
    ("a", "step_a", "b", "step_b", "equal"),
    [
        (123_456_789, 1, 123_460_000, WAN // 100, True),  # 1,234,567.89 yuan and 123.46 万元
        (123_455_000, 1, 123_460_000, WAN // 100, True),  # exactly half a unit away
        (123_454_999, 1, 123_460_000, WAN // 100, False),
        (100, 1, 101, 1, False),
        (5 * WAN, WAN, 6 * WAN, WAN, False),
    ],
)
def test_equal_means_within_half_a_unit_of_the_coarser_step(
    a: int, step_a: int, b: int, step_b: int, equal: bool
) -> None:
    assert equal_as_shown(a, step_a, b, step_b) is equal
    assert equal_as_shown(b, step_b, a, step_a) is equal


def test_the_finer_amount_is_kept() -> None:
    assert finer(123_460_000, 10_000, 123_456_789, 1) == (123_456_789, 1)
    assert finer(123_456_789, 1, 123_460_000, 10_000) == (123_456_789, 1)
    assert finer(100, 10, 103, 10) == (100, 10)


@given(fen=st.integers(10, 10**9), power=st.integers(1, 8), step=st.sampled_from([1, 100, 10_000]))
def test_a_wrong_unit_is_seen_in_either_direction(fen: int, power: int, step: int) -> None:
    before, after = Shown(fen), Shown(round(fen * 10**power / step) * step, step)
    if step <= 10**power:
        assert power_of_ten(before, after) == power
        assert power_of_ten(after, before) == -power


def test_an_amount_shown_with_one_figure_says_nothing_of_its_unit() -> None:
    assert power_of_ten(Shown(WAN, WAN), Shown(12 * WAN, WAN)) == 0
    assert power_of_ten(Shown(0), Shown(10_000)) == 0
    assert power_of_ten(Shown(-50), Shown(5_000)) == 0


def test_a_file_in_which_three_rows_in_ten_moved_by_the_same_power_is_refused_with_its_numbers() -> None:
    moved = (Shown(1_234_500), Shown(12_345_000_000))
    same = (Shown(777_700), Shown(777_700))
    with pytest.raises(WrongUnit) as refusal:
        check_unit([same] * 7 + [moved] * 3)
    assert str(refusal.value).startswith(
        "3 of the 10 rows that were in the last statement differ from it by exactly 10,000 times, such as 12,345.00 "
        "yuan then and 123,450,000.00 yuan now."
    )


def test_fewer_rows_or_different_powers_are_changes_like_others() -> None:
    by_ten, by_hundred = (Shown(1_500), Shown(15_000)), (Shown(1_500), Shown(150_000))
    same = (Shown(777_700), Shown(777_700))
    check_unit([])
    check_unit([same] * 8 + [by_ten] * 2)
    check_unit([same] * 6 + [by_ten] * 2 + [by_hundred] * 2)
    assert changes_of_unit([same, by_ten, by_hundred, by_hundred]) == {1: 1, 2: 2}
