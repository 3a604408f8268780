"""A workbook made from what was read of another: for files that cannot be edited themselves."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import IO, Any, Self

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange

from duban.kernel.words import N_, Sentence
from duban.workbook.grid import Cell, Decimals, Grid, Merge
from duban.workbook.naming import shown_cell
from duban.workbook.printing import fit_to_paper
from duban.workbook.surroundings import line_of, numbers_attachment
from duban.workbook.widths import guessed_widths

ROW_NUMBER = N_("Row number")
LONGEST_CELL = 32_767
EXACT = 2**53
_BORN = datetime(1980, 1, 1)  # noqa: DTZ001 - the same input makes the same bytes, whatever the day and the zone


@dataclass(frozen=True, slots=True)
class Head:
    """Where the headings of a table stand: rows and columns from 0, the last row included and the last column not.

    Args:
        right: None for the end of the sheet.
    """

    top: int
    bottom: int
    left: int = 0
    right: int | None = None

    def holds(self, row: int, place: int) -> bool:
        """Whether a cell is one of the headings."""
        return self.top <= row <= self.bottom and self.left <= place < (self.right or place + 1)

    def moved(self) -> Self:
        """Where they stand in what `only_rows` makes; the first column takes in the one that is new."""
        left, right = self.left + 1 if self.left else 0, self.right + 1 if self.right else None
        return replace(self, top=self.top + 1, bottom=self.bottom + 1, left=left, right=right)


FIRST_ROW = (Head(0, 0),)
"""What is taken for the headings of a sheet where none are known."""


def heads_end(heads: Sequence[Head]) -> int:
    """How many rows there are down to the last one of headings."""
    return max((head.bottom + 1 for head in heads), default=0)


def write_plain(grids: Sequence[Grid], out: IO[bytes], *, heads: Mapping[str, Sequence[Head]]) -> dict[str, str]:
    """Write the sheets with values, merged cells, decimals and guessed widths.

    Args:
        heads: by sheet, where headings stand, where that is known.

    Cost: about 25 s and 200 MB for a million cells.

    Returns:
        How each sheet is called now, by its name: some files allow names that xlsx does not.
    """
    names: dict[str, str] = {}
    with xlsxwriter.Workbook(out) as book:
        book.set_properties({"created": _BORN})
        formats = _Formats(book)
        for grid in grids:
            names[grid.name] = sheet_name(grid.name, taken=names.values())
            _write(book.add_worksheet(names[grid.name]), grid, formats, heads.get(grid.name, ()))
    return names


def sheet_name(wanted: str, *, taken: Iterable[str] = ()) -> str:
    """A name as xlsx allows it: 31 letters, none with a meaning in references, and not one that is taken."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", wanted).strip().strip("'")[:31] or "Sheet"
    used = {name.casefold() for name in taken}
    numbered = (f"{plain[:26]} ({number})" for number in range(2, len(used) + 3))
    return next(name for name in (plain, *numbered) if name.casefold() not in used)


def only_rows(grid: Grid, rows: Sequence[int], *, headings: int, line: str) -> tuple[Grid, dict[int, int]]:
    """Take some rows of a sheet with all that stands above the table, and tell in a first column where they stood.

    Args:
        rows: from 0, ascending.
        headings: how many rows there are down to the headings, which come first.
        line: a sentence for the first row.

    Returns:
        The new sheet, and the new place of each row that is in it.
    """
    kept = [*range(min(headings, len(grid.rows))), *(row for row in rows if headings <= row < len(grid.rows))]
    places = {row: at for at, row in enumerate(kept, start=1)}
    top: list[Cell] = [line]
    new = [top, *([_label(row, headings), *grid.rows[row]] for row in kept)]
    merges = [
        Merge(one.top + 1, one.left + 1, one.bottom + 1, one.right + 1) for one in grid.merges if one.bottom < headings
    ]
    decimals = {
        column + 1: Decimals(one.usual, {places[row]: shown for row, shown in one.others.items() if row in places})
        for column, one in grid.decimals.items()
    }
    hidden = frozenset(column + 1 for column in grid.hidden_columns)
    taken = replace(grid, rows=new, merges=merges, decimals=decimals, hidden_rows=frozenset(), hidden_columns=hidden)
    return taken, places


def _label(row: int, headings: int) -> Cell:
    if row == headings - 1:
        return str(Sentence(ROW_NUMBER))
    return "" if row < headings else row + 1


