"""What there is to see of a workbook that somebody only looks at: plain values, as `looking` makes them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from duban.kernel.words import Sentence
from duban.workbook.findings import Finding
from duban.workbook.grid import Format
from duban.workbook.schema import SheetSchema


class Fate(StrEnum):
    """What became of a heading."""

    PLACED = "placed"
    REMEMBERED = "remembered"
    """Placed, or ignored, because the office said so before."""
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it stands in the sheet.

    Args:
        column: the name of its column, empty when it is ignored; of one that was not placed, the proposed column.
        reason: why that column is proposed.
    """

    sheet: str
    cell: str
    text: str
    fate: Fate
    column: str = ""
    reason: Sentence | None = None


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """A sheet of the file, and what was found in it or why nothing was."""

    name: str
    is_read: bool
    said: Sentence


@dataclass(frozen=True, slots=True)
class LookedColumn:
    """A column of the rows: of the schema by its name, or of the sheet by its letter."""

    name: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class LookedRow:
    """A row, each column as it was read (amounts in yuan, days in ISO, None for nothing) and as it stands.

    Args:
        left: the first column of its table, from 0: rows of tables side by side have the same number.
    """

    sheet: str
    number: int
    values: Sequence[str | None]
    raws: Sequence[str]
    is_hidden: bool = False
    has_error: bool = False
    left: int = 0


@dataclass(slots=True)
class Looked:
    """All there is to see.

    Args:
        schema: None when the file holds no table that we know; then the rows are those of the sheets as they stand.
        reason: why it was read with that schema, or with none.
        facts: what else is to be said of the file: hidden sheets, macros, links.
    """

    format: Format
    schema: SheetSchema | None
    reason: Sentence
    facts: list[Sentence] = field(default_factory=list)
    sheets: list[SheetSeen] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    columns: list[LookedColumn] = field(default_factory=list)
    rows: list[LookedRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
