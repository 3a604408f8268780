"""What a table is made of: its columns, the ways to narrow it, its usual order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import ClassVar, Literal

from duban.kernel.money import Unit

PAGE_SIZES = (20, 50, 100, 200)
LONGEST_SEARCH = 100


class Kind(StrEnum):
    """What a column holds; decides how it looks, how it lines up and what a spreadsheet gets."""

    TEXT = "text"
    MONEY = "money"  # kernel Money
    INT = "int"
    RATE = "rate"  # Decimal ratio, shown as per cent
    POINTS = "points"  # Decimal difference of ratios, shown in percentage points
    DAY = "day"
    INSTANT = "instant"
    BADGE = "badge"  # components.Badge

    @property
    def is_number(self) -> bool:
        """Numbers line up on the right, digit under digit."""
        return self in {Kind.MONEY, Kind.INT, Kind.RATE, Kind.POINTS}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; its value is the row's attribute `key` (dots reach further: "debtor.name").

    Args:
        url: the attribute with the address this cell opens.
        note: the attribute shown small under the value.
        unit: for money; the heading names it.
        group: a heading over several columns side by side.
        hint: explains the heading.
        bar: for a rate, a thin bar beside the number.
        phone: on a phone a row is a card: the title is its head, and what is hidden waits for a wider screen.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    sortable: bool = True
    url: str = ""
    note: str = ""
    unit: Unit = Unit.YUAN
    group: str = ""
    hint: str = ""
    bar: bool = False
    phone: Literal["title", "show", "hide"] = "show"

    def value(self, row: object) -> object:
        """What the row holds in this column."""
        return attrgetter(self.key)(row)


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """A search box; `/` puts the cursor into it."""

    key: str
    label: str
    placeholder: str = ""
    kind: ClassVar[str] = "search"

    def read(self, typed: str | None) -> str:
        """The words, or nothing."""
        return (typed or "").replace("\x00", "").strip()[:LONGEST_SEARCH]


@dataclass(frozen=True, slots=True)
class SelectFilter:
    """One of some choices, given as (value, label).

    Args:
        every: the label of "no choice made"; without it one choice is always in force, first the `default`.
    """

    key: str
    label: str
    choices: Sequence[tuple[str, str]]
    default: str = ""
    every: str = ""
    kind: ClassVar[str] = "select"

    def read(self, typed: str | None) -> str:
        """A value among the choices; anything else is the default."""
        known = {value for value, _ in self.choices} | ({""} if self.every else set())
        return typed if typed is not None and typed in known else self.default


@dataclass(frozen=True, slots=True)
class DayFilter:
    """A day, such as the one a position is asked for."""

    key: str
    label: str
    default: date | None = None
    kind: ClassVar[str] = "day"

    def read(self, typed: str | None) -> date | None:
        """The day typed, or the default."""
        try:
            return date.fromisoformat(typed or "")
        except ValueError:
            return self.default


@dataclass(frozen=True, slots=True)
class FlagFilter:
    """Only the rows of which something is true."""

    key: str
    label: str
    kind: ClassVar[str] = "flag"

    def read(self, typed: str | None) -> bool:
        """Ticked or not."""
        return typed == "1"


Filter = SearchFilter | SelectFilter | DayFilter | FlagFilter


@dataclass(frozen=True, slots=True)
class Table:
    """What a listing is made of.

    Args:
        id: names the element that is swapped; one on a page.
        caption: says what the rows are, to those who listen and above a printed table.
        sort: the usual order, a column's key, with `-` for falling.
        section: the attribute whose change starts a new section with a heading across the table.
        wide: scrolls sideways in its own frame, its first column standing still.
        tall: is shown at its full height, for a table that is read as a whole.
        export: offers the rows as a workbook.
        anchor: the attribute by which an address can point at a row (`#…`), which is then marked.
    """

    id: str
    caption: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    sort: str = ""
    page_size: int = 50
    section: str = ""
    wide: bool = False
    tall: bool = False
    export: bool = True
    anchor: str = ""
