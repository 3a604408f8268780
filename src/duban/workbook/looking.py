"""A workbook as somebody sees it who only looks: what the file is, what was found in it, and every row as it was read.

This is the one place through which pages and the command line open and read a workbook to be looked at.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from duban.kernel.words import N_, Sentence
from duban.workbook.findings import Mapped, ReadSheet, SheetRow, Table, Unplaced
from duban.workbook.grid import Book, Grid
from duban.workbook.guessing import Clue, Where
from duban.workbook.looked import Fate, Heading, Looked, LookedColumn, LookedRow, SheetSeen
from duban.workbook.mapping import HeadingMap
from duban.workbook.naming import cell_name, column_letters, shown_cell
from duban.workbook.opening import open_book, open_each
from duban.workbook.reader import IncompleteTable, read_book
from duban.workbook.refusals import NoTable, UnreadableWorkbook
from duban.workbook.schema import Column, SheetSchema
from duban.workbook.surroundings import clues_around

MOST_RAW_COLUMNS = 60
"""Of a sheet in which no table was found, so many columns are shown."""


def look_at(
    path: Path,
    *,
    name: str,
    schemas: Sequence[SheetSchema],
    mappings: Mapping[str, HeadingMap] | None = None,
) -> Looked:
    """Read a file with the schema that fits it best.

    Args:
        name: what its owner calls it, for refusals.
        schemas: those that may fit; one alone when the person chose it.
        mappings: what the office's headings mean, by the code of the schema.

    Raises:
        UnreadableWorkbook: the file cannot be opened at all. One without a table is no refusal.
    """
    book = open_book(path, name=name)
    try:
        reading = read_book(book, schemas, file=name, mappings=mappings)
    except NoTable as refusal:
        return _sheets_alone(book, refusal)
    except IncompleteTable as refusal:
        looked = _sheets_alone(book, refusal)
        # What a person says of these headings may make it a table.
        looked.schema = refusal.schema
        looked.headings = list(_headings(refusal.headings, refusal.mapped, refusal.unplaced))
        return looked
    looked = Looked(book.format, reading.schema, reading.reason, _facts(book))
    looked.facts += [rival.reason for rival in reading.rivals]
    _show_table(looked, book, reading.schema, reading.sheet)
    return looked


# -- What is said of it -----------------------------------------------------------------------------------------------


def _facts(book: Book) -> list[Sentence]:
    facts = []
    if book.hidden_sheets:
        text = N_("Hidden sheets were not read: {names}.")
        facts.append(Sentence(text, {"names": "、".join(book.hidden_sheets)}))
    if book.has_macros:
        facts.append(Sentence(N_("It carries macros; they were ignored.")))
    if book.has_links:
        facts.append(Sentence(N_("It refers to other files; their values were taken as they were last saved.")))
    if book.encoding:
        facts.append(Sentence(N_("The text is written in {encoding}."), {"encoding": book.encoding}))
    facts += [fact for grid in book.grids for fact in _hidden(grid)]
    return facts


def _hidden(grid: Grid) -> Iterator[Sentence]:
    if grid.hidden_rows:
        text = N_("Sheet “{sheet}” has {count} hidden rows; they were read.")
        yield Sentence(text, {"sheet": grid.name, "count": len(grid.hidden_rows)})
    if grid.hidden_columns:
        letters = "、".join(column_letters(place) for place in sorted(grid.hidden_columns))
        text = N_("Sheet “{sheet}” has hidden columns, which were read: {letters}.")
        yield Sentence(text, {"sheet": grid.name, "letters": letters})


# -- A table ----------------------------------------------------------------------------------------------------------


def _show_table(looked: Looked, book: Book, schema: SheetSchema, sheet: ReadSheet) -> None:
    hidden = {grid.name: grid.hidden_rows for grid in book.grids}
    found = {name for table in sheet.tables for name in table.places}
    columns = [column for column in schema.columns if column.name in found]
    looked.findings = list(sheet.findings)
    looked.headings = [heading for table in sheet.tables for heading in _headings(table, sheet.mapped, sheet.unplaced)]
    looked.columns = [LookedColumn(column.name, column.label, column.kind.value) for column in columns]
    looked.rows = [_looked_row(row, columns, hidden) for row in sheet.rows]
    looked.sheets = _sheets(sheet, schema)


def _looked_row(row: SheetRow, columns: Sequence[Column], hidden: Mapping[str, Collection[int]]) -> LookedRow:
    places = row.table.places if row.table else {}
    return LookedRow(
        row.sheet,
        row.number,
        [None if (value := row.values[column.name]) is None else str(value) for column in columns],
        [shown_cell(row.cells[places[column.name]]) if column.name in places else "" for column in columns],
        row.number - 1 in hidden[row.sheet],
        row.has_error,
        row.table.left if row.table else 0,
    )


def _headings(table: Table, mapped: Iterable[Mapped], unplaced: Iterable[Unplaced]) -> Iterator[Heading]:
    """Every heading of a table from left to right, with what became of it."""
    said = {one.place: one.column for one in mapped if one.sheet == table.sheet}
    open_ones = {one.place: one for one in unplaced if one.sheet == table.sheet}
    names = {place: name for name, place in table.places.items()}
    for place, text in sorted(table.headings.items()):
        cell = cell_name(table.header_row, place)
        if place in said:
            yield Heading(table.sheet, cell, text, Fate.REMEMBERED, said[place])
        elif place in names:
            yield Heading(table.sheet, cell, text, Fate.PLACED, names[place])
        elif place in open_ones:
            proposed = open_ones[place]
            yield Heading(table.sheet, cell, text, Fate.UNPLACED, proposed.proposal or "", proposed.reason)


def _sheets(sheet: ReadSheet, schema: SheetSchema) -> list[SheetSeen]:
    """Each table that was read, and each sheet that was not, with the reason."""
    counts = Counter(id(row.table) for row in sheet.rows)
    beside = {table.sheet for table in sheet.tables if table.left}
    read = []
    for table in sheet.tables:
        values = {
            "title": schema.title,
            "row": table.header_row,
            "count": counts[id(table)],
            "unit": table.unit.label(),
            "left": column_letters(min(table.headings)),
            "right": column_letters(max(table.headings)),
        }
        said = Sentence(_TABLE_BESIDE if table.sheet in beside else _TABLE, values)
        read.append(SheetSeen(table.sheet, is_read=True, said=said))
    return read + [SheetSeen(one.sheet, is_read=False, said=one.reason) for one in sheet.skipped]


_TABLE = N_("{title}: headings in row {row}, {count} rows, bare amounts in {unit}.")
_TABLE_BESIDE = N_("{title} in columns {left} to {right}: headings in row {row}, {count} rows, bare amounts in {unit}.")


# -- Sheets as they stand ---------------------------------------------------------------------------------------------


def _sheets_alone(book: Book, refusal: UnreadableWorkbook) -> Looked:
    looked = Looked(book.format, None, refusal.sentence, _facts(book))
    _show_sheets(looked, book)
    return looked


def _show_sheets(looked: Looked, book: Book) -> None:
    width = 0
    for grid in book.grids:
        filled = [(number, row) for number, row in enumerate(grid.rows, start=1) if _is_filled(row)]
        across = max((place + 1 for _, row in filled for place, cell in enumerate(row) if cell != ""), default=0)
        width = max(width, min(across, MOST_RAW_COLUMNS))
        text = N_("{count} rows with something in them, {columns} columns; no table that is known here.")
        values = {"count": len(filled), "columns": across}
        said = Sentence(text, values) if filled else Sentence(N_("The sheet is empty."))
        looked.sheets.append(SheetSeen(grid.name, is_read=False, said=said))
        for number, row in filled:
            texts = [shown_cell(cell) for cell in row[:MOST_RAW_COLUMNS]]
            looked.rows.append(LookedRow(grid.name, number, texts, texts, number - 1 in grid.hidden_rows))
    looked.columns = [LookedColumn(column_letters(place), column_letters(place), "text") for place in range(width)]
    looked.rows = [_as_wide(row, width) for row in looked.rows]


def _as_wide(row: LookedRow, width: int) -> LookedRow:
    texts = [*row.raws, *[""] * width][:width]
    return LookedRow(row.sheet, row.number, [text or None for text in texts], texts, row.is_hidden)


def _is_filled(row: Sequence[object]) -> bool:
    return any(cell.strip() if isinstance(cell, str) else cell is not None for cell in row)


# -- Around the tables ------------------------------------------------------------------------------------------------


def clues_in(path: Path, *, name: str) -> list[Clue]:
    """What title, seal line, sheet names and the file's name say of whose and of which day a workbook is.

    Args:
        name: of the file, with the folders it lies in where they are known.

    Raises:
        UnreadableWorkbook: the file cannot be opened.
    """
    return _clues(open_book(path, name=PurePosixPath(name).name), name)


def clues_in_each(files: Sequence[tuple[Path, str]]) -> Iterator[list[Clue] | UnreadableWorkbook]:
    """The same for many files, each given by its path and name; of one that cannot be opened, its refusal."""
    books = open_each((path, PurePosixPath(name).name) for path, name in files)
    for book, (_, name) in zip(books, files, strict=True):
        yield book if isinstance(book, UnreadableWorkbook) else _clues(book, name)


def _clues(book: Book, name: str) -> list[Clue]:
    return [Clue(Where.FILE, name), *(clue for grid in book.grids for clue in clues_around(grid))]
