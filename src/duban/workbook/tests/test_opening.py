import csv
import threading
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from tests.shared_data import shared

from duban.workbook.grid import Book, Cell, Decimals, Format, LostCell, Merge
from duban.workbook.limits import Limits
from duban.workbook.opening import open_book, open_each
from duban.workbook.refusals import (
    DamagedWorkbook,
    EmptyFile,
    EncryptedWorkbook,
    MissingFile,
    NotAWorkbook,
    SuspiciousFile,
    UnreadableWorkbook,
)
from duban.workbook.tests.files import write_compound, write_ods, write_package, write_xlsx
from duban.workbook.tests.sheets import write_formulas, write_sheet, write_workbook

NASTY: dict[str, type[UnreadableWorkbook]] = {
    "cal_pass_protected.xlsx": EncryptedWorkbook,
    "cal_too_small.xls": NotAWorkbook,
    "poi_duplicate-filename.xlsx": DamagedWorkbook,  # two sheets of one name: what is read would depend on the reader
    "poi_poc-xmlbomb-empty.xlsx": SuspiciousFile,
    "poi_protected_passtika.xlsx": EncryptedWorkbook,
    "poi_xlsx-corrupted.xlsx": DamagedWorkbook,
}
"""Files of the collection that are refused; from each other one, as much is read as its index says."""


def filled(book: Book) -> int:
    return sum(cell != "" for grid in book.grids for row in grid.rows for cell in row)


def test_every_file_of_the_collection_is_read_as_far_as_it_can_be_or_refused_with_its_reason() -> None:
    folder = shared("excel", "nasty")
    with (folder / "index.csv").open() as index:
        known = {line["file"]: line["calamine_result"] for line in csv.DictReader(index)}
    assert known
    assert {path.name for path in folder.glob("*.xls*")} == set(known)
    outcomes = dict(zip(known, open_each((folder / name, name) for name in known), strict=True))
    for name, outcome in outcomes.items():
        if name in NASTY:
            assert isinstance(outcome, NASTY[name]), (name, outcome)
        else:
            assert isinstance(outcome, Book), (name, outcome)
            visible_or_not = len(outcome.grids) + len(outcome.hidden_sheets)
            sheets, cells = (int(part[:-1]) for part in known[name].removeprefix("ok:").split("/"))
            # The index counts a sheet that is a chart, and cells of hidden sheets.
            assert visible_or_not in {sheets, sheets - 1}, name
            assert filled(outcome) >= cells or outcome.hidden_sheets, name


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "台账.xlsx", tmp_path):
        with pytest.raises(MissingFile, match=path.name):
            open_book(path)


def test_a_file_kept_under_another_name_is_called_as_its_owner_does(tmp_path: Path) -> None:
    path = tmp_path / "e3b0c442"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(NotAWorkbook, match=r"青石县\.xlsx"):
        open_book(path, name="青石县.xlsx")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.touch()
    with pytest.raises(EmptyFile):
        open_book(path)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"BM\x36\x00\x00\x00\x00\x00\x00\x00\x36\x00", "a picture"),
        (b"Rar!\x1a\x07\x01\x00", "an archive"),
        (b"PK\x03\x04 other", "an archive"),
        (b"{\\rtf1 text}", "a Word document"),
        (b"\xef\xbb\xbf<!-- made by -->\n<HTML><table><tr><td>1</table></html>", "a web page"),
        (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", "Excel 2003 in XML"),
        (b"<?xml version='1.0'?><note/>", "an XML document"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "Excel 4 or older"),
    ],
)
def test_another_kind_of_file_is_refused_by_what_it_is(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "台账.xls"
    path.write_bytes(content)
    with pytest.raises(NotAWorkbook, match=kind):
        open_book(path)


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"word/document.xml": "<document/>"}, "a Word document"),
        ({"ppt/presentation.xml": "<presentation/>"}, "a presentation"),
        ({"OFD.xml": "<OFD/>"}, "an OFD document"),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, "a Word document"),
        ({"xl/workbook.bin": b"\x83\x01"}, r"a binary workbook \(\.xlsb\)"),
        ({"台账.xlsx": b"PK"}, "an archive"),
    ],
)
def test_another_package_is_refused_by_what_it_is(tmp_path: Path, parts: dict[str, str], kind: str) -> None:
    with pytest.raises(NotAWorkbook, match=kind):
        open_book(write_package(tmp_path / "台账.xlsx", parts))


