import re
import shutil
import subprocess
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.reader.excel import load_workbook
from openpyxl.workbook.workbook import Workbook
from python_calamine import CalamineWorkbook

from duban.kernel.money import LARGEST_FEN, Money, Unit
from duban.workbook.export import BLOCK, MOST_ROWS, Field, Table, write_table
from duban.workbook.export_cells import FIRST_SURE_DAY, LONGEST_TEXT

HEADING_ROW = 2


def written(*rows: Sequence[object], most_rows: int = MOST_ROWS) -> bytes:
    """A workbook of rows that are sequences, headed H0, H1, …, without notes."""
    fields = [Field(f"H{place}", itemgetter(place)) for place in range(len(rows[0]) if rows else 1)]
    file = BytesIO()
    assert write_table(file, Table(fields, title="T", most_rows=most_rows), iter(rows)) == len(rows)
    return file.getvalue()


def sheet_xml(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as package:
        return package.read("xl/worksheets/sheet1.xml").decode()


def by_openpyxl(content: bytes) -> list[list[Any]]:
    """The rows of all sheets. This reader leaves the escapes of a workbook in its texts, and reads integers exactly."""
    book: Workbook = load_workbook(BytesIO(content))
    rows = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows(min_row=HEADING_ROW + 1)]
    return [[_plain(cell) for cell in row] for row in rows]


