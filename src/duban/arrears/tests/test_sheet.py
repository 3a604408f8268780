from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from tests.shared_data import shared

from duban.arrears.commands.statement.rows import plain as as_json
from duban.arrears.sheet import LEDGER, PARTS, Basis, LedgerReading, read_ledger
from duban.arrears.sheet.parts import Division, judge, misfit, opening_accounts, unplaced
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.workbook.cells import plain
from duban.workbook.findings import Severity
from duban.workbook.tests.sheets import write_sheet, write_workbook

AS_OF, TODAY = date(2026, 10, 31), date(2026, 11, 5)
PAST, COMING = date(2024, 3, 1), date(2027, 3, 1)


def read(folder: Path, *claims: dict[str, Any], total: dict[str, Any] | None = None) -> LedgerReading:
    """Read a ledger of these claims, in yuan; what a claim does not name gets a harmless value."""
    names = [column.name for column in LEDGER.columns]
    rows = [
        {"ledger_no": f"A{number}", "debtor_name": "甲局", "creditor_name": f"第{number}公司", "due_on": PAST, **claim}
        for number, claim in enumerate(claims, start=1)
    ] + ([{"ledger_no": "合计", **total}] if total else [])
    cells = [[row.get(name) for name in names] for row in rows]
    path = write_sheet(folder / "台账.xlsx", ["单位：元"], [column.label for column in LEDGER.columns], *cells)
    return read_ledger(path, as_of=AS_OF, today=TODAY)


def rules(reading: LedgerReading) -> list[tuple[str, str]]:
    return [(finding.rule, finding.cell) for finding in reading.findings]


def accounts(reading: LedgerReading, row: int = 0) -> dict[str, str]:
    return {name: str(amount) for name, amount in reading.rows[row].accounts.items() if amount > ZERO}


def test_rows_of_tables_side_by_side_have_numbers_of_their_own_and_are_found_where_they_stand(tmp_path: Path) -> None:
    head = ["台账编号", "拖欠主体名称", "债权企业", "欠款金额", "到期日"]
    left, right = ["A1", "甲局", "乙公司", 5, PAST], ["B1", "甲局", "丙公司", -7, PAST]
    path = write_sheet(tmp_path / "台账.xlsx", ["单位：元"], [*head, None, *head], [*left, None, *right])
    reading = read_ledger(path, as_of=AS_OF, today=TODAY)
    numbers = [row.number for row in reading.rows] + [row.number for row in reading.held]
    assert numbers == [3, 6]
    assert [reading.where(number, "amount") for number in numbers] == [("清欠台账", "D3"), ("清欠台账", "J3")]


def test_a_sound_ledger_is_read_without_a_remark(tmp_path: Path) -> None:
    claim = {
        "debtor_uscc": "53640000MJX173680A", "debtor_kind": "事业单位", "department": "住建局", "creditor_kind": "小型",
        "project": "门诊楼", "contract_no": "HT-1", "signed_on": date(2023, 1, 1), "contract_amount": 900,
        "category": "工程款", "amount": 100,
        "undisputed": 60, "cleared": 40, "balance": 60, "method": "现金转账", "note": "分期",
    }  # fmt: skip
    reading = read(tmp_path, claim, total={"amount": 100, "cleared": 40})
    assert rules(reading) == [("S13", "A4")]
    row = reading.rows[0]
    assert (row.number, row.debtor_kind, row.creditor_kind, row.category) == (3, "institution", "small", "works")
    assert (row.amount, row.cleared, row.balance) == (Money.of("100"), Money.of("40"), Money.of("60"))
    assert (row.method, str(row.debtor_uscc), row.note) == ("cash", "53640000MJX173680A", "分期")
    assert (reading.row_count, reading.basis) == (1, Basis.BALANCE)
    assert (reading.totals.recognised, reading.totals.balance) == (Money.of("100"), Money.of("60"))


