from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.shared_data import shared

from duban.workbook.annotated import Given, write_annotated
from duban.workbook.grid import Book, Cell, Decimals, Format, Grid, Merge
from duban.workbook.marking import AUTHOR
from duban.workbook.ooxml.book import BookPart
from duban.workbook.ooxml.parts import Package
from duban.workbook.tests.designed import (
    ERROR,
    SHEET,
    annotated,
    designed,
    doubtful,
    given_back,
    loaded,
    members,
    never,
    notes,
    wrong,
)
from duban.workbook.tests.office import converted, needs_office


@pytest.mark.parametrize(
    "name",
    [
        "poi_SimpleWithComments.xlsx", "poi_SimpleStrict.xlsx", "cal_strict_iso_paths.xlsx", "cal_merged_range.xlsx",
        "poi_unicodeSheetName.xlsx", "poi_59746_NoRowNums.xlsx", "poi_duplicate-filename.xlsx", "cal_any_sheets.xlsx",
        "cal_errors.xlsx", "cal_has_x000D_.xlsx", "cal_inlineStr_with_value.xlsx", "poi_DateFormatTests.xlsx",
        "poi_TwoSheetsOneHidden.xlsx", "cal_empty_sheet.xlsx", "cal_date_iso.xlsx",
    ],
)  # fmt: skip
def test_workbooks_of_others_are_marked_and_stay_whole(tmp_path: Path, name: str) -> None:
    source = shared("excel", "nasty", name)
    with Package(source) as package:
        parts = BookPart(package).sheets()
    findings = [one for sheet in parts for one in (wrong("A1", sheet=sheet), doubtful("D14", sheet=sheet))]
    out = tmp_path / "back.xlsx"
    given = write_annotated(source, findings, out, open_book=never)
    assert (given.kind, given.cells_marked) == (Given.SAME, 2 * len(parts))
    after = members(out)
    changed = {part.lower() for part in parts.values()}
    for part, data in members(source).items():
        if part.startswith(("xl/theme", "xl/sharedStrings", "docProps", "xl/media", "xl/calcChain")):
            assert after[part] == data
        if part.startswith("xl/worksheets/") and part.lower() not in changed and "rels" not in part:
            assert after[part] == data


def values(path: Path, *, computed: bool) -> dict[tuple[str, str], Any]:
    """Every cell that holds anything, in every sheet but the list."""
    book = loaded(path, computed=computed)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        if sheet.title != "List of findings"
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


@needs_office
def test_libreoffice_opens_a_marked_workbook_and_finds_everything(tmp_path: Path) -> None:
    source = designed(tmp_path / "a.xlsx")
    back = annotated(source, wrong("C5", expected="1"), wrong("C4"), doubtful("H30"))
    saved = converted(back, "xlsx", tmp_path / "saved")
    unmarked = converted(source, "xlsx", tmp_path / "unmarked")
    for computed in (False, True):
        assert values(saved, computed=computed) == values(unmarked, computed=computed)
    book = loaded(saved)
    assert set(notes(book[SHEET])) == {"C4", "C5", "H30"}
    assert book["List of findings"]["D6"].hyperlink.location.endswith("!C4")


@needs_office
def test_a_copy_saved_by_libreoffice_loses_its_old_marks_too(tmp_path: Path) -> None:
    first = annotated(designed(tmp_path / "a.xlsx"), wrong("C5", "不对。"), wrong("C4"), doubtful("E2"))
    book = given_back(converted(first, "xlsx", tmp_path / "saved"), wrong("C6"))
    sheet = book[SHEET]
    assert notes(sheet) == {"C4": "原有批注\n", "C6": f"{AUTHOR}:\nError T01: Not so."}
    assert [sheet[cell].fill.fgColor.rgb for cell in ("C5", "C6")] == ["00000000", ERROR]
    assert book.sheetnames == [SHEET, "说明", "List of findings"]


@needs_office
def test_libreoffice_opens_marked_workbooks_of_others(tmp_path: Path) -> None:
    for name in ("poi_SimpleWithComments.xlsx", "poi_SimpleStrict.xlsx", "cal_merged_range.xlsx"):
        source, out = shared("excel", "nasty", name), tmp_path / name
        with Package(source) as package:
            sheets = list(BookPart(package).sheets())
        write_annotated(source, [wrong("B2", sheet=sheet) for sheet in sheets], out, open_book=never)
        saved, unmarked = converted(out, "xlsx", tmp_path / "saved"), converted(source, "xlsx", tmp_path / "unmarked")
        assert values(saved, computed=True) == values(unmarked, computed=True)
        book = loaded(saved)
        assert book.sheetnames == [*sheets, "List of findings"]
        assert all({"B1", "B2"} & set(notes(book[sheet])) for sheet in sheets)


@needs_office
def test_libreoffice_opens_a_copy_made_of_another_kind_of_file(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["台账", "", ""], ["编号", "日期", "金额"], ["007", date(2019, 3, 5), 1.5]]
    book = Book(Format.ODS, [Grid(SHEET, rows, [Merge(0, 0, 0, 2)], decimals={2: Decimals(2)})])
    source, out = tmp_path / "a.ods", tmp_path / "b.xlsx"
    source.write_bytes(b"no package")
    write_annotated(source, [wrong("C3"), doubtful("A1")], out, open_book=lambda: book)
    saved = loaded(converted(out, "xlsx", tmp_path / "saved"))
    assert set(notes(saved[SHEET])) == {"A1", "C3"}
    assert [cell.value for cell in saved[SHEET][3]] == ["007", datetime(2019, 3, 5), 1.5]  # noqa: DTZ001 - sheets know no zones
