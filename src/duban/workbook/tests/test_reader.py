from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.kernel.money import Money, Unit
from duban.kernel.words import Sentence
from duban.workbook.findings import Fault, ReadSheet, SheetRow
from duban.workbook.reader import read_sheet
from duban.workbook.refusals import MissingHeadings, NoTable
from duban.workbook.schema import Kind, SheetSchema, choice, column
from duban.workbook.tests.sheets import write_formulas, write_sheet, write_workbook


def _never_above_nine(row: SheetRow) -> Iterator[Fault]:
    if row.values["count"] is not None and row.values["count"] > 9:
        yield Fault("T01", "count", Sentence("Too many."))


SCHEMA = SheetSchema(
    code="test",
    title="付款表",
    columns=(
        column("number", "编号", kind=Kind.CODE, required=True),
        column("payer", "付款单位", "付款人", required=True),
        column("trade", "类别", choices=[choice("works", "工程款")]),
        column("paid_on", "付款日期", kind=Kind.DAY),
        column("paid", "付款金额", kind=Kind.MONEY, required=True),
        column("count", "笔数", kind=Kind.INT),
        column("code", "统一社会信用代码", kind=Kind.USCC),
        column("note", "备注"),
    ),
    checks=(_never_above_nine,),
)
HEAD = ["编号", "付款单位", "付款金额"]


def read(path: Path, *rows: Sequence[Any]) -> ReadSheet:
    return read_sheet(write_sheet(path / "表.xlsx", *rows), SCHEMA)


def rules(sheet: ReadSheet) -> list[tuple[str, str]]:
    return [(finding.rule, finding.cell) for finding in sheet.findings]


def test_a_tidy_table_is_read_without_a_remark(tmp_path: Path) -> None:
    sheet = read(
        tmp_path,
        ["某市付款表"],
        ["单位：", "万元"],
        ["序号", "编号", "付款单位", "类别", "付款日期", "付款金额", "笔数", "备注"],
        [1, "A1", " 甲局 ", "工程款", date(2019, 3, 5), 1.5, 3, ""],
        [2, "A2", "乙局", None, "2019年3月6日", "2.25", None, "急"],
    )
    assert sheet.findings == []
    assert (sheet.header_row, sheet.unit) == (3, Unit.WAN)
    assert [row.number for row in sheet.rows] == [4, 5]
    assert sheet.rows[0].values == {
        "number": "A1", "payer": "甲局", "trade": "works", "paid_on": date(2019, 3, 5), "paid": Money.of("15000"),
        "count": 3, "code": None, "note": None,
    }  # fmt: skip
    assert sheet.rows[1].values["paid"] == Money.of("22500")


@pytest.mark.parametrize(
    ("above", "heading", "yuan"),
    [
        ("单位：万元", "付款金额", "10000"),
        ("金额单位: 元", "付款金额", "1"),
        ("付款表（亿元）", "付款金额", "100000000"),
        ("单位：万元", "付款金额（元）", "1"),
        ("", "付 款\n金 额（万元）", "10000"),
        ("", "付款金额/万元", "10000"),
        ("填报单位：元江县", "付款金额 (元)", "1"),
        ("", "*付款金额（含税，千元）", "1000"),
    ],
)
def test_the_unit_stands_in_the_heading_or_above_it(tmp_path: Path, above: str, heading: str, yuan: str) -> None:
    sheet = read(tmp_path, [above], ["编号", "付款人", heading], ["A1", "甲局", 1])
    assert sheet.rows[0].values["paid"] == Money.of(yuan)
    assert sheet.findings == []


def test_a_unit_that_nobody_names_is_assumed_aloud(tmp_path: Path) -> None:
    sheet = read(tmp_path, ["填报单位：元江县"], HEAD, ["A1", "甲局", 1])
    assert rules(sheet) == [("S12", "C2")]
    assert sheet.rows[0].values["paid"] == Money.of("10000")


@settings(max_examples=25, deadline=None)
@given(
    records=st.lists(
        st.tuples(
            st.text("甲乙丙（）·局 AB12", min_size=1).filter(lambda name: name.strip()),
            st.integers(0, 10**12),
            st.dates(date(1950, 1, 1), date(2100, 12, 31)),
        ),
        min_size=1,
    )
)
def test_a_tidy_table_comes_back_as_it_was_written(records: list[tuple[str, int, date]]) -> None:
    rows = [[f"A{n}", name, fen / 10**6, day] for n, (name, fen, day) in enumerate(records)]
    with TemporaryDirectory() as folder:
        sheet = read(Path(folder), ["单位：万元"], [*HEAD, "付款日期"], *rows)
    assert sheet.findings == []
    found = [(row.values["payer"], row.values["paid"].fen, row.values["paid_on"]) for row in sheet.rows]
    assert found == [(name.strip(), fen, day) for name, fen, day in records]


