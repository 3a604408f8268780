"""Files made to do harm, and a reading process that was taken over: one sentence each, and nothing left behind."""

import os
import pickle
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter

from duban.workbook import opening
from duban.workbook.findings import column_letters
from duban.workbook.limits import Limits
from duban.workbook.opening import Opener, open_book
from duban.workbook.refusals import (
    CellTooLong,
    DamagedWorkbook,
    FileTooLarge,
    NeedsTooMuchMemory,
    SheetTooWide,
    SuspiciousFile,
    TakesTooLong,
    TooManyRows,
    UnreadableWorkbook,
)
from duban.workbook.tests.files import sheet_of_numbers, write_ods, write_package, write_xlsx
from duban.workbook.tests.sheets import write_sheet

ENTITIES = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "台账.xlsx"


def test_a_package_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(path: Path) -> None:
    write_package(path, {"xl/worksheets/sheet1.xml": b"0" * 3_000_000})
    with pytest.raises(FileTooLarge, match="unpacks to 3 MB; at most 2 MB"):
        open_book(path, limits=Limits(unpacked_mb=2))


def test_a_package_that_lies_about_its_size_is_damaged(path: Path) -> None:
    write_xlsx(path, f"<sheetData>{ROW}</sheetData>" + " " * 50_000_000)
    with zipfile.ZipFile(path) as package:
        member = package.getinfo("xl/worksheets/sheet1.xml")
        size = member.file_size
    data = path.read_bytes()
    path.write_bytes(data.replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little")))
    with pytest.raises(DamagedWorkbook):
        open_book(path, limits=Limits(unpacked_mb=2))


def test_packages_inside_of_a_package_are_left_alone(tmp_path: Path, path: Path) -> None:
    inner = write_package(tmp_path / "inner.zip", {"bomb": b"0" * 10_000_000})
    write_xlsx(path, f"<sheetData>{ROW}</sheetData>")
    with zipfile.ZipFile(path, "a") as package:
        package.write(inner, "xl/embeddings/inner.zip")
    assert open_book(path, limits=Limits(unpacked_mb=2)).grids[0].rows == [[1.0]]


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_entities_are_refused_in_any_part(path: Path, part: str) -> None:
    write_package(path, {"xl/workbook.xml": "<workbook/>"} | {part: f"<?xml version='1.0'?>{ENTITIES}<a>&b;</a>"})
    with pytest.raises(SuspiciousFile, match=part):
        open_book(path)


def test_entities_are_refused_in_an_ods_file(path: Path) -> None:
    for doctype in (ENTITIES, " " * 5_000 + ENTITIES):
        with pytest.raises(SuspiciousFile, match=r"content\.xml"):
            open_book(write_ods(path, "<table:table table:name='甲'/>", doctype=doctype))


def test_a_part_that_is_there_twice_is_damage_because_each_reader_would_take_another(path: Path) -> None:
    write_xlsx(path, f"<sheetData>{ROW}</sheetData>")
    with zipfile.ZipFile(path, "a") as package, pytest.warns(UserWarning, match="Duplicate name"):
        package.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    with pytest.raises(DamagedWorkbook):
        open_book(path)


def test_a_stray_cell_far_away_is_refused_before_memory_runs_out(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "甲")
        sheet.write("XFD1048576", "乙")
    with pytest.raises(SheetTooWide, match="row 1048576 and column number 16384"):
        open_book(path)


def test_columns_and_rows_that_are_only_formatted_do_not_count(path: Path) -> None:
    wide = "".join(f'<c r="{column_letters(column)}1" s="1"/>' for column in range(1, 16_384))
    long = "".join(f'<row r="{row}"><c r="XFD{row}" s="1"/></row>' for row in range(2, 300_000))
    stray = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    write_xlsx(path, f'<sheetData><row r="1"><c r="A1"><v>1</v></c>{wide}</row>{long}{stray}</sheetData>')
    assert open_book(path).grids[0].rows == [[1.0]]


def test_a_hundred_megabytes_of_blanks_are_read_as_what_they_are(path: Path) -> None:
    blanks = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(2, 400_000))
    write_xlsx(path, f"<sheetData>{ROW}{blanks}</sheetData>" + " " * 80_000_000)
    assert open_book(path).grids[0].rows == [[1.0]]


