"""Finding the row of headings in a sheet, and what its headings mean."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from duban.kernel.money import Unit
from duban.kernel.numbers import half_width
from duban.workbook.cells import plain
from duban.workbook.schema import Kind, SheetSchema

SEARCHED_ROWS = 30
"""Headings stand within the first rows: above them are at most a title, a unit, the reporter and its remarks."""

_UNITS = {"元": Unit.YUAN, "千元": Unit.QIAN, "万元": Unit.WAN, "亿元": Unit.YI}
_UNIT_WORD = "亿元|万元|千元|元"
# 填报单位：元江县 names a reporter, so nothing Chinese may follow the unit directly.
_UNIT_LINE = re.compile(rf"单\s*位\s*[:：]?\s*[(（]?\s*(?:人民币)?\s*({_UNIT_WORD})(?![一-鿿])")
_UNIT_IN_BRACKETS = re.compile(rf"[(（]\s*({_UNIT_WORD})\s*[)）]")
_UNIT_IN_HEADING = re.compile(rf"[(\[【/,:、]?(?:单位:?)?({_UNIT_WORD})[)\]】]?$")
_REMARK = re.compile(r"\([^)]*(?:\)|$)|\[[^\]]*(?:\]|$)|【[^】]*(?:】|$)")


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a table.

    Args:
        row: from 0.
        places: where each column of the schema stands, from 0.
        units: by column, where the heading names one.
        unit: named above the headings, or None.
        unknown: headings that the schema does not know, by place.
        repeated: places whose column was already found further left.
    """

    row: int
    places: dict[str, int]
    units: dict[str, Unit]
    unit: Unit | None
    unknown: dict[int, str]
    repeated: dict[int, str]

    def missing(self, schema: SheetSchema) -> list[str]:
        """The labels of required columns that have no heading."""
        return [column.label for column in schema.columns if column.required and column.name not in self.places]


def find_headings(rows: Sequence[Sequence[Any]], schema: SheetSchema) -> Headings | None:
    """Find the row in which most columns of `schema` are headed; None when no row heads two of them."""
    known = _known_names(schema)
    best: Headings | None = None
    for number, row in enumerate(rows[:SEARCHED_ROWS]):
        found = _read_headings(number, row, schema, known)
        if len(found.places) >= 2 and (best is None or len(found.places) > len(best.places)):
            best = found
    if best is None:
        return None
    return Headings(best.row, best.places, best.units, _unit_above(rows[: best.row]), best.unknown, best.repeated)


def _known_names(schema: SheetSchema) -> dict[str, str]:
    return {plain(name): column.name for column in schema.columns for name in (column.label, *column.aliases)}


def _read_headings(number: int, row: Sequence[Any], schema: SheetSchema, known: dict[str, str]) -> Headings:
    found = Headings(number, {}, {}, None, {}, {})
    money = {column.name for column in schema.columns if column.kind is Kind.MONEY}
    ignored = {plain(name) for name in schema.ignored}
    for place, cell in enumerate(row):
        if not isinstance(cell, str) or not cell.strip():
            continue
        name, unit = _meaning(cell, known)
        if name in found.places:
            found.repeated[place] = name
        elif name is not None:
            found.places[name] = place
            if unit is not None and name in money:
                found.units[name] = unit
        elif plain(cell) not in ignored:
            found.unknown[place] = cell.strip()
    return found


def _meaning(cell: str, known: dict[str, str]) -> tuple[str | None, Unit | None]:
    """Which column a heading names, and in which unit: as written, or else without its unit and remarks."""
    text = re.sub(r"\s+", "", half_width(cell))
    if plain(text) in known:
        return known[plain(text)], None
    named = _UNIT_IN_HEADING.search(text)
    bare = text[: named.start()] if named else text
    name = known.get(plain(bare)) or known.get(plain(_REMARK.sub("", bare)))
    return name, _UNITS[named[1]] if named else None


def _unit_above(rows: Sequence[Sequence[Any]]) -> Unit | None:
    """The unit named nearest above the headings: 单位：万元 in one cell or two, or a title that ends in （万元）."""
    for row in reversed(rows):
        line = " ".join(cell for cell in row if isinstance(cell, str))
        named = _UNIT_LINE.search(line) or _UNIT_IN_BRACKETS.search(line)
        if named:
            return _UNITS[named[1]]
    return None
