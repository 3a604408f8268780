from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from duban.kernel.words import Sentence
from duban.workbook.annotated import Annotated, Given, Limits, write_annotated
from duban.workbook.findings import Finding
from duban.workbook.grid import Book, Decimals, Format, Grid, LostCell, Merge
from duban.workbook.schema import Kind, SheetSchema, column
from duban.workbook.tests.designed import ERROR, SHEET, WARNING, designed, doubtful, loaded, members, rezipped, wrong

SCHEMA = SheetSchema("t", "台账", (column("number", "编号"), column("amount", "金额", kind=Kind.MONEY)))


def grid(rows: Sequence[Sequence[Any]], name: str = SHEET, **more: Any) -> Grid:  # noqa: ANN401 - what a Grid takes
    width = max(map(len, rows))
    return Grid(name, [[*row, *[""] * (width - len(row))] for row in rows], **more)


def from_book(path: Path, book: Book, *findings: Finding, **more: Any) -> tuple[Annotated, Any]:  # noqa: ANN401 - what write_annotated takes
    source, out = path / f"a.{book.format.value}", path / "back.xlsx"
    source.write_bytes(b"no package")
    given = write_annotated(source, findings, out, open_book=lambda: book, **more)
    return given, loaded(out)


ROWS: list[list[Any]] = [
    ["某县台账"],
    ["编号", "日期", "金额", "=1+1"],
    ["007", date(2019, 3, 5), 1.5, True],
    ["12345678901234567890", "", 2, LostCell("#REF!")],
]


def test_a_file_of_another_kind_comes_back_as_a_new_workbook_that_says_so(tmp_path: Path) -> None:
    book = Book(Format.XLS, [grid(ROWS, merges=[Merge(0, 0, 0, 3)], decimals={2: Decimals(2)})])
    given, back = from_book(tmp_path, book, wrong("C4"), wrong("B1"))
    sheet = back[SHEET]
    assert (given.kind, given.suffix, given.cells_marked) == (Given.CONVERTED, ".xlsx", 2)
    assert [cell.value for cell in sheet[3]][:1] + [cell.value for cell in sheet[4]][:1] == [
        "007",
        "12345678901234567890",
    ]
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "s", "s"]
    assert (sheet["B3"].value.date(), sheet["B3"].number_format) == (date(2019, 3, 5), "yyyy-mm-dd")
    assert (sheet["C4"].value, sheet["C4"].number_format, sheet["C4"].fill.fgColor.rgb) == (2, "0.00", ERROR)
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:D1"]
    assert sheet["A1"].comment is not None
    assert back["List of findings"]["A4"].value.startswith("The file that was handed in (xls) cannot be marked itself.")


def test_a_copy_shows_its_title_and_all_rows_of_its_headings(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["附件2"], ["某县台账"], ["编号", "情况", ""], ["", "金额", "日期"], ["007", 5, ""]]
    merges = [Merge(1, 0, 1, 2), Merge(2, 0, 3, 0), Merge(2, 1, 2, 2)]
    book = Book(Format.XLS, [grid(rows, merges=merges)])
    _, back = from_book(tmp_path, book, wrong("B5"), schemas=[SCHEMA])
    sheet = back[SHEET]
    assert [sheet[cell].font.b for cell in ("A1", "A2", "A3", "B4", "A5")] == [False, True, True, True, False]
    assert {sheet[cell].fill.fgColor.rgb for cell in ("A3", "B3", "B4", "C4")} == {"FFDCE6F1"}
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A5", "$3:$4")


def test_names_that_xlsx_does_not_allow_are_changed_and_the_links_follow(tmp_path: Path) -> None:
    book = Book(Format.ODS, [grid([["a"]], name="甲/乙"), grid([["b"]], name="甲:乙")])
    _, back = from_book(tmp_path, book, wrong("A1", sheet="甲:乙"))
    assert back.sheetnames == ["甲 乙", "甲 乙 (2)", "List of findings"]
    assert back["List of findings"]["D7"].hyperlink.location == "'甲 乙 (2)'!A1"


