"""A table as a workbook, written while it is read: each block of rows goes into the file before the next is taken.

Memory does not grow with the number of rows. What is written is a plain xlsx: title and notes, a line of headings that
stands still and is printed on every page, the rows with a filter over them, further sheets where one is full.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from itertools import islice
from math import ceil
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from duban.kernel.money import Unit
from duban.workbook import export_parts as parts
from duban.workbook.export_cells import Writers, safe, text
from duban.workbook.findings import column_letters
from duban.workbook.widths import text_width

MOST_ROWS = 1_000_000  # a sheet holds 1,048,576 lines; what does not fit goes on in a further sheet
BLOCK = 1_000  # rows that are in memory together
COMPRESSION = 1  # the quickest; the next levels save two per cent of the file

Block = list[Any]
Lines = Callable[[Block, int], str]


@dataclass(frozen=True, slots=True)
class Field:
    """One column.

    Args:
        value: what a row holds in it. Money, numbers, days and instants become numbers of the sheet, `None` and the
            empty text a blank cell, and all else a text.
        number_format: as spreadsheets write it: `#,##0.00`, `yyyy-mm-dd`.
        width: in digits.
        unit: in which money is written.
    """

    heading: str
    value: Callable[[Any], object]
    number_format: str = "General"
    width: float = 12
    unit: Unit = Unit.YUAN


@dataclass(frozen=True, slots=True)
class Table:
    """What is written, beside its rows.

    Args:
        title: above the table, and below each printed page.
        notes: under the title, a line each.
        zone: in which instants are written, as a sheet has no zones.
        shown: turns a value that is neither text nor number, day or instant into text.
        most_rows: of one sheet.
    """

    fields: Sequence[Field]
    title: str
    notes: Sequence[str] = ()
    zone: tzinfo = UTC
    shown: Callable[[object], str] = str
    most_rows: int = MOST_ROWS

    @property
    def heading_row(self) -> int:
        """As a spreadsheet counts, from 1."""
        return len(self.notes) + 2

    @property
    def last_column(self) -> str:
        """Its letters."""
        return column_letters(len(self.fields) - 1)


def write_table(file: IO[bytes], table: Table, rows: Iterable[object]) -> int:
    """Write a workbook into `file` and return how many rows it has.

    `rows` are read once. What they raise comes through, and leaves a file that is no workbook.
    """
    blocks = _blocks(rows, min(BLOCK, table.most_rows))
    number_formats = list(dict.fromkeys(field.number_format for field in table.fields))
    lines = _lines(table, number_formats)
    counts: list[int] = []
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as package:
        package.writestr("_rels/.rels", parts.root_links())
        package.writestr("xl/styles.xml", parts.styles(number_formats))
        block = next(blocks, [])
        while block or not counts:
            with package.open(parts.sheet_path(len(counts) + 1), "w", force_zip64=True) as part:
                count, block = _write_sheet(part, table, lines, block, blocks)
            counts.append(count)
        package.writestr("xl/workbook.xml", _workbook(table, counts))
        package.writestr("xl/_rels/workbook.xml.rels", parts.workbook_links(len(counts)))
        package.writestr("[Content_Types].xml", parts.content_types(len(counts)))
    return sum(counts)


def _blocks(rows: Iterable[object], size: int) -> Iterator[Block]:
    """The rows in lists of `size`, the last one shorter."""
    remaining = iter(rows)
    while block := list(islice(remaining, size)):
        yield block


def _write_sheet(
    part: IO[bytes], table: Table, lines: Lines, block: Block, blocks: Iterator[Block]
) -> tuple[int, Block]:
    """Write blocks until the sheet is full; return how many rows it has and the block that found no room."""
    part.write(_before_rows(table).encode())
    count = 0
    while block and count + len(block) <= table.most_rows:
        part.write(lines(block, table.heading_row + 1 + count).encode())
        count += len(block)
        block = next(blocks, [])
    part.write(_after_rows(table, count).encode())
    return count, block


def _lines(table: Table, number_formats: Sequence[str]) -> Lines:
    """Make the function that writes a block of rows, given the number of its first line.

    Values are turned into cells column by column; then a template brings each row's cells together.
    """
    columns = [(field.value, Writers(unit=field.unit, zone=table.zone, shown=table.shown)) for field in table.fields]
    template = '<row r="#">{}</row>'.format(
        "".join(
            f'<c r="{column_letters(place)}#" s="{parts.FIRST_FIELD + number_formats.index(field.number_format)}"%s'
            for place, field in enumerate(table.fields)
        )
    )

    def lines(block: Block, first: int) -> str:
        cells = [[writers[type(held)](held) for held in map(value, block)] for value, writers in columns]
        return "".join(
            template.replace("#", str(number)) % row for number, row in enumerate(zip(*cells, strict=True), first)
        )

    return lines


def _before_rows(table: Table) -> str:
    """All of a sheet that stands before its rows; title, notes and headings included."""
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{field.width}" customWidth="1"/>'
        for number, field in enumerate(table.fields, start=1)
    )
    row = table.heading_row
    above = [(parts.TITLE, table.title), *((parts.NOTE, note) for note in table.notes)]
    lines = [f'<row r="{number}">{_cell("A", number, *said)}</row>' for number, said in enumerate(above, start=1)]
    headings = "".join(
        _cell(column_letters(place), row, parts.HEADING, field.heading) for place, field in enumerate(table.fields)
    )
    return (
        f'{parts.HEAD}<worksheet xmlns="{parts.MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0">'
        f'<pane xSplit="1" ySplit="{row}" topLeftCell="B{row + 1}" activePane="bottomRight" state="frozen"/>'
        f'</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{widths}</cols>'
        f'<sheetData>{"".join(lines)}<row r="{row}" ht="{_heading_height(table)}" customHeight="1">{headings}</row>'
    )


def _heading_height(table: Table) -> int:
    """In points, so that every heading has room when it is broken to its column's width; a 汉字 is two digits wide."""
    lines = max(ceil(text_width(field.heading) / max(1, field.width - 2)) for field in table.fields)
    return 15 * max(lines, 1) + 5


def _cell(column: str, row: int, style: int, said: str) -> str:
    return f'<c r="{column}{row}" s="{style}"{text(said)}'


def _after_rows(table: Table, rows: int) -> str:
    """All of a sheet that follows its rows: the filter, and how it is printed."""
    area = f"A{table.heading_row}:{table.last_column}{table.heading_row + rows}"
    # Half of what a footer may be long; a sign that begins a code is written twice.
    title = safe(table.title[:100].replace("&", "&&"))
    filtered = f'<autoFilter ref="{area}"/>' if rows else ""
    return (
        f"</sheetData>{filtered}"
        '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>&amp;L{title}&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
    )


def _workbook(table: Table, counts: Sequence[int]) -> str:
    row = table.heading_row
    filtered = [f"$A${row}:${table.last_column}${row + count}" if count else "" for count in counts]
    return parts.workbook(filtered, heading_row=row)
