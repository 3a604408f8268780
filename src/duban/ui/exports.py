"""A list as a workbook: what is shown, in the order it is shown, ready to print and safe to open."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from duban.kernel.money import Money
from duban.ui import shown
from duban.ui.components import Badge
from duban.ui.tables.cells import full_heading
from duban.ui.tables.made import Column, Kind

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_000_000  # a sheet holds 1,048,576 lines; what does not fit goes on in a further sheet
LONGEST_TEXT = 32_767  # a cell of a workbook holds no more
IN_MEMORY = 4 * 1024 * 1024  # a larger workbook goes through a file
FORMATS = {
    Kind.MONEY: "#,##0.00",
    Kind.INT: "#,##0",
    Kind.RATE: "0.00%",
    Kind.POINTS: "+0.00;-0.00;0.00",
    Kind.DAY: "yyyy-mm-dd",
    Kind.INSTANT: "yyyy-mm-dd hh:mm",
}
WIDTHS = {Kind.TEXT: 24, Kind.MONEY: 18, Kind.DAY: 12, Kind.INSTANT: 17}


def xlsx_response(
    columns: Sequence[Column], rows: Iterable[object], *, title: str, notes: Sequence[str] = ()
) -> FileResponse:
    """Answer with a workbook of `rows`, read once and never all in memory.

    Args:
        columns: of the listing; headings are in the reader's language.
        rows: consumed before this returns, so they are read in the request's own transaction.
        title: above the table, and the name of the file.
        notes: what a figure must not be separated from: the day, the counting rule, the conditions set.
    """
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_workbook(file, columns, rows, title=title, notes=notes)
    file.seek(0)
    name = f"{title} {timezone.localdate():%Y-%m-%d}.xlsx"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=TYPE)
    response["Cache-Control"] = "no-store"
    return response


def write_workbook(
    file: IO[bytes], columns: Sequence[Column], rows: Iterable[object], *, title: str, notes: Sequence[str] = ()
) -> int:
    """Write the workbook into `file` and return how many rows it has."""
    with tempfile.TemporaryDirectory() as folder:
        # Each row is written out before the next; a text is a text, whatever sign it begins with.
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        book = Workbook(file, options)
        written = _Sheets(book, columns, title=title, notes=notes).write(rows)
        book.close()
    return written


class _Sheets:
    """The sheets of one workbook, each with title, notes and headings."""

    def __init__(self, book: Workbook, columns: Sequence[Column], *, title: str, notes: Sequence[str]) -> None:
        self.book, self.columns, self.title, self.notes = book, columns, title, notes
        plain = {"font_size": 10, "valign": "vcenter", "border": 1, "border_color": "#C9D0D8"}
        self.title_format = book.add_format({"bold": True, "font_size": 14})
        self.note_format = book.add_format({"font_size": 9, "font_color": "#57606A"})
        self.heading_format = book.add_format(
            plain | {"bold": True, "bg_color": "#E8EDF3", "text_wrap": True, "align": "center"}
        )
        self.formats = {
            kind: book.add_format(plain | ({"num_format": FORMATS[kind]} if kind in FORMATS else {})) for kind in Kind
        }

    def write(self, rows: Iterable[object]) -> int:
        written, sheet, line = 0, self._sheet(), self._first_line
        for row in rows:
            if written and written % MOST_ROWS == 0:
                sheet, line = self._sheet(), self._first_line
            for place, column in enumerate(self.columns):
                self._cell(sheet, line, place, column, column.value(row))
            written, line = written + 1, line + 1
        if written:
            sheet.autofilter(self._first_line - 1, 0, line - 1, len(self.columns) - 1)
        return written

    @property
    def _first_line(self) -> int:
        return len(self.notes) + 2

    def _sheet(self) -> Worksheet:
        sheet = self.book.add_worksheet()
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(self._first_line - 1)
        sheet.freeze_panes(self._first_line, 1)
        sheet.set_footer(f"&L{_escaped(self.title)}&R&P / &N")
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, WIDTHS.get(column.kind, 12))
        sheet.write_string(0, 0, self.title[:LONGEST_TEXT], self.title_format)
        for place, note in enumerate(self.notes, start=1):
            sheet.write_string(place, 0, str(note)[:LONGEST_TEXT], self.note_format)
        for place, column in enumerate(self.columns):
            sheet.write_string(self._first_line - 1, place, full_heading(column), self.heading_format)
        return sheet

    def _cell(self, sheet: Worksheet, line: int, place: int, column: Column, value: object) -> None:
        form = self.formats[column.kind]
        match value:
            case None | "":
                sheet.write_blank(line, place, None, form)
            case Money():
                sheet.write_number(line, place, _stored(value.in_unit(column.unit)), form)
            case bool():
                sheet.write_string(line, place, _("yes") if value else _("no"), form)
            case Decimal():
                sheet.write_number(line, place, _stored(value * 100 if column.kind is Kind.POINTS else value), form)
            case int():
                sheet.write_number(line, place, value, form)
            case datetime():
                sheet.write_datetime(line, place, timezone.make_naive(value) if value.tzinfo else value, form)
            case date():
                sheet.write_datetime(line, place, datetime.combine(value, time()), form)
            case Badge():
                sheet.write_string(line, place, str(value), form)
            case _:
                sheet.write_string(line, place, str(value)[:LONGEST_TEXT], form)


def _stored(number: Decimal) -> float:
    """What the format keeps: a double of fifteen sure digits, enough for fen below ten million million yuan."""
    return float(number)


def _escaped(text: str) -> str:
    return text.replace("&", "&&")[:200]


def conditions(filters: Iterable[tuple[str, object]]) -> list[str]:
    """Name what a list was narrowed by, for the notes of an export: "County: Linhe; As of: 2026-03-05"."""
    said = [
        _("{name}: {value}").format(name=name, value=shown.day(value) if isinstance(value, date) else value)
        for name, value in filters
        if value not in (None, "", False)
    ]
    return [_("Conditions: {conditions}").format(conditions=_("; ").join(said))] if said else []
