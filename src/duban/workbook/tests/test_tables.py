from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from duban.kernel.money import Money, Unit
from duban.kernel.words import Sentence
from duban.workbook.findings import Fault, ReadSheet, SheetRow
from duban.workbook.grid import Book, Decimals, Grid
from duban.workbook.reader import IncompleteTable, read_book
from duban.workbook.refusals import NoTable
from duban.workbook.schema import Kind, SheetSchema, choice, column
from duban.workbook.tests.books import book, grid

PAYMENTS = SheetSchema(
    code="payments",
    title="付款表",
    columns=(
        column("number", "编号", kind=Kind.CODE, required=True),
        column("payer", "付款单位", "付款人名称", required=True),
        column("payer_code", "付款单位信用代码", kind=Kind.USCC),
        column("payee", "收款单位", "收款人名称"),
        column("trade", "类别", choices=[choice("works", "工程款"), choice("goods", "货款")]),
        column("paid_on", "付款日期", kind=Kind.DAY),
        column("owed", "应付金额", "应付", kind=Kind.MONEY),
        column("paid", "付款金额", "清偿情况累计", kind=Kind.MONEY, required=True),
        column("month", "本月清偿", kind=Kind.MONEY),
        column("note", "备注"),
    ),
)
HEAD = ["编号", "付款单位", "付款金额"]


def read(
    *found: Grid | Sequence[Any], mapping: dict[str, str] | None = None, hidden_sheets: Sequence[str] = ()
) -> ReadSheet:
    """Read sheets, or one sheet of these rows."""
    grids = [one for one in found if isinstance(one, Grid)] or [grid(*found)]  # type: ignore[arg-type]  # then all are rows
    opened = book(*grids, hidden_sheets=hidden_sheets)
    return read_book(opened, [PAYMENTS], file="表.xlsx", mappings={"payments": mapping or {}}).sheet


def rules(sheet: ReadSheet) -> list[tuple[str, str, str]]:
    return [(finding.rule, finding.sheet, finding.cell) for finding in sheet.findings]


def paid(sheet: ReadSheet) -> list[tuple[str, str]]:
    return [(row.values["number"], str(row.values["paid"])) for row in sheet.rows]


def test_headings_of_two_rows_are_read_together() -> None:
    sheet = read(
        grid(
            ["某市付款表", *[None] * 6],
            ["序号", "编号", "付款人", None, "清偿情况（万元）", None, "备注"],
            [None, None, "名称", "信用代码", "累计", "本月清偿（元）", None],
            [1, "A1", "甲局", None, 2, 3, "急"],
            merges=["A1:G1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3"],
        )
    )
    assert (sheet.tables[0].top, sheet.header_row, sheet.title) == (2, 3, "某市付款表")
    assert dict(sheet.rows[0].values) == {
        "number": "A1", "payer": "甲局", "payer_code": None, "payee": None, "trade": None, "paid_on": None,
        "owed": None, "paid": Money.of("20000"), "month": Money.of("3"), "note": "急",
    }  # fmt: skip
    assert [(one.heading, one.proposal) for one in sheet.unplaced] == [("付款人/信用代码", "payer_code")]


def test_names_over_several_columns_need_no_merged_cells() -> None:
    sheet = read(
        ["编号", "付款人", None, "清偿情况"],
        [None, "名称", "代码", "累计"],
        ["A1", "甲局", "x", "2.50"],
        ["A2", "乙局", "x", "3"],
    )
    assert (sheet.header_row, paid(sheet)) == (2, [("A1", "25000.00"), ("A2", "30000.00")])


def test_a_unit_under_or_beside_the_headings_is_understood() -> None:
    under = read(["编号", "付款单位", "付款金额"], [None, None, "（千元）"], ["A1", "甲局", 1])
    beside = read(["编号", "付款单位", "付款金额", "单位：元"], ["A1", "甲局", 1, None])
    assert [paid(under), paid(beside)] == [[("A1", "1000.00")], [("A1", "1.00")]]
    assert rules(under) == rules(beside) == []


