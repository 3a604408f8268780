from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.kernel import words
from duban.kernel.codes import Uscc
from duban.kernel.money import Money, Unit
from duban.workbook.cells import BLANKS
from duban.workbook.findings import SheetRow
from duban.workbook.grid import Decimals, Grid, Merge
from duban.workbook.layout import Layout, TotalRow, learn, of_schema
from duban.workbook.prefilled import Filling, write_prefilled
from duban.workbook.prefilled_sheet import SPARE_ROWS
from duban.workbook.reader import read_sheet
from duban.workbook.schema import Kind, SheetSchema, choice, column
from duban.workbook.tests.designed import loaded, members
from duban.workbook.tests.office import converted, needs_office

LONG = [choice(f"c{number}", f"第{number}类拖欠原因，说明较长") for number in range(30)]
SCHEMA = SheetSchema(
    code="test",
    title="付款表",
    columns=(
        column("number", "编号", kind=Kind.CODE, required=True),
        column("payer", "付款单位", required=True),
        column("trade", "类别", choices=[choice("works", "工程款"), choice("goods", "货款")]),
        column("reason", "原因", choices=LONG),
        column("due_on", "到期日", kind=Kind.DAY),
        column("owed", "欠款金额", kind=Kind.MONEY, required=True),
        column("paid", "本月清偿", kind=Kind.MONEY),
        column("count", "笔数", kind=Kind.INT),
        column("code", "统一社会信用代码", kind=Kind.USCC),
        column("note", "备注"),
    ),
)
USCC = Uscc.parse("91350100M000100Y43")
FULL: dict[str, Any] = {
    "number": "00012345678901234567",
    "payer": "=甲局",
    "trade": "goods",
    "reason": "c7",
    "due_on": date(2019, 3, 5),
    "owed": Money.of("1234567.89"),
    "paid": Money.of("0.01"),
    "count": 3,
    "code": USCC,
    "note": "@注意",
}


@dataclass(frozen=True)
class Table:
    """A table as a reader finds it."""

    top: int
    header_row: int
    places: Mapping[str, int]
    units: Mapping[str, Unit]
    right: int | None = None


def copy(folder: Path, *rows: Mapping[str, Any], **more: Any) -> Path:  # noqa: ANN401 - what write_prefilled takes
    path = folder / "表.xlsx"
    assert write_prefilled(path, SCHEMA, rows, **more) == len(rows)
    return path


def learnt() -> Layout:
    """The table of an office: two rows of headings, other units in two columns, a column of its own, a total on top."""
    rows: list[list[Any]] = [
        ["某县欠款台账", "", "", "", "", ""],
        ["填报单位（盖章）：", "", "", "", "", "单位：元"],
        ["序号", "编号", "金额", "", "付款单位", "包联领导"],
        ["", "", "欠款金额（万元）", "本月清偿", "", ""],
        ["合计", "", 12.5, 0, "", ""],
        ["1", "A1", 12.5, 0, "甲局", "张三"],
    ]
    merges = [Merge(0, 0, 0, 5), Merge(2, 2, 2, 3), Merge(2, 0, 3, 0), Merge(2, 1, 3, 1), Merge(5, 0, 6, 0)]
    grid = Grid("台账", rows, merges, decimals={2: Decimals(4), 3: Decimals(0)})
    places = {"number": 1, "owed": 2, "paid": 3, "payer": 4}
    table = Table(3, 4, places, {"owed": Unit.WAN, "paid": Unit.YUAN})
    return learn(grid, table, totals=[SheetRow(5, {}, rows[4])])


def test_a_row_comes_back_as_it_was(tmp_path: Path) -> None:
    sheet = read_sheet(copy(tmp_path, FULL), SCHEMA)
    assert [row.values for row in sheet.rows] == [FULL]
    assert [finding for finding in sheet.findings if finding.rule != "S13"] == []


