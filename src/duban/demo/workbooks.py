"""The ledgers that the units of the fictional city hand in: one tidy workbook each."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from duban.arrears.sheet import LEDGER, PARTS
from duban.demo.agreed import UNSAID, agreed
from duban.demo.city import BUREAUS, REPORTERS, DemoUnit
from duban.demo.claims import DemoClaim, claims_of
from duban.demo.parties import creditors, debtors_of
from duban.workbook.schema import Kind

CLAIMS = 1200
MOST_CLAIMS = 200_000
_WEIGHT = {"county": 9, "bureau": 4, "park": 6, "soe": 6, "hospital": 3}
_DIVIDES_THE_ORIGINAL = frozenset({"soe", "park"})
_COLUMNS = [column for column in LEDGER.columns if column.name not in UNSAID]
_DEPARTMENTS = {bureau.line: bureau.aliases.split("、")[-1] for bureau in BUREAUS}


def write_ledgers(folder: Path, *, claims: int = CLAIMS, seed: int, as_of: date) -> list[tuple[str, Path]]:
    """Write the ledger of every reporting unit as it stands on `as_of`.

    Counties and departments divide into parts what is still owed; parks and state firms divide the amount as first
    owed. Both occur in practice, and no heading says which.

    Args:
        folder: is made when it is missing.
        claims: in all; at most `MOST_CLAIMS`, which take a minute.
        seed: the same seed writes the same claims.
        as_of: the day that due days and clearing are counted from.

    Returns:
        The code of each unit with its file, in official order.
    """
    if not 1 <= claims <= MOST_CLAIMS:
        msg = f"The demo city has between 1 and {MOST_CLAIMS} claims, not {claims}."
        raise ValueError(msg)
    folder.mkdir(parents=True, exist_ok=True)
    rng = Random(seed)  # noqa: S311 - a city that can be made again, not a secret
    firms = creditors(max(30, claims // 3), rng)
    written, first = [], 1
    for unit, count in zip(REPORTERS, _shares(claims), strict=True):
        path = folder / f"清欠台账-{unit.name}.xlsx"
        stated = claims_of(unit.code, debtors_of(unit), firms, count, rng=rng, as_of=as_of)
        _write(path, unit, stated, first=first, as_of=as_of)
        written.append((unit.code, path))
        first += count
    return written


def _shares(claims: int) -> list[int]:
    """How many claims each unit reports; what rounding leaves over goes to the first ones, one each."""
    weights = [_WEIGHT[unit.kind] for unit in REPORTERS]
    shares = [claims * weight // sum(weights) for weight in weights]
    left = claims - sum(shares)
    return [share + (place < left) for place, share in enumerate(shares)]


def _write(path: Path, unit: DemoUnit, claims: Iterable[DemoClaim], *, first: int, as_of: date) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        # The time of writing is left out, so that the same city is the same to the byte.
        book.set_properties({"created": datetime(as_of.year, as_of.month, as_of.day)})  # noqa: DTZ001 - a spreadsheet knows no zones
        money, head = book.add_format({"num_format": "#,##0.00####"}), book.add_format({"bold": True, "border": 1})
        sheet = book.add_worksheet("清欠台账")
        for place, column in enumerate(_COLUMNS):
            sheet.set_column(place, place, 14 if column.kind in {Kind.MONEY, Kind.DAY} else 24)
        sheet.write_string(0, 0, f"{unit.name}拖欠企业账款台账（截至{as_of.year}年{as_of.month}月{as_of.day}日）")
        sheet.write_string(1, 0, "单位：万元")
        for place, column in enumerate(_COLUMNS):
            sheet.write_string(2, place, column.label, head)
        sheet.freeze_panes(3, 2)
        for number, claim in enumerate(claims):
            values = _values(unit, claim, ledger_no=f"{unit.region}{as_of.year}{first + number:06}")
            values |= agreed(claim, territory=unit.name, as_of=as_of)
            for place, column in enumerate(_COLUMNS):
                value = values.get(column.name)
                if value is None or value == "":
                    continue
                if column.kind is Kind.MONEY:
                    sheet.write_number(3 + number, place, _in_wan(value), money)
                elif column.kind is Kind.DAY:
                    sheet.write_datetime(3 + number, place, value)
                else:
                    sheet.write_string(3 + number, place, str(value))


def _values(unit: DemoUnit, claim: DemoClaim, *, ledger_no: str) -> dict[str, Any]:
    """What stands in a row, by column."""
    parts = dict(claim.parts)
    if unit.kind not in _DIVIDES_THE_ORIGINAL and claim.cleared:
        parts["undisputed"] -= claim.cleared
    return {
        "ledger_no": ledger_no,
        "debtor_name": claim.debtor.name,
        "debtor_uscc": claim.debtor.uscc,
        "debtor_kind": claim.debtor.kind,
        "department": _DEPARTMENTS[claim.debtor.line],
        "creditor_name": claim.creditor.name,
        "creditor_uscc": claim.creditor.uscc,
        "creditor_kind": claim.creditor.kind,
        "project": claim.project,
        "contract_no": claim.contract_no,
        "signed_on": claim.signed_on,
        "contract_amount": claim.contract_amount,
        "category": claim.category,
        "due_on": claim.due_on,
        "amount": claim.amount,
        **{part: parts.get(part, 0) for part in PARTS},
        "cleared": claim.cleared,
        "balance": claim.amount - claim.cleared,
        "method": claim.method,
    }


def _in_wan(fen: int) -> float:
    """The number that a clerk would type: a double whose shortest writing is the exact amount in 万元."""
    return float(Decimal(f"{fen}E-6"))
