"""A workbook given back: the same file with its cells marked, a note on each, and a list of what was found.

Nothing else in an xlsx file changes by a byte. Other files come back as a new workbook, and of a very large one only
the rows that need somebody (ADR 17).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, cast

from duban.kernel.words import N_, Sentence
from duban.workbook import opening
from duban.workbook.findings import Finding, Table, cell_name
from duban.workbook.findings_sheet import Listed
from duban.workbook.grid import Book, Grid
from duban.workbook.marking import USUAL_LIMITS, Annotated, Given, Limits, Marks, choose_marks, mark_package
from duban.workbook.naming import Place, place_named
from duban.workbook.ooxml.book import BookPart
from duban.workbook.ooxml.parts import Package
from duban.workbook.ooxml.xml import UnsuitableWorkbook
from duban.workbook.plain_copy import FIRST_ROW, Head, heads_end, only_rows, write_plain
from duban.workbook.reader import tables_in
from duban.workbook.schema import SheetSchema

__all__ = ["Annotated", "Given", "Limits", "write_annotated"]

_IN_MEMORY = 4 * 1024 * 1024  # a larger workbook goes through a file


def write_annotated(
    source: Path,
    findings: Iterable[Finding],
    out: Path | IO[bytes],
    *,
    open_book: Callable[[], Book] | None = None,
    schemas: Sequence[SheetSchema] = (),
    limits: Limits = USUAL_LIMITS,
) -> Annotated:
    """Give a workbook back with its findings, in the language of whoever reads now.

    Args:
        source: the file as it was handed in.
        open_book: called only when the file itself cannot be marked, or is too large; reads `source` unless said.
        schemas: those that the file may follow, by which the headings of such a file are found; where none fits, the
            first row is taken for the headings of a sheet.

    Cost: for 10,000 rows of 39 columns about a second, and three times the XML of its largest sheet in memory.
    """
    found = _ordered(findings)
    with cast("IO[bytes]", SpooledTemporaryFile(max_size=_IN_MEMORY)) as made:
        try:
            given = _mark_itself(source, found, made, limits)
        except UnsuitableWorkbook as refusal:
            made.seek(0)
            made.truncate()
            book = open_book() if open_book else opening.open_book(source)
            given = _mark_copy(book, found, made, schemas, limits, large=isinstance(refusal, _TooLarge))
        made.seek(0)
        if isinstance(out, Path):
            with out.open("wb") as file:
                copyfileobj(made, file)
        else:
            copyfileobj(made, out)
    return given


class _TooLarge(UnsuitableWorkbook):
    """The sheets to be marked are larger than we edit."""


def _ordered(findings: Iterable[Finding]) -> list[Finding]:
    """By sheet as they first come, and then by row and column; what is said of a whole sheet comes first."""
    found = list(findings)
    sheets = {name: at for at, name in enumerate(dict.fromkeys(finding.sheet for finding in found))}
    return sorted(found, key=lambda one: (sheets[one.sheet], place_named(one.cell) or (-1, -1)))


def _mark_itself(source: Path, found: Sequence[Finding], out: IO[bytes], limits: Limits) -> Annotated:
    with Package(source) as package:
        parts = BookPart(package).sheets()
        marks, left = choose_marks(found, set(parts), limits)
        if sum(package.size(parts[name]) for name in marks) > limits.sheet_mb * 1_000_000:
            raise _TooLarge
        listed = [
            Listed(one, one.sheet, one.cell if one.sheet in parts and place_named(one.cell) else "") for one in found
        ]
        return mark_package(package, marks, listed, out, limits, left=left, line="", kind=Given.SAME)


def _mark_copy(
    book: Book, found: Sequence[Finding], out: IO[bytes], schemas: Sequence[SheetSchema], limits: Limits, *, large: bool
) -> Annotated:
    """Make a new workbook of what was read, whole or only the failing rows, and mark that."""
    marks, left = choose_marks(found, {grid.name for grid in book.grids}, limits)
    heads = _heads(tables_in(book, schemas))
    if large or sum(len(grid.rows) * len(grid.rows[0]) for grid in book.grids if grid.rows) > limits.cells:
        grids, move, line = _failing_rows(book, marks, heads)
        kind, heads = Given.FAILING_ROWS, {name: [one.moved() for one in found] for name, found in heads.items()}
    else:
        grids, move, line = book.grids, _stays, str(Sentence(_CONVERTED, {"format": book.format.value}))
        kind = Given.CONVERTED
    with TemporaryFile() as plain:
        names = write_plain(grids, plain, heads=heads)
        moved: Marks = {
            names[sheet]: {new: said for place, said in cells.items() if (new := move(sheet, place))}
            for sheet, cells in marks.items()
        }
        listed = [_listed(one, names, move) for one in found]
        with Package(plain) as package:
            return mark_package(package, moved, listed, out, limits, left=left, line=line, kind=kind)


def _heads(tables: Iterable[Table]) -> dict[str, list[Head]]:
    """By sheet, the headings of its first table, and of those beside it."""
    heads: dict[str, list[Head]] = {}
    for table in tables:
        known = heads.setdefault(table.sheet, [])
        if all(one.left != table.left for one in known):
            known.append(Head(table.top - 1, table.header_row - 1, table.left, table.right))
    return heads


Move = Callable[[str, Place], Place | None]
"""Where the cell of a sheet stands in the copy; None when it is not in it."""


def _stays(_: str, place: Place) -> Place | None:
    return place


def _failing_rows(book: Book, marks: Marks, heads: Mapping[str, Sequence[Head]]) -> tuple[list[Grid], Move, str]:
    grids, places, rows = [], dict[str, dict[int, int]](), 0
    for grid in book.grids:
        if grid.name in marks:
            above = heads_end(heads.get(grid.name, FIRST_ROW))
            failing = sorted({row for row, _ in marks[grid.name] if row >= above})
            line = str(Sentence(_FAILING, {"sheet": grid.name, "rows": len(failing)}))
            taken, places[grid.name] = only_rows(grid, failing, headings=above, line=line)
            grids.append(taken)
            rows += len(failing)

    def move(sheet: str, place: Place) -> Place | None:
        row = places.get(sheet, {}).get(place[0])
        return None if row is None else (row, place[1] + 1)

    return grids, move, str(Sentence(_TOO_LARGE, {"rows": rows}))


def _listed(one: Finding, names: Mapping[str, str], move: Move) -> Listed:
    place = place_named(one.cell)
    new = move(one.sheet, place) if place and one.sheet in names else None
    return Listed(one, names[one.sheet], cell_name(new[0] + 1, new[1])) if new else Listed(one)


_CONVERTED = N_(
    "The file that was handed in ({format}) cannot be marked itself. This is a new workbook with its values, "
    "merged cells and number of decimals; formulas, pictures and other formatting are not in it."
)
_TOO_LARGE = N_(
    "The file that was handed in is too large to be given back whole. This workbook has its headings and the {rows} "
    "rows with findings; the first column says where each stands. Correct them in the file itself."
)
_FAILING = N_(
    "From sheet {sheet}: only the {rows} rows with findings. The first column says where each stands in the file."
)
