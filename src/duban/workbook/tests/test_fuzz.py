from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from duban.workbook.findings import Severity, SheetRow
from duban.workbook.naming import place_named
from duban.workbook.reader import read_book
from duban.workbook.tests.drawing import SCHEMA
from duban.workbook.tests.layouts import workbook


@settings(max_examples=1500, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_in_any_layout_every_cell_is_found(seed: int) -> None:
    book, truth = workbook(Random(seed))  # noqa: S311 - layouts that can be made again
    sheet = read_book(book, [SCHEMA], file="表.xlsx").sheet

    def where(row: SheetRow) -> tuple[str, int, int]:
        assert row.table is not None
        return row.sheet, truth.left_of(row.sheet, min(row.table.places.values())), row.number

    found = {
        where(row): {name: row.values[name] for name in (row.table.places if row.table else ())} for row in sheet.rows
    }
    assert found == truth.rows
    assert {where(row) for row in sheet.totals} == truth.sums
    remarks = [(one.sheet, place) for one in sheet.findings if one.rule == "S14" and (place := place_named(one.cell))]
    assert {(sheet, truth.left_of(sheet, place), row + 1) for sheet, (row, place) in remarks} == truth.remarks
    assert {(one.sheet, one.cell) for one in sheet.findings if one.rule == "S16"} == truth.wrong
    assert [(one.rule, str(one.message)) for one in sheet.findings if one.severity is Severity.ERROR] == []
