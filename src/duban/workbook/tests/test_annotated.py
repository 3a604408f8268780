import re
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from duban.kernel import words
from duban.workbook.annotated import Limits, write_annotated
from duban.workbook.marking import AUTHOR
from duban.workbook.tests.designed import (
    ERROR,
    SHEET,
    WARNING,
    annotated,
    designed,
    doubtful,
    filled,
    given_back,
    loaded,
    members,
    never,
    notes,
    rezipped,
    wrong,
)


def test_cells_are_filled_and_keep_their_format(tmp_path: Path) -> None:
    sheet = given_back(designed(tmp_path / "a.xlsx"), wrong("C5"), doubtful("C6"))[SHEET]
    assert [sheet[cell].fill.fgColor.rgb for cell in ("C5", "C6")] == [ERROR, WARNING]
    assert [sheet[cell].number_format for cell in ("C4", "C5")] == ["#,##0.00", "#,##0.00"]
    assert sheet["C5"].border.left.style == "thin"
    assert sheet["C5"].value == 5.0
    assert sheet["C7"].fill.fgColor.rgb == "00000000"


def test_a_note_says_what_is_wrong_and_what_would_be_right(tmp_path: Path) -> None:
    sheet = given_back(designed(tmp_path / "a.xlsx"), wrong("C5", "Too little.", expected="12.00"))[SHEET]
    assert sheet["C5"].comment.text == f"{AUTHOR}:\nError T01: Too little.\nIt would be right as: 12.00"
    assert sheet["C5"].comment.author == AUTHOR


def test_findings_on_one_cell_share_a_note_and_an_error_gives_the_colour(tmp_path: Path) -> None:
    sheet = given_back(designed(tmp_path / "a.xlsx"), doubtful("C5"), wrong("C5", "Too little."))[SHEET]
    assert sheet["C5"].comment.text == f"{AUTHOR}:\nWarning T02: Look again.\nError T01: Too little."
    assert sheet["C5"].fill.fgColor.rgb == ERROR


def test_a_note_of_the_office_is_kept_and_ours_stands_below(tmp_path: Path) -> None:
    sheet = given_back(designed(tmp_path / "a.xlsx"), wrong("C4"), wrong("C5"))[SHEET]
    assert sheet["C4"].comment.text == f"原有批注\n\n{AUTHOR}:\nError T01: Not so."
    assert sheet["C4"].comment.author == "张三"
    assert sheet["C5"].comment is not None


def test_white_letters_become_dark_on_the_light_fill(tmp_path: Path) -> None:
    sheet = given_back(designed(tmp_path / "a.xlsx"), doubtful("E2"))[SHEET]
    assert (sheet["E2"].font.color.rgb, sheet["E2"].font.bold) == ("FF1F2933", True)
    assert sheet["D2"].font.color.rgb == "FFFFFFFF"


def test_of_merged_cells_the_first_is_marked(tmp_path: Path) -> None:
    sheet = given_back(designed(tmp_path / "a.xlsx"), wrong("D1"))[SHEET]
    assert sheet["A1"].fill.fgColor.rgb == ERROR
    assert sheet["A1"].comment is not None


def test_cells_and_rows_that_are_not_in_the_file_are_put_in_at_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write("B2", 1)
        sheet.write("D2", 2)
        sheet.write("B6", 3)
        sheet.set_column("C:C", 9, book.add_format({"num_format": "0.000"}))
    cells = ["A2", "C2", "E2", "C4", "A4", "C1", "C9"]
    back = annotated(path, *map(wrong, cells))
    marked = loaded(back)[SHEET]
    assert filled(marked) == {*cells}
    assert marked["C4"].number_format == "0.000"
    xml = members(back)["xl/worksheets/sheet1.xml"].decode()
    assert re.findall(r'<row r="(\d+)"', xml) == ["1", "2", "4", "6", "9"]
    assert re.findall(r'<c r="(\w2)"', xml) == ["A2", "B2", "C2", "D2", "E2"]
    assert '<dimension ref="A1:E9"/>' in xml


def test_an_empty_sheet_can_be_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet(SHEET)
    assert given_back(path, wrong("B3"))[SHEET]["B3"].fill.fgColor.rgb == ERROR


