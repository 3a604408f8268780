"""The tables of a sheet: which rows belong to which headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from duban.kernel.money import Unit
from duban.workbook.findings import Table
from duban.workbook.grid import Cell, Grid
from duban.workbook.headings import Headings, find_headings
from duban.workbook.naming import is_blank, is_empty, shown_cell
from duban.workbook.schema import Kind, SheetSchema
from duban.workbook.surroundings import LINES_ABOVE, is_number, is_title_or_remark, line_of, numbers_attachment
from duban.workbook.units import unit_in_line
from duban.workbook.vocabulary import Vocabulary

_POWERS = frozenset(unit.value for unit in Unit)

Record = tuple[int, list[Cell]]
"""A row with its number, from 1."""


@dataclass(slots=True)
class Found:
    """A table as it stands in a sheet.

    Args:
        above: the lines above the headings, from the top.
        records: the rows below in which something stands.
        pages: the rows, from 1, in which the headings are repeated.
    """

    grid: Grid
    headings: Headings
    above: list[str]
    records: list[Record] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    @property
    def unit(self) -> Unit | None:
        """The unit that is named beside the headings, or nearest above them."""
        return self.headings.unit or next((unit for line in reversed(self.above) if (unit := unit_in_line(line))), None)

    def _as_shown(self, place: int, unit: Unit | None) -> Unit | None:
        """The unit of the numbers as they are stored, where a format turns them into the unit that is named."""
        power = unit.value - self.grid.scaled.get(place, 0) if unit else -1
        return Unit(power) if power in _POWERS else unit

    def table(self, schema: SheetSchema) -> Table:
        """What holds for all its rows. A heading's own unit comes first, then one beside or above, then the default."""
        places, named = self.headings.places, self.headings.units
        units = {
            column.name: self._as_shown(places[column.name], named.get(column.name) or self.unit)
            or column.unit
            or schema.unit
            for column in schema.of_kind(Kind.MONEY)
            if column.name in places
        }
        lines = [line for line in self.above if line]
        title = next((line for line in lines if not numbers_attachment(line)), "")
        return Table(
            self.grid.name,
            self.headings.top + 1,
            self.headings.row + 1,
            dict(places),
            units,
            self.unit or schema.unit,
            self.headings.names,
            title,
            [line for line in lines if line != title],
            self.grid.decimals,
            self.grid.left,
            len(self.grid.rows[0]),
        )


def find_tables(grid: Grid, vocabulary: Vocabulary) -> list[Found]:
    """The tables of a sheet, from the top. Headings that a printed page repeats do not begin a new one."""
    found: list[Found] = []
    blocks = find_headings(grid, vocabulary)
    begins = [_begin_of_lines(grid, *pair, vocabulary) for pair in zip([None, *blocks], blocks, strict=False)]
    for block, begin, end in zip(blocks, begins, [*begins[1:], len(grid.rows)], strict=False):
        if found and _repeats(block, found[-1].headings):
            found[-1].records += _records(grid, block, end)
            found[-1].pages.append(block.row + 1)
            continue
        above = [line_of(row) for row in grid.rows[begin : block.top]]
        found.append(Found(grid, block, above, _records(grid, block, end)))
    return found


def _repeats(block: Headings, earlier: Headings) -> bool:
    return (block.places, block.unknown, block.units) == (earlier.places, earlier.unknown, earlier.units)


def _begin_of_lines(grid: Grid, earlier: Headings | None, block: Headings, vocabulary: Vocabulary) -> int:
    """The first row of the title and remarks above a block, under the rows of the table before it."""
    if earlier is None:
        return 0
    asked = [earlier.places[c.name] for c in vocabulary.schema.columns if c.required and c.name in earlier.places]
    begin = block.top
    for number in range(block.top - 1, max(earlier.row, block.top - LINES_ABOVE), -1):
        row = grid.rows[number]
        stated = [cell for cell in row if not is_empty(cell)]
        if not stated:
            continue
        if not is_title_or_remark(stated) or (asked and not any(is_blank(row[place]) for place in asked)):
            break
        begin = number
    return begin


def _records(grid: Grid, block: Headings, end: int) -> list[Record]:
    """The rows of a table in which something stands that is asked for."""
    places = [*block.places.values(), *block.unknown]
    rows = grid.rows
    first = block.row + 1
    while first < end and _counts_columns([rows[first][place] for place in places]):
        first += 1
    aside = [place for place in block.names if place not in places]
    likely = places[0]
    return [
        (number + 1, row)
        for number in range(first, end)
        if not is_blank((row := rows[number])[likely])
        or any(not is_blank(row[place]) for place in places)
        or any(_is_word(row[place]) for place in aside)
    ]


def _is_word(cell: Cell) -> bool:
    """Whether something else than a number stands in a column that only numbers the rows, such as the name of a sum."""
    return isinstance(cell, str) and bool(cell.strip()) and not is_number(cell)


_CHINESE_ORDER = "甲乙丙丁戊己庚辛壬癸"


def _counts_columns(cells: Sequence[Cell]) -> bool:
    """Whether a row under headings only numbers the columns: 1 2 3, 甲 乙 1 2, (1) (2) (3)=(1)-(2)."""
    marks = [re.sub(r"[()（）\s]|=.*", "", shown_cell(cell)) for cell in cells if not is_blank(cell)]
    if len(marks) < 2 or len(marks) * 2 < len(cells):
        return False
    numbers = [int(mark) for mark in marks if mark.isascii() and mark.isdigit() and len(mark) <= 2]
    letters = [mark for mark in marks if mark in _CHINESE_ORDER or mark in {"栏次", "A", "B", "C", "D"}]
    if len(numbers) + len(letters) < len(marks):
        return False
    return _is_count(sorted(numbers)) and (bool(letters) or len(numbers) == len(marks))


def _is_count(numbers: Sequence[int]) -> bool:
    return not numbers or list(numbers) == list(range(numbers[0], numbers[0] + len(numbers)))