FIRES: list[tuple[str, str, dict[str, Any]]] = [
    ("S01", "F3", {"amount": 5, "creditor_name": None}),
    ("S05", "C3", {"amount": 5, "debtor_uscc": "53640000MJX173681A"}),
    ("L01", "O3", {"amount": 0}),
    ("L01", "O3", {"amount": -5}),
    ("L02", "Q3", {"amount": 5, "undisputed": 6, "disputed": -1}),
    ("L02", "U3", {"amount": 5, "cleared": -1}),
    ("L03", "U3", {"amount": 5, "cleared": 6}),
    ("L04", "V3", {"amount": 5, "cleared": 1, "balance": 5}),
    ("L05", "O3", {"amount": 5, "cleared": 1, "undisputed": 3}),
    ("L07", "U3", {"amount": 5, "cleared": 4, "undisputed": 3, "disputed": 1, "judicial": 1}),
    ("L08", "K3", {"amount": 5, "signed_on": date(2026, 11, 6), "due_on": COMING}),
    ("L10", "W3", {"amount": 5, "cleared": 1, "method": "核减"}),
    ("L11", "N3", {"amount": 5, "signed_on": PAST + timedelta(days=1)}),
    ("L13", "O3", {"amount": 5, "contract_amount": 4}),
    ("L14", "S3", {"amount": 5, "not_due": 5, "due_on": AS_OF}),
    ("L14", "P3", {"amount": 5, "undisputed": 5, "due_on": COMING}),
    ("L15", "N3", {"amount": 5, "due_on": None}),
    ("L17", "U3", {"amount": 5, "cleared": 4, "undisputed": 3, "disputed": 2}),
]
WARNINGS = {"L11", "L12", "L13", "L14", "L15", "L16", "L17", "L18"}