def test_each_column_may_have_a_unit_of_its_own() -> None:
    sheet = read(["单位：元"], ["编号", "付款单位", "付款金额（亿元）", "应付"], ["A1", "甲局", 1, 2])
    assert (sheet.rows[0].values["paid"], sheet.rows[0].values["owed"]) == (Money.of("100000000"), Money.of("2"))
    assert sheet.tables[0].units == {"paid": Unit.YI, "owed": Unit.YUAN}


def test_a_row_that_counts_the_columns_is_no_record() -> None:
    for marks in ([1, 2, 3], ["1", "2", "3"], ["甲", "乙", 1], ["(1)", "(2)", "(3)=(1)+(2)"]):
        assert paid(read(["单位：元"], HEAD, marks, ["A1", "甲局", 5])) == [("A1", "5.00")]


def test_title_and_seal_line_are_kept_for_others() -> None:
    sheet = read(
        ["附件2", None, None],
        ["某市付款表", None, None],
        ["填报单位（盖章）：青石县财政局", None, "单位：元"],
        HEAD,
        ["A1", "甲局", 5],
        [None, None, None],
        ["单位负责人：张三", None, "填表人：李四"],
    )
    assert sheet.title == "某市付款表"
    assert sheet.remarks == [
        "附件2", "填报单位（盖章）：青石县财政局  单位：元", "单位负责人：张三  填表人：李四",
    ]  # fmt: skip
    assert rules(sheet) == [("S14", "表", "A7")]


def test_headings_repeated_on_each_printed_page_are_no_records() -> None:
    page = [["付款表（续）"], ["单位：元"], HEAD]
    sheet = read(["付款表"], ["单位：元"], HEAD, ["A1", "甲局", 5], [None], *page, ["A2", "甲局", 6])
    assert paid(sheet) == [("A1", "5.00"), ("A2", "6.00")]
    assert len(sheet.tables) == 1
    assert rules(sheet) == []


def test_a_second_table_in_a_sheet_goes_on_with_its_own_columns_and_unit() -> None:
    sheet = read(
        ["一、县直"], ["单位：元"], HEAD, ["A1", "甲局", 5], [None],
        ["二、乡镇", None, None], ["单位：万元", None, None], ["付款金额", "编号", "付款单位"], [6, "A2", "乙局"],
    )  # fmt: skip
    assert paid(sheet) == [("A1", "5.00"), ("A2", "60000.00")]
    assert [row.table.title for row in sheet.rows if row.table] == ["一、县直", "二、乡镇"]
    assert rules(sheet) == [("S17", "表", "A8")]


def test_a_table_goes_on_in_further_sheets_and_every_row_knows_its_sheet() -> None:
    first = grid(["单位：元"], HEAD, ["A1", "甲局", 5], name="第一页")
    second = grid(["单位：元"], HEAD, ["A2", "甲局", 6], ["A3", "乙局", "许多"], name="第二页")
    sheet = read(first, second)
    assert [(row.sheet, row.number) for row in sheet.rows] == [("第一页", 3), ("第二页", 3), ("第二页", 4)]
    assert rules(sheet) == [("S17", "第二页", "A2"), ("S02", "第二页", "C4")]


def test_another_version_of_the_table_is_not_added_to_it() -> None:
    first = grid(["单位：元"], HEAD, ["A1", "甲局", 5], ["A2", "乙局", 6], name="本月")
    second = grid(["单位：元"], HEAD, ["A1", "甲局", 4], ["A2", "乙局", 6], ["A3", "乙局", 6], name="上月")
    sheet = read(first, second)
    assert [row.sheet for row in sheet.rows] == ["本月", "本月"]
    assert rules(sheet) == [("S15", "上月", "A2")]
    assert "2 of its 3 rows" in str(sheet.findings[0].message)
    assert [(one.sheet, str(one.reason)) for one in sheet.skipped] == [
        ("上月", "It repeats rows that were read from another sheet.")
    ]


