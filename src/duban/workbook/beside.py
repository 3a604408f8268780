"""Tables side by side in one sheet, told apart by the blank columns between them and the headings that come again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from duban.kernel.money import Unit
from duban.workbook.grid import Cell, Grid, Merge
from duban.workbook.headings import SEARCHED_ROWS, find_headings
from duban.workbook.naming import is_empty
from duban.workbook.surroundings import is_title_or_remark, line_of
from duban.workbook.units import unit_in_line, unit_note
from duban.workbook.vocabulary import Vocabulary

MOST_TABLES = 6
"""So many tables side by side are told apart; a sheet holds no more for anybody who reads it."""

_MOST_RUNS = 40
"""A sheet with more blank columns than this is no table that somebody laid beside another."""

_FEW = 12
"""A column with so few cells may be blank but for lines that run across it."""


@dataclass(slots=True)
class _Part:
    """Columns from `left` to before `right`, and the columns of the schema whose headings stand in them.

    Args:
        top: the first row of its headings; None where it has none.
        headings: what stands over each of its columns.
    """

    left: int
    right: int
    known: set[str] = field(default_factory=set)
    top: int | None = None
    headings: Sequence[str] = ()


def apart(grid: Grid, vocabulary: Vocabulary) -> list[Grid]:
    """The sheet, or for each of its tables side by side a copy in which only that table stands, cells in their places.

    A table begins behind a blank column where headings that were read further left come again, and without one where
    all of them come again in their order. A table that merely has a blank column inside stays one. Lines above all
    tables, such as the title, are those of each.

    Cost: next to nothing where the first rows show a single table.
    """
    if not _tables(replace(grid, rows=grid.rows[:SEARCHED_ROWS]), vocabulary):
        return [grid]
    tables = _tables(grid, vocabulary)
    if not tables:
        return [grid]
    top = min(part.top for part in tables if part.top is not None)
    tables[0].left, tables[-1].right = 0, len(grid.rows[0])
    return [_only(grid, part, _lines(grid.rows[:top], part, tables)) for part in tables]


def _tables(grid: Grid, vocabulary: Vocabulary) -> list[_Part]:
    """The columns of each table, when there are several side by side."""
    spans = list(islice(_filled_columns(grid), _MOST_RUNS + 1))
    if len(spans) > _MOST_RUNS:
        return []
    runs = [_headed(grid, *span, vocabulary) for span in spans]
    parts = [part for run in runs for part in _divided(grid, run, vocabulary)]
    if sum(bool(part.known) for part in parts) < 2:
        return []
    tables = [_headed(grid, part.left, part.right, vocabulary) for part in _together(parts, vocabulary)]
    return tables if len(tables) > 1 and _are_tables(tables, vocabulary) else []


def _filled_columns(grid: Grid) -> Iterator[tuple[int, int]]:
    """The runs of columns between blank ones: the first, and the one behind the last."""
    width = len(grid.rows[0]) if grid.rows else 0
    begin = None
    for place in range(width + 1):
        if place < width and not _is_between(grid, place):
            begin = place if begin is None else begin
        elif begin is not None:
            yield begin, place
            begin = None


def _is_between(grid: Grid, place: int) -> bool:
    """Whether nothing stands in a column but parts of lines that run across it: titles, remarks, signatures."""
    crossed = []
    for row in grid.rows:
        if row[place] != "" and not is_empty(row[place]):
            crossed.append(row)
            if len(crossed) > _FEW:
                return False
    return all(is_title_or_remark([cell for cell in row if not is_empty(cell)]) for row in crossed)


def _headed(grid: Grid, left: int, right: int, vocabulary: Vocabulary) -> _Part:
    """Some columns of a sheet with the headings among their first rows."""
    rows = [row[left:right] for row in grid.rows[:SEARCHED_ROWS]]
    merges = [replace(one, left=one.left - left, right=one.right - left) for one in _inside(grid.merges, left, right)]
    found = find_headings(Grid(grid.name, rows, merges), vocabulary)
    if not found:
        return _Part(left, right)
    best = max(found, key=lambda block: block.rank(vocabulary.schema))
    headings = [best.names.get(place, "") for place in range(right - left)]
    return _Part(left, right, set(best.places), found[0].top, headings)


def _divided(grid: Grid, run: _Part, vocabulary: Vocabulary) -> list[_Part]:
    """The parts of a run of columns in which all headings come again in the same order; else the run itself."""
    heads = run.headings
    sizes = (size for size in range(2, len(heads) // 2 + 1) if len(heads) % size == 0)
    size = next((size for size in sizes if heads[size:] == heads[:-size]), 0)
    if not size or len(heads) // size > MOST_TABLES:
        return [run]
    return [_headed(grid, left, left + size, vocabulary) for left in range(run.left, run.right, size)]


def _inside(merges: Iterable[Merge], left: int, right: int) -> list[Merge]:
    """Merged cells whose value stands in these columns, cut to them."""
    return [replace(one, right=min(one.right, right - 1)) for one in merges if left <= one.left < right]


def _together(parts: Sequence[_Part], vocabulary: Vocabulary) -> Iterator[_Part]:
    """Bring together what belongs to one table: until headings come again, every part goes on with the one before."""
    table = parts[0]
    for part in parts[1:]:
        if len(part.known & table.known) >= vocabulary.needed:
            yield _Part(table.left, part.left)
            table = part
        else:
            table = _Part(table.left, part.right, table.known | part.known)
    yield table


def _are_tables(tables: Sequence[_Part], vocabulary: Vocabulary) -> bool:
    """Whether each has every required heading that any of them has, or nothing that a whole one does not have."""
    if len(tables) > MOST_TABLES:
        return False
    required = {column.name for column in vocabulary.schema.columns if column.required}
    asked = required & set().union(*(part.known for part in tables))
    whole = [part.known for part in tables if asked <= part.known]
    return all(len(part.known) >= vocabulary.needed and any(part.known <= one for one in whole) for part in tables)


def _lines(rows: Sequence[Sequence[Cell]], part: _Part, tables: Sequence[_Part]) -> list[list[Cell]]:
    """The rows above all tables as one of them has them.

    What stands alone in its row is said of all tables. So is the unit, where it is said of one table only.
    """
    named = {one.left: _units(rows, one) for one in tables}
    has_unit = bool(named[part.left])
    lines: list[list[Cell]] = []
    for row in rows:
        cells = row[part.left : part.right]
        filled = [one.left for one in tables if line_of(row[one.left : one.right])]
        alone = len(filled) == 1 and part.left not in filled
        if alone and not (has_unit and unit_in_line(line_of(row))):
            cells = [line_of(row), *cells[1:]]
        lines.append([*[""] * part.left, *cells])
    lent = set().union(*named.values())
    if len(lent) == 1 and not has_unit and not any(unit_in_line(line_of(line)) for line in lines):
        lines[-1] = _with_note(lines[-1], unit_note(lent.pop()), left=part.left)
    return lines


def _units(rows: Sequence[Sequence[Cell]], part: _Part) -> set[Unit]:
    lines = (line_of(row[part.left : part.right]) for row in rows)
    return {unit for line in lines if (unit := unit_in_line(line))}


def _with_note(line: Sequence[Cell], note: str, *, left: int) -> list[Cell]:
    """A line with one more text in its last blank cell, if it has one."""
    at = next((place for place in reversed(range(left, len(line))) if is_empty(line[place])), None)
    return [note if place == at else cell for place, cell in enumerate(line)]


def _only(grid: Grid, part: _Part, lines: Sequence[list[Cell]]) -> Grid:
    """A sheet in which nothing stands but one table and the lines above."""
    before: list[Cell] = [""] * part.left
    blank: list[Cell] = [""] * part.right
    rows = list(lines)
    for row in grid.rows[len(lines) :]:
        cells = row[part.left : part.right]
        rows.append(before + cells if any(cell != "" for cell in cells) else blank)
    return replace(grid, rows=rows, merges=_inside(grid.merges, part.left, part.right), left=part.left)
