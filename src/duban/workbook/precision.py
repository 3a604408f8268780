"""How finely an amount was written: which differences a sheet shows, and which are only the noise of a double."""

import re
from decimal import Decimal
from math import isfinite

from duban.kernel.money import Unit
from duban.kernel.numbers import half_width, round_half_up
from duban.kernel.numerals import formal
from duban.workbook.grid import Cell, LostCell

_DECIMALS = re.compile(r"\.([0-9]+)")
_UNIT_IN_CELL = re.compile(r"(亿|万|仟)")
_POWERS = {"亿": Unit.YI.value, "万": Unit.WAN.value, "仟": Unit.QIAN.value}

TYPED_DECIMALS = 2
"""With so many decimals offices write 元 and 万元 alike; the zeros at the end are not typed."""
TYPED_DIGITS = 15
"""A double holds every decimal number of so many digits; what has more was computed."""


def step_of(cell: Cell, unit: Unit, decimals: int | None) -> int | None:
    """The smallest step, in fen, that a cell of money shows; None for a cell without a number.

    A number that was typed tells it by its decimals, and by two of them where it has fewer: 5 is 5.00, for nobody means
    five by four and a half.

    Args:
        unit: of a bare number.
        decimals: with which the format of the cell displays a number; None lets the number itself tell.
    """
    if isinstance(cell, LostCell | bool):
        return None
    if isinstance(cell, str):
        return _step_in_text(cell, unit)
    if not isinstance(cell, int | float) or not isfinite(cell):
        return None
    if decimals is None:
        decimals = max(TYPED_DECIMALS, _decimals_of(repr(cell)))
    return _step(unit.value, decimals)


def _decimals_of(shortest: str) -> int:
    """How many decimals a number has in its shortest writing; the 0 of 5.0 counts, which makes no difference here."""
    if "e" in shortest:
        return -int(Decimal(shortest).normalize().as_tuple().exponent)
    return len(shortest.partition(".")[2])


def _step_in_text(text: str, unit: Unit) -> int | None:
    plain = formal(half_width(text))
    if not re.search("[0-9]", plain):
        return None
    found = _DECIMALS.search(plain)
    words = _UNIT_IN_CELL.findall(plain)
    power = _POWERS[words[-1]] if words else Unit.YUAN.value if "元" in plain else unit.value
    return _step(power, max(TYPED_DECIMALS, len(found[1]) if found else 0))


def _step(power: int, decimals: int) -> int:
    return int(10 ** max(0, power - decimals))


def without_noise(number: float, decimals: int | None) -> Decimal:
    """The number that a double stands for.

    Its shortest writing is what was typed. Where that has more digits than anybody types, and differs by less than a
    billionth from the number that is displayed, the number displayed is meant; otherwise the finer value is kept.
    """
    exact = Decimal(repr(number))
    if decimals is None or len(exact.as_tuple().digits) <= TYPED_DIGITS:
        return exact
    displayed = round_half_up(exact, decimals)
    return displayed if abs(displayed - exact) <= abs(exact).scaleb(-9) else exact