def test_sheets_without_the_table_are_named_with_the_reason() -> None:
    sheet = read(
        grid(["填表说明"], ["一、本表由各单位按月填报，金额保留两位小数。"], name="须知"),
        grid(name="Sheet3"),
        grid(["编号", "付款单位"], ["A1", "甲局"], name="半张"),
        grid(["省份", "名称"], ["安徽", "Anhui"], name="省份"),
        grid(HEAD, name="空白表"),
        grid(["单位：元"], HEAD, ["A1", "甲局", 5], name="付款"),
        hidden_sheets=["底稿"],
    )
    assert {one.sheet: str(one.reason) for one in sheet.skipped} == {
        "须知": "It explains how the form is filled in.",
        "Sheet3": "It is blank.",
        "半张": "The headings in row 1 lack 付款金额.",
        "省份": "No row of it holds two headings of 付款表.",
        "空白表": "It has the headings and no rows under them.",
        "底稿": "It is hidden, and hidden sheets are not read.",
    }
    assert rules(sheet) == []


def test_cells_merged_downwards_mean_the_same_as_above_but_amounts_are_stated_once() -> None:
    sheet = read(
        grid(
            ["单位：元", None, None, None, None],
            ["编号", "付款单位", "类别", "付款金额", "应付金额"],
            ["A1", "甲局", "货款", 5, 8],
            ["A2", None, None, 6, None],
            ["A3", None, "工程款", 7, 9],
            merges=["B3:B5", "C3:C4", "E3:E4"],
        )
    )
    assert [row.values["payer"] for row in sheet.rows] == ["甲局", "甲局", "甲局"]
    assert [row.values["trade"] for row in sheet.rows] == ["goods", "goods", "works"]
    assert [str(row.values["owed"]) for row in sheet.rows] == ["8.00", "None", "9.00"]
    assert rules(sheet) == [("S19", "表", "E3")]


def test_a_blank_cell_that_is_not_merged_is_blank() -> None:
    sheet = read(["单位：元"], HEAD, ["A1", "甲局", 5], ["A2", None, 6])
    assert rules(sheet) == [("S01", "表", "B4")]


def test_a_heading_merged_over_two_columns_heads_the_first() -> None:
    sheet = read(grid(["单位：元"], ["编号", "付款单位", None, "付款金额"], ["A1", "甲局", "x", 5], merges=["B2:C2"]))
    assert paid(sheet) == [("A1", "5.00")]
    assert rules(sheet) == [("S10", "表", "C2")]


def test_hidden_rows_and_columns_are_read_and_said_once_a_block() -> None:
    rows = [["A1", "甲局", 5], ["A2", "甲局", 5], ["A3", "甲局", 5], ["A4", "甲局", 5]]
    sheet = read(grid(["单位：元"], HEAD, *rows, hidden_rows={2, 3, 5}, hidden_columns={1, 2}))
    assert len(sheet.rows) == 4
    assert rules(sheet) == [("S18", "表", "A3"), ("S18", "表", "A6"), ("S18", "表", "B2")]
    assert "Rows 3 to 4" in str(sheet.findings[0].message)


def test_a_format_that_shows_other_sizes_is_read_as_it_is_shown() -> None:
    sheet = read(grid(["单位：万元"], [*HEAD, "应付金额（元）"], ["A1", "甲局", 12345.0, 7], scaled={2: 4, 3: 4}))
    assert (sheet.rows[0].values["paid"], sheet.rows[0].values["owed"]) == (Money.of("12345"), Money.of("7"))
    assert rules(sheet) == [("S20", "表", "D2"), ("S20", "表", "C2")]
    assert "as they are stored" in str(sheet.findings[0].message)
    assert "as they are shown" in str(sheet.findings[1].message)


def test_the_step_that_is_displayed_travels_with_the_amount() -> None:
    sheet = read(
        grid(
            ["单位：万元"], [*HEAD, "应付金额"],
            ["A1", "甲局", 1.5, 2.25], ["A2", "甲局", "3.50", "约1.234亿"], ["A3", "甲局", 1.123456, None],
            decimals={2: Decimals(2, {4: 4})},
        )
    )  # fmt: skip
    steps = [(row.step("paid"), row.step("owed")) for row in sheet.rows]
    assert steps == [(10**4, 10**4), (10**4, 10**7), (10**2, None)]
    assert sheet.rows[0].step("note") is None


