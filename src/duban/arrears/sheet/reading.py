"""From a file to checked rows."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from duban.arrears.rules.facts import FACTS, RATE_PLACES, FactValues, is_possible
from duban.arrears.sheet import checks, lawful, parts
from duban.arrears.sheet.columns import LEDGER
from duban.arrears.sheet.further import as_fact
from duban.arrears.sheet.rows import PARTS, LedgerReading, LedgerRow, LedgerTotals
from duban.kernel.calendar import WorkCalendar
from duban.kernel.money import ZERO, Money
from duban.workbook.findings import Fault, Finding, ReadSheet, SheetRow, Table
from duban.workbook.mapping import HeadingMap
from duban.workbook.reader import read_sheet

_SAID = tuple(column.name for column in LEDGER.columns if column.name in FACTS)
"""The columns that are facts of a claim; a person makes the others, such as the choice of an edition."""
_COPIED = ("debtor_uscc", "creditor_uscc", "amount", "method")


def read_ledger(
    path: Path, *, as_of: date, today: date, name: str | None = None, mapping: HeadingMap | None = None
) -> LedgerReading:
    """Read a ledger workbook as it stood on `as_of`; refusals call the file `name`, or else as it lies there.

    Args:
        mapping: from a heading to the name of its column, as the reporter has said.

    Raises:
        UnreadableWorkbook: the file is no workbook that can be opened, or no sheet of it is a ledger.
    """
    sheet = read_sheet(path, LEDGER, name=name, mapping=mapping)
    _check(sheet, as_of=as_of, today=today)
    verdict, accounts = _divide(sheet, as_of=as_of)
    findings, moved = _in_order(sheet), _number_on(sheet)
    rows = [_ledger_row(row, opened) for row, opened in zip(sheet.rows, accounts, strict=True) if opened is not None]
    return LedgerReading(
        sheet=sheet.sheet,
        header_row=sheet.header_row,
        as_of=as_of,
        rows=rows,
        held=[row for row, opened in zip(sheet.rows, accounts, strict=True) if opened is None],
        totals=_totals(rows),
        basis=verdict.basis,
        findings=findings,
        places=sheet.places,
        moved=moved,
    )


def _check(sheet: ReadSheet, *, as_of: date, today: date) -> None:
    calendar = WorkCalendar.shipped()
    for row in sheet.rows:
        for fault in checks.signed_by_today(row, today=today):
            sheet.report(row, fault)
        for fault in checks.parts_agree_with_the_due_day(row, as_of=as_of):
            sheet.report(row, fault)
        if not row.has_error:
            for fault in lawful.faults(FactValues(**_said(row)), as_of=as_of, calendar=calendar):
                sheet.report(row, fault)


def _divide(sheet: ReadSheet, *, as_of: date) -> tuple[parts.Verdict, list[dict[str, Money] | None]]:
    """Say what the parts describe, and open the accounts of every clean row; None for a row that is held."""
    stated = [None if row.has_error else parts.division(row) for row in sheet.rows]
    verdict = parts.judge([one for one in stated if one is not None])
    accounts: list[dict[str, Money] | None] = []
    for row, one in zip(sheet.rows, stated, strict=True):
        for fault in _faults_of_parts(one, verdict) if one else ():
            sheet.report(row, fault)
        is_due = parts.is_due(row.values["due_on"], as_of=as_of)
        accounts.append(
            None if one is None or row.has_error else parts.opening_accounts(one, verdict.basis, is_due=is_due)
        )
    return verdict, accounts


def _faults_of_parts(stated: parts.Division, verdict: parts.Verdict) -> Iterator[Fault]:
    yield from parts.misfit(stated, verdict)
    yield from parts.unplaced(stated, verdict.basis)
    yield from parts.rounded(stated, verdict.basis)


def _number_on(sheet: ReadSheet) -> dict[int, tuple[Table, int]]:
    """Number the rows of later sheets, and of tables further right, on from the last row before.

    A number names one row then.

    Returns:
        The rows outside the first table: where they really stand, by the number that they have now.
    """
    moved: dict[int, tuple[Table, int]] = {}
    offset, last, current = 0, 0, sheet.sheet
    for row in sheet.rows:
        if row.sheet != current or row.number + offset <= last:
            offset, current = last, row.sheet
        if row.table is not None and row.table is not sheet.tables[0]:
            moved[row.number + offset] = (row.table, row.number)
        row.number += offset
        last = max(last, row.number)
    return moved


def _ledger_row(row: SheetRow, accounts: dict[str, Money]) -> LedgerRow:
    return LedgerRow(
        number=row.number,
        cleared=row.values["cleared"] or ZERO,
        accounts=accounts,
        steps=row.coarse_steps(),
        extra=row.extra,
        findings=tuple(row.findings),
        **{name: row.values[name] for name in _COPIED},
        **_said(row),
    )


def _said(row: SheetRow) -> dict[str, Any]:
    """What a row says of its claim, as facts."""
    said = {name: as_fact(name, row.values[name]) for name in _SAID if row.values[name] is not None}
    said = {name: value for name, value in said.items() if is_possible(name, value)}
    if "agreed_rate" in said:
        said["agreed_rate"] = said["agreed_rate"].quantize(RATE_PLACES)
    return said


def _totals(rows: list[LedgerRow]) -> LedgerTotals:
    return LedgerTotals(
        recognised=sum((row.amount for row in rows), ZERO),
        cleared=sum((row.cleared for row in rows), ZERO),
        accounts={part: sum((row.accounts[part] for row in rows), ZERO) for part in PARTS},
    )


def _in_order(sheet: ReadSheet) -> list[Finding]:
    """What is said about the sheet, and then about each row."""
    of_rows = [finding for row in sheet.rows for finding in row.findings]
    theirs = {id(finding) for finding in of_rows}
    return [finding for finding in sheet.findings if id(finding) not in theirs] + of_rows
