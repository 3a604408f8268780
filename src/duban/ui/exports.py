"""A list as a workbook: what is shown, in the order it is shown, ready to print and safe to open."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from operator import attrgetter
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.ui import shown
from duban.ui.tables.cells import full_heading
from duban.ui.tables.made import Column, Kind
from duban.workbook import export

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = export.MOST_ROWS
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
    name = f"{title} {timezone.localdate():%Y-%m-%d}.xlsx"
    return workbook_response(lambda file: write_workbook(file, columns, rows, title=title, notes=notes), name=name)


def workbook_response(write: Callable[[IO[bytes]], object], *, name: str) -> FileResponse:
    """Answer with the workbook that `write` writes; its file goes with the answer, or when writing is refused."""
    with ExitStack() as until_answered:
        file = cast("IO[bytes]", until_answered.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY)))
        write(file)
        file.seek(0)
        response = FileResponse(file, as_attachment=True, filename=name, content_type=TYPE)
        response["Cache-Control"] = "no-store"
        until_answered.pop_all()
    return response


def write_workbook(
    file: IO[bytes], columns: Sequence[Column], rows: Iterable[object], *, title: str, notes: Sequence[str] = ()
) -> int:
    """Write the workbook into `file` and return how many rows it has."""
    table = export.Table(
        [_field(column) for column in columns],
        title=title,
        notes=[str(note) for note in notes],
        zone=timezone.get_current_timezone(),
        shown=_shown,
        most_rows=MOST_ROWS,
    )
    return export.write_table(file, table, rows)


def _field(column: Column) -> export.Field:
    # The getter is made once, where `column.value` makes it anew for every row.
    return export.Field(
        full_heading(column),
        _points(column) if column.kind is Kind.POINTS else attrgetter(column.key),
        number_format=FORMATS.get(column.kind, "General"),
        width=WIDTHS.get(column.kind, 12),
        unit=column.unit,
    )


def _points(column: Column) -> Callable[[object], object]:
    """What a column of percentage points holds, as the number that is shown."""

    def points(row: object) -> object:
        difference = column.value(row)
        return difference * 100 if isinstance(difference, Decimal) else difference

    return points


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def conditions(filters: Iterable[tuple[str, object]]) -> list[str]:
    """Name what a list was narrowed by, for the notes of an export: "County: Linhe; As of: 2026-03-05"."""
    said = [
        _("{name}: {value}").format(name=name, value=shown.day(value) if isinstance(value, date) else value)
        for name, value in filters
        if value not in (None, "", False)
    ]
    return [_("Conditions: {conditions}").format(conditions=_("; ").join(said))] if said else []
