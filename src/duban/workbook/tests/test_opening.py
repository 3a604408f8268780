import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlsxwriter
from tests.shared_data import shared

from duban.workbook import opening, package
from duban.workbook.opening import LostCell, open_sheets
from duban.workbook.refusals import (
    DamagedWorkbook,
    EmptyFile,
    EncryptedWorkbook,
    FileTooLarge,
    MissingFile,
    NotAWorkbook,
    SheetTooWide,
)
from duban.workbook.tests.sheets import write_formulas, write_sheet


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "台账.xlsx", tmp_path):
        with pytest.raises(MissingFile, match=path.name):
            open_sheets(path)


def test_a_file_kept_under_another_name_is_called_as_its_owner_does(tmp_path: Path) -> None:
    path = tmp_path / "e3b0c442"
    path.write_bytes(b"a,b")
    with pytest.raises(NotAWorkbook, match=r"青石县\.xlsx"):
        open_sheets(path, name="青石县.xlsx")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.touch()
    with pytest.raises(EmptyFile):
        open_sheets(path)


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"<html><table></table></html>", b"%PDF-1.7", b"PK\x03\x04 other"])
def test_another_kind_of_file_is_refused_whatever_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(content)
    with pytest.raises(NotAWorkbook, match=r"save it as \.xlsx"):
        open_sheets(path)


def test_a_workbook_under_another_extension_is_read(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "台账.xlsx", ["甲"]).rename(tmp_path / "台账.xls")
    assert open_sheets(path)[0].rows == [["甲"]]


def test_a_workbook_that_was_cut_off_is_damaged(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "台账.xlsx", ["甲"])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 200])
    with pytest.raises(DamagedWorkbook, match="repair"):
        open_sheets(path)


def test_a_workbook_with_a_password_says_so() -> None:
    with pytest.raises(EncryptedWorkbook, match="remove the password"):
        open_sheets(shared("excel", "nasty", "cal_pass_protected.xlsx"))


def test_a_panic_of_the_reader_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panic(_file: object) -> None:
        raise PanicException

    monkeypatch.setattr(opening, "CalamineWorkbook", SimpleNamespace(from_filelike=panic))
    with pytest.raises(DamagedWorkbook):
        open_sheets(write_sheet(tmp_path / "台账.xlsx", ["甲"]))


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "台账.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
    monkeypatch.setattr(package, "LARGEST_MB", 2)
    with pytest.raises(FileTooLarge, match="unpacks to 3 MB; at most 2 MB"):
        open_sheets(path)


def test_a_stray_cell_far_away_is_refused_before_memory_runs_out(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "甲")
        sheet.write("XFD1048576", "乙")
    with pytest.raises(SheetTooWide, match="row 1048576 and column number 16384"):
        open_sheets(path)


def test_hidden_sheets_are_not_read() -> None:
    assert [sheet.name for sheet in open_sheets(shared("excel", "nasty", "poi_TwoSheetsOneHidden.xlsx"))] == ["Sheet2"]


def test_errors_and_formulas_never_calculated_are_not_taken_for_blank_cells(tmp_path: Path) -> None:
    path = write_formulas(tmp_path / "台账.xlsx", ["甲"], ["乙", "#REF!", "=1+1"])
    first, second = open_sheets(path)[0].rows
    assert (first, second) == (["甲", "", ""], ["乙", "#REF!", "=1+1"])
    assert [type(cell) for cell in second] == [str, LostCell, LostCell]
