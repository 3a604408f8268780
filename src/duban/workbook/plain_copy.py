"""A workbook made from what was read of another: for files that cannot be edited themselves."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import IO, Any

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange

from duban.kernel.words import N_, Sentence
from duban.workbook.grid import Cell, Decimals, Grid, Merge
from duban.workbook.printing import fit_to_paper
from duban.workbook.widths import guessed_widths

ROW_NUMBER = N_("Row number")
LONGEST_CELL = 32_767
EXACT = 2**53
_BORN = datetime(1980, 1, 1)  # noqa: DTZ001 - the same input makes the same bytes, whatever the day and the zone


def write_plain(grids: Sequence[Grid], out: IO[bytes], *, headings: Mapping[str, int]) -> dict[str, str]:
    """Write the sheets with values, merged cells, decimals and guessed widths.

    Args:
        headings: by sheet, how many rows there are down to the last row of headings, where that is known.

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
            _write(book.add_worksheet(names[grid.name]), grid, formats, headings.get(grid.name, 0))
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
        self.heading = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True})

    def __getitem__(self, number: str) -> Any:  # noqa: ANN401 - ships no types
        if number not in self._made:
            self._made[number] = self._book.add_format({"num_format": number, "valign": "vcenter"})
        return self._made[number]


def _write(sheet: Any, grid: Grid, formats: _Formats, headings: int) -> None:  # noqa: ANN401 - ships no types
    for merge in grid.merges:
        if (merge.top, merge.left) != (merge.bottom, merge.right):
            try:
                sheet.merge_range(merge.top, merge.left, merge.bottom, merge.right, "", formats["General"])
            except OverlappingRange:
                continue
    for number, row in enumerate(grid.rows):
        for place, cell in enumerate(row):
            if cell != "":
                decimals = grid.decimals.get(place)
                _write_cell(sheet, (number, place), cell, formats, decimals.at(number) if decimals else None)
    widths = guessed_widths(grid)
    for place, width in widths.items():
        sheet.set_column(place, place, width, None, {"hidden": place in grid.hidden_columns})
    for number in grid.hidden_rows:
        sheet.set_row(number, None, None, {"hidden": True})
    if 0 < headings <= len(grid.rows):
        for place, cell in enumerate(grid.rows[headings - 1]):
            if isinstance(cell, str):
                sheet.write_string(headings - 1, place, cell[:LONGEST_CELL], formats.heading)
        sheet.freeze_panes(headings, 0)
        sheet.repeat_rows(headings - 1)
    fit_to_paper(sheet, sum(widths.values()))


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