def test_an_unknown_heading_is_proposed_by_its_name_its_values_or_its_place() -> None:
    code = "53640000MJX173680A"
    sheet = read(
        ["单位：元"],
        ["编号", "付款单位", "代码一栏", "收款方单位", "实际付款日子", "付款金额", "天气"],
        ["A1", "甲局", code, "某公司", date(2019, 3, 5), 5, "晴"],
        ["A2", "乙局", code, "某公司", date(2019, 3, 6), 5, "雨"],
    )
    found = {one.heading: (one.proposal, str(one.reason)) for one in sheet.unplaced}
    assert found["代码一栏"] == (
        "payer_code", "1 of 1 values look like 付款单位信用代码, the only column of that kind that is missing.",
    )  # fmt: skip
    assert found["收款方单位"] == ("payee", "“收款方单位” is 89 % like “收款单位”.")
    assert found["实际付款日子"] == (
        "paid_on",
        "“实际付款日子” is 60 % like “付款日期”, and 2 of 2 values look like it.",
    )
    assert found["天气"][0] is None
    assert all(row.values["payee"] is None for row in sheet.rows)
    assert sheet.rows[0].extra["收款方单位"] == "某公司"


def test_a_heading_as_long_as_an_essay_is_named_by_its_beginning() -> None:
    sheet = read(["单位：元"], [*HEAD, "许" * 30_000], ["A1", "甲局", 5, "x"])
    assert len(str(sheet.findings[0].message)) < 200


def test_what_a_person_has_said_of_a_heading_comes_first_and_is_reported() -> None:
    sheet = read(
        ["单位：元"], ["编号", "甲方", "实付数", "天气", "备注"], ["A1", "甲局", 5, "晴", "急"],
        mapping={"甲 方": "payer", "实付数": "paid", "天气": "", "备注": "payee", "走了": "gone"},
    )  # fmt: skip
    values = sheet.rows[0].values
    assert (values["payer"], values["paid"], values["payee"], values["note"]) == ("甲局", Money.of("5"), "急", None)
    assert {one.heading: one.column for one in sheet.mapped} == {
        "甲方": "payer", "实付数": "paid", "天气": "", "备注": "payee",
    }  # fmt: skip
    assert sheet.rows[0].extra == {}
    assert rules(sheet) == []


def test_a_table_that_lacks_a_column_comes_with_proposals_to_complete_it() -> None:
    with pytest.raises(IncompleteTable, match="lack 付款金额") as refused:
        read(["单位：元"], ["编号", "付款单位", "付款数额"], ["A1", "甲局", 5])
    assert [(one.heading, one.proposal) for one in refused.value.unplaced] == [("付款数额", "paid")]


PARTIES = SheetSchema(
    code="parties",
    title="企业名录",
    columns=(column("name", "企业名称", required=True), column("code", "信用代码"), column("note", "备注")),
)


def test_of_several_schemas_the_one_that_fits_best_is_chosen_and_says_why() -> None:
    workbook: Book = book(grid(["单位：元"], [*HEAD, "备注"], ["A1", "甲局", 5, None]))
    for schemas in ([PAYMENTS, PARTIES], [PARTIES, PAYMENTS]):
        reading = read_book(workbook, schemas, file="表.xlsx")
        assert reading.schema is PAYMENTS
        assert str(reading.reason) == "4 of 4 headings are columns of 付款表, among them every one that it needs."
        assert [(rival.schema.code, str(rival.reason)) for rival in reading.rivals] == [
            ("parties", "No row holds two headings of 企业名录.")
        ]


def test_a_workbook_that_fits_no_schema_names_them_all() -> None:
    with pytest.raises(NoTable, match="付款表、企业名录"):
        read_book(book(grid(["省份", "名称"], ["安徽", "Anhui"])), [PAYMENTS, PARTIES], file="表.xlsx")


def test_headings_far_down_are_found() -> None:
    lines = [[f"说明第{number}行"] for number in range(100)]
    assert paid(read(*lines, ["单位：元"], HEAD, ["A1", "甲局", 5])) == [("A1", "5.00")]


