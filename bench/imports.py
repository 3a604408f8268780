"""Taking in one workbook, and the same a month later with 3 % changed: read, checked against the ledger, entered.

Beside it a reader that only reads the cells.

The reporter has no claims yet; the ledger around it is as large as the house. What was entered is undone afterwards,
the checks that wait for the end of a transaction included in the time.
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import xlsxwriter
from django.db import connection, transaction
from django.utils import timezone
from openpyxl.reader.excel import load_workbook

from duban.arrears import commands
from duban.arrears.sheet import LEDGER, PARTS
from duban.demo.city import REPORTERS
from duban.demo.claims import DemoClaim, claims_of
from duban.demo.parties import creditors, debtors_of
from duban.identity import commands as identity
from duban.identity.models import Appointment
from duban.identity.units import Kind, UnitRow
from duban.workbook.schema import Kind as ColumnKind

REPORTER = "bench-import"
PAYS_EVERY = 33
"""Of how many claims one is paid further a month later: 3 %."""


def measure(rows: int, *, rounds: int) -> dict[str, object]:
    """Read with the peer and take in with Duban, in turns."""
    today = timezone.localdate()
    as_of = today.replace(day=1) - timedelta(days=1)
    times: dict[str, list[float]] = {
        name: [] for name in ("peer_read", "check", "accept", "again_check", "again_accept")
    }
    with tempfile.TemporaryDirectory() as folder:
        content = _workbook(Path(folder) / "ledger.xlsx", rows, as_of=as_of)
        changed = _workbook(Path(folder) / "changed.xlsx", rows, as_of=as_of, pays_every=PAYS_EVERY)
    for _ in range(rounds):
        times["peer_read"].append(_seconds(lambda: _read(content)))
        for step, seconds in _take_in(content, changed, as_of=as_of, today=today).items():
            times[step].append(seconds)
    found = {f"{name}_s": round(median(seconds), 2) for name, seconds in times.items()}
    whole = found["check_s"] + found["accept_s"]
    return {"rows": rows, "kib": len(content) // 1024, **found, "rows_per_s": round(rows / whole), "rounds": rounds}


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _read(content: bytes) -> int:
    book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    return sum(1 for sheet in book.worksheets for _ in sheet.iter_rows(values_only=True))


def _take_in(content: bytes, changed: bytes, *, as_of: date, today: date) -> Mapping[str, float]:
    from duban.cli.common import acting

    with acting(None) as actor:
        row = UnitRow(0, REPORTER, "市第一局", Kind.BUREAU, "539900", "bench", "", ())
        identity.load_units([row], on=date(2020, 1, 1), actor=actor)
        first = _one(content, as_of=as_of, today=today, actor=actor)
        again = _one(changed, as_of=as_of, today=today, actor=actor)
        transaction.set_rollback(True)
    return {**first, **{f"again_{step}": seconds for step, seconds in again.items()}}


def _one(content: bytes, *, as_of: date, today: date, actor: Appointment) -> dict[str, float]:
    """Take one workbook in, with the checks that wait for the end of a transaction."""
    statement = commands.receive(
        unit_code=REPORTER, as_of=as_of, today=today, name="清欠台账.xlsx", content=[content], actor=actor
    )
    check = _seconds(lambda: commands.check(statement.uid, today=today, actor=actor))

    def enter() -> None:
        commands.ask_to_accept(statement.uid, hold_errors=True, actor=actor)
        commands.accept(statement.uid, actor=actor)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    accept = _seconds(enter)
    statement.refresh_from_db()
    if statement.state != "accepted":
        msg = f"The measured workbook was not entered: {statement.state}, {statement.refusal}"
        raise RuntimeError(msg)
    return {"check": check, "accept": accept}


def _workbook(path: Path, rows: int, *, as_of: date, pays_every: int = 0) -> bytes:
    """A tidy ledger in yuan, as a state firm hands it in.

    Args:
        pays_every: of how many claims one is paid in full, where it has an undisputed part; none where it is 0.
    """
    rng = Random(7)
    unit = next(unit for unit in REPORTERS if unit.kind == "soe")
    claims = claims_of(unit.code, debtors_of(unit), creditors(max(30, rows // 3), rng), rows, rng=rng, as_of=as_of)
    with xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("清欠台账")
        sheet.write_string(0, 0, "单位：元")
        sheet.write_row(1, 0, [column.label for column in LEDGER.columns])
        for number, claim in enumerate(claims, start=1):
            values = _values(claim, number)
            if pays_every and number % pays_every == 0:
                values = _paid(values)
            for place, column in enumerate(LEDGER.columns):
                value = values.get(column.name)
                if value is not None and value != "":
                    sheet.write(1 + number, place, value / 100 if column.kind is ColumnKind.MONEY else value)
    return path.read_bytes()


def _paid(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same claim with all that is undisputed cleared."""
    cleared = max(values["undisputed"], values["cleared"])
    return {**values, "cleared": cleared, "balance": values["amount"] - cleared}


def _values(claim: DemoClaim, number: int) -> Mapping[str, Any]:
    return {
        "ledger_no": f"BM{number:08}",
        "debtor_name": claim.debtor.name,
        "debtor_uscc": claim.debtor.uscc,
        "debtor_kind": claim.debtor.kind,
        "creditor_name": claim.creditor.name,
        "creditor_uscc": claim.creditor.uscc,
        "creditor_kind": claim.creditor.kind,
        "project": claim.project,
        "contract_no": claim.contract_no,
        "signed_on": claim.signed_on,
        "category": claim.category,
        "due_on": claim.due_on,
        "amount": claim.amount,
        **{part: claim.parts.get(part, 0) for part in PARTS},
        "cleared": claim.cleared,
        "balance": claim.amount - claim.cleared,
        "method": claim.method,
    }
