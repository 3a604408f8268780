"""Why nothing was taken from a sheet."""

import re
from collections.abc import Collection, Iterator, Sequence

from duban.kernel.words import N_, Sentence
from duban.workbook.findings import Skipped
from duban.workbook.grid import Book, Grid
from duban.workbook.naming import is_blank
from duban.workbook.schema import SheetSchema
from duban.workbook.tables import Found

_BLANK = N_("It is blank.")
_EXPLAINS = N_("It explains how the form is filled in.")
_NO_ROWS = N_("It has the headings and no rows under them.")
_HIDDEN = N_("It is hidden, and hidden sheets are not read.")
_LACKS = N_("The headings in row {row} lack {missing}.")
_OTHER = N_("No row of it holds two headings of {title}.")
_VERSION = N_("It repeats rows that were read from another sheet.")

_NAMED_SO = re.compile(r"说明|须知|填表|填报要求|解释|目录|封面|指引|模板说明")


def why_skipped(book: Book, found: Sequence[Found], read: Collection[str], schema: SheetSchema) -> list[Skipped]:
    """The sheets that were not read, in the order of the file, and tables within sheets that were."""
    skipped = []
    for grid in book.grids:
        tables = [one for one in found if one.grid.name == grid.name]
        if grid.name not in read:
            skipped.append(Skipped(grid.name, _reason(grid, tables, schema)))
        else:
            skipped += [Skipped(grid.name, reason) for reason in _lacking(tables, schema)]
    return skipped + [Skipped(name, Sentence(_HIDDEN)) for name in book.hidden_sheets]


def _reason(grid: Grid, tables: Sequence[Found], schema: SheetSchema) -> Sentence:
    lacking = list(_lacking(tables, schema))
    if lacking:
        return lacking[0]
    if tables:
        return Sentence(_VERSION if any(one.records for one in tables) else _NO_ROWS)
    if all(is_blank(cell) for row in grid.rows for cell in row):
        return Sentence(_BLANK)
    if _explains(grid):
        return Sentence(_EXPLAINS)
    return Sentence(_OTHER, {"title": schema.title})


def _lacking(tables: Sequence[Found], schema: SheetSchema) -> Iterator[Sentence]:
    for one in tables:
        missing = one.headings.missing(schema)
        if missing:
            yield Sentence(_LACKS, {"row": one.headings.row + 1, "missing": "、".join(missing)})


def _explains(grid: Grid) -> bool:
    """A sheet that is called so, or that holds whole sentences and hardly anything else."""
    if _NAMED_SO.search(grid.name):
        return True
    cells = [cell for row in grid.rows[:100] for cell in row if not is_blank(cell)]
    long = sum(isinstance(cell, str) and len(cell) >= 15 for cell in cells)
    return long * 2 >= len(cells)