def test_an_old_word_document_is_refused_by_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkbook, match="a Word document"):
        open_book(write_compound(tmp_path / "台账.xls", {"WordDocument": b"\xec\xa5"}))


def test_a_workbook_under_another_extension_is_read(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "台账.xlsx", ["甲"]).rename(tmp_path / "台账.csv")
    book = open_book(path)
    assert (book.format, book.grids[0].rows) == (Format.XLSX, [["甲"]])


def test_a_workbook_that_was_cut_off_is_damaged(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "台账.xlsx", ["甲"])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 200])
    with pytest.raises(DamagedWorkbook, match="repair"):
        open_book(path)


@pytest.mark.parametrize("processes", [1, 2, 9])
def test_many_files_go_through_few_processes_and_a_bad_one_harms_no_other(tmp_path: Path, processes: int) -> None:
    good = write_sheet(tmp_path / "甲.xlsx", ["甲", 1.5])
    damaged = tmp_path / "乙.xlsx"
    damaged.write_bytes(good.read_bytes()[:-200])
    missing = tmp_path / "丙.xlsx"
    files = [good, damaged, good, missing, damaged, good, good]
    outcomes = open_each(((path, path.name) for path in files), processes=processes)
    rows = [outcome.grids[0].rows if isinstance(outcome, Book) else type(outcome) for outcome in outcomes]
    read = [["甲", 1.5]]
    assert rows == [read, DamagedWorkbook, read, MissingFile, DamagedWorkbook, read, read]


def test_files_come_in_their_order_however_many_read_them(tmp_path: Path) -> None:
    names = [f"第{number}份" for number in range(7)]
    files = [(write_sheet(tmp_path / f"{name}.xlsx", [name]), name) for name in names]
    for processes in (1, 2, 3):
        books = open_each(files, processes=processes)
        assert [book.grids[0].rows[0][0] for book in books if isinstance(book, Book)] == names


def test_whoever_stops_in_the_middle_leaves_no_process_behind(tmp_path: Path) -> None:
    before = children()
    files = [(write_sheet(tmp_path / f"{name}.xlsx", [name]), name) for name in ("甲", "乙", "丙")]
    books = open_each(files, processes=2)
    assert isinstance(next(books), Book)
    assert len(children() - before) == 2
    books.close()
    assert children() == before


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split())


def test_every_kind_of_value_arrives_as_what_it_is(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["甲", 1.0, True, date(2019, 3, 5), "0012"], ["乙", 0.1, False, date(2020, 1, 1), "甲"]]
    received = open_book(write_sheet(tmp_path / "台账.xlsx", *rows)).grids[0].rows
    assert received == rows
    assert [[type(cell) for cell in row] for row in received] == [[type(cell) for cell in row] for row in rows]


def test_equal_texts_are_one_object_so_that_memory_is_spared(tmp_path: Path) -> None:
    rows = open_book(write_sheet(tmp_path / "台账.xlsx", ["住建局", 1], ["住建局", 2])).grids[0].rows
    assert rows[0][0] is rows[1][0]


def test_hidden_sheets_are_named_and_not_read() -> None:
    book = open_book(shared("excel", "nasty", "poi_TwoSheetsOneHidden.xlsx"))
    assert ([sheet.name for sheet in book.grids], book.hidden_sheets) == (["Sheet2"], ["Sheet1"])


