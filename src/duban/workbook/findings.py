"""What was read from a sheet, and what is to be said about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from duban.kernel.money import Unit
from duban.kernel.words import Sentence


class Severity(StrEnum):
    """An error holds its row back; a warning is to be read and lets the row pass."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on one cell.

    Args:
        rule: short and stable, such as "L04".
        cell: "G66", or "" when the remark is on the whole sheet.
        value: what stands in the cell.
        expected: what could stand there, when that can be said without words; else empty.
    """

    rule: str
    severity: Severity
    sheet: str
    cell: str
    value: str
    message: Sentence
    expected: str = ""

    def as_json(self) -> dict[str, str]:
        """The finding for whoever reads now: the message is in the reader's language."""
        return {**self._plain(), "message": str(self.message)}

    def stored(self) -> dict[str, object]:
        """The finding for a jsonb column: the message keeps its text and values, to be shown later in any language."""
        return {**self._plain(), "message": stored_sentence(self.message)}

    @classmethod
    def from_stored(cls, kept: Mapping[str, Any]) -> Self:
        """Read back what `stored` wrote."""
        return cls(**{**kept, "severity": Severity(kept["severity"]), "message": sentence_from_stored(kept["message"])})

    def _plain(self) -> dict[str, str]:
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "sheet": self.sheet,
            "cell": self.cell,
            "value": self.value,
            "expected": self.expected,
        }


def stored_sentence(sentence: Sentence) -> dict[str, object]:
    """Write a sentence as JSON: ``{"text": …, "values": {…}}``; a value is a text or such a sentence."""
    return {
        "text": sentence.text,
        "values": {
            name: stored_sentence(value) if isinstance(value, Sentence) else str(value)
            for name, value in sentence.values.items()
        },
    }


def sentence_from_stored(kept: Mapping[str, Any]) -> Sentence:
    """Read back what `stored_sentence` wrote."""
    return Sentence(
        kept["text"],
        {
            name: sentence_from_stored(value) if isinstance(value, Mapping) else value
            for name, value in kept["values"].items()
        },
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check has to say about a column of a row; `ReadSheet.report` turns it into a finding with its cell."""

    rule: str
    column: str
    message: Sentence
    severity: Severity = Severity.ERROR
    expected: str = ""


@dataclass(slots=True)
class SheetRow:
    """One row as read.

    Args:
        number: as the spreadsheet shows it, from 1.
        values: by column name; None where the cell is blank or could not be read.
        cells: the row as it stands in the sheet, column A first.
        extra: what stands under headings that the schema does not know, by heading.
    """

    number: int
    values: dict[str, Any]
    cells: list[Any]
    extra: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def has_error(self) -> bool:
        """Whether something in it holds the row back."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


@dataclass(slots=True)
class ReadSheet:
    """A table found in a workbook.

    Args:
        header_row: as the spreadsheet shows it, from 1.
        places: which column of the sheet holds which column of the schema, from 0.
        unit: of amounts under a heading that names none.
        totals: rows of sums (合计); they are not among `rows`.
        findings: in the order in which they were made; a row's findings are among them.
    """

    sheet: str
    header_row: int
    places: dict[str, int]
    unit: Unit
    rows: list[SheetRow] = field(default_factory=list)
    totals: list[SheetRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def report(self, row: SheetRow, fault: Fault) -> None:
        """Note a fault of a row, with the cell in which it stands."""
        place = self.places.get(fault.column)
        self.remark(
            fault.rule,
            fault.message,
            severity=fault.severity,
            cell=cell_name(row.number, 0 if place is None else place),
            value="" if place is None else row.cells[place],
            expected=fault.expected,
            row=row,
        )

    def remark(
        self,
        rule: str,
        message: Sentence,
        *,
        severity: Severity,
        cell: str = "",
        value: object = "",
        expected: str = "",
        row: SheetRow | None = None,
    ) -> None:
        """Note a finding on the sheet, and on `row` when it is about one."""
        finding = Finding(rule, severity, self.sheet, cell, shown_cell(value), message, expected)
        self.findings.append(finding)
        if row is not None:
            row.findings.append(finding)


def column_letters(place: int) -> str:
    """Name a column as spreadsheets do: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(row: int, place: int) -> str:
    """Name a cell as spreadsheets do: row 66, place 6 is G66."""
    return f"{column_letters(place)}{row}"


def shown_cell(cell: object) -> str:
    """What stands in a cell, as text: whole numbers without a point, days in ISO form."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e17:
        return f"{cell:.0f}"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()
