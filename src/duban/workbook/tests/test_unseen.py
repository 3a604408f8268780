"""Real tables that were not made for us, read by schemas that were not made for them."""

from pathlib import Path

from python_calamine import CalamineWorkbook
from tests.shared_data import shared

from duban.workbook.findings import ReadSheet
from duban.workbook.grid import Book, Format, Grid, Merge
from duban.workbook.reader import read_book, read_sheet
from duban.workbook.schema import Kind, SheetSchema, column


def schema(*columns: tuple[str, ...], kind: Kind = Kind.TEXT) -> SheetSchema:
    made = tuple(column(f"c{at}", *names, kind=kind if at else Kind.TEXT) for at, names in enumerate(columns))
    return SheetSchema("unseen", "表", made)


def merged(path: Path) -> Book:
    """The file with its merged cells."""
    opened = CalamineWorkbook.from_path(path)
    grids = []
    for name in opened.sheet_names:
        sheet = opened.get_sheet_by_name(name)
        merges = [Merge(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
        rows = sheet.to_python(skip_empty_area=False)
        width = max([*(len(row) for row in rows), *(one.right + 1 for one in merges)], default=0)
        grids.append(Grid(name, [row + [""] * (width - len(row)) for row in rows], merges=merges))
    return Book(Format.XLSX, grids)


def values(sheet: ReadSheet) -> list[list[object]]:
    return [[str(value) for value in row.values.values() if value is not None] for row in sheet.rows]


def test_a_list_of_provinces() -> None:
    sheet = read_sheet(
        shared("excel", "nasty", "poi_chinese-provinces.xls"), schema(("Provinces in China",), ("Chinese Name",))
    )
    assert values(sheet) == [["Anhui", "安徽省"], ["Beijing", "北京市"], ["Chongqing", "重庆市"]]


def test_temperatures_in_two_sheets() -> None:
    names = schema(("label", "label2"), ("value", "value2"), kind=Kind.DECIMAL)
    sheet = read_sheet(shared("excel", "nasty", "cal_temperature-table.xlsx"), names)
    assert values(sheet) == [["celsius", "22.2222"], ["fahrenheit", "72"], ["something", "12.5"], ["else", "64"]]
    assert [row.sheet for row in sheet.rows] == ["Sheet1", "Sheet1", "Sheet2", "Sheet2"]


def test_a_header_far_from_the_corner() -> None:
    sheet = read_sheet(
        shared("excel", "nasty", "cal_header-row.xlsx"), schema(("Columns",), ("Column A",), ("Column B",))
    )
    assert (sheet.header_row, sheet.title, values(sheet)) == (9, "Note 1", [["put data here", "1", "2"]])
    assert [one.heading for one in sheet.unplaced] == ["Column C"]


def test_merged_headings_and_merged_values() -> None:
    book = merged(shared("excel", "nasty", "cal_merged_range.xlsx"))
    first = read_book(Book(Format.XLSX, book.grids[:1]), [schema(("A1",), ("B1",), ("C1",), ("H1",))], file="").sheet
    assert (first.tables[0].top, first.header_row) == (1, 2)
    assert values(first) == [["A3", "B3", "C3", "H3"], ["A4", "B4", "C4", "H4"]]


def test_a_sparse_sheet_of_names_beside_a_sheet_about_it() -> None:
    book = merged(shared("excel", "cn_org_generator.xlsx"))
    sheet = read_book(book, [schema(("d21",), ("d22",), ("D2",))], file="").sheet
    assert (sheet.sheet, sheet.header_row, sheet.places) == ("萌名通用-字号", 1, {"c0": 0, "c1": 1, "c2": 6})
    assert values(sheet)[0] == ["华", "华", "汇平"]
    filled = [row for row in book.grids[0].rows[1:] if any(row[place] for place in (0, 1, 6))]
    assert len(sheet.rows) >= len(filled)
    assert [one.sheet for one in sheet.skipped] == ["关于"]
