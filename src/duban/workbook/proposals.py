"""What a heading that nobody knows may be, and why: a proposal for a person, never applied by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from duban.kernel.errors import DomainError
from duban.kernel.money import Unit
from duban.kernel.words import N_, Sentence
from duban.workbook.cells import Converter, Doubt, converter, nothing, plain
from duban.workbook.findings import Unplaced
from duban.workbook.grid import Cell, LostCell
from duban.workbook.schema import Column, Kind, SheetSchema
from duban.workbook.tables import Found

SAMPLE = 40
"""So many different values are looked at."""

_LEAST_LIKENESS = 0.5
_LEAST_CONFIDENCE = 0.25

_LIKE = N_("“{heading}” is {percent} % like “{name}”.")
_LIKE_AND_VALUES = N_("“{heading}” is {percent} % like “{name}”, and {fitting} of {seen} values look like it.")
_VALUES = N_("{fitting} of {seen} values look like {column}, the only column of that kind that is missing.")
_PLACE = N_("It stands between {left} and {right}, where {column} belongs.")
_NOTHING = N_("No column that is still missing has a similar name, such values, or its place here.")

_TELLING = frozenset({Kind.USCC, Kind.CHOICE, Kind.DAY, Kind.MONTH, Kind.MONEY, Kind.REGION, Kind.PHONE, Kind.BOOL})
"""Kinds of which the values give a hint; any text is a text."""


@dataclass(frozen=True, slots=True)
class _Case:
    """What speaks for one column.

    Args:
        name: of the column, the one most like the heading; `likeness` says how much, from 0 to 1.
        fitting, seen: how many values can be read as its kind, of how many.
        alone: whether it is the only missing column of a kind that values tell.
        between: the labels of its neighbours, when it belongs between them and nothing else does.
    """

    column: Column
    name: str
    likeness: float
    fitting: int
    seen: int
    alone: bool
    between: tuple[str, str] | None

    @property
    def confidence(self) -> float:
        """From 0 to 1; nothing is left of it where the values are of another kind."""
        share = self.fitting / self.seen if self.seen else 0.0
        if self.seen and share < 0.5:
            return 0.0
        alike = 0.7 * self.likeness if self.likeness >= _LEAST_LIKENESS else 0.0
        values = share * (0.4 if self.alone else 0.2) if self.column.kind in _TELLING else 0.0
        return round(min(1.0, alike + values + (0.3 if self.between else 0.0)), 2)

    def reason(self, heading: str) -> Sentence:
        """The strongest of what speaks for it."""
        counts = {"fitting": self.fitting, "seen": self.seen, "column": self.column.label}
        if self.likeness >= _LEAST_LIKENESS:
            text = _LIKE_AND_VALUES if self.column.kind in _TELLING and self.seen else _LIKE
            return Sentence(
                text, {**counts, "heading": heading, "percent": f"{self.likeness:.0%}"[:-1], "name": self.name}
            )
        if self.alone and self.seen:
            return Sentence(_VALUES, counts)
        left, right = self.between or ("", "")
        return Sentence(_PLACE, {**counts, "left": left, "right": right})


def propose(found: Found, schema: SheetSchema) -> list[Unplaced]:
    """A proposal, or none, for each unknown heading of a table; no column is proposed twice."""
    unknown = found.headings.unknown
    cases = [(place, case) for place in unknown for case in _cases(found, schema, place)]
    chosen: dict[int, _Case] = {}
    for place, case in sorted(cases, key=lambda one: -one[1].confidence):
        taken = {other.column.name for other in chosen.values()}
        if case.confidence >= _LEAST_CONFIDENCE and case.column.name not in taken:
            chosen.setdefault(place, case)
    return [_unplaced(found, place, chosen.get(place)) for place in unknown]


def _unplaced(found: Found, place: int, case: _Case | None) -> Unplaced:
    heading = found.headings.unknown[place]
    if case is None:
        return Unplaced(found.grid.name, place, heading, None, Sentence(_NOTHING), 0.0)
    return Unplaced(found.grid.name, place, heading, case.column.name, case.reason(heading), case.confidence)


def _cases(found: Found, schema: SheetSchema, place: int) -> Iterator[_Case]:
    free = [column for column in schema.columns if column.name not in found.headings.places]
    cells = list(dict.fromkeys(row[place] for _, row in found.records[: SAMPLE * 5]))[:SAMPLE]
    for column in free:
        name, likeness = _likeness(found.headings.unknown[place], column)
        alone = column.kind in _TELLING and sum(other.kind is column.kind for other in free) == 1
        fitting, seen = _fitting(column, cells, found)
        yield _Case(column, name, likeness, fitting, seen, alone, _between(found, schema, place, column))


def _likeness(heading: str, column: Column) -> tuple[str, float]:
    """The name of a column that is most like a heading, and how much."""
    written = {plain(heading.rpartition("/")[2]), plain(heading)}
    rated = [
        (max(SequenceMatcher(None, text, plain(name)).ratio() for text in written), name)
        for name in (column.label, *column.aliases)
    ]
    likeness, name = max(rated, key=lambda one: one[0])
    return name, likeness


def _fitting(column: Column, cells: Sequence[Cell], found: Found) -> tuple[int, int]:
    """How many of the values can be read as the column's kind, and how many there are."""
    convert, blank = converter(column, unit=found.unit or Unit.YUAN), nothing(column.kind)
    seen = [
        cell
        for cell in cells
        if not isinstance(cell, LostCell) and (cell.strip() if isinstance(cell, str) else cell) not in blank
    ]
    return sum(_can_be(cell, convert) for cell in seen), len(seen)


def _can_be(cell: Cell, convert: Converter) -> bool:
    try:
        return not isinstance(convert(cell), Doubt)
    except DomainError:
        return False


def _between(found: Found, schema: SheetSchema, place: int, column: Column) -> tuple[str, str] | None:
    """The neighbours of a place, when they have only this column between them in the order of the schema."""
    order = [other.name for other in schema.columns]
    by_place = {at: name for name, at in found.headings.places.items()}
    left, right = by_place.get(place - 1), by_place.get(place + 1)
    if left is None or right is None:
        return None
    at = order.index(column.name)
    if at in {0, len(order) - 1} or (order[at - 1], order[at + 1]) != (left, right):
        return None
    return schema.columns[at - 1].label, schema.columns[at + 1].label
