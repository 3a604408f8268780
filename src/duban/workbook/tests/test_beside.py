"""Tables side by side in one sheet."""

from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from duban.kernel.money import Unit
from duban.workbook.annotated import write_annotated
from duban.workbook.findings import ReadSheet
from duban.workbook.grid import Book, Format
from duban.workbook.layout import learn
from duban.workbook.tests.books import grid
from duban.workbook.tests.designed import loaded, wrong
from duban.workbook.tests.test_tables import HEAD, PAYMENTS, paid, read, rules

GAP = [None]
UNIT = ["单位：元", None, None]


def places(sheet: ReadSheet) -> list[tuple[int, list[int]]]:
    return [(table.header_row, list(table.places.values())) for table in sheet.tables]


def test_tables_side_by_side_are_read_each_with_its_own_lines_and_sums() -> None:
    sheet = read(
        grid(
            ["一、县直", None, None, *GAP, "二、乡镇", None, None],
            [*UNIT, *GAP, "单位：万元", None, None],
            [*HEAD, *GAP, *HEAD],
            ["A1", "甲局", 5, *GAP, "B1", "丙镇", 7],
            ["A2", "乙局", 6, *GAP, "合计", None, 7],
            ["合计", None, 12, *GAP, "注：含质保金。", None, None],
            ["审核人：张三"],
            merges=["A1:C1", "E1:G1"],
        )
    )
    assert paid(sheet) == [("A1", "5.00"), ("A2", "6.00"), ("B1", "70000.00")]
    assert [(table.title, table.remarks) for table in sheet.tables] == [
        ("一、县直", ["单位：元", "审核人：张三"]),
        ("二、乡镇", ["单位：万元", "注：含质保金。"]),
    ]
    assert rules(sheet) == [
        ("S13", "表", "A6"), ("S14", "表", "A7"), ("S16", "表", "C6"),
        ("S17", "表", "E3"), ("S13", "表", "E5"), ("S14", "表", "E6"),
    ]  # fmt: skip
    assert "in columns E to G of sheet “表”" in str(sheet.findings[3].message)


def test_a_title_over_all_tables_is_that_of_each_and_a_unit_said_once_holds_for_all() -> None:
    sheet = read(
        grid(
            ["某县付款表", *[None] * 6],
            ["填报单位：甲县", *[None] * 5, "单位：元"],
            [*HEAD, *GAP, *HEAD],
            ["A1", "甲局", 5, *GAP, "B1", "丙镇", 7],
            merges=["A1:G1"],
        )
    )
    assert [table.title for table in sheet.tables] == ["某县付款表", "某县付款表"]
    assert [table.units["paid"] for table in sheet.tables] == [Unit.YUAN, Unit.YUAN]
    assert rules(sheet) == [("S17", "表", "E3")]


def test_a_unit_of_ones_own_is_not_replaced_by_that_of_the_neighbour() -> None:
    sheet = read([*UNIT, *GAP, "单位：万元"], ["总表"], [*HEAD, *GAP, *HEAD], ["A1", "甲局", 5, *GAP, "B1", "丙镇", 7])
    assert paid(sheet) == [("A1", "5.00"), ("B1", "70000.00")]


def test_neighbours_that_name_two_units_lend_none() -> None:
    sheet = read(
        [*UNIT, *GAP, None, None, None, *GAP, "单位：亿元", None, None],
        [*HEAD, *GAP, *HEAD, *GAP, *HEAD],
        ["A1", "甲局", 5, *GAP, "B1", "丙镇", 7, *GAP, "C1", "丁局", 1],
    )
    assert paid(sheet) == [("A1", "5.00"), ("B1", "70000.00"), ("C1", "100000000.00")]
    assert ("S12", "表", "G2") in rules(sheet)