texts = st.text(st.characters(codec="gb18030", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
said = texts.map(str.strip).filter(lambda text: text not in BLANKS and text and "计" not in text and "_x" not in text)
money = st.integers(-(10**18), 10**18).map(Money)
ROWS = st.fixed_dictionaries(
    {
        "number": st.text("0123456789AB", min_size=1, max_size=25),
        "payer": said,
        "trade": st.sampled_from([None, "works", "goods"]),
        "reason": st.sampled_from([None, *(one.code for one in LONG)]),
        "due_on": st.none() | st.dates(date(1949, 1, 1), date(2100, 12, 31)),
        "owed": money,
        "paid": st.none() | money,
        "count": st.none() | st.integers(-(10**15) + 1, 10**15 - 1),
        "code": st.none() | st.just(USCC),
        "note": st.none() | said,
    }
)


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=6))
def test_rows_of_every_kind_come_back(rows: Sequence[Mapping[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        sheet = read_sheet(copy(Path(folder), *rows), SCHEMA)
    assert [row.values for row in sheet.rows] == rows


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=4), units=st.tuples(st.sampled_from(Unit), st.sampled_from(Unit)))
def test_rows_come_back_in_the_units_and_the_order_of_the_office(
    rows: Sequence[Mapping[str, Any]], units: tuple[Unit, Unit]
) -> None:
    units = tuple(Unit.YUAN if unit is Unit.FEN else unit for unit in units)  # type: ignore[assignment]  # of any length
    names = {Unit.YUAN: "元", Unit.QIAN: "千元", Unit.WAN: "万元", Unit.YI: "亿元"}
    heads = ["备注", f"本月清偿（{names[units[0]]}）", "编号", "付款单位", f"欠款金额({names[units[1]]})", "别的"]
    rows_above: list[list[Any]] = [["台账", *[""] * 5], [*heads]]
    grid = Grid("表", rows_above, [Merge(0, 0, 0, 5)], decimals={1: Decimals(2)})
    places = {"note": 0, "paid": 1, "number": 2, "payer": 3, "owed": 4}
    layout = learn(grid, Table(2, 2, places, {"paid": units[0], "owed": units[1]}))
    with TemporaryDirectory() as folder:
        path = copy(Path(folder), *({**row, "别的": "留着"} for row in rows), layout=layout)
        sheet = read_sheet(path, SCHEMA)
    assert [{name: row.values[name] for name in places} for row in sheet.rows] == [
        {name: row[name] for name in places} for row in rows
    ]
    assert [row.extra for row in sheet.rows] == [{"别的": "留着"}] * len(rows)


def test_a_layout_is_learnt_and_kept_as_json() -> None:
    layout = learnt()
    assert Layout.from_json(layout.as_json()) == layout
    assert Layout.from_json(of_schema(SCHEMA).as_json()) == of_schema(SCHEMA)
    assert [(one.name, one.heading, one.unit, one.decimals) for one in layout.columns] == [
        ("", "序号", None, None),
        ("number", "编号", None, None),
        ("owed", "欠款金额（万元）", Unit.WAN, 4),
        ("paid", "本月清偿", Unit.YUAN, 0),
        ("payer", "付款单位", None, None),
        ("", "包联领导", None, None),
    ]
    assert (len(layout.lines), len(layout.headings)) == (2, 2)
    assert layout.merges == (Merge(0, 0, 0, 5), Merge(2, 2, 2, 3), Merge(2, 0, 3, 0), Merge(2, 1, 3, 1))
    assert layout.total == TotalRow("合计", 0, above=True)


def test_the_office_gets_its_own_table_back(tmp_path: Path) -> None:
    rows = [{**FULL, "包联领导": "张三"}, {**FULL, "number": "A2"}]
    sheet = loaded(copy(tmp_path, *rows, layout=learnt(), sheet_name="台账"))["台账"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_row=7)] == [
        ["某县欠款台账", None, None, None, None, None],
        ["填报单位（盖章）：", None, None, None, None, "单位：元"],
        ["序号", "编号", "金额", None, "付款单位", "包联领导"],
        [None, None, "欠款金额（万元）", "本月清偿", None, None],
        ["合计", None, "=SUM(C6:C27)", "=SUM(D6:D27)", None, None],
        [1, "00012345678901234567", 123.456789, 0.01, "=甲局", "张三"],
        [2, "A2", 123.456789, 0.01, "=甲局", None],
    ]
    assert {str(one) for one in sheet.merged_cells.ranges} == {"A1:F1", "C3:D3", "A3:A4", "B3:B4"}
    assert [sheet.cell(6, place).number_format for place in (2, 3, 4)] == ["@", "#,##0.0000", "#,##0"]
    assert sheet.cell(6, 5).data_type == "s"
    assert sheet.freeze_panes == "B6"
    assert sheet.print_title_rows == "$3:$4"


