from collections.abc import Sequence
from typing import Any

import pytest

from duban.workbook.findings import ReadSheet
from duban.workbook.grid import Decimals, Grid
from duban.workbook.reader import read_book
from duban.workbook.schema import Kind, SheetSchema, column
from duban.workbook.tests.books import book, grid

SCHEMA = SheetSchema(
    code="sums",
    title="付款表",
    columns=(
        column("number", "编号", kind=Kind.CODE, required=True),
        column("payer", "付款单位", required=True),
        column("owed", "应付金额", kind=Kind.MONEY),
        column("paid", "付款金额", kind=Kind.MONEY, required=True),
        column("note", "备注"),
    ),
)
HEAD = ["编号", "付款单位", "应付金额", "付款金额", "备注"]
NAMES = SheetSchema(
    code="names",
    title="名单",
    columns=(column("payer", "付款单位", required=True), column("paid", "付款金额", kind=Kind.MONEY, required=True)),
)


def read(*rows: Sequence[Any] | Grid, schema: SheetSchema = SCHEMA) -> ReadSheet:
    grids = [one for one in rows if isinstance(one, Grid)]
    found = grids or [grid(["单位：元"], HEAD, *rows)]  # type: ignore[arg-type]  # without grids all are rows
    return read_book(book(*found), [schema], file="表.xlsx").sheet


def wrong(sheet: ReadSheet) -> list[tuple[str, str, str]]:
    return [(one.cell, one.value, one.expected) for one in sheet.findings if one.rule == "S16"]


def sums(sheet: ReadSheet) -> list[int]:
    return [row.number for row in sheet.totals]


A, B, C = ["A1", "甲局", 1, 2], ["A2", "乙局", 3, 4], ["A3", "丙局", 5, 6]


def test_sums_of_groups_and_of_everything_are_checked_each_against_its_rows() -> None:
    sheet = read(
        A, B, ["县直小计", None, 4, 6], C, ["乡镇小计", None, 5, 6],
        ["合计", None, 9, 12], ["A4", "丁局", 7, 8], ["园区合计", None, 7, 8], ["总计", None, 16, 20],
    )  # fmt: skip
    assert (sums(sheet), wrong(sheet)) == ([5, 7, 8, 10, 11], [])
    assert len(sheet.rows) == 4


def test_sums_may_stand_above_their_rows() -> None:
    sheet = read(
        ["总计", None, 9, 12], ["一、县直", None, 4, 6], A, B, ["二、乡镇", None, 5, 6], C,
    )  # fmt: skip
    assert (sums(sheet), wrong(sheet)) == ([3, 4, 7], [])


def test_a_wrong_sum_is_told_with_both_sums_and_its_rows() -> None:
    sheet = read(A, B, ["小计", None, 4, 7], C, ["合计", None, 9, 12])
    assert wrong(sheet) == [("D5", "7", "6.00")]
    assert [str(one.message) for one in sheet.findings if one.rule == "S16"] == [
        "D5 states a sum of 7.00 yuan, and the rows add up to 6.00 (rows 3 to 4)."
    ]


def test_a_wrong_sum_of_everything_is_held_against_everything() -> None:
    sheet = read(A, ["小计", None, 1, 2], B, ["小计", None, 3, 4], ["合计", None, 3, 4.5])
    assert wrong(sheet) == [("C7", "3", "4.00"), ("D7", "4.5", "6.00")]


def test_a_part_of_a_sum_is_no_record_and_is_not_checked() -> None:
    sheet = read(A, B, ["合计", None, 4, 6], ["其中：民营企业", None, 1, 1])
    assert (sums(sheet), wrong(sheet), len(sheet.rows)) == ([5, 6], [], 2)


@pytest.mark.parametrize(("stated", "is_wrong"), [("2.35", False), ("2.34", True), (2.3456, False)])
def test_a_sum_written_less_finely_than_its_rows_may_be_rounded(stated: object, *, is_wrong: bool) -> None:
    rows: list[list[Any]] = [["A1", "甲局", None, 1.1114], ["A2", "乙局", None, 1.2342], ["合计", None, None, stated]]
    sheet = read(grid(["单位：万元"], HEAD, *rows))
    assert bool(wrong(sheet)) == is_wrong


def test_the_precision_that_is_displayed_counts_and_not_how_a_formula_ends() -> None:
    rows: list[list[Any]] = [["A1", "甲局", None, 1.1114], ["A2", "乙局", None, 1.2342], ["合计", None, None, 2.35]]
    assert wrong(read(grid(["单位：万元"], HEAD, *rows, decimals={3: Decimals(2)}))) == []
    assert wrong(read(grid(["单位：万元"], HEAD, *rows, decimals={3: Decimals(4)}))) == [("D5", "2.35", "23456.00")]


def test_the_last_sum_of_a_continued_table_covers_all_sheets() -> None:
    first = grid(["单位：元"], HEAD, A, ["本页小计", None, 1, 2], name="1")
    second = grid(["单位：元"], HEAD, B, ["本页小计", None, 3, 4], ["合计", None, 4, 6], name="2")
    assert wrong(read(first, second)) == []


def test_in_a_list_of_names_a_sum_is_known_by_its_word() -> None:
    head: list[list[Any]] = [["单位：元"], ["付款单位", "付款金额"], ["甲局", 2], ["乙局", 4]]
    sheet = read(grid(*head, ["合 计", 6], ["小计", 6]), schema=NAMES)
    assert (sums(sheet), [row.values["payer"] for row in sheet.rows]) == ([5, 6], ["甲局", "乙局"])


@pytest.mark.parametrize(
    ("row", "is_remark"),
    [
        (["注：以上金额含税"], True),
        (["备注1、数据截至月底"], True),
        (["一、县直单位"], True),
        (["单位负责人：张三", "审核人：李四", None, "填表人：王五"], True),
        ([None, None, None, "2026年3月31日"], True),
        ([None, None, None, None, "青石县财政局（盖章）"], True),
        (["以上各项均已经财政、审计部门核对，详见各单位所报的分户明细。"], True),
        (["A9"], False),
        ([None, "某局"], False),
        (["A9", "某局"], False),
        ([None, "某局", None, 5], False),
    ],
)
def test_a_remark_is_no_record_and_an_incomplete_record_is_no_remark(row: list[object], *, is_remark: bool) -> None:
    sheet = read(A, row)
    assert [one.rule for one in sheet.findings if one.cell.endswith("4")][:1] == (["S14"] if is_remark else ["S01"])
    assert len(sheet.rows) == (1 if is_remark else 2)


def test_a_text_over_many_columns_is_a_remark() -> None:
    sheet = read(grid(["单位：元"], HEAD, A, ["乡镇部分"], C, merges=["A4:E4"]))
    assert [(one.rule, one.cell) for one in sheet.findings] == [("S14", "A4")]
    assert sheet.remarks == ["乡镇部分"]
