import struct
from pathlib import Path

import pytest

from duban.workbook.formats import xls
from duban.workbook.grid import Decimals, Format, LostCell
from duban.workbook.opening import open_book
from duban.workbook.refusals import DamagedWorkbook, EncryptedWorkbook
from duban.workbook.tests.files import record, write_xls


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    return record(xls.NUMBER, struct.pack("<HHHd", row, column, style, value))


def style(format_number: int) -> bytes:
    return record(xls.STYLE, struct.pack("<HH16x", 0, format_number))


CENTS = record(xls.FORMAT, struct.pack("<HHB", 164, 8, 0) + b"#,##0.00")
TEN_THOUSANDS = record(xls.FORMAT, struct.pack("<HHB", 165, 5, 1) + "0!.0,".encode("utf-16-le"))
STYLES = [CENTS, TEN_THOUSANDS, style(0), style(164), style(165), style(1)]


def test_an_xls_file_tells_of_decimals_hidden_rows_and_columns_and_errors(tmp_path: Path) -> None:
    rk = struct.pack("<HI", 1, (150 << 2) | 3)  # 150 hundredths
    sheet = [
        record(xls.COLUMNS, struct.pack("<HHHHHH", 1, 1, 0, 0, 1, 0)),
        record(xls.ROW, struct.pack("<HHHHHHI", 2, 0, 4, 0, 0, 0, 0x20)),
        number(0, 0, 12.5, 1),
        number(1, 0, 7.0, 3),
        record(xls.SHORT_NUMBERS, struct.pack("<HH", 2, 0) + rk + rk + struct.pack("<H", 1)),
        number(3, 2, 12345.0, 2),
        record(xls.ERROR, struct.pack("<HHHBB", 3, 3, 0, 23, 1)),
    ]
    book = open_book(write_xls(tmp_path / "台账.xls", sheet, STYLES))
    grid = book.grids[0]
    assert (book.format, grid.name, book.has_macros, book.has_links) == (Format.XLS, "Sheet1", False, False)
    assert grid.rows == [
        [12.5, "", "", ""],
        [7.0, "", "", ""],
        [1.5, 1.5, "", ""],
        ["", "", 12345.0, "#REF!"],
    ]
    assert type(grid.rows[3][3]) is LostCell
    assert (grid.hidden_rows, grid.hidden_columns) == (frozenset({2}), frozenset({1}))
    assert grid.decimals == {0: Decimals(2, {1: 0}), 1: Decimals(2), 2: Decimals(1)}
    assert grid.scaled == {2: 4}


def test_an_xls_file_with_a_password_says_so(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "台账.xls", [number(0, 0, 1.0)], [record(xls.PASSWORD, bytes(54))])
    with pytest.raises(EncryptedWorkbook, match="remove the password"):
        open_book(path)


def test_an_xls_file_tells_of_macros_and_links(tmp_path: Path) -> None:
    link = record(xls.LINK, struct.pack("<HHB", 1, 6, 0) + b"\x01b.xls")
    book = open_book(write_xls(tmp_path / "台账.xls", [number(0, 0, 1.0)], [link], _VBA_PROJECT_CUR=b""))
    assert (book.has_macros, book.has_links) == (True, True)


@pytest.mark.parametrize("kept", [100, 512, 1_000, 2_000, 4_000])
def test_an_xls_file_that_was_cut_off_is_damaged(tmp_path: Path, kept: int) -> None:
    path = write_xls(tmp_path / "台账.xls", [number(0, 0, 1.0)])
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(DamagedWorkbook, match="repair"):
        open_book(path)


def test_a_compound_file_that_points_in_a_circle_is_damaged(tmp_path: Path) -> None:
    path = write_xls(tmp_path / "台账.xls", [number(0, 0, 1.0)])
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, 512 + 4, 1)  # the directory, sector 1, goes on in sector 1
    path.write_bytes(data)
    with pytest.raises(DamagedWorkbook):
        open_book(path)
