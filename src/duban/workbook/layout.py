"""How an office lays out its table: what stands above it, its headings, its columns and their units.

Learnt from a workbook that was read, kept as JSON, and used to give the same table back next month (`prefilled`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

from duban.kernel.money import Unit
from duban.workbook.findings import SheetRow, shown_cell
from duban.workbook.grid import Grid, Merge
from duban.workbook.schema import Column, Kind, SheetSchema
from duban.workbook.surroundings import numbers_attachment
from duban.workbook.units import unit_note, unit_word
from duban.workbook.widths import NARROWEST, WIDEST, guessed_widths, text_width

MOST_LINES_ABOVE = 12
_WIDTHS = {Kind.MONEY: 15, Kind.DAY: 12, Kind.USCC: 21, Kind.INT: 9}


class HeadedTable(Protocol):
    """A table that was found in a sheet.

    `top` and `header_row` are the first and the last row of its headings, from 1. `places` tells which column of the
    sheet holds which column of the schema, from 0, and `units` the unit of each column of money. Columns from `right`
    on belong to another table.
    """

    @property
    def top(self) -> int: ...  # noqa: D102 - said above
    @property
    def header_row(self) -> int: ...  # noqa: D102 - said above
    @property
    def places(self) -> Mapping[str, int]: ...  # noqa: D102 - said above
    @property
    def units(self) -> Mapping[str, Unit]: ...  # noqa: D102 - said above
    @property
    def right(self) -> int | None: ...  # noqa: D102 - said above


@dataclass(frozen=True, slots=True)
class LaidColumn:
    """One column of the table.

    Args:
        name: of the column of the schema; empty when the schema does not know it.
        heading: the lowest of its headings, as written.
        unit: of its amounts; None when it holds no money.
        decimals: with which its numbers are displayed; None where that is not known.
        width: in half-width letters.
    """

    name: str
    heading: str
    unit: Unit | None = None
    decimals: int | None = None
    width: float = 12

    def as_json(self) -> dict[str, Any]:
        """The column for a jsonb column."""
        unit = self.unit.name if self.unit else None
        kept = {"name": self.name, "heading": self.heading, "unit": unit}
        return {**kept, "decimals": self.decimals, "width": self.width}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read back what `as_json` wrote."""
        return cls(**{**kept, "unit": Unit[kept["unit"]] if kept["unit"] else None})


@dataclass(frozen=True, slots=True)
class TotalRow:
    """The row of sums: what it is called, in which column from 0, and whether it stands above the rows."""

    label: str
    place: int
    above: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The table of an office.

    Args:
        lines: what stands above the headings, row by row, one text a column.
        headings: likewise, one row or several.
        merges: in the lines and headings, counted from the first line.
        total: the row of sums, if there is one.
    """

    lines: tuple[tuple[str, ...], ...]
    headings: tuple[tuple[str, ...], ...]
    merges: tuple[Merge, ...]
    columns: tuple[LaidColumn, ...]
    total: TotalRow | None = None

    @property
    def title_row(self) -> int | None:
        """Which of the lines is the title, from 0; None when there is none."""
        lines = ("  ".join(filter(None, line)) for line in self.lines)
        return next((at for at, line in enumerate(lines) if line and not numbers_attachment(line)), None)

    def with_title(self, change: Callable[[str], str]) -> Self:
        """The layout with another title, made from the texts of the old one."""
        at = self.title_row
        changed = (tuple(change(text) if text else "" for text in line) for line in self.lines)
        return replace(
            self,
            lines=tuple(new if n == at else old for n, (old, new) in enumerate(zip(self.lines, changed, strict=True))),
        )

    def with_columns(self, columns: Sequence[Column]) -> Self:
        """The layout with further columns behind the last one, amounts in yuan."""
        laid = tuple(map(_laid, columns))
        top, rows = len(self.lines), len(self.headings)
        below = [("",) * len(laid)] * (rows - 1)
        heads = [tuple(one.heading for one in laid), *below]
        tall = [Merge(top, len(self.columns) + at, top + rows - 1, len(self.columns) + at) for at in range(len(laid))]
        return replace(
            self,
            lines=tuple(line + ("",) * len(laid) for line in self.lines),
            headings=tuple(old + new for old, new in zip(self.headings, heads, strict=True)),
            merges=(*self.merges, *(tall if rows > 1 else ())),
            columns=(*self.columns, *laid),
        )

    def as_json(self) -> dict[str, Any]:
        """The layout for a jsonb column."""
        return {
            "lines": [[*line] for line in self.lines],
            "headings": [[*row] for row in self.headings],
            "merges": [[one.top, one.left, one.bottom, one.right] for one in self.merges],
            "columns": [one.as_json() for one in self.columns],
            "total": [self.total.label, self.total.place, self.total.above] if self.total else None,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read back what `as_json` wrote."""
        return cls(
            lines=tuple(map(tuple, kept["lines"])),
            headings=tuple(map(tuple, kept["headings"])),
            merges=tuple(Merge(*one) for one in kept["merges"]),
            columns=tuple(LaidColumn.from_json(one) for one in kept["columns"]),
            total=TotalRow(*kept["total"]) if kept["total"] else None,
        )


