"""What stands around the rows of a sheet: sizes, styles of columns, merged cells, and where shapes are named."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from duban.workbook.naming import Place, place_of
from duban.workbook.ooxml.tags import is_set, number, tag_pattern
from duban.workbook.ooxml.xml import UnsuitableWorkbook

LAST_WIDTH = 500
"""An entry of columns often reaches to the 16,384th; nobody asks for widths so far out."""

_ROOT_END = re.compile(rb"</([\w.:-]+)\s*>\s*$")
_AFTER_LEGACY_DRAWING = frozenset(
    {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}
)
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+):\$?([A-Z]{1,3})\$?([0-9]+)")
_MOST_MERGED = 10_000


@dataclass(slots=True)
class Head:
    """Sizes in pixels and styles by column, as the part says before its rows.

    Args:
        widths, heights: by column and row from 0; those that are not there have the usual size.
        styles: first column, last column and style.
    """

    usual_width: int = 64
    usual_height: int = 20
    widths: dict[int, int] = field(default_factory=dict)
    heights: dict[int, int] = field(default_factory=dict)
    styles: list[tuple[int, int, int]] = field(default_factory=list)

    def style_of(self, column: int) -> int:
        """The style of the cells of a column that are not in the file."""
        return next((style for first, last, style in self.styles if first <= column <= last), 0)


def read_head(xml: bytes, prefix: bytes) -> Head:
    """Read what stands before the rows."""
    head = Head()
    usual = tag_pattern(prefix, b"sheetFormatPr").search(xml)
    if usual:
        head.usual_width = _pixels(number(usual[1], b"defaultColWidth", 9.14))
        head.usual_height = pixels_high(number(usual[1], b"defaultRowHeight", 15))
    for tag in tag_pattern(prefix, b"col").finditer(xml):
        first, last = int(number(tag[1], b"min", 1)) - 1, int(number(tag[1], b"max", 1)) - 1
        head.styles.append((first, last, int(number(tag[1], b"style", 0))))
        width = 0 if is_set(tag[1], b"hidden") else _pixels(number(tag[1], b"width", 9.14))
        head.widths |= dict.fromkeys(range(first, min(last, LAST_WIDTH) + 1), width)
    return head


@dataclass(slots=True)
class Tail:
    """What the part says after its rows.

    Args:
        merges: the first cell of a block of merged cells, by each of its cells.
        shapes: the relation that leads to the shapes of notes and controls; empty when there is none.
        shapes_at: where in the tail that relation may be named.
    """

    merges: dict[Place, Place] = field(default_factory=dict)
    shapes: str = ""
    shapes_at: int = 0


def read_tail(xml: bytes) -> Tail:
    """Read what follows the rows, to the end of the root."""
    root = _ROOT_END.search(xml)
    if root is None:
        raise UnsuitableWorkbook("a sheet without an end")
    opening = b"<%s>" % root[1]
    tail, depth, later = Tail(), 0, [root.start()]

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        plain = name.rpartition(":")[2]
        if plain == "mergeCell":
            tail.merges |= _merged(attributes.get("ref", ""))
        elif plain == "legacyDrawing":
            tail.shapes = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
        elif depth == 1 and plain in _AFTER_LEGACY_DRAWING:
            later.append(parser.CurrentByteIndex - len(opening))
        depth += 1

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(opening, False)
    parser.Parse(xml, True)
    tail.shapes_at = min(later)
    return tail


def _merged(reference: str) -> dict[Place, Place]:
    found = _RANGE.fullmatch(reference)
    if found is None:
        return {}
    top, left, bottom, right = int(found[2]) - 1, place_of(found[1]), int(found[4]) - 1, place_of(found[3])
    if (bottom - top + 1) * (right - left + 1) > _MOST_MERGED:
        return {}
    return {(row, column): (top, left) for row in range(top, bottom + 1) for column in range(left, right + 1)}


def _pixels(width: float) -> int:
    """The pixels of a width in characters of Excel's usual font."""
    return int((256 * width + 18) / 256 * 7)


def pixels_high(points: float) -> int:
    """The pixels of a height in points."""
    return round(points * 4 / 3)