def test_of_a_very_large_file_only_the_failing_rows_come_back(tmp_path: Path) -> None:
    rows = [*ROWS[:2], *([f"A{row}", "", row, ""] for row in range(3, 103))]
    book = Book(
        Format.CSV, [grid(rows, merges=[Merge(0, 0, 0, 3), Merge(50, 0, 52, 0)], decimals={2: Decimals(1, {59: 3})})]
    )
    given, back = from_book(
        tmp_path, book, wrong("C60"), doubtful("A90"), wrong("D2"), limits=Limits(cells=100),
        schemas=[SCHEMA],
    )  # fmt: skip
    sheet = back[SHEET]
    assert given.kind is Given.FAILING_ROWS
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [None, "某县台账", None, None, None],
        ["Row number", "编号", "日期", "金额", "=1+1"],
        [60, "A60", None, 60, None],
        [90, "A90", None, 90, None],
    ]
    assert sheet["A1"].value.startswith(f"From sheet {SHEET}: only the 2 rows with findings.")
    assert [sheet[cell].number_format for cell in ("D4", "D5")] == ["0.000", "0.0"]
    assert [sheet[cell].fill.fgColor.rgb for cell in ("D4", "B5", "E3")] == [ERROR, WARNING, ERROR]
    links = {row[3].value: row[3].hyperlink.location for row in back["List of findings"].iter_rows(min_row=7)}
    quoted = "'清欠 ''台账'' & 表'!"
    assert links == {"D2": f"{quoted}E3", "C60": f"{quoted}D4", "A90": f"{quoted}B5"}


def test_a_sentence_about_a_whole_essay_fits_into_its_cell(tmp_path: Path) -> None:
    essay = replace(wrong("A3"), value="许" * 40_000, message=Sentence("“{seen}” is odd.", {"seen": "许" * 40_000}))
    _, back = from_book(tmp_path, Book(Format.XLS, [grid(ROWS)]), essay)
    assert max(len(str(cell.value)) for row in back["List of findings"].rows for cell in row) < 2_100


def test_a_large_xlsx_comes_back_as_its_failing_rows(tmp_path: Path) -> None:
    source = designed(tmp_path / "a.xlsx")
    out = tmp_path / "b.xlsx"
    given = write_annotated(
        source, [wrong("B3")], out, open_book=lambda: Book(Format.XLSX, [grid(ROWS)]), limits=Limits(sheet_mb=0)
    )
    assert (given.kind, given.rows_marked) == (Given.FAILING_ROWS, 1)


def test_an_empty_sheet_comes_back_as_a_copy_too(tmp_path: Path) -> None:
    given, back = from_book(tmp_path, Book(Format.ODS, [Grid(SHEET, [])]), wrong("A1"), schemas=[SCHEMA])
    assert (given.kind, back.sheetnames) == (Given.CONVERTED, [SHEET, "List of findings"])


def test_a_package_with_a_document_type_is_not_edited(tmp_path: Path) -> None:
    source = designed(tmp_path / "a.xlsx")
    parts = members(source)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"<worksheet", bomb)
    out = tmp_path / "b.xlsx"
    given = write_annotated(
        rezipped(source, parts), [wrong("B3")], out, open_book=lambda: Book(Format.XLSX, [grid(ROWS)])
    )
    assert given.kind is Given.CONVERTED


def test_a_large_file_with_another_table_keeps_its_first_row_as_headings(tmp_path: Path) -> None:
    other = SheetSchema("o", "名册", (column("name", "姓名"), column("phone", "电话")))
    book = Book(Format.CSV, [grid([["甲", "乙"], *([f"A{row}", row] for row in range(100))])])
    _, back = from_book(tmp_path, book, wrong("B60"), limits=Limits(cells=100), schemas=[other])
    assert [cell.value for cell in back[SHEET][2]] == ["Row number", "甲", "乙"]


def test_a_large_file_whose_table_lacks_a_column_keeps_its_headings(tmp_path: Path) -> None:
    columns = (*SCHEMA.columns, column("payer", "付款单位", required=True))
    rows = [*ROWS[:2], *([f"A{row}", "", row, ""] for row in range(3, 103))]
    _, back = from_book(
        tmp_path, Book(Format.CSV, [grid(rows)]), wrong("C60"), limits=Limits(cells=100),
        schemas=[SheetSchema("t", "台账", columns)],
    )  # fmt: skip
    assert [cell.value for cell in back[SHEET][3]] == ["Row number", "编号", "日期", "金额", "=1+1"]
