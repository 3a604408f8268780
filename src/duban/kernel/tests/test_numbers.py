from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.kernel.numbers import half_width, round_half_up, shortened


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("2.5", 0, "3"), ("9.999", 2, "10.00"), ("1E-30", 2, "0.00")],
)
def test_a_half_is_rounded_away_from_zero(value: str, places: int, rounded: str) -> None:
    assert str(round_half_up(Decimal(value), places)) == rounded


def test_there_is_no_negative_zero() -> None:
    assert str(round_half_up(Decimal("-0.004"), 2)) == "0.00"


@given(
    value=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**25), max_value=10**25),
    places=st.integers(0, 6),
)
def test_rounding_moves_a_value_by_at_most_half_a_place_in_any_context(value: Decimal, places: int) -> None:
    with localcontext(prec=3):
        rounded = round_half_up(value, places)
    with localcontext(prec=400):
        assert abs(rounded - value) <= Decimal(5).scaleb(-places - 1)


def test_full_width_signs_are_read_as_half_width_and_nothing_else_changes() -> None:
    assert half_width("（１２，３．５Ａ）　￥−5 壹²½") == "(12,3.5A) ¥-5 壹²½"


def test_a_long_text_is_shortened_for_a_refusal() -> None:
    assert shortened("  " + "长" * 50) == "长" * 40 + "…"
