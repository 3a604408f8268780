"""Opened workbooks for tests, written in a line."""

from collections.abc import Iterable, Sequence
from typing import Any

from duban.workbook.grid import Book, Decimals, Format, Grid, Merge


def grid(
    *rows: Sequence[Any],
    name: str = "表",
    merges: Sequence[str] = (),
    hidden_rows: Iterable[int] = (),
    hidden_columns: Iterable[int] = (),
    decimals: dict[int, Decimals] | None = None,
    scaled: dict[int, int] | None = None,
) -> Grid:
    """A sheet; None is a blank cell. Merged cells are named as spreadsheets do: A1:B2."""
    width = max((len(row) for row in rows), default=0)
    cells = [["" if cell is None else cell for cell in [*row, *[None] * (width - len(row))]] for row in rows]
    return Grid(
        name,
        cells,
        merges=[merge(one) for one in merges],
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
        decimals=decimals or {},
        scaled=scaled or {},
    )


def book(*grids: Grid, hidden_sheets: Sequence[str] = ()) -> Book:
    return Book(Format.XLSX, list(grids), hidden_sheets)


def merge(area: str) -> Merge:
    """A merged area of columns A to Z."""
    first, last = area.split(":")
    return Merge(int(first[1:]) - 1, ord(first[0]) - 65, int(last[1:]) - 1, ord(last[0]) - 65)