def by_calamine(content: bytes) -> list[list[Any]]:
    """The rows of all sheets; a blank cell is the empty text."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return [row for sheet in book.sheet_names for row in book.get_sheet_by_name(sheet).to_python()[HEADING_ROW:]]


def _plain(cell: object) -> object:
    if isinstance(cell, str):
        return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), cell)
    return float(cell) if isinstance(cell, int) else cell


def number(value: object) -> float:
    return float(value.yuan if isinstance(value, Money) else Decimal(str(value)))


TRAPS = ["=1+1", "+86 139", "-5", "@SUM(A1)", "_x000D_", "_x005F_x0041_", " \r\n\t ", "]]>", "&amp;", "#", "%s", "🏭"]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")) | st.sampled_from(TRAPS)
NUMBERS = (
    st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
    | st.integers(-LARGEST_FEN, LARGEST_FEN).map(Money)
)
INSTANTS = st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2150, 1, 1))  # noqa: DTZ001 - as in a sheet


@given(st.lists(st.tuples(TEXTS | NUMBERS | st.none(), TEXTS, NUMBERS), min_size=1))
def test_any_texts_and_numbers_come_back_through_two_readers(rows: list[tuple[object, ...]]) -> None:
    content = written(*rows)
    expected = [[value if isinstance(value, str | None) else number(value) for value in row] for row in rows]
    assert by_openpyxl(content) == [[None if value == "" else value for value in row] for row in expected]
    assert by_calamine(content) == [["" if value is None else value for value in row] for row in expected]


@given(st.lists(st.tuples(st.dates(min_value=FIRST_SURE_DAY), INSTANTS), min_size=1))
def test_any_days_and_instants_come_back_through_two_readers(rows: list[tuple[date, datetime]]) -> None:
    fields = [
        Field("Day", itemgetter(0), number_format="yyyy-mm-dd"),
        Field("Instant", itemgetter(1), number_format="yyyy-mm-dd hh:mm"),
    ]
    file = BytesIO()
    write_table(file, Table(fields, title="T"), rows)
    for read in (by_openpyxl(file.getvalue()), by_calamine(file.getvalue())):
        for (day, instant), (read_day, read_instant) in zip(rows, read, strict=True):
            assert f"{read_day:%F}" == f"{day:%F}"
            # A reader gives midnight as a day, and counts in milliseconds.
            assert abs(datetime(*read_instant.timetuple()[:6]) - instant) <= timedelta(seconds=1)  # noqa: DTZ001 - as in a sheet


@pytest.mark.parametrize("rows", [1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 500])
def test_no_row_is_lost_or_changes_its_place(rows: int) -> None:
    numbers = [[float(place), f"row {place}"] for place in range(rows)]
    content = written(*numbers)
    assert by_calamine(content) == numbers
    assert by_openpyxl(content) == numbers


@pytest.mark.parametrize(("rows", "sheets"), [(0, 1), (3, 1), (4, 2), (6, 2), (7, 3)])
def test_rows_go_on_in_a_further_sheet_and_none_is_empty(rows: int, sheets: int) -> None:
    content = written(*([place] for place in range(rows)), most_rows=3)
    assert by_openpyxl(content) == [[place] for place in range(rows)]
    book: Workbook = load_workbook(BytesIO(content))
    assert book.sheetnames == [f"Sheet{place}" for place in range(1, sheets + 1)]
    assert [sheet["A2"].value for sheet in book] == ["H0"] * sheets
    assert [sheet.print_title_rows for sheet in book] == ["$2:$2"] * sheets


def test_only_a_block_of_rows_is_in_memory() -> None:
    @dataclass(frozen=True, weakref_slot=True, slots=True)
    class Row:
        place: int

    alive: weakref.WeakSet[Row] = weakref.WeakSet()
    most = 0

    def rows() -> Iterator[Row]:
        nonlocal most
        for place in range(5 * BLOCK):
            row = Row(place)
            alive.add(row)
            most = max(most, len(alive))
            yield row

    assert write_table(BytesIO(), Table([Field("H", attrgetter("place"))], title="T"), rows()) == 5 * BLOCK
    assert most <= 3 * BLOCK + 1


def test_what_the_rows_raise_comes_through_and_leaves_no_workbook() -> None:
    def rows() -> Iterator[list[int]]:
        yield from ([place] for place in range(BLOCK + 1))
        raise PermissionError("the appointment has ended")

    file = BytesIO()
    with pytest.raises(PermissionError, match="has ended"):
        write_table(file, Table([Field("H", itemgetter(0))], title="T"), rows())
    with pytest.raises((BadZipFile, KeyError)), ZipFile(BytesIO(file.getvalue())) as package:
        package.read("xl/workbook.xml")


@pytest.mark.parametrize(
    ("unit", "fen", "digits"),
    [
        (Unit.YUAN, 9_223_372_036_854_775_807, "92233720368547758.07"),
        (Unit.YUAN, -5, "-0.05"),
        (Unit.WAN, 123_456_789_01, "12345.678901"),
        (Unit.FEN, 7, "7.0"),
    ],
)
def test_money_is_written_by_its_own_digits(unit: Unit, fen: int, digits: str) -> None:
    file = BytesIO()
    write_table(file, Table([Field("H", itemgetter(0), unit=unit)], title="T"), [[Money(fen)]])
    assert f"<v>{digits}</v>" in sheet_xml(file.getvalue())


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("half \ud800 a character", "half \ufffd a character"),
        ("none \uffff", "none \ufffd"),
        ("🏭" * LONGEST_TEXT, "🏭" * (LONGEST_TEXT // 2)),
        (float("nan"), "nan"),
        (10**400, str(10**400)),
        (Decimal("1E+400"), "1E+400"),
        (Decimal("Infinity"), "Infinity"),
        (date(1899, 5, 1), "1899-05-01"),
        (datetime(1899, 5, 1, 8, tzinfo=UTC), "1899-05-01 08:00:00"),
        (True, "True"),
    ],
)  # fmt: skip
def test_what_a_sheet_cannot_hold_is_a_text(value: object, read: str) -> None:
    content = written([value])
    assert by_calamine(content) == [[read]]
    assert by_openpyxl(content) == [[read]]


def test_instants_are_written_in_the_zone_of_the_table() -> None:
    table = Table([Field("H", itemgetter(0))], title="T", zone=timezone(timedelta(hours=8)))
    file = BytesIO()
    write_table(file, table, [[datetime(2026, 3, 5, 18, tzinfo=UTC)]])
    assert f"<v>{date(2026, 3, 6).toordinal() - date(1899, 12, 30).toordinal()}.08333" in sheet_xml(file.getvalue())


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed here")
def test_libreoffice_opens_it_and_saves_the_same(tmp_path: Path) -> None:
    # An escaped escape LibreOffice reads well and saves as the escape.
    texts = [text for text in TRAPS if "_x005F_" not in text]
    (tmp_path / "out.xlsx").write_bytes(written(*([text, 12.5] for text in texts)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", "saved", "out.xlsx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    saved = by_calamine((tmp_path / "saved" / "out.xlsx").read_bytes())
    # To LibreOffice a carriage return is the end of a line like any other.
    assert saved == [[text.replace("\r", "\n").replace("\n\n", "\n"), 12.5] for text in texts]