def test_three_tables_may_begin_in_different_rows_and_have_other_columns() -> None:
    sheet = read(
        [*UNIT, *GAP, *GAP, None, None, None, *GAP, "付款金额（元）", "付款单位", "编号", "备注"],
        [*HEAD, *GAP, *GAP, None, None, None, *GAP, 9, "丁局", "C1", "急"],
        ["A1", "甲局", 5, *GAP, *GAP, *UNIT, *GAP, 8, "戊局", "C2", None],
        ["A2", "甲局", 6, *GAP, *GAP, *HEAD, *GAP, None, None, None, None],
        [None, None, None, *GAP, *GAP, "B1", "丙镇", "7", *GAP, None, None, None, None],
    )
    assert places(sheet) == [(2, [0, 1, 2]), (4, [5, 6, 7]), (1, [9, 10, 11, 12])]
    assert [number for number, _ in paid(sheet)] == ["A1", "A2", "B1", "C1", "C2"]
    assert [row.values["note"] for row in sheet.rows][-2:] == ["急", None]


def test_headings_of_two_rows_stand_side_by_side() -> None:
    head, below = ["编号", "付款人", None, "清偿情况", None], [None, "名称", "信用代码", "累计", "本月清偿"]
    sheet = read(
        grid(
            ["单位：元"],
            [*head, *GAP, *head],
            [*below, *GAP, *below],
            ["A1", "甲局", None, 5, 1, *GAP, "B1", "乙局", None, 6, 2],
            merges=["A2:A3", "B2:C2", "D2:E2", "G2:G3", "H2:I2", "J2:K2"],
        )
    )
    assert [row.values["month"] for row in sheet.rows] == [sheet.rows[0].values["month"], sheet.rows[1].values["month"]]
    assert paid(sheet) == [("A1", "5.00"), ("B1", "6.00")]


def test_lines_that_run_across_the_gap_do_not_close_it() -> None:
    sheet = read(
        [None, None, None, "某县付款表", None, None, None],
        [*UNIT, *GAP, None, None, None],
        [*HEAD, *GAP, *HEAD],
        ["A1", "甲局", 5, *GAP, "B1", "丙镇", 7],
        ["负责人：张三", None, None, "审核人：李四", None, None, "制表：王五"],
    )
    assert len(sheet.tables) == 2
    assert sheet.title == "某县付款表"


def test_a_list_printed_in_two_columns_has_no_blank_one_between_them() -> None:
    head = ["序号", *HEAD]
    sheet = read(
        ["某县付款表"],
        ["单位：元"],
        [*head, *head],
        [1, "A1", "甲局", 5, 3, "A3", "丙局", 7],
        [2, "A2", "乙局", 6, None, None, None, None],
        ["合计", None, None, 11, "合计", None, None, 7],
    )
    assert paid(sheet) == [("A1", "5.00"), ("A2", "6.00"), ("A3", "7.00")]
    assert rules(sheet) == [("S13", "表", "A6"), ("S17", "表", "F3"), ("S13", "表", "E6")]


def test_amounts_that_come_in_pairs_make_no_further_table() -> None:
    sheet = read(["编号", "付款单位", "付款金额（元）", "付款单位", "付款金额（元）"], ["A1", "甲局", 5, "乙局", 7])
    assert (len(sheet.tables), paid(sheet)) == (1, [("A1", "5.00")])


def test_a_table_with_a_blank_column_inside_stays_one() -> None:
    for head, row in (
        (["编号", None, "付款单位", "付款金额（元）"], ["A1", None, "甲局", 5]),
        (["编号", "付款单位", None, "付款金额（元）", "备注"], ["A1", "甲局", None, 5, "急"]),
        (["编号", "付款单位", None, "付款金额（元）", "付款单位"], ["A1", "甲局", None, 5, "甲局"]),
    ):
        sheet = read(head, row)
        assert (len(sheet.tables), paid(sheet)) == (1, [("A1", "5.00")])


def test_columns_that_come_again_in_a_wide_table_are_no_table_of_their_own() -> None:
    sheet = read(
        ["编号", "付款单位", "备注", None, "编号", "付款单位", "付款金额（元）"],
        ["A1", "甲局", "急", None, "A1", "甲局", 5],
    )
    assert (len(sheet.tables), paid(sheet), sheet.rows[0].values["note"]) == (1, [("A1", "5.00")], "急")
    assert rules(sheet) == [("S11", "表", "E1"), ("S11", "表", "F1")]


