"""How headings and values of a column look, on a page and in a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from duban.kernel.money import Money
from duban.ui import shown
from duban.ui.components import Badge
from duban.ui.tables.asked import Ask
from duban.ui.tables.made import Column, Kind, Table


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as it is shown.

    Args:
        label: what stands beside it on a card, where no heading is above.
    """

    column: Column
    value: object
    text: str
    label: str = ""
    url: str = ""
    note: str = ""

    @property
    def is_name(self) -> bool:
        """Whether it names its row; the head of the card on a phone."""
        return self.column.phone == "title"

    @property
    def badge(self) -> Badge | None:
        """The badge, when that is what it is."""
        return self.value if isinstance(self.value, Badge) else None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading and what pressing it asks for.

    Args:
        order: ascending, descending, or empty when the rows are in another order.
    """

    column: Column
    label: str
    url: str = ""
    order: str = ""


def heading(column: Column, ask: Ask, *, with_unit: bool) -> Heading:
    """The heading, with the order it is in and the order it offers."""
    label = unit_heading(column) if with_unit or column.kind is not Kind.MONEY else str(column.label)
    if not column.sortable:
        return Heading(column, label)
    chosen = ask.sort == column.key
    order = ("descending" if ask.descending else "ascending") if chosen else ""
    # Numbers are first wanted from the largest; pressing again turns any order round.
    falling = not ask.descending if chosen else column.kind.is_number
    return Heading(column, label, ask.link(sort=f"-{column.key}" if falling else column.key, page=None), order)


def unit_heading(column: Column) -> str:
    """The heading with its unit: of money, or percentage points."""
    unit = column.unit.label() if column.kind is Kind.MONEY else _("pp") if column.kind is Kind.POINTS else ""
    return _("{heading} ({unit})").format(heading=column.label, unit=unit) if unit else str(column.label)


def full_heading(column: Column, *, with_unit: bool = True) -> str:
    """The heading with its group, for places that show one line of headings."""
    label = unit_heading(column) if with_unit or column.kind is not Kind.MONEY else str(column.label)
    return f"{column.group} · {label}" if column.group else label


def cell_text(column: Column, value: object) -> str:
    """How a value of this column looks."""
    if value is None or value == "":
        return shown.NOTHING
    if isinstance(value, Money):
        return value.shown(column.unit, 2)
    shows: Mapping[Kind, Any] = {
        Kind.INT: shown.count,
        Kind.RATE: shown.percent,
        Kind.POINTS: shown.points,
        Kind.DAY: shown.day,
        Kind.INSTANT: shown.instant,
    }
    return str(shows.get(column.kind, str)(value))


def cells(columns: Sequence[Column], row: object, *, labels: Sequence[str]) -> list[Cell]:
    """A row as cells."""
    return [
        Cell(
            column,
            value := column.value(row),
            cell_text(column, value),
            label=label,
            url=str(getattr(row, column.url, "") or "") if column.url else "",
            note=str(getattr(row, column.note, "") or "") if column.note else "",
        )
        for column, label in zip(columns, labels, strict=True)
    ]


def total_cell(column: Column, totals: object, *, label: str) -> Cell:
    """A sum; where the column is not among the totals, nothing."""
    if isinstance(totals, Mapping):
        value = totals.get(column.key)
    else:  # a row: its name, place and state are not sums
        value = None if column.kind in {Kind.TEXT, Kind.BADGE} else getattr(totals, column.key, None)
    return Cell(column, value, "" if value is None else cell_text(column, value), label=label)


def in_order(rows: Sequence[Any], table: Table, ask: Ask) -> list[Any]:
    """Sorted as asked, what has no value last either way, sections kept together in the order they came."""
    ordered = list(rows)
    column = next((column for column in table.columns if column.key == ask.sort), None)
    if column is not None:
        known = [row for row in rows if column.value(row) is not None]
        known.sort(key=lambda row: _sorting(column.value(row)), reverse=ask.descending)
        ordered = known + [row for row in rows if column.value(row) is None]
    if table.section:
        names = list(dict.fromkeys(getattr(row, table.section) for row in rows))
        ordered.sort(key=lambda row: names.index(getattr(row, table.section)))
    return ordered


def _sorting(value: object) -> Any:  # noqa: ANN401 - whatever the column holds, of one kind that can be put in order
    return str(value) if isinstance(value, Badge) else value