class _Formats:
    """The cell formats of the workbook, made when they are asked for."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - ships no types
        self._book, self._made = book, dict[str, Any]()
        in_the_middle = {"bold": True, "align": "center", "valign": "vcenter"}
        self.heading = book.add_format({**in_the_middle, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True})
        self.title = book.add_format({**in_the_middle, "font_size": 14})

    def __getitem__(self, number: str) -> Any:  # noqa: ANN401 - ships no types
        if number not in self._made:
            self._made[number] = self._book.add_format({"num_format": number, "valign": "vcenter"})
        return self._made[number]


def _write(sheet: Any, grid: Grid, formats: _Formats, heads: Sequence[Head]) -> None:  # noqa: ANN401 - ships no types
    looks = _Looks(grid, formats, heads)
    for merge in grid.merges:
        if (merge.top, merge.left) != (merge.bottom, merge.right):
            look = looks.of(merge.top, merge.left) or formats["General"]
            with suppress(OverlappingRange):
                sheet.merge_range(merge.top, merge.left, merge.bottom, merge.right, "", look)
    for number, row in enumerate(grid.rows):
        for place, cell in enumerate(row):
            look = looks.of(number, place) if number < looks.end else None
            if cell != "" and look is not None:
                sheet.write_string(number, place, shown_cell(cell)[:LONGEST_CELL], look)
            elif cell != "":
                decimals = grid.decimals.get(place)
                _write_cell(sheet, (number, place), cell, formats, decimals.at(number) if decimals else None)
            elif look is not None and not looks.is_covered(number, place):
                sheet.write_blank(number, place, None, look)
    widths = guessed_widths(grid)
    for place, width in widths.items():
        sheet.set_column(place, place, width, None, {"hidden": place in grid.hidden_columns})
    for number in grid.hidden_rows:
        sheet.set_row(number, None, None, {"hidden": True})
    if heads and looks.end <= len(grid.rows):
        sheet.freeze_panes(looks.end, 0)
        sheet.repeat_rows(min(head.top for head in heads), looks.end - 1)
    fit_to_paper(sheet, sum(widths.values()))


class _Looks:
    """Which cells of a sheet are headings or the title."""

    def __init__(self, grid: Grid, formats: _Formats, heads: Sequence[Head]) -> None:
        self._formats, self._heads, self.end = formats, heads, heads_end(heads)
        lines = [line_of(row) for row in grid.rows[: min((head.top for head in heads), default=0)]]
        self._title = next((at for at, line in enumerate(lines) if line and not numbers_attachment(line)), None)
        self._covered = {
            (row, place)
            for merge in grid.merges
            if merge.top < self.end
            for row in range(merge.top, min(merge.bottom + 1, self.end))
            for place in range(merge.left, merge.right + 1)
        }

    def of(self, row: int, place: int) -> Any:  # noqa: ANN401 - ships no types
        """How a cell looks; None where it looks as its value does."""
        if any(head.holds(row, place) for head in self._heads):
            return self._formats.heading
        return self._formats.title if row == self._title and (row, place) in self._covered else None

    def is_covered(self, row: int, place: int) -> bool:
        """Whether a cell is merged with others."""
        return (row, place) in self._covered


def _write_cell(sheet: Any, at: tuple[int, int], cell: Cell, formats: _Formats, decimals: int | None) -> None:  # noqa: ANN401 - ships no types
    match cell:
        case bool():
            sheet.write_boolean(*at, cell, formats["General"])
        case int() | float() if isfinite(cell) and abs(cell) < EXACT:
            sheet.write_number(*at, cell, formats[_shown(decimals)])
        case datetime() | date() | time() | timedelta():
            sheet.write_datetime(*at, cell, formats[_moment(cell)])
        case _:
            sheet.write_string(*at, str(cell)[:LONGEST_CELL], formats["General"])


def _shown(decimals: int | None) -> str:
    return "General" if decimals is None else "0." + "0" * decimals if decimals else "0"


def _moment(cell: datetime | date | time | timedelta) -> str:
    if isinstance(cell, timedelta):
        return "[h]:mm:ss"
    if isinstance(cell, time):
        return "hh:mm:ss"
    midnight = not isinstance(cell, datetime) or cell.time() == time()
    return "yyyy-mm-dd" if midnight else "yyyy-mm-dd hh:mm:ss"