def test_everything_else_is_the_same_to_the_byte(tmp_path: Path) -> None:
    source = designed(tmp_path / "a.xlsx")
    before, after = members(source), members(annotated(source, wrong("C5"), wrong("B40")))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
    }  # fmt: skip
    assert set(after) - set(before) == {"xl/worksheets/sheet3.xml"}


def test_in_the_sheet_only_the_tags_of_the_marked_cells_change(tmp_path: Path) -> None:
    source = designed(tmp_path / "a.xlsx")
    before, after = (members(one)["xl/worksheets/sheet1.xml"] for one in (source, annotated(source, wrong("C5"))))
    restored = re.sub(rb'<c r="C5" s="\d+"', re.search(rb'<c r="C5" s="\d+"', before)[0], after)  # type: ignore[index]  # it is there
    assert restored == re.sub(rb'(<row r="5") spans="1:5"', rb"\1", before)


def test_protection_validation_formulas_and_names_are_still_there(tmp_path: Path) -> None:
    book = given_back(designed(tmp_path / "a.xlsx"), wrong("D5"), wrong("E5"))
    sheet = book[SHEET]
    assert sheet["D5"].value == "=C5*2"
    assert sheet.protection.sheet
    assert [one.formula1 for one in sheet.data_validations.dataValidation] == ['"是,否"']
    assert len(sheet.conditional_formatting) == 1
    assert book.defined_names["金额"].attr_text == "说明!$A$1"
    assert sheet.print_title_rows == "$1:$2"
    assert book.sheetnames == [SHEET, "说明", "List of findings"]


def test_macros_stay_and_the_name_of_the_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsm"
    macros = tmp_path / "vbaProject.bin"
    macros.write_bytes(bytes(range(256)) * 9)
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet(SHEET).write("A1", 1)
        book.add_vba_project(str(macros))
    out = tmp_path / "b.xlsm"
    given = write_annotated(path, [wrong("A1")], out, open_book=never)
    assert given.suffix == ".xlsm"
    assert members(out)["xl/vbaProject.bin"] == macros.read_bytes()
    assert b"macroEnabled" in members(out)["[Content_Types].xml"]


