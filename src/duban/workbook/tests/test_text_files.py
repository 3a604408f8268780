import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duban.workbook.formats.facts import Extent, SheetFacts
from duban.workbook.formats.sheets import send_sheet
from duban.workbook.grid import Format
from duban.workbook.limits import Limits
from duban.workbook.opening import Opener, open_book
from duban.workbook.refusals import CellTooLong, NotAWorkbook, SheetTooWide, TooManyRows, UnknownEncoding

HEADINGS = ["单位名称", "欠款金额(万元)", "备注"]
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n\t\"'"), min_size=1, max_size=20
)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS).map(list), max_size=6)


@pytest.fixture(scope="module")
def opener() -> Iterator[Opener]:
    with Opener() as opener:
        yield opener


def written(rows: list[list[str]], separator: str) -> str:
    text = StringIO()
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
def test_any_table_comes_back(
    opener: Opener, tmp_path: Path, rows: list[list[str]], separator: str, encoding: str
) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes(written([HEADINGS, *rows], separator).encode(encoding))
    book = opener.open(path)
    assert (book.format, [grid.name for grid in book.grids]) == (Format.CSV, ["台账"])
    assert book.grids[0].rows == [HEADINGS, *rows]


def save(tmp_path: Path, content: str | bytes, name: str = "台账.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("gb2312", "gb18030"), ("gbk", "gb18030")],
)
def test_the_encoding_is_told(tmp_path: Path, encoding: str, said: str) -> None:
    assert open_book(save(tmp_path, "单位,金额\n住建局,1\n".encode(encoding))).encoding == said


def test_a_text_is_read_whatever_its_extension_and_called_as_its_owner_does(tmp_path: Path) -> None:
    book = open_book(save(tmp_path, "甲\t乙\r\n1\t2\r\n", name="e3b0c442"), name="青石县.xls")
    assert [(grid.name, grid.rows) for grid in book.grids] == [("青石县", [["甲", "乙"], ["1", "2"]])]


def test_numbers_stay_texts_and_rows_are_filled_up(tmp_path: Path) -> None:
    rows = open_book(save(tmp_path, "关于报送台账的说明\n单位,编码,金额\n甲,0012,1.50\n乙,007,2\n")).grids[0].rows
    assert rows == [
        ["关于报送台账的说明", "", ""],
        ["单位", "编码", "金额"],
        ["甲", "0012", "1.50"],
        ["乙", "007", "2"],
    ]


def test_commas_inside_of_amounts_do_not_outvote_the_tabs(tmp_path: Path) -> None:
    rows = open_book(save(tmp_path, "单位\t金额\n甲\t1,200\n乙\t3,400\n")).grids[0].rows
    assert rows == [["单位", "金额"], ["甲", "1,200"], ["乙", "3,400"]]


def test_blank_rows_below_and_blank_columns_beside_are_cut_off(tmp_path: Path) -> None:
    rows = open_book(save(tmp_path, "甲,乙,,\n\n1,2,,\n,,,\n" + ",,,\n" * 5_000)).grids[0].rows
    assert rows == [["甲", "乙"], ["", ""], ["1", "2"]]


def test_a_text_without_columns_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkbook, match="a text without columns"):
        open_book(save(tmp_path, "关于做好清欠工作的通知\n\n各县（市）人民政府：\n现将有关事项通知如下。\n"))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    for content in (bytes(range(256)), b"\xff\xff\xff,\xff", b"a,b\n\x001,2"):
        with pytest.raises(UnknownEncoding, match="GB18030"):
            open_book(save(tmp_path, content))


def test_a_text_is_held_to_the_same_limits(tmp_path: Path) -> None:
    few = Limits(rows=100, heading_rows=10, cells=1_000, characters=50)
    assert len(open_book(save(tmp_path, "a,b\n" * 110), limits=few).grids[0].rows) == 110
    with pytest.raises(TooManyRows, match="more than 100 filled rows"):
        open_book(save(tmp_path, "a,b\n" * 111), limits=few)
    with pytest.raises(SheetTooWide, match="column number 900"):
        open_book(save(tmp_path, "a,b\n" * 10 + "," * 899 + "x\n"), limits=few)
    with pytest.raises(CellTooLong, match="more than 50 characters"):
        open_book(save(tmp_path, "a,b\na," + "x" * 51), limits=few)


def test_a_text_is_one_sheet_named_after_its_file_as_far_as_a_sheet_may_be(tmp_path: Path) -> None:
    path = tmp_path / f"{'台账' * 40}.csv"
    path.write_text("编号,金额\nA1,5\n", encoding="utf-8")
    [sheet] = open_book(path).grids
    assert sheet.name == ("台账" * 40)[:31]


def test_no_text_holds_a_character_that_a_database_refuses() -> None:
    sent: list[Any] = []
    send_sheet(sent.append, [["甲\x00乙", 1.5]], facts=SheetFacts(), merges=(), extent=Extent("f.xls", "一", Limits()))
    assert sent[0] == [["甲乙", 1.5]]