def test_what_is_wrong_with_a_cell_is_said_at_the_cell(tmp_path: Path) -> None:
    head = ["编号", "付款单位", "类别", "付款日期", "付款金额（元）", "笔数", "统一社会信用代码", "备注"]
    row = [12345678901234567890, None, "水费", "昨天", "许多", "几", "91530000", "好"]
    sheet = read(tmp_path, head, row)
    assert rules(sheet) == [
        ("S07", "A2"), ("S01", "B2"), ("S04", "C2"), ("S03", "D2"), ("S02", "E2"), ("S06", "F2"), ("S05", "G2"),
    ]  # fmt: skip
    assert sheet.rows[0].has_error
    assert sheet.rows[0].findings == sheet.findings
    assert sheet.findings[4].value == "许多"


def test_a_doubtful_amount_is_a_warning(tmp_path: Path) -> None:
    sheet = read(tmp_path, ["编号", "付款单位", "付款金额（元）"], ["A1", "甲局", 0.333333])
    assert rules(sheet) == [("S08", "C2")]
    assert not sheet.rows[0].has_error


def test_a_dash_says_that_nothing_stands_here(tmp_path: Path) -> None:
    sheet = read(
        tmp_path,
        [*HEAD[:2], "付款金额（元）", "付款日期", "备注"],
        ["A1", "甲局", 5, "—", "无"],
        ["A2", "/", 5, "无", "-"],
    )
    assert [row.values["paid_on"] for row in sheet.rows] == [None, None]
    assert [row.values["note"] for row in sheet.rows] == ["无", None]
    assert rules(sheet) == [("S01", "B3")]


def test_a_lost_value_is_not_a_blank_one(tmp_path: Path) -> None:
    head = ["编号", "付款单位", "付款金额（元）", "备注"]
    sheet = read_sheet(write_formulas(tmp_path / "表.xlsx", head, ["A1", "甲局", "=1+1", "#N/A"]), SCHEMA)
    assert rules(sheet) == [("S09", "C2"), ("S09", "D2")]
    assert sheet.rows[0].values["paid"] is None


def test_values_under_unknown_headings_are_kept(tmp_path: Path) -> None:
    sheet = read(
        tmp_path, [*HEAD[:2], "付款金额（元）", "联系电话", None], ["A1", "甲局", 5, 8800, "旁注"], ["A2", "乙局", 5]
    )
    assert rules(sheet) == [("S10", "D1"), ("S10", "E1")]
    assert [row.extra for row in sheet.rows] == [{"联系电话": "8800", "E": "旁注"}, {}]


def test_a_heading_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    sheet = read(tmp_path, ["编号", "付款单位", "付款金额（元）", "付款人"], ["A1", "甲局", 5, "乙局"])
    assert rules(sheet) == [("S11", "D1")]
    assert "the first, B1, was read" in str(sheet.findings[0].message)
    assert sheet.rows[0].values["payer"] == "甲局"


def test_sums_and_remarks_are_set_aside_aloud(tmp_path: Path) -> None:
    sheet = read(
        tmp_path,
        ["编号", "付款单位", "付款金额（元）"],
        ["A1", "甲局", 5],
        ["甲局小计", None, 5],
        [None, None, None],
        ["合 计", None, 5],
        ["填表人：", None, None],
        [None, 0, 0],
    )
    assert rules(sheet) == [("S13", "A3"), ("S13", "A5"), ("S14", "A6")]
    assert [row.number for row in sheet.rows] == [2]
    assert [total.values["paid"] for total in sheet.totals] == [Money.of("5"), Money.of("5")]


def test_a_payer_whose_name_ends_like_a_sum_is_a_payer(tmp_path: Path) -> None:
    sheet = read(tmp_path, ["编号", "付款单位", "付款金额（元）"], ["A1", "某市会计合计", 5])
    assert [row.values["payer"] for row in sheet.rows] == ["某市会计合计"]


def test_the_checks_of_the_schema_are_asked_of_every_row(tmp_path: Path) -> None:
    sheet = read(tmp_path, [*HEAD[:2], "付款金额（元）", "笔数"], ["A1", "甲局", 1, 9], ["A2", "甲局", 1, 10])
    assert rules(sheet) == [("T01", "D3")]


def test_the_sheet_with_the_headings_is_found_and_a_second_one_is_named(tmp_path: Path) -> None:
    table: list[list[Any]] = [["单位：元"], HEAD, ["A1", "甲局", 5]]
    path = write_workbook(tmp_path / "表.xlsx", {"说明": [["请看下一页"]], "本月": table, "上月": table})
    sheet = read_sheet(path, SCHEMA)
    assert sheet.sheet == "本月"
    assert rules(sheet) == [("S15", "A2")]


def test_a_workbook_without_the_table_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(NoTable, match=r"付款表.*编号、付款单位、付款金额"):
        read(tmp_path, ["省份", "名称"], ["安徽", "Anhui"])


def test_a_table_without_a_column_it_needs_says_which(tmp_path: Path) -> None:
    with pytest.raises(MissingHeadings, match=r"row 2 of sheet “清欠台账”.*lack 付款金额"):
        read(tmp_path, ["付款表"], ["编号", "付款单位"], ["A1", "甲局"])
