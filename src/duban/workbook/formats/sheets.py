"""Sending the rows of a sheet: trimmed, without repeating what is equal, a part at a time."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any

from duban.workbook.formats.facts import Extent, SheetFacts
from duban.workbook.grid import Grid, LostCell, Merge
from duban.workbook.refusals import CellTooLong
from duban.workbook.transport import SheetEnd

Row = list[Any]
Send = Callable[[object], None]

_CELLS_AT_ONCE = 80_000
_TIMES = frozenset({date, datetime, time, timedelta})


def send_sheet(send: Send, rows: Iterable[Row], *, facts: SheetFacts, merges: Iterable[Merge], extent: Extent) -> None:
    """Send the rows of a sheet, and then the sheet without them.

    Blank rows below and blank columns beside what is filled are left out.

    Raises:
        CellTooLong, TooManyRows, SheetTooWide: a limit is passed.
    """
    rows = iter(rows)
    first = next(rows, [])
    width = max([len(first), *(place + 1 for _, place in facts.lost)])
    rows = chain([first], rows)
    if facts.lost:
        rows = _with_lost_cells(rows, facts, width)
    sent = blank = 0
    while part := list(islice(rows, max(_CELLS_AT_ONCE // max(width, 1), 1))):
        filled = [number for number, row in enumerate(part) if _is_filled(row)]
        if not filled:
            blank += len(part)
            continue
        end = filled[-1] + 1
        last_column = _last_column(part, extent.width)
        extent.add(rows=len(filled), height=sent + blank + end, width=last_column)
        if blank:
            send([[""] * width for _ in range(blank)])
        send(_sharing(part[:end], extent))
        sent, blank = sent + blank + end, len(part) - end
    send(SheetEnd(_grid(facts, merges, extent), extent.width))


def _is_filled(row: Row) -> bool:
    return any(row) or row.count("") < len(row)


def _last_column(part: list[Row], known: int) -> int:
    """The number of the last column in which something stands; those before number `known` are not looked at."""
    for place in range(len(part[0]) - 1, known - 1, -1):
        if any(row[place] != "" for row in part):
            return place + 1
    return known


def _sharing(part: list[Row], extent: Extent) -> list[Row]:
    """The same rows, in which equal texts and dates are one object and so travel and are kept once."""
    texts: dict[str, str] = {}
    times: dict[Any, Any] = {}
    text, moment = texts.setdefault, times.setdefault
    shared = [
        [
            text(cell, cell)
            if cell.__class__ is str
            else cell
            if cell.__class__ is float
            else moment(cell, cell)
            if cell.__class__ in _TIMES
            else cell
            for cell in row
        ]
        for row in part
    ]
    if max(map(len, texts), default=0) > extent.limits.characters:
        raise CellTooLong(file=extent.file, limit=extent.limits.characters)
    if any("\x00" in kept for kept in texts):
        # No text of ours may hold it: a database takes none that does.
        shared = [[cell.replace("\x00", "") if cell.__class__ is str else cell for cell in row] for row in shared]
    return shared


def _with_lost_cells(rows: Iterable[Row], facts: SheetFacts, width: int) -> Iterator[Row]:
    """Put back what was dropped; the sheet grows where its last rows or columns held nothing else."""
    lost: dict[int, dict[int, str]] = {}
    for (number, place), value in facts.lost.items():
        lost.setdefault(number, {})[place] = value
    number = -1
    for number, row in enumerate(rows):
        yield _restored(row, lost.pop(number, {}), width)
    for below in range(number + 1, max(lost, default=-1) + 1):
        yield _restored([], lost.pop(below, {}), width)


def _restored(row: Row, lost: dict[int, str], width: int) -> Row:
    row.extend([""] * (width - len(row)))
    for place, value in lost.items():
        if row[place] in {"", value}:
            row[place] = LostCell(value)
    return row


def _grid(facts: SheetFacts, merges: Iterable[Merge], extent: Extent) -> Grid:
    """The sheet without its rows; what is said of rows and columns outside of them is left out."""
    return Grid(
        extent.sheet,
        [],
        merges=list(_possible(merges, extent)),
        hidden_rows=frozenset(row for row in facts.hidden_rows if row < extent.height),
        hidden_columns=frozenset(column for column in facts.hidden_columns if column < extent.width),
        decimals=facts.numbers.decimals(),
        scaled=facts.numbers.scaled(),
    )


def _possible(merges: Iterable[Merge], extent: Extent) -> Iterator[Merge]:
    """The merged cells inside the sheet, as long as they cover no more than there is.

    Merged cells do not overlap. In a file made to do harm they do, and whoever goes through all their rows never ends.
    """
    left = extent.height * extent.width
    for merge in merges:
        rows = min(merge.bottom + 1, extent.height) - merge.top
        columns = min(merge.right + 1, extent.width) - merge.left
        if rows > 0 and columns > 0:
            left -= rows * columns
            if left < 0:
                return
            yield merge