def test_empty_texts_are_cut_off_too(path: Path) -> None:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="CV{row}" t="str"><v></v></c></row>' for row in range(1, 10)
    )
    tail = "".join(f'<row r="{row}"><c r="A{row}" t="str"><v></v></c></row>' for row in range(10, 5_000))
    assert open_book(write_xlsx(path, f"<sheetData>{rows}{tail}</sheetData>")).grids[0].rows == [[1.0]] * 9


def test_a_lie_about_the_dimension_does_no_harm(path: Path) -> None:
    for dimension in ("A1:XFD1048576", "A1:A1", "A1048576:A1", "ZZZZ99999999999:A1"):
        write_xlsx(path, f'<dimension ref="{dimension}"/><sheetData>{ROW}</sheetData>')
        try:
            assert open_book(path).grids[0].rows == [[1.0]]
        except DamagedWorkbook:
            assert dimension.startswith("ZZZZ")


def test_a_shared_text_that_is_not_there_is_damage(path: Path) -> None:
    write_xlsx(path, '<sheetData><row r="1"><c r="A1" t="s"><v>999999</v></c></row></sheetData>')
    with pytest.raises(DamagedWorkbook):
        open_book(path)


@pytest.mark.parametrize("sheet", ['<sheetData><row r="1"><c r="A1"><v>1</v></c>', "<sheetData><row r='x'", "\x00\x01"])
def test_xml_that_breaks_off_is_damage_or_is_read_as_far_as_it_goes(path: Path, sheet: str) -> None:
    with suppress(DamagedWorkbook):
        assert open_book(write_xlsx(path, sheet)).grids[0].rows in ([[1.0]], [])


def test_too_many_rows_are_refused_with_the_limit(path: Path) -> None:
    few = Limits(rows=1_000, heading_rows=10)
    write_sheet(path, *[["甲", 1.5]] * 1_010)
    assert len(open_book(path, limits=few).grids[0].rows) == 1_010
    write_sheet(path, *[["甲", 1.5]] * 1_011)
    with pytest.raises(TooManyRows, match="more than 1000 filled rows"):
        open_book(path, limits=few)


def test_too_many_rows_of_a_large_sheet_are_refused_while_it_is_read(path: Path) -> None:
    write_xlsx(path, sheet_of_numbers(rows=250_000, columns=1))
    with Opener() as opener:
        with pytest.raises(TooManyRows, match="more than 200000 filled rows"):
            opener.open(path)
        assert opener.open(write_sheet(path, ["甲"])).grids[0].rows == [["甲"]]


def test_rows_of_an_ods_file_that_repeat_without_end_are_refused(path: Path) -> None:
    cell = "<table:table-cell {} office:value-type='float' office:value='1'><text:p>1</text:p></table:table-cell>"
    row = "<table:table table:name='甲'><table:table-row {}>{}</table:table-row></table:table>"
    many_rows = row.format("table:number-rows-repeated='1048576'", cell.format(""))
    with pytest.raises(TooManyRows):
        open_book(write_ods(path, many_rows))
    many_cells = row.format("table:number-rows-repeated='100000'", cell.format("table:number-columns-repeated='16384'"))
    with pytest.raises(SheetTooWide):
        open_book(write_ods(path, many_cells))


def test_a_text_longer_than_excel_allows_is_refused(path: Path) -> None:
    write_xlsx(
        path, f'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{"甲" * 32_768}</t></is></c></row></sheetData>'
    )
    with pytest.raises(CellTooLong, match="more than 32767 characters"):
        open_book(path)


def test_a_file_that_needs_too_much_memory_is_refused(path: Path) -> None:
    texts = "".join(f"<si><t>{number:0>2000}</t></si>" for number in range(80_000))
    write_xlsx(path, f"<sheetData>{ROW}</sheetData>", sharedStrings=f"<sst>{texts}</sst>")
    with pytest.raises(NeedsTooMuchMemory, match="more than the 200 MB of memory"):
        open_book(path, limits=Limits(memory_mb=200))


