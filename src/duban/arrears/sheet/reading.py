"""From a file to checked rows."""

from datetime import date
from pathlib import Path

from duban.arrears.sheet import checks, parts
from duban.arrears.sheet.columns import LEDGER
from duban.arrears.sheet.rows import PARTS, LedgerReading, LedgerRow, LedgerTotals
from duban.kernel.money import ZERO, Money
from duban.workbook.findings import Finding, ReadSheet, SheetRow
from duban.workbook.mapping import HeadingMap, applied
from duban.workbook.reader import read_sheet

_COPIED = (
    "ledger_no", "debtor_name", "debtor_uscc", "debtor_kind", "department", "creditor_name", "creditor_uscc",
    "creditor_kind", "project", "contract_no", "signed_on", "contract_amount", "category", "due_on", "amount",
    "method", "note",
)  # fmt: skip


def read_ledger(
    path: Path, *, as_of: date, today: date, name: str | None = None, mapping: HeadingMap | None = None
) -> LedgerReading:
    """Read a ledger workbook as it stood on `as_of`; refusals call the file `name`, or else as it lies there.

    Args:
        mapping: what the reporter's own headings mean.

    Cost: about two seconds for 10,000 rows.

    Raises:
        UnreadableWorkbook: the file is no workbook that can be opened, or no sheet of it is a ledger.
    """
    sheet = read_sheet(path, applied(LEDGER, mapping or {}), name=name)
    _check(sheet, as_of=as_of, today=today)
    verdict, accounts = _divide(sheet, as_of=as_of)
    rows = [_ledger_row(row, accounts[row.number]) for row in sheet.rows if row.number in accounts]
    return LedgerReading(
        sheet=sheet.sheet,
        header_row=sheet.header_row,
        as_of=as_of,
        rows=rows,
        held=[row for row in sheet.rows if row.number not in accounts],
        totals=_totals(rows),
        basis=verdict.basis,
        findings=_in_order(sheet),
        places=sheet.places,
    )


def _check(sheet: ReadSheet, *, as_of: date, today: date) -> None:
    for row in sheet.rows:
        for fault in checks.signed_by_today(row, today=today):
            sheet.report(row, fault)
        for fault in checks.parts_agree_with_the_due_day(row, as_of=as_of):
            sheet.report(row, fault)
    for found in (checks.repeated_numbers(sheet.rows), checks.twins(sheet.rows), checks.stated_totals(sheet)):
        for row, fault in found:
            sheet.report(row, fault)


def _divide(sheet: ReadSheet, *, as_of: date) -> tuple[parts.Verdict, dict[int, dict[str, Money]]]:
    """Say what the parts describe, and open the accounts of every clean row, by the row's number."""
    sound = [(row, parts.division(row)) for row in sheet.rows if not row.has_error]
    verdict = parts.judge([stated for _, stated in sound])
    accounts = {}
    for row, stated in sound:
        for fault in (*parts.misfit(stated, verdict), *parts.unplaced(stated, verdict.basis)):
            sheet.report(row, fault)
        if not row.has_error:
            is_due = parts.is_due(row.values["due_on"], as_of=as_of)
            accounts[row.number] = parts.opening_accounts(stated, verdict.basis, is_due=is_due)
    return verdict, accounts


def _ledger_row(row: SheetRow, accounts: dict[str, Money]) -> LedgerRow:
    copied = {name: row.values[name] for name in _COPIED}
    return LedgerRow(
        number=row.number,
        cleared=row.values["cleared"] or ZERO,
        accounts=accounts,
        extra=row.extra,
        findings=tuple(row.findings),
        **copied,
    )


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
