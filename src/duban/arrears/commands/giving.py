"""Giving a reporter its own ledger back, as the workbook that it hands in next month."""

import re
from calendar import monthrange
from datetime import date
from typing import IO

from duban.arrears.models import Statement
from duban.arrears.queries.prefilled import KEYS, TELLING, THIS_MONTH, prefilled_rows
from duban.arrears.sheet import LEDGER
from duban.audit import commands as audit
from duban.evidence.commands import path_of
from duban.identity import access
from duban.identity import queries as units
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.intake.queries import heading_map
from duban.kernel.words import N_, Sentence
from duban.workbook import layout
from duban.workbook.layout import Layout
from duban.workbook.opening import open_book
from duban.workbook.prefilled import Filling, write_prefilled
from duban.workbook.reader import read_book
from duban.workbook.refusals import UnreadableWorkbook

TITLE = "{unit}拖欠企业账款台账"
"""Offices read and file it by this line, whatever language the person who asks has chosen."""


def give_ledger(out: IO[bytes], *, unit_code: str, today: date, actor: Appointment) -> int:
    """Write the ledger of a reporter as it stands, in the layout of its latest entered workbook, ready for next month.

    Key columns are locked and this month's are empty; handed in unchanged it proposes nothing.

    Returns:
        How many rows it has.

    Raises:
        UnknownUnit: there is no such reporter.
        PermissionDenied: `actor` may not report for it.
    """
    unit = units.unit_on(unit_code, today)
    scope_id = scope_of(unit.id, None)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=scope_id)
    rows = prefilled_rows(unit.code, actor=actor, today=today)
    learnt = _learnt(unit.id, ends_on=_end_of_month(today))
    title = "" if learnt else TITLE.format(unit=unit.name)
    filling = Filling(locked=KEYS, empty=THIS_MONTH, kept=TELLING)
    count = write_prefilled(out, LEDGER, rows, layout=learnt, title=title, filling=filling)
    words = Sentence(
        N_("Gave out the ledger of {unit} for next month: {rows} rows."), {"unit": unit.name, "rows": count}
    )
    subject = ("identity.unit", unit.code)
    audit.record(actor=actor, action="arrears.ledger_given", subject=subject, scope_id=scope_id, words=words)
    return count


_DAY = re.compile(r"20\d{2}年(?:1[0-2]|0?[1-9])月(?:(?:3[01]|[12]\d|0?[1-9])日)?")


def dated(title: str, day: date) -> str:
    """A title with its day, or its month, moved on to the one that is to be reported now: （截至2026年10月31日）."""
    full, month = f"{day.year}年{day.month}月{day.day}日", f"{day.year}年{day.month}月"
    return _DAY.sub(lambda found: full if found[0].endswith("日") else month, title)


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _learnt(unit_id: int, *, ends_on: date) -> Layout | None:
    """The layout of the latest workbook that was entered, its title moved on; None where none can be read."""
    entered = Statement.objects.filter(unit_id=unit_id, state=Statement.State.ACCEPTED, mode=Statement.Mode.FULL)
    latest = entered.select_related("file").order_by("-as_of", "-pk").first()
    if latest is None:
        return None
    mappings = {LEDGER.code: heading_map(unit_id, LEDGER.code)}
    try:
        book = open_book(path_of(latest.file.sha256), name=latest.file.name)
        sheet = read_book(book, [LEDGER], file=latest.file.name, mappings=mappings).sheet
    except UnreadableWorkbook:
        return None
    table = sheet.tables[0]
    grid = next(grid for grid in book.grids if grid.name == table.sheet)
    learnt = layout.learn(grid, table, totals=[row for row in sheet.totals if row.table is table])
    return learnt.with_title(lambda text: dated(text, ends_on))