def learn(grid: Grid, table: HeadedTable, *, totals: Sequence[SheetRow] = ()) -> Layout:
    """Learn the layout of a table from the sheet in which it was found.

    Args:
        totals: its rows of sums; the last one that is no 小计 tells where the office puts its total.
    """
    width = _width(grid, table)
    first = _first_line(grid, table.top - 1, width)
    shown = [tuple(shown_cell(cell) for cell in row[:width]) for row in grid.rows[first : table.header_row]]
    names = {place: name for name, place in table.places.items()}
    widths = guessed_widths(grid)
    columns = tuple(
        LaidColumn(
            name=names.get(place, ""),
            heading=_heading(grid, place, table),
            unit=table.units.get(names.get(place, "")),
            decimals=grid.decimals[place].usual if place in grid.decimals else None,
            width=widths.get(place, NARROWEST),
        )
        for place in range(width)
    )
    lines = table.top - 1 - first
    return Layout(
        tuple(shown[:lines]), tuple(shown[lines:]), _merges(grid, first, table.header_row, width), columns,
        _total(totals, table, width),
    )  # fmt: skip


def of_schema(schema: SheetSchema) -> Layout:
    """The layout of an office that has none of its own: the official title, unit and headings.

    It is Chinese whoever asks, as the headings of a schema are: the reader finds unit and sums by these words.
    """
    columns = tuple(
        LaidColumn(
            column.name,
            column.label,
            unit=(column.unit or schema.unit) if column.kind is Kind.MONEY else None,
            decimals=2 if column.kind is Kind.MONEY else None,
            width=_usual_width(column),
        )
        for column in schema.columns
    )
    blank = ("",) * (len(columns) - 1)
    lines: list[tuple[str, ...]] = [(schema.title, *blank)]
    if any(column.unit for column in columns):
        lines.append((unit_note(schema.unit), *blank))
    merges = (Merge(0, 0, 0, len(columns) - 1),) if len(columns) > 1 else ()
    headings = (tuple(column.heading for column in columns),)
    return Layout(tuple(lines), headings, merges, columns, TotalRow("合计", 0))


def _laid(column: Column) -> LaidColumn:
    """A column under its own heading, which names the unit of its amounts."""
    if column.kind is not Kind.MONEY:
        return LaidColumn(column.name, column.label, width=_usual_width(column))
    heading = f"{column.label}（{unit_word(Unit.YUAN)}）"
    return LaidColumn(column.name, heading, Unit.YUAN, decimals=2, width=_usual_width(column))


def _usual_width(column: Column) -> float:
    asked = max([text_width(column.label), *(text_width(one.label) for one in column.choices)]) + 2
    return max(_WIDTHS.get(column.kind, 14), min(WIDEST, asked))


def _width(grid: Grid, table: HeadedTable) -> int:
    """How many columns the table has: to the last heading."""
    rows = grid.rows[table.top - 1 : table.header_row]
    headed = [place for row in rows for place, cell in enumerate(row[: table.right]) if cell != ""]
    return max([*headed, *table.places.values()]) + 1


def _first_line(grid: Grid, top: int, width: int) -> int:
    """The row where the lines above the headings begin; a row with many cells belongs to another table."""
    first = top
    while first > max(0, top - MOST_LINES_ABOVE):
        if sum(cell != "" for cell in grid.rows[first - 1]) > max(4, width // 2):
            break
        first -= 1
    return first


def _heading(grid: Grid, place: int, table: HeadedTable) -> str:
    written = [shown_cell(row[place]) for row in grid.rows[table.top - 1 : table.header_row]]
    return next((text for text in reversed(written) if text), "")


def _merges(grid: Grid, first: int, last: int, width: int) -> tuple[Merge, ...]:
    """Merged cells between two rows, counted from the first, as far as the table is wide."""
    inside = [one for one in grid.merges if first <= one.top and one.bottom < last and one.left < width]
    cut = [Merge(one.top - first, one.left, one.bottom - first, min(one.right, width - 1)) for one in inside]
    kept: list[Merge] = []
    for one in cut:
        if (one.top, one.left) != (one.bottom, one.right) and not any(_overlap(one, other) for other in kept):
            kept.append(one)
    return tuple(kept)


def _overlap(one: Merge, other: Merge) -> bool:
    return not (one.bottom < other.top or other.bottom < one.top or one.right < other.left or other.right < one.left)


def _total(totals: Sequence[SheetRow], table: HeadedTable, width: int) -> TotalRow | None:
    for row in reversed(totals):
        for place, cell in enumerate(row.cells[:width]):
            if isinstance(cell, str) and "计" in cell and "小计" not in "".join(cell.split()):
                return TotalRow(cell.strip(), place, above=row.number == table.header_row + 1)
    return None