def test_a_table_that_begins_under_another_keeps_only_its_own_lines() -> None:
    rows: list[list[Any]] = [["甲", "乙", "丙", "丁", "戊"]] * 3 + [
        ["第二张表", "", "", "", ""],
        ["编号", "单位", "", "", ""],
    ]
    layout = learn(Grid("表", rows), Table(5, 5, {"number": 0, "payer": 1}, {}))
    assert (layout.lines, layout.headings) == ((("第二张表", ""),), (("编号", "单位"),))


def test_a_subtotal_is_not_taken_for_the_total() -> None:
    grid = Grid("表", [["编号", "单位"], ["1", "甲"], ["合 计", ""], ["小计", ""]])
    totals = [SheetRow(3, {}, grid.rows[2]), SheetRow(4, {}, grid.rows[3])]
    assert learn(grid, Table(1, 1, {"number": 0}, {}), totals=totals).total == TotalRow("合 计", 0, above=False)


def test_key_columns_are_locked_and_all_else_is_free(tmp_path: Path) -> None:
    path = copy(tmp_path, FULL, filling=Filling(locked=["number", "payer"], empty=["paid"]))
    sheet = loaded(path)["付款表"]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert not sheet.protection.insertRows  # False: what the protection does not forbid
    first = 4
    locked = [sheet.cell(first, place).protection.locked for place in range(1, 11)]
    assert locked == [True, True, *[False] * 8]
    assert not any(sheet.cell(first + 1, place).protection.locked for place in range(1, 11))
    assert all(sheet.cell(3, place).protection.locked for place in range(1, 11))
    assert sheet.cell(first, 7).value is None
    assert sheet.cell(first, 7).fill.fgColor.rgb == "FFFFF9E0"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C4", f"A3:J{first + SPARE_ROWS}")


def test_without_locked_columns_nothing_is_protected(tmp_path: Path) -> None:
    assert not loaded(copy(tmp_path, FULL))["付款表"].protection.sheet


def test_drop_downs_checks_and_prompts_reach_into_the_blank_rows(tmp_path: Path) -> None:
    book = loaded(copy(tmp_path, FULL, filling=Filling(locked=["number"])))
    checks = {str(one.sqref): one for one in book["付款表"].data_validations.dataValidation}
    end = 4 + SPARE_ROWS
    assert checks[f"C4:C{end}"].formula1 == '"工程款,货款"'
    assert checks[f"D4:D{end}"].formula1 == "'Choices'!$A$1:$A$30"
    assert (checks[f"E4:E{end}"].type, checks[f"F4:F{end}"].type, checks[f"H4:H{end}"].type) == (
        "date",
        "decimal",
        "whole",
    )
    assert checks[f"F4:F{end}"].prompt == "An amount in 10,000 yuan, as a number."
    assert f"A4:A{end}" not in checks
    assert book["Choices"].sheet_state == "hidden"
    assert [cell.value for cell in book["Choices"]["A"]] == [one.label for one in LONG]


def test_the_total_is_a_formula_with_its_value(tmp_path: Path) -> None:
    path = copy(tmp_path, FULL, FULL)
    row = 4 + 2 + SPARE_ROWS
    assert loaded(path)["付款表"].cell(row, 6).value == f"=SUM(F4:F{row - 1})"
    assert loaded(path, computed=True)["付款表"].cell(row, 6).value == 246.913578


def test_an_explanation_says_what_each_column_wants(tmp_path: Path) -> None:
    filling = Filling(locked=["number"], empty=["paid"], notes=["请于5日前报送。"])
    sheet = loaded(copy(tmp_path, FULL, filling=filling))["How to fill it in"]
    shown = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert shown[1][0] == "请于5日前报送。"
    assert ["编号", "A number or code, kept as text.", "Every row needs it. Grey: filled in and locked."] in shown
    assert ["本月清偿", "An amount in 10,000 yuan, as a number.", "Yellow: to be filled in this time."] in shown
    assert ["类别", "One of: 工程款、货款.", None] in shown


def test_the_explanation_speaks_the_language_of_the_reader_and_can_be_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chinese = {"How to fill it in": "填表说明", "A whole number.": "填写整数。"}
    monkeypatch.setattr(words, "_translate", lambda text: chinese.get(text, text))
    sheet = loaded(copy(tmp_path, FULL, filling=Filling(guide_hidden=True)))["填表说明"]
    assert sheet.sheet_state == "hidden"
    assert "填写整数。" in [cell.value for cell in sheet["B"]]


