"""What the XML of an ods workbook tells beside its values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from duban.workbook.formats.facts import Extent, SheetFacts
from duban.workbook.formats.number_formats import Shown
from duban.workbook.grid import Merge
from duban.workbook.package import Package
from duban.workbook.refusals import DamagedWorkbook, SuspiciousFile

_CONTENT = "content.xml"
_NUMBERS = {"float", "currency", "percentage"}
_DECIMALS = re.compile(r"[0-9](?:[.]([0-9]+))?[^0-9.]*$")
_LINK = re.compile(rb"""<table:table-source\b|<table:cell-range-source\b|table:formula="[^"]*'file:""")
_MOST_ROWS = 1_048_576
_ERROR = "error"
_ACROSS, _DOWN = "table:number-columns-spanned", "table:number-rows-spanned"
_NUMBERS_AT_ONCE = 50_000

Attributes = dict[str, str]


@dataclass(slots=True)
class _Place:
    """Where the parser is; a row or a cell that repeats covers more than one."""

    facts: SheetFacts
    extent: Extent
    numbers: list[tuple[int, int, Shown]] = field(default_factory=list)
    """Of the present row: its column, how many cells, and how they are displayed."""
    waiting: list[tuple[int, int, Shown]] = field(default_factory=list)
    """Numbers of the rows before, by row and column, to be counted together."""
    row: int = 0
    rows: int = 1
    column: int = 0
    cells: int = 1
    width: int = 0
    merges: list[Merge] = field(default_factory=list)
    columns_declared: int = 0
    kind: str = ""
    text: list[str] = field(default_factory=list)


def has_links(package: Package) -> bool:
    """Whether a sheet takes its values from another file."""
    return any(_LINK.search(block) for block in package.blocks(_CONTENT, before=b"<table:"))


class OdsReader:
    """Goes once through the content of a workbook, telling the facts of every sheet.

    Raises:
        DamagedWorkbook: the XML does not hold together.
        SuspiciousFile: it declares entities.
        TooManyRows, SheetTooWide: as soon as that is known.
    """

    def __init__(self, package: Package, *, file: str, extent_of: Callable[[str], Extent]) -> None:
        self.sheets: dict[str, SheetFacts] = {}
        self._file, self._extent_of = file, extent_of
        self._place: _Place | None = None
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            for block in package.blocks(_CONTENT, before=b"<"):
                parser.Parse(block)
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise DamagedWorkbook(file=file) from None

    def _doctype(self, *_: object) -> None:
        raise SuspiciousFile(file=self._file, part=_CONTENT)

    def _start(self, tag: str, attributes: Attributes) -> None:
        begin = _BEGINNINGS.get(tag)
        if begin is not None and self._place is not None:
            begin(self._place, attributes)
        elif tag == "table:table":
            name = attributes.get("table:name", "")
            facts = self.sheets.setdefault(name, SheetFacts())
            self._place = _Place(facts, self._extent_of(name))
            facts.merges = self._place.merges

    def _text(self, text: str) -> None:
        if self._place is not None and self._place.kind:
            self._place.text.append(text)

    def _end(self, tag: str) -> None:
        place = self._place
        if place is None:
            return
        if tag in _CELLS:
            _end_cell(place)
        elif tag == "table:table-row":
            _end_row(place)
            if place.row > _MOST_ROWS:
                raise DamagedWorkbook(file=self._file)
        elif tag == "table:table":
            _take_numbers(place)
            self._place = None


@lru_cache
def _shown(decimals: int) -> Shown:
    return Shown(decimals)


def _repeat(attributes: Attributes, what: str) -> int:
    written = attributes.get(f"table:number-{what}-repeated", "1")
    return min(int(written), _MOST_ROWS) if written.isdecimal() else 1


def _start_columns(place: _Place, attributes: Attributes) -> None:
    count = _repeat(attributes, "columns")
    if attributes.get("table:visibility", "visible") != "visible":
        place.facts.hidden_columns.update(range(place.columns_declared, place.columns_declared + count))
    place.columns_declared += count


def _start_row(place: _Place, attributes: Attributes) -> None:
    place.rows, place.column, place.width = _repeat(attributes, "rows"), 0, 0
    if attributes.get("table:visibility", "visible") != "visible":
        place.facts.hidden_rows.update(range(place.row, place.row + place.rows))


def _start_cell(place: _Place, attributes: Attributes) -> None:
    place.cells = _repeat(attributes, "columns")
    place.kind = attributes.get("office:value-type", "")
    if attributes.get("calcext:value-type") == _ERROR:
        place.kind = _ERROR
    place.text.clear()
    if _ACROSS in attributes or _DOWN in attributes:
        across, down = int(attributes.get(_ACROSS, 1)), int(attributes.get(_DOWN, 1))
        if across * down > 1:
            place.merges.append(Merge(place.row, place.column, place.row + down - 1, place.column + across - 1))


_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_BEGINNINGS: Mapping[str, Callable[[_Place, Attributes], None]] = {
    "table:table-column": _start_columns,
    "table:table-row": _start_row,
    **dict.fromkeys(_CELLS, _start_cell),
}


def _end_cell(place: _Place) -> None:
    shown = "".join(place.text)
    if place.kind:
        place.width = place.column + place.cells
    if place.kind == _ERROR:
        place.facts.lost[place.row, place.column] = shown
    elif place.kind in _NUMBERS and (decimals := _DECIMALS.search(shown)):
        place.numbers.append((place.column, place.cells, _shown(len(decimals[1] or ""))))
    place.column += place.cells
    place.kind = ""


def _end_row(place: _Place) -> None:
    """Count the row first: what repeats without end is refused before it is written out."""
    if place.width:
        place.extent.add(rows=place.rows, height=place.row + place.rows, width=place.width)
    for row in range(place.row, place.row + place.rows if place.numbers else 0):
        for column, cells, shown in place.numbers:
            place.waiting += [(row, column + more, shown) for more in range(cells)]
        if len(place.waiting) > _NUMBERS_AT_ONCE:
            _take_numbers(place)
    place.numbers.clear()
    place.row += place.rows


def _take_numbers(place: _Place) -> None:
    place.facts.numbers.take(place.waiting)
    place.waiting.clear()
