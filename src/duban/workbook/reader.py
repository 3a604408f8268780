"""Reading a workbook: the tables that a schema describes, wherever they stand, as typed and checked rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from duban.kernel.words import N_, Sentence
from duban.workbook import remarks
from duban.workbook.aside import Parted, part_rows
from duban.workbook.beside import apart
from duban.workbook.collector import collector_paused
from duban.workbook.columns import read_rows
from duban.workbook.findings import Mapped, ReadSheet, Table, Unplaced, shown_cell
from duban.workbook.grid import Book, Grid
from duban.workbook.mapping import HeadingMap
from duban.workbook.opening import open_book, open_each
from duban.workbook.proposals import propose
from duban.workbook.refusals import MissingHeadings, NoTable, UnreadableWorkbook
from duban.workbook.schema import QUANTITIES, SheetSchema
from duban.workbook.skipping import why_skipped
from duban.workbook.tables import Found, find_tables
from duban.workbook.totals import wrong_sums
from duban.workbook.vocabulary import Vocabulary

SAME_SHARE = 0.3
"""A further table of which so large a share of the rows is known already is another version and no continuation."""


class IncompleteTable(MissingHeadings):
    """A table lacks a column that every row needs.

    Attributes:
        schema, headings: what was looked for, and what was found of it.
        unplaced: its unknown headings, with proposals; a person's mapping may complete the table.
    """

    schema: SheetSchema
    headings: Table
    unplaced: Sequence[Unplaced] = ()
    mapped: Sequence[Mapped] = ()


@dataclass(frozen=True, slots=True)
class Rival:
    """A schema that was not chosen, and why."""

    schema: SheetSchema
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook as read.

    Args:
        schema: the one that fits best; `reason` says why, `rivals` what speaks against the others.
    """

    schema: SheetSchema
    sheet: ReadSheet
    reason: Sentence
    rivals: Sequence[Rival] = ()


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What one schema finds in a workbook."""

    schema: SheetSchema
    found: Sequence[Found]
    order: int

    @property
    def complete(self) -> list[Found]:
        """The tables with every heading that is required, those without rows only when none has any."""
        headed = [one for one in self.found if not one.headings.missing(self.schema)]
        return [one for one in headed if one.records] or headed[:1]

    @property
    def best(self) -> Found | None:
        """The first complete table, or else the one with most headings."""
        return next(iter(self.complete), None) or max(
            self.found, key=lambda one: one.headings.rank(self.schema), default=None
        )

    @property
    def rank(self) -> tuple[int, bool, int]:
        """The larger, the better the schema fits; among equals the one that was named first.

        A column that is missing counts against a schema, and does not decide alone: a small schema finds its few
        columns in many a table of another kind.
        """
        if self.best is None:
            return -(10**6), False, -self.order
        headings = self.best.headings
        known, missing = len(headings.places), len(headings.missing(self.schema))
        return 2 * (known - missing) - len(headings.unknown), bool(self.complete), -self.order

    @property
    def reason(self) -> Sentence:
        """How well it fits."""
        if self.best is None:
            return Sentence(_NO_HEADINGS, {"title": self.schema.title})
        headings = self.best.headings
        counts = {"known": len(headings.places), "all": len(headings.places) + len(headings.unknown)}
        missing = headings.missing(self.schema)
        if missing:
            return Sentence(_LACKS, {**counts, "title": self.schema.title, "missing": "、".join(missing)})
        return Sentence(_FITS, {**counts, "title": self.schema.title})


_FITS = N_("{known} of {all} headings are columns of {title}, among them every one that it needs.")
_LACKS = N_("{known} of {all} headings are columns of {title}, but it also needs {missing}.")
_NO_HEADINGS = N_("No row holds two headings of {title}.")


def read_sheet(
    path: Path, schema: SheetSchema, *, name: str | None = None, mapping: HeadingMap | None = None
) -> ReadSheet:
    """Open a file and read what one schema describes in it; refusals call the file `name`, or else as it lies there.

    Raises:
        UnreadableWorkbook: the file cannot be opened, or no sheet has the headings that are required.
    """
    book = open_book(path, name=name)
    return read_book(book, [schema], file=name or path.name, mappings={schema.code: mapping or {}}).sheet


def read_sheets(
    files: Sequence[tuple[Path, str]], schema: SheetSchema, *, mapping: HeadingMap | None = None, processes: int = 1
) -> Iterator[ReadSheet | UnreadableWorkbook]:
    """Read one schema from many files, each given by its path and what its owner calls it.

    A file that cannot be read yields its refusal, and the others go on.

    Args:
        processes: how many open files side by side; all begin with further files while one is read here.
    """
    for book, (_, file) in zip(open_each(files, processes=processes), files, strict=True):
        if isinstance(book, UnreadableWorkbook):
            yield book
            continue
        try:
            yield read_book(book, [schema], file=file, mappings={schema.code: mapping or {}}).sheet
        except UnreadableWorkbook as refusal:
            yield refusal


@collector_paused()
def read_book(
    book: Book, schemas: Iterable[SheetSchema], *, file: str, mappings: Mapping[str, HeadingMap] | None = None
) -> Reading:
    """Read an opened workbook by the schema that fits it best.

    A table may go on in further sheets, or further down in the same one. A further table that repeats rows of the
    first is another version of it, and is not read.

    Args:
        schemas: those that the file may follow; the first wins where two fit equally well.
        file: what its owner calls it.
        mappings: what an office's own headings mean, by the code of the schema.

    Raises:
        IncompleteTable: the best table lacks a heading that every row needs.
        NoTable: no sheet holds two headings of any schema.
    """
    said = mappings or {}
    vocabularies = [Vocabulary(schema, said.get(schema.code, {})) for schema in schemas]
    attempts = [
        _Attempt(words.schema, [one for grid in book.grids for one in _tables(grid, words)], order)
        for order, words in enumerate(vocabularies)
    ]
    attempts.sort(key=lambda attempt: attempt.rank, reverse=True)
    chosen = attempts[0]
    _refuse_incomplete(chosen, attempts, file=file)
    sheet = _read(chosen, book)
    rivals = [Rival(other.schema, other.reason) for other in attempts[1:]]
    return Reading(chosen.schema, sheet, chosen.reason, rivals)


def _tables(grid: Grid, vocabulary: Vocabulary) -> list[Found]:
    """The tables of a sheet, from the left and from the top."""
    return [found for part in apart(grid, vocabulary) for found in find_tables(part, vocabulary)]


def tables_in(book: Book, schemas: Sequence[SheetSchema]) -> Sequence[Table]:
    """Where the tables of an opened workbook stand, also one that lacks a heading; none where no schema fits."""
    if not schemas:
        return []
    try:
        return read_book(book, schemas, file="").sheet.tables
    except IncompleteTable as refusal:
        return [refusal.headings]
    except NoTable:
        return []


def _refuse_incomplete(chosen: _Attempt, attempts: Sequence[_Attempt], *, file: str) -> None:
    if chosen.complete:
        return
    schema, best = chosen.schema, chosen.best
    if best is None:
        needed = [column.label for column in schema.columns if column.required]
        titles = "、".join(attempt.schema.title for attempt in sorted(attempts, key=lambda attempt: attempt.order))
        raise NoTable(file=file, title=titles, needed=needed)
    refusal = IncompleteTable(
        file=file,
        sheet=best.grid.name,
        row=best.headings.row + 1,
        title=schema.title,
        missing=best.headings.missing(schema),
    )
    refusal.schema, refusal.headings = schema, best.table(schema)
    refusal.unplaced, refusal.mapped = propose(best, schema), best.headings.mapped
    raise refusal


def _read(chosen: _Attempt, book: Book) -> ReadSheet:
    schema, tables = chosen.schema, chosen.complete
    first = tables[0].table(schema)
    sheet = ReadSheet(first.sheet, first.header_row, first.places, first.unit)
    known: set[tuple[str, ...]] = set()
    for found in tables:
        parted = part_rows(found, schema)
        keys = _keys(found, parted, schema) if len(tables) > 1 else []
        same = sum(key in known for key in keys)
        if sheet.tables and same > SAME_SHARE * len(keys):
            remarks.on_another_version(sheet, found, same=same, rows=len(keys))
            continue
        known.update(keys)
        _add(sheet, found, found.table(schema) if sheet.tables else first, parted, schema)
    _check(sheet, schema)
    sheet.skipped += why_skipped(book, chosen.found, {table.sheet for table in sheet.tables}, schema)
    return sheet


def _keys(found: Found, parted: Parted, schema: SheetSchema) -> list[tuple[str, ...]]:
    """What tells each row from others: the texts that every row needs."""
    columns = [column for column in schema.columns if column.required and column.kind not in QUANTITIES]
    places = [
        found.headings.places[column.name]
        for column in columns or schema.columns
        if column.name in found.headings.places
    ]
    return [tuple(shown_cell(row[place]) for place in places) for _, row in parted.records]


def _add(sheet: ReadSheet, found: Found, table: Table, parted: Parted, schema: SheetSchema) -> None:
    """Read one table into the sheet, and say what is to be said of it."""
    earlier = list(sheet.rows)
    sheet.tables.append(table)
    sheet.unplaced += propose(found, schema)
    sheet.mapped += found.headings.mapped
    if len(sheet.tables) > 1:
        remarks.on_continuation(sheet, found, table, parted)
    extra = remarks.on_headings(sheet, found, table, parted, schema)
    remarks.on_rows_aside(sheet, table, parted)
    remarks.on_what_is_hidden(sheet, found, table, parted, schema)
    rows, faults = read_rows(table, parted.records, schema, remarks.merged_texts(sheet, found, table, schema))
    for index, row in enumerate(rows):
        row.extra = remarks.extra_of(row, extra) if extra else row.extra
        for fault in faults.get(index, ()):
            sheet.report(row, fault)
    sheet.rows += rows
    totals, _ = read_rows(table, [one.record for one in parted.sums], schema, {})
    sheet.totals += totals
    pairs = list(zip(parted.sums, totals, strict=True))
    sheet.report_all(list(wrong_sums(sheet, rows, pairs, schema, pages=parted.pages, earlier=earlier)))


def _check(sheet: ReadSheet, schema: SheetSchema) -> None:
    for row in sheet.rows if schema.checks else ():
        for check in schema.checks:
            for fault in check(row):
                sheet.report(row, fault)
    for table_check in schema.table_checks:
        sheet.report_all(list(table_check(sheet)))