def test_a_file_that_takes_too_long_is_given_up(path: Path) -> None:
    write_xlsx(path, sheet_of_numbers(rows=20_000, columns=20))
    with pytest.raises(TakesTooLong, match="given up after 0 seconds"):
        open_book(path, limits=Limits(seconds=0))


HOSTILE = "import os, pickle, sys, time\nfrom signal import SIGSEGV, SIGKILL, SIGABRT\nsys.stdin.readline()\n"


def taken_over(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let another program stand where the reading process stood."""
    monkeypatch.setattr(opening, "_PROGRAM", ["-c", HOSTILE + code])


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("os.kill(os.getpid(), SIGSEGV)", DamagedWorkbook),
        ("os.kill(os.getpid(), SIGABRT)", NeedsTooMuchMemory),
        ("os.kill(os.getpid(), SIGKILL)", NeedsTooMuchMemory),
        ("time.sleep(60)", TakesTooLong),
        ("sys.stdout.buffer.write(b'what is this?')", DamagedWorkbook),
        ("pickle.dump([['a']], sys.stdout.buffer)", DamagedWorkbook),
        ("pickle.dump('end', sys.stdout.buffer)", DamagedWorkbook),
    ],
)
def test_however_the_process_ends_it_is_one_refusal(
    path: Path, monkeypatch: pytest.MonkeyPatch, code: str, refusal: type[UnreadableWorkbook]
) -> None:
    write_sheet(path, ["甲"])
    taken_over(monkeypatch, code)
    with Opener(limits=Limits(seconds=1)) as opener:
        with pytest.raises(refusal):
            opener.open(path)
        monkeypatch.undo()
        assert opener.open(path).grids[0].rows == [["甲"]]


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch harm",)


def test_a_process_that_was_taken_over_cannot_run_code_here(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sheet(path, ["甲"])
    monkeypatch.chdir(path.parent)
    taken_over(monkeypatch, f"sys.stdout.buffer.write({pickle.dumps([Evil()])!r})")
    with pytest.raises(DamagedWorkbook):
        open_book(path)
    assert not (path.parent / "harm").exists()


def running(pid: int) -> bool:
    """Whether a process is there and not just waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def child_of(opener: Opener) -> int:
    assert opener._child is not None
    return opener._child.pid


def test_the_process_knows_none_of_our_secrets_and_may_write_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    with Opener() as opener:
        opener.open(write_sheet(path, ["甲"]))
        process = Path(f"/proc/{child_of(opener)}")
        environment = (process / "environ").read_bytes()
        limits = (process / "limits").read_text().splitlines()
    assert b"secret" not in environment
    assert b"DJANGO" not in environment
    zero = [line.split("  ")[0] for line in limits if line.split("  ", 1)[1].split()[:2] == ["0", "0"]]
    assert {"Max file size", "Max core file size", "Max processes"} <= set(zero)


def test_nothing_is_left_running(path: Path) -> None:
    write_sheet(path, ["甲"])
    with Opener() as opener:
        opener.open(path)
        first = child_of(opener)
        opener.open(path)
        assert child_of(opener) == first
    assert not running(first)


PARENT = """
import os, signal, sys
from pathlib import Path
from duban.workbook.opening import Opener
opener = Opener()
opener._ask(Path(sys.argv[1]), "file")
print(opener._child.pid, flush=True)
opener._child.stdout.read(1)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_parent_that_is_killed_takes_the_process_with_it(path: Path) -> None:
    """The file is large, so that the process is in the middle of its answer."""
    write_xlsx(path, sheet_of_numbers(rows=40_000, columns=10))
    done = subprocess.run([sys.executable, "-c", PARENT, path], capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr
    deadline = time.monotonic() + 10
    while running(int(done.stdout)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_process_starts_without_django_and_without_what_starts_processes() -> None:
    code = "import duban.workbook.formats.__main__, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "python_calamine" in loaded
    assert not {"django", "psycopg", "subprocess", "socket"} & set(loaded)