def test_a_title_under_the_number_of_an_attachment_is_the_one_that_changes(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["附件2", ""], ["2026年9月台账", ""], ["填报单位：甲", ""], ["编号", "付款单位"]]
    learnt = learn(Grid("表", rows), Table(4, 4, {"number": 0, "payer": 1}, {}))
    layout = learnt.with_title(lambda text: text.replace("9月", "10月"))
    sheet = loaded(copy(tmp_path, FULL, layout=layout)).worksheets[0]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == ["附件2", "2026年10月台账", "填报单位：甲"]
    assert [sheet.cell(row, 1).font.b for row in (1, 2, 3)] == [False, True, False]


def test_a_title_or_heading_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["=1+1", ""], ["编号", ""], ["=2+2", "http://example.org"]]
    learnt = learn(Grid("表", rows, [Merge(0, 0, 0, 1), Merge(1, 0, 1, 1)]), Table(2, 3, {"number": 0}, {}))
    sheet = loaded(copy(tmp_path, FULL, layout=learnt)).worksheets[0]
    assert [cell.data_type for cell in (sheet["A1"], sheet["A3"], sheet["B3"])] == ["s", "s", "s"]
    assert sheet["B3"].hyperlink is None


def test_a_column_that_is_to_be_kept_stands_behind_those_of_the_office(tmp_path: Path) -> None:
    filling = Filling(kept=["due_on", "owed", "paid", "note"])
    rows = [{"number": "A1", "due_on": date(2026, 3, 5), "paid": Money(123), "note": ""}]
    sheet = loaded(copy(tmp_path, *rows, layout=learnt(), filling=filling)).worksheets[0]
    assert [sheet.cell(3, at).value for at in range(5, 9)] == ["付款单位", "包联领导", "到期日", None]
    assert "G3:G4" in map(str, sheet.merged_cells.ranges)
    narrow = learn(Grid("表", [["台账", ""], ["编号", "付款单位"]]), Table(2, 2, {"number": 0, "payer": 1}, {}))
    sheet = loaded(copy(tmp_path, *rows, layout=narrow, filling=filling)).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["编号", "付款单位", "到期日", "本月清偿（元）"]
    assert [sheet["D3"].value, sheet["D3"].number_format] == [1.23, "#,##0.00"]


def test_the_title_is_the_one_of_this_month(tmp_path: Path) -> None:
    sheet = loaded(copy(tmp_path, FULL, title="某县2026年4月付款表"))["付款表"]
    assert (sheet["A1"].value, sheet["A2"].value) == ("某县2026年4月付款表", "单位：万元")


def test_an_amount_that_no_number_of_a_sheet_holds_stands_as_text(tmp_path: Path) -> None:
    amount = Money.of("90071992547409.93")
    path = copy(tmp_path, {**FULL, "owed": amount})
    assert loaded(path)["付款表"]["F4"].value == "9007199254.740993"
    assert read_sheet(path, SCHEMA).rows[0].values["owed"] == amount


def test_no_rows_make_a_form_to_be_filled_in(tmp_path: Path) -> None:
    assert read_sheet(copy(tmp_path), SCHEMA).rows == []


def test_the_same_rows_give_the_same_bytes() -> None:
    first, second = BytesIO(), BytesIO()
    for out in (first, second):
        write_prefilled(out, SCHEMA, [FULL])
    assert first.getvalue() == second.getvalue()


@needs_office
def test_a_copy_saved_by_libreoffice_is_read_without_loss(tmp_path: Path) -> None:
    path = copy(tmp_path, FULL, {**FULL, "owed": Money(10**17 + 1)}, filling=Filling(locked=["number"]))
    for kind in ("xlsx", "ods"):
        sheet = read_sheet(converted(path, kind, tmp_path / "saved"), SCHEMA)
        assert [row.values for row in sheet.rows] == [FULL, {**FULL, "owed": Money(10**17 + 1)}]
    saved = loaded(tmp_path / "saved" / "表.xlsx")["付款表"]
    assert saved.protection.sheet
    assert {one.type for one in saved.data_validations.dataValidation} >= {"list", "date", "decimal", "whole"}
    assert "xl/worksheets/sheet3.xml" in members(path)