def test_words_of_headings_in_a_row_of_texts_begin_no_new_table() -> None:
    sheet = read(
        ["单位：元"],
        [*HEAD, "收款单位", "备注"],
        ["A1", "甲局", 5, "应付", "备注"],
        ["A2", "付款单位", "约5", "类别", "备注"],
    )
    assert [row.number for row in sheet.rows] == [3, 4]


def test_headings_of_later_pages_are_known_again_as_they_were_written() -> None:
    head = ["编号（必填）", "*付款单位", "付款金额\n（元）", "备注（1）"]
    first = [[f"A{number}", "甲局", 5, None] for number in range(100)]
    second = [[f"B{number}", "甲局", 5, None] for number in range(100)]
    sheet = read(head, *first, head, *second)
    assert (len(sheet.rows), len(sheet.tables), sheet.findings) == (200, 1, [])


def test_checks_across_rows_are_asked_of_all_tables_together() -> None:
    def told_twice(sheet: ReadSheet) -> Iterator[tuple[SheetRow, Fault]]:
        seen: set[str] = set()
        for row in sheet.rows:
            if row.values["number"] in seen:
                yield row, Fault("T02", "number", Sentence("Twice."))
            seen.add(row.values["number"])

    first = grid(["单位：元"], HEAD, ["A1", "甲局", 5], ["A2", "甲局", 5], name="1")
    second = grid(["单位：元"], ["付款金额", "编号", "付款单位"], [5, "A1", "丙局"], name="2")
    schema = replace(PAYMENTS, table_checks=(told_twice,))
    found = read_book(book(first, second), [schema], file="表.xlsx").sheet.findings
    assert [(one.rule, one.sheet, one.cell) for one in found if one.rule == "T02"] == [("T02", "2", "B3")]


def test_a_schema_of_which_two_columns_are_found_does_not_win_over_one_of_which_all_but_one_are() -> None:
    small = SheetSchema("small", "企业表", (column("name", "付款单位", required=True),))
    rows = grid(
        ["编号", "付款单位", "收款单位", "类别", "付款日期", "备注"], ["A1", "甲局", "乙公司", "货款", None, "急"]
    )
    with pytest.raises(IncompleteTable, match="lack 付款金额") as refused:
        read_book(book(rows), [small, PAYMENTS], file="表.xlsx")
    assert refused.value.schema is PAYMENTS


def test_what_stands_over_a_name_says_whose_it_is() -> None:
    sheet = read(
        grid(
            ["编号", "付款单位情况", None, "收款单位基本信息", "付款金额（元）"],
            [None, "名称", "信用代码", "名称", None],
            ["A1", "甲局", None, "乙公司", 5],
            merges=["A1:A2", "B1:C1", "E1:E2"],
        )
    )
    assert sheet.places == {"number": 0, "payer": 1, "payer_code": 2, "payee": 3, "paid": 4}


@pytest.mark.parametrize(
    ("telling", "seen", "read_as"),
    [("25/3/2019", "5/3/2019", date(2019, 3, 5)), ("3/25/2019", "5.3.2019", date(2019, 5, 3))],
)
def test_other_days_of_a_column_tell_the_order_of_an_ambiguous_one(telling: str, seen: str, read_as: date) -> None:
    head = ["编号", "付款单位", "付款金额（元）", "付款日期"]
    sheet = read(head, ["A1", "甲局", 5, telling], ["A2", "甲局", 5, seen])
    assert [row.values["paid_on"] for row in sheet.rows][1] == read_as
    assert [(finding.rule, finding.cell) for finding in sheet.findings] == [("S08", "D3")]


def test_days_that_contradict_each_other_tell_nothing() -> None:
    head = ["编号", "付款单位", "付款金额（元）", "付款日期"]
    days = ("25/3/2019", "3/25/2019", "5/3/2019")
    sheet = read(head, *(["A", "甲局", 5, day] for day in days))
    assert [(finding.rule, finding.cell) for finding in sheet.findings] == [("S03", "D4")]
