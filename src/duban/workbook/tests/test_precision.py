from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.kernel.money import Unit
from duban.workbook.grid import Cell, LostCell
from duban.workbook.precision import step_of, without_noise


@pytest.mark.parametrize(
    ("cell", "unit", "decimals", "step"),
    [
        (1.5, Unit.WAN, 2, 10**4),
        (1.5, Unit.WAN, None, 10**4),
        (12.0, Unit.WAN, None, 10**4),
        (12, Unit.YUAN, None, 1),
        (1.123456789, Unit.WAN, 9, 1),
        (1.1234, Unit.WAN, None, 100),
        (0.00001, Unit.YI, None, 10**5),
        (1e16, Unit.WAN, None, 10**4),
        ("1,234.50", Unit.WAN, 4, 10**4),
        ("１２．５", Unit.YI, None, 10**8),
        ("3.5万元", Unit.YUAN, None, 10**4),
        ("1.25亿", Unit.YUAN, None, 10**8),
        ("3.55元", Unit.WAN, None, 1),
        ("1亿2000万元", Unit.YUAN, None, 10**4),
        ("—", Unit.WAN, 2, None),
        ("", Unit.WAN, 2, None),
        (LostCell("#REF!1"), Unit.WAN, 2, None),
        (True, Unit.WAN, 2, None),
        (float("nan"), Unit.WAN, 2, None),
    ],
)
def test_the_step_is_that_of_the_last_digit_shown(
    cell: Cell, unit: Unit, decimals: int | None, step: int | None
) -> None:
    assert step_of(cell, unit, decimals) == step


@given(fen=st.integers(-(10**14), 10**14), decimals=st.integers(0, 8))
def test_a_number_that_was_typed_is_kept_however_it_is_displayed(fen: int, decimals: int) -> None:
    typed = Decimal(fen).scaleb(-6)
    assert without_noise(float(typed), decimals) == typed


@given(first=st.integers(1, 10**9), second=st.integers(1, 10**9))
def test_the_noise_of_a_sum_goes_at_the_precision_displayed(first: int, second: int) -> None:
    total = first / 100 + second / 100
    assert without_noise(total, 2) == Decimal(first + second).scaleb(-2)
