"""A workbook as somebody sees it who only looks: what the file is, what was found in it, and every row as it was read.

This is the one place through which pages and the command line open and read a workbook to be looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from duban.kernel.words import N_, Sentence
from duban.workbook.findings import ReadSheet, cell_name, column_letters, shown_cell
from duban.workbook.grid import Book, Format, Grid
from duban.workbook.guessing import Clue, Where
from duban.workbook.looked import Fate, Heading, Looked, LookedColumn, LookedRow, SheetSeen
from duban.workbook.mapping import IGNORED, HeadingMap, applied, heading_key
from duban.workbook.opening import open_sheets
from duban.workbook.reader import UNKNOWN_HEADING, read_sheet
from duban.workbook.refusals import UnreadableWorkbook
from duban.workbook.schema import SheetSchema
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
    mappings = mappings or {}
    book = opened(path, name=name)
    read, refusals = _read_with_each(path, name, schemas, mappings)
    looked = Looked(book.format, None, _nothing_fits(refusals), _facts(book))
    if read:
        best, *others = sorted(read, key=lambda one: len(one[1].places), reverse=True)
        _show_table(looked, book, *best, mappings.get(best[0].code, {}))
        looked.reason = _why(best, others)
    else:
        _show_sheets(looked, book)
    return looked


_Read = tuple[SheetSchema, ReadSheet]


# -- Through the reader -----------------------------------------------------------------------------------------------


def opened(path: Path, *, name: str) -> Book:
    """The sheets of a file, and what it is.

    Raises:
        UnreadableWorkbook: it cannot be opened.
    """
    grids = [Grid(sheet.name, sheet.rows) for sheet in open_sheets(path, name=name)]
    with path.open("rb") as file:
        is_xls = file.read(4) == b"\xd0\xcf\x11\xe0"
    return Book(Format.XLS if is_xls else Format.XLSX, grids)


def _read_with_each(
    path: Path, name: str, schemas: Sequence[SheetSchema], mappings: Mapping[str, HeadingMap]
) -> tuple[list[_Read], list[UnreadableWorkbook]]:
    read, refusals = [], []
    for schema in schemas:
        try:
            read.append((schema, read_sheet(path, applied(schema, mappings.get(schema.code, {})), name=name)))
        except UnreadableWorkbook as refusal:
            refusals.append(refusal)
    return read, refusals


def _unplaced(sheet: ReadSheet) -> Iterator[Heading]:
    """The headings that were not placed, with the column proposed for each."""
    for finding in sheet.findings:
        if finding.rule == UNKNOWN_HEADING and finding.value:
            yield Heading(sheet.sheet, finding.cell, finding.value, Fate.UNPLACED)


# -- What is said of it -----------------------------------------------------------------------------------------------


def _why(best: _Read, others: Sequence[_Read]) -> Sentence:
    values: dict[str, object] = {"title": best[0].title, "count": len(best[1].places)}
    if not others:
        return Sentence(N_("{count} of its headings are those of {title}."), values)
    schema, sheet = others[0]
    values |= {"other": schema.title, "fewer": len(sheet.places)}
    return Sentence(N_("{count} of its headings are those of {title}; of {other} it has {fewer}."), values)


def _nothing_fits(refusals: Sequence[UnreadableWorkbook]) -> Sentence:
    if len(refusals) == 1:
        return refusals[0].sentence
    return Sentence(N_("No sheet has the headings of a table that is known here. Its sheets are shown as they stand."))


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


def _show_table(looked: Looked, book: Book, schema: SheetSchema, sheet: ReadSheet, mapping: HeadingMap) -> None:
    grids = {grid.name: grid for grid in book.grids}
    looked.schema = schema
    looked.findings = list(sheet.findings)
    looked.headings = _headings(grids[sheet.sheet], sheet, mapping)
    places = sorted(sheet.places.items(), key=lambda at: at[1])
    by_name = {column.name: column for column in schema.columns}
    looked.columns = [LookedColumn(name, by_name[name].label, by_name[name].kind.value) for name, _ in places]
    hidden = grids[sheet.sheet].hidden_rows
    looked.rows = [
        LookedRow(
            sheet.sheet,
            row.number,
            [None if (value := row.values[name]) is None else str(value) for name, _ in places],
            [shown_cell(row.cells[place]) for _, place in places],
            row.number - 1 in hidden,
            row.has_error,
        )
        for row in sheet.rows
    ]
    looked.sheets = [_seen(grid, sheet, schema) for grid in book.grids]


def _headings(grid: Grid, sheet: ReadSheet, mapping: HeadingMap) -> list[Heading]:
    """Every heading from left to right, with what became of it."""
    remembered = {heading_key(heading): column for heading, column in mapping.items()}
    names = {place: name for name, place in sheet.places.items()}
    unplaced = {heading.cell: heading for heading in _unplaced(sheet)}
    found = []
    for place, cell in enumerate(grid.rows[sheet.header_row - 1]):
        at, text = cell_name(sheet.header_row, place), shown_cell(cell)
        if at in unplaced:
            found.append(unplaced[at])
        elif place in names:
            fate = Fate.REMEMBERED if heading_key(text) in remembered else Fate.PLACED
            found.append(Heading(grid.name, at, text, fate, names[place]))
        elif remembered.get(heading_key(text)) == IGNORED:
            found.append(Heading(grid.name, at, text, Fate.REMEMBERED))
    return found


def _seen(grid: Grid, sheet: ReadSheet, schema: SheetSchema) -> SheetSeen:
    if grid.name == sheet.sheet:
        text = N_("{title}: headings in row {row}, {count} rows, bare amounts in {unit}.")
        values = {"title": schema.title, "row": sheet.header_row, "count": len(sheet.rows), "unit": sheet.unit.label()}
        return SheetSeen(grid.name, is_read=True, said=Sentence(text, values))
    if not any(_is_filled(row) for row in grid.rows):
        return SheetSeen(grid.name, is_read=False, said=Sentence(N_("The sheet is empty.")))
    return SheetSeen(grid.name, is_read=False, said=Sentence(N_("Not read as {title}."), {"title": schema.title}))


# -- Sheets as they stand ---------------------------------------------------------------------------------------------


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

    Raises:
        UnreadableWorkbook: the file cannot be opened.
    """
    book = opened(path, name=PurePosixPath(name).name)
    return [Clue(Where.FILE, name), *(clue for grid in book.grids for clue in clues_around(grid))]
