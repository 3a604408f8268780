"""What was read from a sheet, and what is to be said about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from duban.kernel.money import Money, Unit
from duban.kernel.words import Sentence
from duban.workbook.faults import Fault, Finding, Severity, sentence_from_stored, stored_sentence
from duban.workbook.grid import Cell, Decimals
from duban.workbook.naming import cell_name, column_letters, shown_cell
from duban.workbook.precision import step_of

__all__ = [
    "Fault",
    "Finding",
    "Mapped",
    "ReadSheet",
    "RowValues",
    "Severity",
    "SheetRow",
    "Skipped",
    "Table",
    "Unplaced",
    "cell_name",
    "column_letters",
    "sentence_from_stored",
    "shown_cell",
    "stored_sentence",
]


@dataclass(frozen=True, slots=True)
class Table:
    """Headings in a sheet, and what they say of the rows below.

    Args:
        top, header_row: the first and the last row of the headings, as the spreadsheet shows them, from 1.
        places: which column of the sheet holds which column of the schema, from 0.
        units: of every money column found.
        unit: of amounts under a heading that names none.
        headings: what stands over each column, of several names the highest first: 清偿情况/累计.
        title: the first line above the headings that does not only number an attachment.
        remarks: the other lines around the table: who reports, when, notes and signatures.
        left, right: its columns of the sheet, from 0, the last one not included; None leads to the end.
    """

    sheet: str
    top: int
    header_row: int
    places: dict[str, int]
    units: dict[str, Unit]
    unit: Unit
    headings: Mapping[int, str] = field(default_factory=dict)
    title: str = ""
    remarks: list[str] = field(default_factory=list)
    decimals: Mapping[int, Decimals] = field(default_factory=dict)
    left: int = 0
    right: int | None = None


class RowValues(Mapping[str, Any]):
    """The values of a row by column name. All rows share the names, so that many rows fit into memory."""

    __slots__ = ("_order", "_values")

    def __init__(self, order: Mapping[str, int], values: Sequence[Any]) -> None:
        self._order, self._values = order, values

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - each column has its own type
        return self._values[self._order[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(slots=True)
class SheetRow:
    """One row as read.

    Args:
        number: as the spreadsheet shows it, from 1.
        values: by column name; None where the cell is blank or could not be read.
        cells: the row as it stands in the sheet, column A first.
        extra: what stands under headings that the schema does not know, by heading.
        table: where it stands; None for a row made by hand, which stands in the first table of its `ReadSheet`.
    """

    number: int
    values: Mapping[str, Any]
    cells: Sequence[Cell]
    extra: Mapping[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    table: Table | None = None

    @property
    def sheet(self) -> str:
        """The name of its sheet; empty for a row made by hand."""
        return self.table.sheet if self.table else ""

    @property
    def has_error(self) -> bool:
        """Whether something in it holds the row back."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def step(self, column: str) -> int | None:
        """The smallest difference, in fen, that the sheet shows in a cell of money; None where it shows no number.

        Two amounts that differ by less than this may be the same amount. 1.50 in 万元 shows steps of 10,000 fen.
        """
        table = self.table
        place = table.places.get(column) if table else None
        if table is None or place is None or column not in table.units:
            return None
        decimals = table.decimals.get(place)
        return step_of(self.cells[place], table.units[column], decimals.at(self.number - 1) if decimals else None)

    def coarse_steps(self) -> dict[str, int]:
        """The step of every money column that the sheet does not show to the fen."""
        steps = {column: self.step(column) for column in self.table.units} if self.table else {}
        return {column: step for column, step in steps.items() if step and step > 1}

    def are_equal(self, one: Money, other: Money, *columns: str) -> bool:
        """Whether two amounts of this row are the same as far as the sheet shows.

        Args:
            columns: those from which the amounts were made; half a unit of the coarsest of them makes no difference.
        """
        coarsest = max((self.step(column) or 1 for column in columns), default=1)
        return 2 * abs(one.fen - other.fen) <= coarsest if coarsest > 1 else one == other


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A heading that the schema does not know.

    Args:
        place: from 0.
        proposal: the column that it may be, or None. Nobody uses it before a person says so.
        confidence: from 0 to 1.
    """

    sheet: str
    place: int
    heading: str
    proposal: str | None
    reason: Sentence
    confidence: float


@dataclass(frozen=True, slots=True)
class Mapped:
    """A heading that a person has placed: into `column`, or nowhere when that is empty."""

    sheet: str
    place: int
    heading: str
    column: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A sheet, or a part of one, from which no rows were taken, and why."""

    sheet: str
    reason: Sentence


@dataclass(slots=True)
class ReadSheet:
    """What was read from a workbook by one schema. The first five say of the first table what `tables` says of all.

    Args:
        header_row: as the spreadsheet shows it, from 1; of several rows of headings the last.
        places: which column of the sheet holds which column of the schema, from 0.
        unit: of amounts under a heading that names none.
        rows: of all tables, in the order of the file.
        totals: rows of sums (合计); they are not among `rows`.
        findings: in the order in which they were made; a row's findings are among them.
        tables: one for each block of headings from which rows were read.
        unplaced: headings that are not known, each with a proposal or without.
        mapped: headings that were placed as the caller said.
        skipped: sheets without rows of this schema.
    """

    sheet: str
    header_row: int
    places: dict[str, int]
    unit: Unit
    rows: list[SheetRow] = field(default_factory=list)
    totals: list[SheetRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    mapped: list[Mapped] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The title of the first table."""
        return self.tables[0].title if self.tables else ""

    @property
    def remarks(self) -> list[str]:
        """The other lines around all tables: who reports, when, notes and signatures."""
        return [line for table in self.tables for line in table.remarks]

    def report(self, row: SheetRow, fault: Fault) -> None:
        """Note a fault of a row, with the cell in which it stands."""
        place = (row.table or self).places.get(fault.column)
        self.remark(
            fault.rule,
            fault.message,
            severity=fault.severity,
            cell=cell_name(row.number, 0 if place is None else place),
            value="" if place is None else row.cells[place],
            expected=fault.expected,
            row=row,
        )

    def report_all(self, faults: Iterable[tuple[SheetRow, Fault]]) -> None:
        """Note faults of rows."""
        for row, fault in faults:
            self.report(row, fault)

    def remark(
        self,
        rule: str,
        message: Sentence,
        *,
        severity: Severity = Severity.WARNING,
        cell: str = "",
        value: object = "",
        expected: str = "",
        row: SheetRow | None = None,
        sheet: str = "",
    ) -> None:
        """Note a finding on `row` when it is about one, on `sheet`, or else on the sheet of the first table."""
        where = (row.sheet if row else sheet) or self.sheet
        finding = Finding(rule, severity, where, cell, shown_cell(value), message, expected)
        self.findings.append(finding)
        if row is not None:
            row.findings.append(finding)
