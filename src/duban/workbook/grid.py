"""A workbook as it was opened: sheets of cells, and what else the file says of them.

Plain values that travel between processes: a file is opened by a process of its own (`opening`), and what its sheets
mean is found afterwards (`reader`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class LostCell(str):
    """What stands in a cell whose value is lost: an Excel error such as #REF!, or a formula never calculated."""

    __slots__ = ()


Cell = str | int | float | bool | date | datetime | time | timedelta
"""A blank cell is the empty text."""


class Format(StrEnum):
    """What a file is, whatever its name says."""

    XLSX = "xlsx"
    XLSM = "xlsm"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"
    """Text with commas, semicolons or tabs."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells merged into one; rows and columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Decimals:
    """With how many decimals the numbers of a column are displayed; None where the format does not say.

    Args:
        usual: of most cells.
        others: of the cells that differ, by row from 0.
    """

    usual: int | None = None
    others: dict[int, int | None] = field(default_factory=dict)

    def at(self, row: int) -> int | None:
        """The decimals displayed in a row."""
        return self.others.get(row, self.usual)


@dataclass(slots=True)
class Grid:
    """A visible sheet, or the columns of it in which one of several tables stands (`beside`).

    Args:
        rows: every row from the first, every cell from column A, all rows equally long. Of merged cells only the first
            holds the value.
        decimals: by column from 0; a column of which nothing is known is not there.
        scaled: by column from 0, the power of ten by which the numbers shown are smaller than those stored: 4 when yuan
            are shown as 万元. A percentage is not meant.
        left: the first column that is looked at, from 0; before it all cells are blank.
    """

    name: str
    rows: list[list[Cell]]
    merges: Sequence[Merge] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    decimals: dict[int, Decimals] = field(default_factory=dict)
    scaled: dict[int, int] = field(default_factory=dict)
    left: int = 0


@dataclass(slots=True)
class Book:
    """A file as opened.

    Args:
        hidden_sheets: names of the sheets that are hidden, which are not among `grids`.
        has_macros, has_links: it carries macros, or links to other files; neither is ever followed.
        encoding: of a text file.
    """

    format: Format
    grids: list[Grid]
    hidden_sheets: Sequence[str] = ()
    has_macros: bool = False
    has_links: bool = False
    encoding: str = ""
