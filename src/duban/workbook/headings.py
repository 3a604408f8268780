"""Finding the rows of headings in a sheet, and what each column is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise

from duban.kernel.money import Unit
from duban.workbook.findings import Mapped
from duban.workbook.grid import Cell, Grid, Merge
from duban.workbook.schema import SheetSchema
from duban.workbook.units import is_unit_note, unit_in_line
from duban.workbook.vocabulary import Meaning, Strength, Vocabulary

SEARCHED_ROWS = 60
"""So many rows are looked at closely. Further down only those in which two headings stand as they are declared, or as
they were written further up."""

SEARCHED_COLUMNS = 500
"""Headings stand in the first columns; those of a sheet that is wider by far are not looked for all the way."""

MOST_HEADING_ROWS = 4


@dataclass(slots=True)
class Headings:
    """The headings of a table.

    Args:
        top, row: the first and the last row of headings, from 0.
        places: where each column of the schema stands, from 0.
        units: by column, where a heading names one.
        unit: named beside the headings, or None.
        unknown: headings that the schema does not know, by place.
        repeated: places whose column was already found further left.
        mapped: headings that were placed by a person.
        names: what stands over each place, from the highest name to the lowest: 清偿情况/累计.
        parents: whether the upper rows hold names over several columns.
    """

    top: int
    row: int
    places: dict[str, int] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    unit: Unit | None = None
    unknown: dict[int, str] = field(default_factory=dict)
    repeated: dict[int, str] = field(default_factory=dict)
    mapped: list[Mapped] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    parents: bool = False

    def missing(self, schema: SheetSchema) -> list[str]:
        """The labels of required columns that have no heading."""
        return [column.label for column in schema.columns if column.required and column.name not in self.places]

    def rank(self, schema: SheetSchema) -> tuple[int, int, int, bool, int]:
        """The larger, the more is explained by taking these rows for the headings."""
        return (
            len(self.places),
            -len(self.missing(schema)),
            len(self.units),
            self.parents,
            self.top - self.row,
        )


def find_headings(grid: Grid, vocabulary: Vocabulary) -> list[Headings]:
    """All blocks of headings of a sheet, from the top.

    Besides the best one those count that have every required heading which it has, or nearly as many headings: two
    words of a record may be headings by chance.
    """
    found = list(_blocks(grid, vocabulary))
    schema = vocabulary.schema
    best = max(found, key=lambda block: block.rank(schema), default=None)
    if best is None:
        return []
    lacking = set(best.missing(schema))
    telling = sum(column.required for column in schema.columns) - len(lacking) >= 2
    return [
        block
        for block in found
        if set(block.missing(schema)) <= lacking and (telling or len(block.places) * 5 >= len(best.places) * 3)
    ]


def _blocks(grid: Grid, vocabulary: Vocabulary) -> Iterator[Headings]:
    """Blocks that do not overlap; of those that do, the one that explains most."""
    searched = _Searched(grid, vocabulary)
    number = 0
    while number < len(grid.rows):
        best = searched.best_from(number)
        if best is None:
            number += 1
            continue
        rivals = [searched.best_from(top) for top in range(number, best.row + 1)]
        best = max((one for one in rivals if one is not None), key=lambda block: block.rank(vocabulary.schema))
        searched.remember(best)
        yield best
        number = best.row + 1


class _Searched:
    """A sheet in which headings are looked for; what was found out about a row is remembered."""

    def __init__(self, grid: Grid, vocabulary: Vocabulary) -> None:
        self.grid, self.vocabulary = grid, vocabulary
        self._best: dict[int, Headings | None] = {}
        self._written = set(vocabulary.written)
        self._merges: dict[int, list[Merge]] = {}
        for merge in (one for one in grid.merges if one.left < SEARCHED_COLUMNS):
            for row in range(merge.top, min(merge.bottom, merge.top + MOST_HEADING_ROWS) + 1):
                self._merges.setdefault(row, []).append(merge)

    def best_from(self, top: int) -> Headings | None:
        """The best block whose first row is `top`."""
        if top not in self._best:
            self._best[top] = self._find_from(top)
        return self._best[top]

    def _find_from(self, top: int) -> Headings | None:
        if top >= len(self.grid.rows) or not self._promising(top):
            return None
        found = []
        for bottom in range(top, min(top + MOST_HEADING_ROWS, len(self.grid.rows))):
            row = self.grid.rows[bottom][:SEARCHED_COLUMNS]
            if not (_is_wordy(row) or all(cell == "" for cell in row)):
                break
            block = self._read(top, bottom)
            if block and len(block.places) >= self.vocabulary.needed:
                found.append(block)
        return max(found, key=lambda block: block.rank(self.vocabulary.schema), default=None)

    def _promising(self, top: int) -> bool:
        row = self.grid.rows[top][:SEARCHED_COLUMNS]
        if not _is_wordy(row):
            return False
        if top < SEARCHED_ROWS:
            return True
        merged = any(merge.top == top and merge.right > merge.left for merge in self._merges.get(top, ()))
        looked_at = self.grid.rows[top : top + (MOST_HEADING_ROWS if merged else 1)]
        known = sum(isinstance(cell, str) and cell.strip() in self._written for row in looked_at for cell in row)
        return known >= self.vocabulary.needed

    def remember(self, block: Headings) -> None:
        """Know these headings again as they are written here, for they may stand on each printed page."""
        for row in self.grid.rows[block.top : block.row + 1]:
            self._written.update(cell.strip() for cell in row if isinstance(cell, str) and cell.strip())

    def _read(self, top: int, bottom: int) -> Headings | None:
        """Take these rows for headings; None when they cannot be."""
        merges = list({id(one): one for row in range(top, bottom + 1) for one in self._merges.get(row, ())}.values())
        if any(merge.top < top or merge.bottom > bottom for merge in merges):
            return None
        rows = _filled([row[:SEARCHED_COLUMNS] for row in self.grid.rows[top : bottom + 1]], top, merges)
        wide = [merge for merge in merges if merge.right > merge.left]
        if not any(map(_label, rows[-1])) or not all(_names_columns(row, wide, self.grid.left) for row in rows[:-1]):
            return None
        if len(rows) > 1 and not wide:
            _inherit(rows)
        tall = any(merge.bottom > merge.top for merge in merges)
        block = Headings(top, bottom, parents=len(rows) > 1 and len(wide) >= (1 if tall else 2))
        for merge in wide:
            if merge.bottom == bottom:
                _head_the_first(rows, merge)
        _place(block, rows, self.vocabulary, self.grid.name)
        return block


_NUMBER = re.compile(r"-?[0-9][0-9,，.]*%?|[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?")


def _is_wordy(row: Sequence[Cell]) -> bool:
    """Whether a row holds words and no number or day: what could be headings."""
    if not set(map(type, row)) <= {str}:
        return False
    words = [cell for cell in row if cell and not cell.isspace()]  # type: ignore[union-attr]  # all are texts
    return bool(words) and not any(map(_NUMBER.fullmatch, words))  # type: ignore[arg-type]  # likewise


def _label(cell: Cell) -> str:
    """The text of a heading on one line; empty where there is none, or only the unit of the whole table."""
    if not isinstance(cell, str) or is_unit_note(cell):
        return ""
    return " ".join(cell.split())


_IN_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")


def _names_columns(row: Sequence[Cell], wide: Sequence[Merge], left: int) -> bool:
    """Whether a row above other headings can be one of them. A title stands alone; a seal line has colons.

    Args:
        wide: cells merged over several columns.
        left: the first column of the table.
    """
    labels = [label for cell in row if (label := _label(cell))]
    if any(":" in bare or "：" in bare for bare in (_IN_BRACKETS.sub("", label) for label in labels)):
        return False
    narrow = any(merge.left > left and (merge.right - merge.left) * 2 < len(row) - left for merge in wide)
    return len(set(labels)) >= 2 or (bool(labels) and narrow)


def _filled(rows: Sequence[Sequence[Cell]], top: int, merges: Sequence[Merge]) -> list[list[Cell]]:
    """Copies of the rows in which a merged cell stands in all its places."""
    filled = [list(row) for row in rows]
    for merge in merges:
        value = filled[merge.top - top][merge.left]
        for row in filled[merge.top - top : merge.bottom - top + 1]:
            row[merge.left : merge.right + 1] = [value] * (min(merge.right + 1, len(row)) - merge.left)
    return filled


def _head_the_first(rows: list[list[Cell]], merge: Merge) -> None:
    """Leave a heading over several columns, without names below it, to the first of them."""
    for row in rows:
        covered = slice(merge.left + 1, merge.right + 1)
        row[covered] = [""] * len(row[covered])


def _inherit(rows: list[list[Cell]]) -> None:
    """Let a name stand over the blank cells to its right, where both have names below: text files know no merges."""
    for upper, lower in pairwise(rows):
        for place in range(1, len(upper)):
            if not _label(upper[place]) and _label(lower[place]) and _label(lower[place - 1]):
                upper[place] = upper[place - 1]


def _place(block: Headings, rows: list[list[Cell]], vocabulary: Vocabulary, sheet: str) -> None:
    """Find the column of each place; where two want the same, the surer meaning has it, or else the left one."""
    named: list[tuple[int, str, Meaning]] = []
    for place, cells in enumerate(zip(*rows, strict=True)):
        path = list(dict.fromkeys(label for cell in cells if (label := _label(cell))))
        if path:
            block.names[place] = "/".join(path)
            named.append((place, block.names[place], vocabulary.meaning(path)))
    for place, heading, meaning in sorted(named, key=lambda found: (-found[2].strength, found[0])):
        _settle(block, place, heading, meaning, vocabulary.money)
        if meaning.strength is Strength.SAID and meaning.column is not None:
            block.mapped.append(Mapped(sheet, place, heading, meaning.column))
    notes = (unit_in_line(cell) for cell in chain(*rows) if isinstance(cell, str) and is_unit_note(cell))
    block.unit = next((unit for unit in notes if unit), None)
    block.unknown = dict(sorted(block.unknown.items()))


def _settle(block: Headings, place: int, heading: str, meaning: Meaning, money: set[str]) -> None:
    name = meaning.column
    if name is None:
        block.unknown[place] = heading
    elif name and name in block.places:
        if meaning.strength is Strength.ALONE:
            block.unknown[place] = heading
        else:
            block.repeated[place] = name
    elif name:
        block.places[name] = place
        if meaning.unit is not None and name in money:
            block.units[name] = meaning.unit
