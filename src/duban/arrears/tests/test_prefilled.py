from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests import make

from duban.arrears.queries.prefilled import KEYS, THIS_MONTH, LedgerValues, prefilled_rows
from duban.arrears.sheet import LEDGER
from duban.arrears.tests import making
from duban.identity.models import Appointment
from duban.kernel.money import Money

CLAIMS: tuple[dict[str, Any], ...] = (
    {"ledger_no": "1", "amount": 100, "cleared": 100, "undisputed": 0},
    {"ledger_no": "2", "amount": 500.5, "cleared": 120.25, "undisputed": 200.25, "disputed": 180, "category": "工程款"},
    {"ledger_no": "3", "amount": 70, "not_due": 70, "due_on": date(2090, 1, 1), "debtor_uscc": making.CODE},
    {"ledger_no": "4", "amount": 60, "judicial": 20, "undisputed": 40, "debtor_kind": "机关"},
)


@pytest.fixture
def east(database: str) -> Appointment:
    office = making.office("East")
    making.enter(office, *CLAIMS, as_of=making.days_ago(40))
    return office


def rows(actor: Appointment, unit: str = "East") -> list[LedgerValues]:
    with make.acting(actor) as entered:
        return prefilled_rows(unit, actor=entered, today=making.today())


def in_a_sheet(row: LedgerValues) -> dict[str, Any]:
    """A row as numbers, words and days, which a workbook takes."""
    labels = {c.name: {choice.code: choice.label for choice in c.choices} for c in LEDGER.columns}
    return {name: _cell(labels[name].get(str(value), value)) for name, value in row.items()}


def _cell(value: object) -> object:
    return float(Decimal(value.fen) / 100) if isinstance(value, Money) else value


def test_open_claims_come_first_and_every_column_of_the_sheet_is_there(east: Appointment) -> None:
    found = rows(east)
    assert [row["ledger_no"] for row in found] == ["2", "3", "4", "1"]
    assert all(set(row) == {column.name for column in LEDGER.columns} for row in found)
    assert {name for row in found for name in THIS_MONTH if row[name] is not None} == set()
    assert set(KEYS) <= {column.name for column in LEDGER.columns}


def test_a_row_holds_what_the_ledger_holds(east: Appointment) -> None:
    row = rows(east)[0]
    assert (row["amount"], row["cleared"]) == (Money.of("500.50"), Money.of("120.25"))
    assert (row["undisputed"], row["disputed"]) == (Money.of("200.25"), Money.of("180.00"))
    assert (row["category"], row["due_on"], row["debtor_name"]) == ("works", date(2024, 3, 1), "甲局")


def test_handed_in_unchanged_it_proposes_nothing(east: Appointment) -> None:
    again = making.hand_in(east, *(in_a_sheet(row) for row in rows(east)), as_of=making.days_ago(5))
    assert again.summary["error_rows"] == 0
    assert {change: count for change, count in again.summary["proposed"].items() if count} == {}


def test_a_payment_added_to_what_was_cleared_is_all_that_is_proposed(east: Appointment) -> None:
    sheet = [in_a_sheet(row) for row in rows(east)]
    sheet[0] |= {"cleared": 130.25, "undisputed": 190.25}
    again = making.hand_in(east, *sheet, as_of=making.days_ago(5))
    assert {change: count for change, count in again.summary["proposed"].items() if count} == {"cleared": 1}
    assert again.summary["proposed_fen"]["cleared"] == 1000


def test_a_claim_reduced_to_nothing_is_left_out(east: Appointment) -> None:
    claim = making.claim(east, "3")
    with make.acting(east) as actor:
        making.post(actor, claim, ("not_due", "reduced", "70.00"), on=making.days_ago(3))
    assert [row["ledger_no"] for row in rows(east)] == ["2", "4", "1"]


def test_nobody_gets_the_ledger_of_a_unit_that_is_out_of_sight(east: Appointment) -> None:
    assert rows(make.appointment(of=make.unit("West"))) == []
