"""Whatever a sheet looks like, marking it adds fills and notes where they belong, and changes nothing else."""

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.workbook.findings import cell_name
from duban.workbook.naming import place_of
from duban.workbook.tests.designed import SHEET, annotated, doubtful, filled, loaded, members, notes, wrong

places = st.tuples(st.integers(0, 30), st.integers(0, 60))
contents = st.one_of(st.integers(-999, 999), st.text("甲乙=<&>'\" ", max_size=4), st.none())


def written(path: Path, cells: Mapping[tuple[int, int], object], styled: list[int]) -> Path:
    """A sheet of some cells; None is a cell that holds only a style."""
    with xlsxwriter.Workbook(path) as book:
        sheet, form = book.add_worksheet(SHEET), book.add_format({"num_format": "0.00", "italic": True})
        for row in styled:
            sheet.set_row(row, 30, form)
        for place, content in cells.items():
            if content is None:
                sheet.write_blank(*place, None, form)
            elif isinstance(content, str):
                sheet.write_string(*place, content)
            else:
                sheet.write_number(*place, content, form)
    return path


def values(sheet: Any) -> dict[str, object]:  # noqa: ANN401 - ships no types
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}


@settings(max_examples=60, deadline=None)
@given(
    cells=st.dictionaries(places, contents, max_size=12),
    styled=st.lists(st.integers(0, 30), max_size=3),
    errors=st.sets(places, max_size=6),
    warnings=st.sets(places, max_size=6),
)
def test_marks_stand_where_they_belong_and_all_else_stays(
    cells: dict[tuple[int, int], object],
    styled: list[int],
    errors: set[tuple[int, int]],
    warnings: set[tuple[int, int]],
) -> None:
    findings = [
        *(wrong(cell_name(row + 1, column)) for row, column in sorted(errors)),
        *(doubtful(cell_name(row + 1, column)) for row, column in sorted(warnings)),
    ]
    marked = {cell_name(row + 1, column) for row, column in errors | warnings}
    with TemporaryDirectory() as folder:
        source = written(Path(folder) / "a.xlsx", cells, styled)
        back = annotated(source, *findings)
        before, after = loaded(source)[SHEET], loaded(back)[SHEET]
        xml = members(back)["xl/worksheets/sheet1.xml"].decode()
        assert values(after) == values(before)
        assert set(notes(after)) == filled(after) == marked
        for place in errors | warnings:
            # An empty text is no cell: it looks as its row does.
            formatted = place[0] in styled if cells.get(place, "") == "" else not isinstance(cells[place], str)
            assert after[cell_name(place[0] + 1, place[1])].number_format == ("0.00" if formatted else "General")
        washed = loaded(annotated(back))[SHEET]
        assert (filled(washed), notes(washed), values(washed)) == (set(), {}, values(before))
    rows = [int(row) for row in re.findall(r'<row r="(\d+)"', xml)]
    assert rows == sorted(set(rows))
    for row in re.findall(r"<row [^>]*>(.*?)</row>", xml):
        columns = [place_of(name) for name in re.findall(r'<c r="([A-Z]+)', row)]
        assert columns == sorted(set(columns))
