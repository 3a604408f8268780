from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from duban.workbook.findings import Severity
from duban.workbook.reader import read_book
from duban.workbook.tests.drawing import SCHEMA
from duban.workbook.tests.layouts import workbook


@settings(max_examples=1500, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_in_any_layout_every_cell_is_found(seed: int) -> None:
    book, truth = workbook(Random(seed))  # noqa: S311 - layouts that can be made again
    sheet = read_book(book, [SCHEMA], file="表.xlsx").sheet
    found = {
        (row.sheet, row.number): {name: row.values[name] for name in (row.table.places if row.table else ())}
        for row in sheet.rows
    }
    assert found == truth.rows
    assert {(row.sheet, row.number) for row in sheet.totals} == truth.sums
    assert {(one.sheet, int(one.cell[1:])) for one in sheet.findings if one.rule == "S14"} == truth.remarks
    assert {(one.sheet, one.cell) for one in sheet.findings if one.rule == "S16"} == truth.wrong
    assert [(one.rule, str(one.message)) for one in sheet.findings if one.severity is Severity.ERROR] == []
