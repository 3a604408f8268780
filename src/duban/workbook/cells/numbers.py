"""Amounts of money, numbers in a unit of measure, percentages and counts."""

import re
from collections.abc import Callable
from decimal import Decimal
from math import isfinite

from duban.kernel.errors import DomainError
from duban.kernel.money import Money, Unit
from duban.kernel.numbers import half_width, round_half_up, shortened
from duban.kernel.words import N_, Sentence
from duban.workbook.cells.common import Converter, Doubt, text, tight
from duban.workbook.naming import shown_cell
from duban.workbook.precision import without_noise


class UnreadableCount(DomainError):
    """A cell of a column of whole numbers holds something else."""

    text = N_("“{seen}” is not a whole number.")

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shortened(shown_cell(seen)))


class UnreadableNumber(DomainError):
    """A cell of a column of numbers holds something else."""

    text = N_("“{seen}” is not one number. Write digits, for example 1234.5, and what is to be said of it in a remark.")

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shortened(shown_cell(seen)))


class NotAnAmount(DomainError):
    """A cell of a money column holds a day or a truth value."""

    text = N_("“{seen}” is not an amount of money. Check the format of the cell and type the amount again.")

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shortened(shown_cell(seen)))


_ROUNDED = N_("{seen} has a part smaller than one fen (0.01 yuan); it was read as {read} yuan.")
_LOOSE = N_("“{seen}” is more than a number; it was read as {read} yuan. Put the remark into a column of its own.")
_LOOSE_NUMBER = N_("“{seen}” is more than a number; it was read as {read}. Put the remark into a column of its own.")
_SMALL_PERCENT = N_(
    "{seen} was read as {read} %. If the cell shows {hundredfold} %, its format multiplies by a hundred: type {read} "
    "into a cell without that format."
)

_EXACT = 10**15
_NOISE = Decimal("0.001")  # of a fen; a sum of doubles misses by less, and a third of a yuan by more
_DIGITS = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,8}))?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,8})?")
_SCIENTIFIC = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]{1,2}")
_ABOUT = re.compile(r"^(?:约|大约|≈|~|～|近)\s*|\s*(?:左右|上下|余)$")
_NOTE = re.compile(r"(?<=[0-9元万亿千])\s*[(\[【][^()\[\]【】]*[)\]】]\s*$")
_TRIANGLE = re.compile(r"^\s*[△▲]\s*")


def money(unit: Unit, *, decimals: int | None = None) -> Converter:
    """Text is read exactly. A number is a double in the file: its shortest writing is what was typed."""
    scale = 10**unit.value
    as_text = _money_text(unit)

    def read(cell: object) -> Money | Doubt:
        if cell.__class__ is float and isfinite(cell):
            fen = round(cell * scale)
            # Below 10^15 the quotient is the very double exactly when the decimal number is the one that was typed.
            if -_EXACT < fen < _EXACT and fen / scale == cell:
                return Money(fen)
            return _computed(cell, scale, decimals)
        if isinstance(cell, str):
            return as_text(cell)
        if isinstance(cell, bool) or not isinstance(cell, int):
            raise NotAnAmount(seen=cell)
        return Money(cell * scale)

    return read


def _computed(number: float, scale: int, decimals: int | None) -> Money | Doubt:
    fen = without_noise(number, decimals) * scale
    whole = int(fen) if fen == fen.to_integral_value() else int(round_half_up(fen, 0))
    amount = Money(whole)
    if abs(fen - whole) > _NOISE:
        return Doubt(amount, Sentence(_ROUNDED, {"seen": shown_cell(number), "read": amount}))
    return amount


def _money_text(unit: Unit) -> Callable[[str], Money | Doubt]:
    power = unit.value

    def read(cell: str) -> Money | Doubt:
        seen = cell.strip()
        bare = seen.replace(",", "") if _THOUSANDS.fullmatch(seen) else seen
        digits = _DIGITS.fullmatch(bare)
        if digits:
            sign, whole, small = digits.groups(default="")
            if len(small) <= power:
                fen = int(whole + small.ljust(power, "0"))
                return Money(-fen if sign else fen)
        return _loose_money(cell, unit)

    return read


def _loose_money(seen: str, unit: Unit) -> Money | Doubt:
    """An amount with more around it than the kernel reads: about, a note in brackets, the triangle of a deficit."""
    try:
        return Money.parse(seen, unit)
    except DomainError as refusal:
        bare, said = _stripped(seen)
        if _SCIENTIFIC.fullmatch(bare):
            bare = f"{Decimal(bare):f}"
        elif bare == "零":
            bare = "0"
        elif not said and bare == half_width(seen).strip():
            raise
        try:
            amount = Money.parse(bare, unit)
        except DomainError:
            raise refusal from None
        return Doubt(amount, Sentence(_LOOSE, {"seen": shortened(seen), "read": amount})) if said else amount


def _stripped(seen: str) -> tuple[str, bool]:
    """A number without what is said of it, and whether anything was."""
    bare = _TRIANGLE.sub("-", half_width(seen).strip())
    number = _NOTE.sub("", _ABOUT.sub("", _NOTE.sub("", bare))).strip()
    tightened = re.sub(r"(?<=[0-9.,])\s+(?=[0-9.,])", "", number)
    return tightened, tightened != bare


def measured(measure: str, *, decimals: int | None = None) -> Converter:
    """A number that may be followed by its unit of measure."""
    unit = tight(measure)

    def read(cell: object) -> Decimal | Doubt:
        return _number(cell, unit, decimals=decimals)

    return read


def percent(cell: object) -> Decimal | Doubt:
    """A number of per cent. A cell whose format shows a fraction as per cent holds the fraction, hence the doubt."""
    read = _number(cell, "%")
    if isinstance(cell, float) and isinstance(read, Decimal) and 0 < abs(read) < 1:
        said = {"seen": shown_cell(cell), "read": read, "hundredfold": f"{read * 100:f}"}
        return Doubt(read, Sentence(_SMALL_PERCENT, said))
    return read


def _number(cell: object, unit: str, *, decimals: int | None = None) -> Decimal | Doubt:
    if isinstance(cell, float | int) and not isinstance(cell, bool) and isfinite(cell):
        return Decimal(int(cell)) if int(cell) == cell else without_noise(cell, decimals)
    if not isinstance(cell, str):
        raise UnreadableNumber(seen=cell)
    bare, said = _stripped(cell)
    bare = tight(bare)
    if unit and bare.endswith(unit):
        bare, said = bare.removesuffix(unit), said and tight(half_width(cell)) != bare
    if re.fullmatch(r"\([0-9.,]+\)", bare):
        bare = "-" + bare[1:-1]
    if re.fullmatch(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", bare):
        bare = bare.replace(",", "")
    if not (re.fullmatch(r"[-+]?[0-9]{1,18}(?:\.[0-9]{1,18})?", bare) or _SCIENTIFIC.fullmatch(bare)):
        raise UnreadableNumber(seen=cell)
    value = Decimal(bare)
    return Doubt(value, Sentence(_LOOSE_NUMBER, {"seen": shortened(cell), "read": value})) if said else value


def counted(measure: str = "") -> Converter:
    """A whole number that may be followed by its unit of measure, or by one of several divided by 、."""
    units = "|".join(map(re.escape, tight(measure).split("、")))
    form = re.compile(rf"(-?[0-9]{{1,15}})(?:{units})?")

    def read(cell: object) -> int:
        found = form.fullmatch(re.sub(r"[\s,]", "", half_width(text(cell))))
        if found is None:
            raise UnreadableCount(seen=cell)
        return int(found[1])

    return read
