"""Damage of any kind to a workbook ends in a marked file or a new one, and never in a traceback."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from duban.workbook.annotated import Given, write_annotated
from duban.workbook.grid import Book, Format, Grid
from duban.workbook.tests.designed import SHEET, annotated, designed, doubtful, members, rezipped, wrong

FINDINGS = [wrong("C4"), wrong("B40"), doubtful("D1"), doubtful("", sheet="说明")]


def book() -> Book:
    return Book(Format.XLSX, [Grid(SHEET, [["甲"]])])


with TemporaryDirectory() as _folder:
    MARKED = members(annotated(designed(Path(_folder) / "a.xlsx"), wrong("C5"), wrong("C4")))
    WHOLE = rezipped(Path(_folder) / "b.xlsx", MARKED).read_bytes()


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(MARKED)),
    at=st.floats(0, 1, exclude_max=True),
    new=st.binary(max_size=3),
    cut=st.integers(0, 9),
)
def test_a_part_with_a_few_other_bytes(name: str, at: float, new: bytes, cut: int) -> None:
    old = MARKED[name]
    start = int(at * len(old))
    with TemporaryDirectory() as folder:
        parts = {**MARKED, name: old[:start] + new + old[start + cut :]}
        source = rezipped(Path(folder) / "a.xlsx", parts)
        assert write_annotated(source, FINDINGS, BytesIO(), open_book=book).kind in {Given.SAME, Given.CONVERTED}


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(sorted(MARKED)))
def test_a_part_that_is_missing(name: str) -> None:
    with TemporaryDirectory() as folder:
        parts = {other: data for other, data in MARKED.items() if other != name}
        source = rezipped(Path(folder) / "a.xlsx", parts)
        assert write_annotated(source, FINDINGS, BytesIO(), open_book=book).kind in {Given.SAME, Given.CONVERTED}


@settings(max_examples=60, deadline=None)
@given(at=st.floats(0, 1, exclude_max=True), new=st.binary(max_size=3), cut=st.integers(0, 9))
def test_a_package_with_a_few_other_bytes(at: float, new: bytes, cut: int) -> None:
    start = int(at * len(WHOLE))
    with TemporaryDirectory() as folder:
        source = Path(folder) / "a.xlsx"
        source.write_bytes(WHOLE[:start] + new + WHOLE[start + cut :])
        assert write_annotated(source, FINDINGS, BytesIO(), open_book=book).kind in {Given.SAME, Given.CONVERTED}
