from pathlib import Path
from typing import Any

import pytest

from duban.workbook.annotated import Given, write_annotated
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
from duban.workbook.tests.office import DATA, converted, needs_data, needs_office


@needs_data
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
    source = DATA / "nasty" / name
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