@pytest.mark.parametrize(("rule", "cell", "claim"), FIRES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_fault_is_said_at_its_cell(tmp_path: Path, rule: str, cell: str, claim: dict[str, Any]) -> None:
    reading = read(tmp_path, claim)
    assert rules(reading) == [(rule, cell)]
    assert (not reading.held) == (rule in WARNINGS)
    assert (reading.findings[0].severity is Severity.WARNING) == (rule in WARNINGS)
    assert str(reading.findings[0].message)


@pytest.mark.parametrize(
    "claim",
    [
        {"amount": 0.01},
        {"amount": 5, "undisputed": 5, "disputed": 0, "cleared": 0, "contract_amount": 5},
        {"amount": 5, "cleared": 5, "balance": 0, "method": "转账"},
        {"amount": 5, "undisputed": 3, "disputed": 1, "judicial": 1, "cleared": 3},
        {"amount": 5, "signed_on": TODAY, "due_on": COMING},
        {"amount": 5, "cleared": 0, "method": "核减"},
        {"amount": 5, "signed_on": PAST},
        {"amount": 5, "not_due": 5, "due_on": AS_OF + timedelta(days=1)},
        {"amount": 5, "undisputed": 5, "due_on": AS_OF},
        {"amount": 5, "unsettled": 5, "due_on": None},
    ],
)
def test_a_row_at_the_edge_of_the_rules_passes(tmp_path: Path, claim: dict[str, Any]) -> None:
    reading = read(tmp_path, claim)
    assert (rules(reading), len(reading.rows)) == ([], 1)


def test_what_a_ledger_shows_of_its_amounts_is_kept_with_every_row(tmp_path: Path) -> None:
    columns = [LEDGER.columns[place] for place in (0, 1, 5, 11, 13, 14, 15, 20, 21)]
    claim = ["A1", "甲局", "乙公司", 20.5, PAST, "12.34", 12.34, 0, None]
    path = write_sheet(tmp_path / "台账.xlsx", ["单位：万元"], [column.label for column in columns], claim)
    row = read_ledger(path, as_of=AS_OF, today=TODAY).rows[0]
    shown = dict.fromkeys(("contract_amount", "amount", "undisputed", "cleared"), 10_000)
    assert (row.amount, row.steps) == (Money.of("123400.00"), shown)
    assert as_json(row)["steps"] == shown


def test_a_ledger_that_shows_every_fen_keeps_no_steps(tmp_path: Path) -> None:
    assert read(tmp_path, {"amount": 5, "undisputed": 5}).rows[0].steps == {}


def test_a_number_given_twice_holds_the_later_row_and_names_the_first(tmp_path: Path) -> None:
    reading = read(tmp_path, {"amount": 5, "ledger_no": "b1"}, {"amount": 6, "ledger_no": "Ｂ 1"}, {"amount": 7})
    assert rules(reading) == [("L09", "A4")]
    assert "row 3" in str(reading.findings[0].message)
    assert [row.number for row in reading.rows] == [3, 5]


def test_the_same_claim_twice_is_a_warning(tmp_path: Path) -> None:
    same = {"amount": 5, "creditor_name": "乙公司", "contract_no": "HT-1"}
    assert rules(read(tmp_path, same, same)) == [("L12", "O4")]
    assert rules(read(tmp_path, same, {**same, "contract_no": "HT-2"}, {**same, "amount": 6})) == []


def test_a_stated_total_is_compared_with_the_rows(tmp_path: Path) -> None:
    reading = read(tmp_path, {"amount": 5}, {"amount": 6}, total={"amount": 12, "cleared": 0})
    assert rules(reading) == [("S13", "A5"), ("L16", "O5")]
    assert "12.00 yuan, and the rows add up to 11.00" in str(reading.findings[1].message)


def test_parts_may_divide_the_amount_as_first_owed(tmp_path: Path) -> None:
    reading = read(tmp_path, {"amount": 10, "undisputed": 7, "disputed": 3, "cleared": 4}, {"amount": 5, "judicial": 5})
    assert (reading.basis, rules(reading)) == (Basis.ORIGINAL, [])
    assert accounts(reading) == {"undisputed": "7.00", "disputed": "3.00"}


def test_parts_may_divide_what_is_still_owed(tmp_path: Path) -> None:
    reading = read(tmp_path, {"amount": 10, "undisputed": 3, "disputed": 3, "cleared": 4}, {"amount": 5, "judicial": 5})
    assert (reading.basis, rules(reading)) == (Basis.BALANCE, [])
    assert accounts(reading) == {"undisputed": "7.00", "disputed": "3.00"}
    assert accounts(reading, 1) == {"judicial": "5.00"}


def test_the_rows_that_disagree_with_most_are_held(tmp_path: Path) -> None:
    balance = {"amount": 10, "undisputed": 6, "cleared": 4}
    reading = read(tmp_path, balance, {"amount": 10, "undisputed": 10, "cleared": 4}, balance)
    assert rules(reading) == [("L06", "O4")]
    assert "as in 1 rows; in 2 rows of the file they divide what is still owed" in str(reading.findings[0].message)


def test_a_file_divided_in_halves_decides_nothing(tmp_path: Path) -> None:
    claims = [
        {"amount": 10, "undisputed": 6, "cleared": 4},
        {"amount": 10, "undisputed": 10, "cleared": 4},
        {"amount": 1},
    ]
    reading = read(tmp_path, *claims)
    assert rules(reading) == [("L06", "O3"), ("L06", "O4")]
    assert (reading.basis, len(reading.rows)) == (None, 1)


def test_without_parts_the_due_day_decides(tmp_path: Path) -> None:
    reading = read(
        tmp_path, {"amount": 10, "cleared": 4, "due_on": AS_OF}, {"amount": 10, "cleared": 4, "due_on": COMING}
    )
    assert accounts(reading) == {"undisputed": "10.00"}
    assert accounts(reading, 1) == {"undisputed": "4.00", "not_due": "6.00"}


def test_money_cleared_out_of_a_disputed_part_was_undisputed(tmp_path: Path) -> None:
    reading = read(tmp_path, {"amount": 10, "undisputed": 3, "disputed": 7, "cleared": 4})
    assert accounts(reading) == {"undisputed": "4.00", "disputed": "6.00"}


def test_a_ledger_over_two_sheets_is_numbered_on_and_every_finding_keeps_its_place(tmp_path: Path) -> None:
    head = ["台账编号", "拖欠主体名称", "债权企业", "欠款金额", "到期日"]
    claims = [["A1", "甲局", "乙公司", 5, PAST], ["A2", "甲局", "丙公司", 6, PAST]]
    later = [[6, "A3", "甲局", "丁公司", PAST], [0, "A4", "甲局", "戊公司", PAST]]
    path = write_workbook(
        tmp_path / "台账.xlsx",
        {"县直": [["单位：元"], head, *claims], "乡镇": [["单位：万元"], ["欠款金额", *head[:3], head[4]], *later]},
    )
    reading = read_ledger(path, as_of=AS_OF, today=TODAY)
    assert [(row.number, str(row.amount)) for row in reading.rows] == [(3, "5.00"), (4, "6.00"), (7, "60000.00")]
    assert [row.number for row in reading.held] == [8]
    assert [(one.rule, one.sheet, one.cell) for one in reading.findings] == [
        ("S17", "乡镇", "A2"), ("L01", "乡镇", "A4"),
    ]  # fmt: skip
    assert [reading.where(number, "amount") for number in (3, 7)] == [("县直", "D3"), ("乡镇", "A3")]


def test_what_the_reporter_said_of_a_heading_is_used(tmp_path: Path) -> None:
    path = write_sheet(
        tmp_path / "台账.xlsx", ["单位：元"], ["编号", "甲方", "债权人", "欠款总额"], ["A1", "甲局", "乙", 5]
    )
    reading = read_ledger(path, as_of=AS_OF, today=TODAY, mapping={"甲方": "debtor_name"})
    assert [row.debtor_name for row in reading.rows] == ["甲局"]


fen = st.integers(0, 10**12).map(Money.from_fen)
divisions = st.tuples(st.fixed_dictionaries(dict.fromkeys(PARTS, fen)), st.integers(0, 100)).filter(
    lambda drawn: any(part > ZERO for part in drawn[0].values())
)


@given(drawn=divisions, basis=st.sampled_from(Basis))
def test_opening_accounts_add_up_to_the_amount_and_hold_what_was_cleared(
    drawn: tuple[dict[str, Money], int], basis: Basis
) -> None:
    parts, share = drawn
    total = sum(parts.values(), ZERO)
    cleared = Money(total.fen * share // 100)
    amount = total if basis is Basis.ORIGINAL else total + cleared
    stated = Division(amount, cleared, parts, stated=True)
    assert basis in stated.fits
    verdict = judge([stated])
    assert list(misfit(stated, verdict)) == []
    if all(fault.severity is Severity.WARNING for fault in unplaced(stated, basis)):
        opened = opening_accounts(stated, basis, is_due=True)
        assert sum(opened.values(), ZERO) == amount
        assert min(opened.values()) >= ZERO
        assert opened["undisputed"] >= cleared


def test_no_two_columns_share_a_heading_and_no_two_choices_a_name() -> None:
    headings = [(plain(name), column.name) for column in LEDGER.columns for name in (column.label, *column.aliases)]
    assert len({heading for heading, _ in headings}) == len(headings)
    for column in LEDGER.columns:
        names = {(plain(name), choice.code) for choice in column.choices for name in (choice.label, *choice.aliases)}
        assert len({name for name, _ in names}) == len(names)


def test_real_files_of_all_kinds_give_one_sentence() -> None:
    for path in sorted(shared("excel", "nasty").iterdir()):
        with pytest.raises(DomainError) as refused:
            read_ledger(path, as_of=AS_OF, today=TODAY)
        assert path.name in str(refused.value)
        assert "\n" not in str(refused.value)


# -- Sums of what is displayed ----------------------------------------------------------------------------------------


def displayed(folder: Path, **shown: tuple[float, str]) -> LedgerReading:
    """Read one claim in 万元 whose amounts are displayed by these formats."""
    path = folder / "台账.xlsx"
    names = {"ledger_no": "A1", "debtor_name": "甲局", "creditor_name": "乙公司"}
    labels = {column.name: column.label for column in LEDGER.columns}
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["单位：万元"])
        for place, name in enumerate((*names, *shown)):
            sheet.write(1, place, labels[name])
            value, code = shown[name] if name in shown else (names[name], "General")
            sheet.write(2, place, value, book.add_format({"num_format": code}))
    return read_ledger(path, as_of=AS_OF, today=TODAY)


def test_a_balance_may_differ_by_what_the_sheet_does_not_show(tmp_path: Path) -> None:
    shown = {"amount": (56.789123, "0.00"), "cleared": (6.78, "0.00")}
    assert "L04" not in {rule for rule, _ in rules(displayed(tmp_path, **shown, balance=(50.01, "0.00")))}
    assert "L04" in {rule for rule, _ in rules(displayed(tmp_path, **shown, balance=(50.02, "0.00")))}


def test_a_whole_number_is_not_taken_for_a_rounded_one(tmp_path: Path) -> None:
    assert "L04" in {rule for rule, _ in rules(displayed(tmp_path, amount=(5, "General"), balance=(4.8, "General")))}


def test_parts_that_miss_the_amount_by_less_than_is_shown_are_taken_with_the_finer_amount(tmp_path: Path) -> None:
    shown = {"amount": (10.001, "0.00"), "undisputed": (7, "0.00"), "disputed": (3, "0.00")}
    reading = displayed(tmp_path, **shown)
    assert ("L18", "D3") in rules(reading)
    [row] = reading.rows
    assert (str(row.amount), str(row.accounts["undisputed"])) == ("100010.00", "70010.00")
    assert sum(row.accounts.values(), ZERO) == row.amount