def test_another_version_beside_the_table_is_not_added_to_it() -> None:
    sheet = read(UNIT, [*HEAD, *GAP, *HEAD], ["A1", "甲局", 5, *GAP, "A1", "甲局", 4])
    assert (paid(sheet), rules(sheet)) == ([("A1", "5.00")], [("S15", "表", "E2")])
    assert "The table at E2 of sheet “表”" in str(sheet.findings[0].message)


def test_a_summary_beside_the_table_is_left_out_and_said() -> None:
    sheet = read(
        UNIT,
        [*HEAD, *GAP, "付款单位", "付款金额", "科室"],
        ["A1", "甲局", 5, *GAP, "甲局", 5, "一科"],
        [None, None, None, *GAP, "乙局", 7, "二科"],
    )
    assert (paid(sheet), rules(sheet)) == ([("A1", "5.00")], [])
    assert [str(one.reason) for one in sheet.skipped] == ["The headings in row 2 lack 编号."]


def test_tables_below_one_another_may_stand_beside_others() -> None:
    other = ["付款金额（万元）", "编号", "付款单位"]
    sheet = read(
        UNIT, [*HEAD, *GAP, *HEAD],
        ["A1", "甲局", 5, *GAP, "B1", "丙镇", 7],
        [None],
        [*other, *GAP, *other],
        [6, "A2", "甲局", *GAP, 8, "B2", "丙镇"],
    )  # fmt: skip
    assert paid(sheet) == [("A1", "5.00"), ("A2", "60000.00"), ("B1", "7.00"), ("B2", "80000.00")]


def test_cells_merged_in_one_table_are_none_of_the_others_business() -> None:
    sheet = read(
        grid(
            UNIT,
            [*HEAD, *GAP, *HEAD],
            ["A1", "甲局", 5, *GAP, "B1", "丙镇", 7],
            ["A2", None, 6, *GAP, "B2", None, 8],
            merges=["B3:B4"],
        )
    )
    assert sheet.rows[1].values["payer"] == "甲局"
    assert rules(sheet) == [("S17", "表", "E2"), ("S01", "表", "F4")]


def test_more_tables_than_anybody_lays_side_by_side_are_not_told_apart() -> None:
    sheet = read(UNIT, [*HEAD, *GAP] * 7, *([[f"A{row}", "甲局", 5, *GAP] * 7 for row in range(3)]))
    assert len(sheet.tables) == 1
    assert {rule for rule, _, _ in rules(sheet)} == {"S11"}


@pytest.mark.parametrize("gap", [GAP, ["付款金额"]])
def test_thousands_of_columns_full_of_headings_keep_nobody_busy(gap: list[Any]) -> None:
    began = process_time()
    sheet = read(grid(*([["编号", "付款单位", "付款金额", *gap] * 4096] * 20)))
    assert len(sheet.tables) == 1
    assert process_time() - began < 20  # a minute and more when every one of them was looked at


def test_a_text_file_with_tables_side_by_side_comes_back_with_its_numbers(tmp_path: Path) -> None:
    rows = grid(
        ["单位：元", None, None, *GAP, *HEAD],
        [*HEAD, *GAP, "B1", "丙镇", 7],
        ["A1", "甲局", date(2019, 3, 5), *GAP, "B2", "丁镇", 8],
    )
    source, out = tmp_path / "a.csv", tmp_path / "b.xlsx"
    source.write_bytes(b"no package")
    opened = Book(Format.CSV, [rows])
    write_annotated(source, [wrong("G2", sheet="表")], out, open_book=lambda: opened, schemas=[PAYMENTS])
    sheet = loaded(out)["表"]
    assert [cell.value or None for cell in sheet[2]] == [*HEAD, *GAP, "B1", "丙镇", 7]


def test_the_layout_that_is_learnt_is_that_of_the_one_table() -> None:
    laid = grid(UNIT, [*HEAD, *GAP, *HEAD], ["A1", "甲局", 5, *GAP, "B1", "丙镇", 7])
    sheet = read(laid)
    assert [column.heading for column in learn(laid, sheet.tables[0]).columns] == HEAD
