"""The XML of one sheet, edited in place: only the tags of marked cells change, and every other byte stays.

A sheet of 10,000 rows is 20 MB of XML and ten times that as a tree, so it is never made into one.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from duban.workbook.findings import cell_name
from duban.workbook.naming import Place, place_named, place_of
from duban.workbook.ooxml.surroundings import pixels_high, read_head, read_tail
from duban.workbook.ooxml.tags import attribute, attribute_pattern, is_set, number, tag_pattern
from duban.workbook.ooxml.xml import UnsuitableWorkbook, tidy

Restyle = Callable[[Place, int], int]
"""What the present style of the cell at a place becomes."""


class SheetXml:
    """The part of one sheet.

    Raises:
        UnsuitableWorkbook: it is no sheet, or not well formed.
    """

    def __init__(self, data: bytes) -> None:
        self._xml = tidy(data)
        opening = re.search(rb"<((?:[\w.-]+:)?)sheetData\s*(/?)>", self._xml)
        if opening is None:
            raise UnsuitableWorkbook("a sheet without rows")
        self._prefix, self._opening = opening[1], opening
        self._rows_end = self._tail_at = opening.end()
        if not opening[2]:
            self._rows_end = self._xml.index(b"</%ssheetData" % self._prefix, opening.end())
            self._tail_at = self._xml.index(b">", self._rows_end) + 1
        self.head = read_head(self._xml[: opening.start()], self._prefix)
        self.tail = read_tail(self._xml[self._tail_at :])
        self._edits: list[tuple[int, int, bytes]] = []

    def mark(self, places: Collection[Place], restyle: Restyle) -> None:
        """Give cells other styles; a cell or a row that is not in the file is put in at its place."""
        wanted: dict[int, list[int]] = {}
        for row, column in sorted(places):
            wanted.setdefault(row, []).append(column)
        waiting = sorted(wanted, reverse=True)
        for row, tag in self._rows():
            while waiting and waiting[-1] < row:
                self._insert(tag.start(), self._new_row(waiting[-1], wanted[waiting.pop()], restyle))
            if waiting and waiting[-1] == row:
                self._mark_row(tag, row, wanted[waiting.pop()], restyle)
        new = b"".join(self._new_row(row, wanted[row], restyle) for row in reversed(waiting))
        if new and self._opening[2]:
            name = self._prefix + b"sheetData"
            self._edits.append((*self._opening.span(), b"<%s>%s</%s>" % (name, new, name)))
        elif new:
            self._insert(self._rows_end, new)
        self._stretch(places)

    def restyle(self, styles: Mapping[int, int]) -> None:
        """Give every cell that has one of these styles the other."""
        for cell in tag_pattern(self._prefix, b"c").finditer(self._xml, self._opening.end(), self._rows_end):
            style = styles.get(int(number(cell[1], b"s", 0)))
            if style is not None:
                self._restyle(cell, style)

    def name_shapes(self, relation: str, namespace: str) -> None:
        """Name the relation that leads to the shapes of the notes."""
        tag = f'legacyDrawing xmlns:r="{namespace}" r:id="{relation}"/>'
        self._insert(self._tail_at + self.tail.shapes_at, b"<" + self._prefix + tag.encode())

    def data(self) -> bytes:
        """The part with all edits."""
        whole, pieces, at = memoryview(self._xml), list[bytes | memoryview](), 0
        # Of edits at one place those made first come first, because sorting keeps their order.
        for start, end, new in sorted(self._edits, key=lambda edit: edit[:2]):
            pieces += [whole[at:start], new]
            at = end
        return b"".join([*pieces, whole[at:]])

    def _insert(self, at: int, new: bytes) -> None:
        self._edits.append((at, at, new))

    def _rows(self) -> Iterator[tuple[int, re.Match[bytes]]]:
        """Every row with its number from 0; a row that tells none follows the one before it."""
        row = -1
        for tag in tag_pattern(self._prefix, b"row").finditer(self._xml, self._opening.end(), self._rows_end):
            row = int(number(tag[1], b"r", row + 2)) - 1
            if is_set(tag[1], b"hidden"):
                self.head.heights[row] = 0
            elif attribute(tag[1], b"ht"):
                self.head.heights[row] = pixels_high(number(tag[1], b"ht", 15))
            yield row, tag

    def _mark_row(self, tag: re.Match[bytes], row: int, columns: list[int], restyle: Restyle) -> None:
        style = int(number(tag[1], b"s", 0)) if is_set(tag[1], b"customFormat") else None
        if tag[2]:
            cells = b"".join(self._new_cell((row, column), style, restyle) for column in columns)
            name = self._prefix + b"row"
            self._edits.append((*tag.span(), b"<%s%s>%s</%s>" % (name, _without_spans(tag[1]), cells, name)))
            return
        end = self._xml.index(b"</%srow" % self._prefix, tag.end())
        missing = [*columns]
        for column, cell in self._cells(tag.end(), end):
            while missing and missing[0] < column:
                self._insert(cell.start(), self._new_cell((row, missing.pop(0)), style, restyle))
            if missing and missing[0] == column:
                self._restyle(cell, restyle((row, missing.pop(0)), int(number(cell[1], b"s", 0))))
        for column in missing:
            self._insert(end, self._new_cell((row, column), style, restyle))
        self._edits.append((*tag.span(1), _without_spans(tag[1])))

    def _cells(self, start: int, end: int) -> Iterator[tuple[int, re.Match[bytes]]]:
        """Every cell of a row with its column from 0; a cell that tells none follows the one before it."""
        column = -1
        for cell in tag_pattern(self._prefix, b"c").finditer(self._xml, start, end):
            name = attribute(cell[1], b"r")
            column = place_of(name.rstrip(b"0123456789").decode()) if name else column + 1
            yield column, cell

    def _restyle(self, cell: re.Match[bytes], style: int) -> None:
        start, old = cell.start(1), attribute_pattern(b"s").search(cell[1])
        first, last = old.span() if old else (0, 0)
        self._edits.append((start + first, start + last, b' s="%d"' % style))

    def _new_row(self, row: int, columns: list[int], restyle: Restyle) -> bytes:
        cells = b"".join(self._new_cell((row, column), None, restyle) for column in columns)
        name = self._prefix + b"row"
        return b'<%s r="%d">%s</%s>' % (name, row + 1, cells, name)

    def _new_cell(self, place: Place, row_style: int | None, restyle: Restyle) -> bytes:
        row, column = place
        style = self.head.style_of(column) if row_style is None else row_style
        return b'<%sc r="%s" s="%d"/>' % (self._prefix, cell_name(row + 1, column).encode(), restyle(place, style))

    def _stretch(self, places: Collection[Place]) -> None:
        """Let the stated extent of the sheet hold the marked cells: some programs read no further."""
        tag = tag_pattern(self._prefix, b"dimension").search(self._xml, 0, self._opening.start())
        stated = attribute_pattern(b"ref").search(tag[1]) if tag else None
        if tag is None or stated is None or not places:
            return
        corners = [place for name in stated[1].decode().split(":") if (place := place_named(name))]
        rows, columns = zip(*corners, *places, strict=True)
        first, last = cell_name(min(rows) + 1, min(columns)), cell_name(max(rows) + 1, max(columns))
        start = tag.start(1)
        self._edits.append((start + stated.start(1), start + stated.end(1), f"{first}:{last}".encode()))


def _without_spans(attributes: bytes) -> bytes:
    """The attributes of a row without the columns that it says it spans: a cell put in may lie outside."""
    return attribute_pattern(b"spans").sub(b"", attributes)
