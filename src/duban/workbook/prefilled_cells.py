"""What stands in the cells of a prefilled copy, and how it looks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from duban.kernel.money import Money, Unit
from duban.workbook.layout import LaidColumn
from duban.workbook.schema import QUANTITIES, Column, Kind

_EXACT_DIGITS = 15  # what a number in a sheet holds for certain
_FORMATS = {
    Kind.DAY: "yyyy-mm-dd",
    Kind.INT: "0",
    Kind.CHOICE: "General",
    Kind.MONEY: "General",
    Kind.DECIMAL: "General",
    Kind.PERCENT: "General",
}
_IN_THE_MIDDLE = {Kind.DAY, Kind.CHOICE}
_TO_THE_RIGHT = QUANTITIES


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks; the names are those of the library that writes them."""

    num_format: str = "General"
    locked: bool = False
    bold: bool = False
    bg_color: str = ""
    border: int = 1
    align: str = "left"
    indent: int = 0
    text_wrap: bool = False
    font_size: int = 10


@dataclass(frozen=True, slots=True)
class Place:
    """One column of the sheet: how it is laid out, what the schema says of it, and how its cells look.

    Args:
        counts: whether it numbers the rows.
        empty: whether it is left blank.
    """

    laid: LaidColumn
    column: Column | None
    look: Look
    counts: bool = False
    empty: bool = False

    @property
    def unit(self) -> Unit:
        """The unit of its amounts, if it holds any."""
        return self.laid.unit or Unit.YUAN


class Formats:
    """The cell formats of a workbook, made when they are asked for."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - ships no types
        self._book, self._made = book, dict[Look, Any]()

    def __getitem__(self, look: Look) -> Any:  # noqa: ANN401 - ships no types
        if look not in self._made:
            asked = {name: value for name, value in asdict(look).items() if value != ""}
            self._made[look] = self._book.add_format({**asked, "valign": "vcenter", "border_color": "#BFC7CF"})
        return self._made[look]


def look_of(laid: LaidColumn, column: Column | None) -> Look:
    """How the cells of a column look: amounts with the decimals of the office, codes as text."""
    if column is None:
        return Look()
    number = _FORMATS.get(column.kind, "@")
    if laid.unit is not None and laid.decimals is not None:
        number = "#,##0." + "0" * laid.decimals if laid.decimals else "#,##0"
    align = "right" if column.kind in _TO_THE_RIGHT else "center" if column.kind in _IN_THE_MIDDLE else "left"
    return Look(num_format=number, align=align, indent=1 if align == "left" else 0)


def in_sheet(value: object, column: Column | None, unit: Unit | None) -> object:
    """What stands in a cell for a value: a number only where a sheet holds it exactly, else text; None for nothing."""
    if column is not None and column.kind is Kind.CHOICE:
        return _labels(column).get(str(value), value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if column is not None and column.kind is Kind.PERCENT and isinstance(value, Decimal) and abs(value) < 1:
        # As a number it would be doubted on reading: a cell formatted as per cent holds a hundredth.
        return f"{value:f}%"
    if isinstance(value, Money):
        value = value.in_unit(unit or Unit.YUAN)
    if isinstance(value, Decimal | int):
        number = Decimal(value)
        return float(number) if len(number.normalize().as_tuple().digits) <= _EXACT_DIGITS else f"{number:f}"
    return value if value is None or isinstance(value, float | date) else str(value)


def _labels(column: Column) -> Mapping[str, str]:
    return {choice.code: choice.label for choice in column.choices}


def write_cell(sheet: Any, at: tuple[int, int], shown: object, form: Any) -> None:  # noqa: ANN401 - ships no types
    """Write what `in_sheet` made; a text that begins with an equals sign stays text."""
    if shown is None or shown == "":
        sheet.write_blank(*at, None, form)
    elif isinstance(shown, float):
        sheet.write_number(*at, shown, form)
    elif isinstance(shown, date):
        sheet.write_datetime(*at, shown, form)
    else:
        sheet.write_string(*at, str(shown), form)