def test_errors_and_formulas_never_calculated_are_not_taken_for_blank_cells(tmp_path: Path) -> None:
    path = write_formulas(tmp_path / "台账.xlsx", ["甲"], ["乙", "#REF!", "=1+1"])
    first, second = open_book(path).grids[0].rows
    assert (first, second) == (["甲", "", ""], ["乙", "#REF!", "=1+1"])
    assert [type(cell) for cell in second] == [str, LostCell, LostCell]


def test_a_lost_cell_below_everything_else_makes_the_sheet_longer(tmp_path: Path) -> None:
    rows = open_book(write_formulas(tmp_path / "台账.xlsx", ["甲"], [], ["", "", "=1+1"])).grids[0].rows
    assert rows == [["甲", "", ""], ["", "", ""], ["", "", "=1+1"]]


def test_merged_cells_and_hidden_rows_and_columns_are_told(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "台账.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:C1", "台账")
        for number in range(1, 6):
            sheet.write_row(number, 0, ["甲", number, "乙"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_row(900, None, None, {"hidden": True})
        sheet.set_column("B:B", None, None, {"hidden": True})
        sheet.set_column("F:XFD", None, None, {"hidden": True})
    grid = open_book(tmp_path / "台账.xlsx").grids[0]
    assert grid.merges == [Merge(0, 0, 0, 2)]
    assert (grid.hidden_rows, grid.hidden_columns) == (frozenset({2, 4}), frozenset({1}))


def test_the_decimals_of_numbers_are_told_and_what_differs_from_its_column(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "台账.xlsx") as book:
        sheet = book.add_worksheet()
        cents, whole, ten_thousands = (book.add_format({"num_format": code}) for code in ("#,##0.00", "0", "0!.0,"))
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["金额", "元", "编号", "日期", 2019])
        for row in range(1, 3_000):
            sheet.write(row, 0, row / 100, whole if row in {7, 2_500} else cents)
            sheet.write(row, 1, row, ten_thousands)
            sheet.write(row, 2, row)
            sheet.write(row, 3, 43_000, day)
            sheet.write(row, 5, "注", cents)
            sheet.write_blank(row, 6, None, cents)
    grid = open_book(tmp_path / "台账.xlsx").grids[0]
    assert grid.decimals == {0: Decimals(2, {7: 0, 2_500: 0}), 1: Decimals(1)}
    assert (grid.decimals[0].at(6), grid.decimals[0].at(7)) == (2, 0)
    assert grid.scaled == {1: 4}


def test_a_large_sheet_is_told_of_as_a_small_one_is(tmp_path: Path) -> None:
    """A large sheet is looked through while it is read, in parts."""
    with xlsxwriter.Workbook(tmp_path / "台账.xlsx") as book:
        sheet = book.add_worksheet()
        cents = book.add_format({"num_format": "0.00"})
        for row in range(12_000):
            sheet.write_row(row, 0, [row + 0.5, *range(12)], cents)
        sheet.write(11_990, 2, 1, book.add_format({"num_format": "0.0000"}))
        sheet.write_formula(11_995, 3, "=1/0", None, "#DIV/0!")
        sheet.set_row(11_998, None, None, {"hidden": True})
    grid = open_book(tmp_path / "台账.xlsx").grids[0]
    assert [row[0] for row in grid.rows] == [row + 0.5 for row in range(12_000)]
    assert grid.decimals[2] == Decimals(2, {11_990: 4})
    assert (grid.rows[11_995][3], grid.hidden_rows) == (LostCell("#DIV/0!"), frozenset({11_998}))


def test_rows_without_numbers_and_cells_without_places_are_read() -> None:
    grid = open_book(shared("excel", "nasty", "poi_59746_NoRowNums.xlsx")).grids[0]
    assert (len(grid.rows), {len(row) for row in grid.rows}) == (71, {11})


def test_macros_and_links_are_told_and_not_followed(tmp_path: Path) -> None:
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    plain = open_book(write_xlsx(tmp_path / "甲.xlsx", sheet))
    assert (plain.format, plain.has_macros, plain.has_links) == (Format.XLSX, False, False)
    path = write_xlsx(tmp_path / "乙.xlsx", sheet, **{"externalLinks/externalLink1": "<externalLink/>"})
    assert open_book(path).has_links
    with xlsxwriter.Workbook(tmp_path / "丙.xlsm") as book:
        (tmp_path / "vbaProject.bin").write_bytes(b"code")
        book.add_vba_project(str(tmp_path / "vbaProject.bin"))
        book.add_worksheet().write("A1", "甲")
    book = open_book(tmp_path / "丙.xlsm")
    assert (book.format, book.has_macros, book.grids[0].rows) == (Format.XLSM, True, [["甲"]])


def test_sheets_come_in_their_order_each_with_its_own_rows(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "台账.xlsx", {"甲 & 乙": [["a"]], "空": [], "丙": [["b"], ["c"]]})
    assert [(grid.name, grid.rows) for grid in open_book(path).grids] == [
        ("甲 & 乙", [["a"]]),
        ("空", []),
        ("丙", [["b"], ["c"]]),
    ]


ODS = """<table:table table:name="甲">
<table:table-column table:number-columns-repeated="2"/>
<table:table-column table:visibility="collapse"/><table:table-column table:number-columns-repeated="1021"/>
<table:table-row><table:table-cell
 office:value-type="string" table:number-columns-spanned="2" table:number-rows-spanned="1">
<text:p>台账</text:p></table:table-cell><table:covered-table-cell/>
<table:table-cell office:value-type="string"><text:p>乙</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="filter" table:number-rows-repeated="2">
<table:table-cell office:value-type="float" office:value="1234.5"><text:p>1,234.50</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="1023"/></table:table-row>
<table:table-row><table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>
<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>
</table:table-row>
<table:table-row table:number-rows-repeated="1048572">
<table:table-cell table:number-columns-repeated="1024"/></table:table-row>
</table:table>""".replace("\n", "")


def test_an_ods_file_tells_as_much(tmp_path: Path) -> None:
    book = open_book(write_ods(tmp_path / "台账.ods", ODS))
    grid = book.grids[0]
    assert (book.format, book.has_links) == (Format.ODS, False)
    assert grid.rows == [["台账", "", "乙"], [1234.5, "", ""], [1234.5, "", ""], [7, "#REF!", ""]]
    assert type(grid.rows[3][1]) is LostCell
    assert grid.merges == [Merge(0, 0, 0, 1)]
    assert (grid.hidden_rows, grid.hidden_columns) == (frozenset({1, 2}), frozenset({2}))
    assert grid.decimals == {0: Decimals(2, {3: 0})}


def test_an_ods_file_of_very_many_merged_cells_takes_no_longer_than_others(tmp_path: Path) -> None:
    cell = "<table:table-cell table:number-columns-spanned='2' office:value-type='string'>"
    row = f"<table:table-row>{cell}<text:p>甲</text:p></table:table-cell><table:covered-table-cell/></table:table-row>"
    rows = row * 60_000
    path = write_ods(tmp_path / "台账.ods", f"<table:table table:name='甲'>{rows}</table:table>")
    assert len(open_book(path, limits=Limits(seconds=8)).grids[0].merges) == 60_000


def test_an_ods_file_that_reads_another_file_says_so(tmp_path: Path) -> None:
    link = ODS.replace(">", "><table:table-source xlink:href='other.ods'/>", 1)
    assert open_book(write_ods(tmp_path / "台账.ods", link)).has_links


def test_merged_cells_that_cover_more_than_the_sheet_are_not_believed(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 101))
    merged = '<mergeCell ref="A2:A1048576"/>' * 1_000
    sheet = f"<sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells>"
    grid = open_book(write_xlsx(tmp_path / "台账.xlsx", sheet)).grids[0]
    assert grid.merges == [Merge(1, 0, 1_048_575, 0)]
