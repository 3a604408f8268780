"""What the XML of an xlsx sheet tells beside its values.

Patterns over bytes, because a parser would take longer than the reading of the cells itself; a file written in an
unusual way is read all the same, and tells less.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

from duban.workbook.formats.facts import Extent, SheetFacts, ShownNumbers
from duban.workbook.formats.number_formats import UNKNOWN, Shown
from duban.workbook.naming import place_of
from duban.workbook.package import Package

_ROW = re.compile(rb'(?:[^>]*?\br="([0-9]{1,7})")?[^>]*')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_COLUMN = re.compile(rb"<col\b[^>]*>")
_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})[0-9]')
_STYLE = rb'(?: s="([0-9]{1,6})")?(?: t="n")?><[vf]'
_NUMBER = re.compile(rb'<c r="([A-Z]{1,3})[0-9]+"' + _STYLE)
_NUMBER_WITH_ROW = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"' + _STYLE)
_MOST_COLUMNS = 16_384
_ERROR = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL)
_UNCALCULATED = re.compile(
    rb'<c\b(?![^>]*\bt="str")[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*>'
    rb"<f\b(?:[^>]*/>|[^>]*>([^<]*)</f>)(?:<v\s*/>|<v></v>)?</c>"
)


def sheet_facts(package: Package, sheet: str, extent: Extent) -> SheetFacts:
    """Go through a sheet once.

    Raises:
        TooManyRows, SheetTooWide: as soon as that is known.
    """
    facts = SheetFacts()
    part = package.sheet_parts.get(sheet, "")
    number = 0
    for block in package.blocks(part, before=b"<row"):
        if not number:
            _note_hidden_columns(facts, block)
        number = _note_rows(facts, block, extent, number)
        _note_lost_cells(facts, block)
        _note_numbers(facts.numbers, block, package.styles)
    return facts


def _note_hidden_columns(facts: SheetFacts, block: bytes) -> None:
    for tag in _COLUMN.findall(block):
        first, last = re.search(rb'\bmin="([0-9]{1,5})"', tag), re.search(rb'\bmax="([0-9]{1,5})"', tag)
        if first and last and _HIDDEN.search(tag):
            facts.hidden_columns.update(range(int(first[1]) - 1, min(int(last[1]), _MOST_COLUMNS)))


def _note_rows(facts: SheetFacts, block: bytes, extent: Extent, number: int) -> int:
    """Count the rows with something in them and note the hidden ones; return the number of the last row."""
    filled = last = width = 0
    for row in block.split(b"<row ")[1:]:
        head = _ROW.match(row)
        number = int(head[1]) if head and head[1] else number + 1
        if head and b"hidden" in head[0] and _HIDDEN.search(head[0]):
            facts.hidden_rows.add(number - 1)
        end = row.rfind(b"</c>")  # a blank cell closes itself
        if end >= 0:
            filled, last = filled + 1, number
            cell = _CELL.match(row, max(row.rfind(b"<c ", 0, end), 0))
            width = max(width, place_of(cell[1].decode()) + 1 if cell else 1)
    extent.add(rows=filled, height=last, width=width)
    return number


def _note_lost_cells(facts: SheetFacts, block: bytes) -> None:
    if b't="e"' in block:
        facts.lost |= {_at(cell): cell[3].decode(errors="replace") for cell in _ERROR.finditer(block)}
    if b"<f" in block:
        facts.lost |= {
            _at(cell): "=" + unescape((cell[3] or b"").decode(errors="replace"))
            for cell in _UNCALCULATED.finditer(block)
        }


def _note_numbers(numbers: ShownNumbers, block: bytes, styles: list[Shown]) -> None:
    """Count columns and styles, which is quick, and look at single rows only where a column is not all alike."""
    seen: dict[int, Counter[Shown]] = {}
    for (letters, style), count in Counter(_NUMBER.findall(block)).items():
        seen.setdefault(place_of(letters.decode()), Counter())[_shown(styles, style)] += count
    mixed = {column for column, counted in seen.items() if not numbers.settle(column, counted)}
    if mixed:
        for row, column, style in _single_numbers(block):
            if column in mixed:
                numbers.note(row, column, _shown(styles, style))


def _single_numbers(block: bytes) -> Iterator[tuple[int, int, bytes]]:
    places: dict[bytes, int] = {}
    for letters, row, style in _NUMBER_WITH_ROW.findall(block):
        place = places.get(letters)
        if place is None:
            place = places[letters] = place_of(letters.decode())
        yield int(row) - 1, place, style


def _shown(styles: list[Shown], style: bytes) -> Shown:
    number = int(style or 0)
    return styles[number] if number < len(styles) else UNKNOWN


def _at(cell: re.Match[bytes]) -> tuple[int, int]:
    return int(cell[2]) - 1, place_of(cell[1].decode())