def test_the_list_has_every_finding_with_a_link_to_its_cell(tmp_path: Path) -> None:
    book = given_back(
        designed(tmp_path / "a.xlsx"),
        doubtful("C6"),
        wrong("C5", "Too little.", value="=1+1", expected="12"),
        wrong("", "The whole sheet.", sheet="说明"),
        wrong("A1", "Gone.", sheet="没有这个表"),
    )
    sheet = book["List of findings"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert rows == [
        ["No.", "Severity", "Sheet", "Cell", "What stands there", "What is wrong", "What would be right", "Rule"],
        [1, "Error", SHEET, "C5", "=1+1", "Too little.", "12", "T01"],
        [2, "Warning", SHEET, "C6", None, "Look again.", None, "T02"],
        [3, "Error", "说明", None, None, "The whole sheet.", None, "T01"],
        [4, "Error", "没有这个表", "A1", None, "Gone.", None, "T01"],
    ]
    assert sheet["D6"].hyperlink.location == "'清欠 ''台账'' & 表'!C5"
    assert sheet["D9"].hyperlink is None
    assert sheet["E6"].data_type == "s"
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A6", "A5:H9", "$5:$5")
    assert sheet["A2"].value == "3 errors, which hold their rows back, and 1 warnings, which are to be read."


def test_the_list_finds_a_free_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet(SHEET)
        book.add_worksheet("list of findings")
    assert given_back(path, wrong("A1")).sheetnames == [SHEET, "list of findings", "List of findings (2)"]


def test_a_corrected_copy_loses_its_old_marks(tmp_path: Path) -> None:
    first = annotated(designed(tmp_path / "a.xlsx"), wrong("C5"), wrong("C4"), doubtful("E2"), wrong("B40"))
    book = given_back(first, wrong("C6"))
    sheet = book[SHEET]
    assert book.sheetnames == [SHEET, "说明", "List of findings"]
    assert book["List of findings"].max_row == 6
    assert notes(sheet) == {"C4": "原有批注", "C6": f"{AUTHOR}:\nError T01: Not so."}
    assert filled(sheet) == {"C6"}
    assert sheet["C5"].number_format == "#,##0.00"
    shapes = members(tmp_path / "a-back-back.xlsx")["xl/drawings/vmlDrawing1.vml"]
    assert shapes.count(b"<v:shape ") == 2


def test_the_same_file_and_findings_give_the_same_bytes(tmp_path: Path) -> None:
    source = designed(tmp_path / "a.xlsx")
    out = BytesIO()
    write_annotated(source, [wrong("C5")], out, open_book=never)
    assert out.getvalue() == annotated(source, wrong("C5")).read_bytes()


def test_a_note_is_as_high_as_its_text(tmp_path: Path) -> None:
    back = annotated(designed(tmp_path / "a.xlsx"), wrong("A6", "短"), wrong("A7", "长" * 230))
    anchors = re.findall(rb"<x:Anchor>([^<]*)</x:Anchor>", members(back)["xl/drawings/vmlDrawing1.vml"])[1:]
    short, long = ([int(part) for part in anchor.split(b",")] for anchor in anchors)
    assert short[6] - short[2] == 2
    assert long[6] - long[2] == 10


def test_sentences_are_in_the_language_of_the_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chinese = {"List of findings": "问题清单", "Error": "错误", "{severity} {rule}: ": "{severity}（{rule}）："}
    monkeypatch.setattr(words, "_translate", lambda text: chinese.get(text, text))
    book = given_back(designed(tmp_path / "a.xlsx"), wrong("C5"))
    assert book[SHEET]["C5"].comment.text == f"{AUTHOR}:\n错误（T01）：Not so."
    assert book.sheetnames[-1] == "问题清单"


def test_beyond_a_number_of_marks_the_list_says_how_many_are_left(tmp_path: Path) -> None:
    findings = [doubtful("A3"), *(wrong(f"B{row}") for row in range(3, 9))]
    book = given_back(designed(tmp_path / "a.xlsx"), *findings, limits=Limits(marked=4, listed=5))
    assert set(notes(book[SHEET])) == {"B3", "B4", "B5", "B6", "C4"}
    lines = [book["List of findings"].cell(row, 1).value for row in (4, 5)]
    assert lines[0].startswith("4 cells are marked, as many as one file takes; 3 more")
    assert lines[1].startswith("The list ends after 5 of 7 findings.")
    assert book["List of findings"].max_row == 12


def test_control_characters_do_not_break_the_file(tmp_path: Path) -> None:
    odd = 'a\x0bb\ud800 _x0041_ <&>"'
    book = given_back(designed(tmp_path / "a.xlsx"), wrong("C5", odd, value=odd))
    assert book["List of findings"]["E6"].value.replace("_x005F_", "_") == 'ab _x0041_ <&>"'


@pytest.mark.parametrize("change", ["prefix", "comment", "utf16", "no numbers", "quotes"])
def test_sheets_written_in_other_ways_are_marked_too(tmp_path: Path, change: str) -> None:
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1"><v>7</v></c></row></sheetData>'
        "</worksheet>"
    )
    match change:
        case "prefix":
            xml = re.sub(r"<(/?)(?=[a-z])", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")
        case "comment":
            xml = xml.replace("<sheetData>", '<!-- <c r="B1"/> --><sheetData>').replace("甲", "<![CDATA[<c r='B1'>]]>")
        case "no numbers":
            xml = re.sub(r' r="\w+"', "", xml)
        case "quotes":
            xml = xml.replace('r="B1"', "r='B1'\n s = '0'").replace("<row", "<row\n")
    source = designed(tmp_path / "a.xlsx")
    data = xml.replace("UTF-8", "UTF-16").encode("utf-16") if change == "utf16" else xml.encode()
    rezipped(source, {**members(source), "xl/worksheets/sheet1.xml": data})
    sheet = given_back(source, wrong("B1"), wrong("D3"))[SHEET]
    assert [sheet[cell].fill.fgColor.rgb for cell in ("A1", "B1", "D3")] == ["00000000", ERROR, ERROR]
    assert sheet["B1"].value == 7


def test_notes_are_named_in_front_of_what_has_to_follow_them(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.add_table("A1:B3", {"data": [[1, 2], [3, 4]]})
        sheet.conditional_format("A1:A3", {"type": "data_bar", "data_bar_2010": True})
    back = members(annotated(path, wrong("A2")))["xl/worksheets/sheet1.xml"]
    assert back.index(b"</conditionalFormatting>") < back.index(b"<legacyDrawing ") < back.index(b"<tableParts")
