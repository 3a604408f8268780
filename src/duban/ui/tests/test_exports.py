from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from urllib.parse import quote

import pytest
from django.utils import translation
from openpyxl.reader.excel import load_workbook
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from duban.kernel.money import Money, Unit
from duban.ui import exports
from duban.ui.components import Badge
from duban.ui.tables import Column, Kind
from duban.workbook.export_cells import LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class Row:
    name: object = "宏达建筑"
    owed: Money | None = None
    rate: Decimal | None = None
    due_on: date | None = None
    seen_at: datetime | None = None
    state: Badge | None = None


COLUMNS = [
    Column("name", "Name"),
    Column("owed", "Owed", Kind.MONEY, unit=Unit.WAN, group="Reported"),
    Column("rate", "Rate", Kind.RATE),
    Column("due_on", "Due", Kind.DAY),
    Column("seen_at", "Seen", Kind.INSTANT),
    Column("state", "State", Kind.BADGE),
]


def opened(content: bytes) -> Workbook:
    book: Workbook = load_workbook(BytesIO(content))
    return book


def written(rows: list[Row], notes: Sequence[str] = ()) -> Worksheet:
    response = exports.xlsx_response(COLUMNS, iter(rows), title="Ledger", notes=notes)
    sheet: Worksheet = opened(response.getvalue()).worksheets[0]
    response.close()
    return sheet


def test_the_sheet_has_title_notes_headings_and_rows() -> None:
    sheet = written([Row(), Row("永固混凝土")], notes=["As of 2026-03-31"])
    assert [cell.value for cell in sheet["A"]] == ["Ledger", "As of 2026-03-31", "Name", "宏达建筑", "永固混凝土"]
    assert [cell.value for cell in sheet[3]] == [
        "Name", "Reported · Owed (10,000 yuan)", "Rate", "Due", "Seen", "State",
    ]  # fmt: skip
    assert sheet.freeze_panes == "B4"
    assert str(sheet.auto_filter.ref) == "A3:F5"


def test_values_keep_their_kind() -> None:
    row = Row(
        owed=Money.of("123456789.01"),
        rate=Decimal("0.5234"),
        due_on=date(2026, 3, 5),
        seen_at=datetime(2026, 3, 5, 6, 30, tzinfo=UTC),
        state=Badge("settled"),
    )
    cells = written([row])[3]
    assert [cell.value for cell in cells[1:]] == [
        12345.678901,
        0.5234,
        datetime(2026, 3, 5),  # noqa: DTZ001 - a workbook knows no zones
        datetime(2026, 3, 5, 14, 30),  # noqa: DTZ001 - a sheet has no zones
        "settled",
    ]
    assert [cell.number_format for cell in cells[1:4]] == ["#,##0.00", "0.00%", "yyyy-mm-dd"]


def test_points_are_written_as_they_are_shown_and_truth_in_words() -> None:
    columns = [Column("rate", "Change", Kind.POINTS), Column("name", "Overdue")]
    file = BytesIO()
    exports.write_workbook(file, columns, [Row(True, rate=Decimal("0.0123")), Row(False)], title="Ledger")
    rows = opened(file.getvalue()).worksheets[0].iter_rows(min_row=3, values_only=True)
    assert list(rows) == [(1.23, "yes"), (None, "no")]


@pytest.mark.parametrize("text", ["=1+1", "+86 139", "-5", "@SUM(A1)", "http://example.org", "\x07bell"])
def test_a_text_stays_a_text_whatever_it_begins_with(text: str) -> None:
    cell = written([Row(text)])["A3"]
    assert cell.data_type == "s"
    assert str(cell.value).replace("_x0007_", "\x07") == text
    assert cell.hyperlink is None


def test_a_text_longer_than_a_cell_is_cut() -> None:
    assert len(str(written([Row("长" * 40_000)])["A3"].value)) == LONGEST_TEXT


def test_rows_are_read_once_and_go_on_in_a_further_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 3)

    def rows() -> Iterator[Row]:
        yield from (Row(str(number)) for number in range(7))

    file = BytesIO()
    assert exports.write_workbook(file, COLUMNS, rows(), title="Ledger") == 7
    book = opened(file.getvalue())
    assert [[cell.value for cell in sheet["A"]][2:] for sheet in book] == [["0", "1", "2"], ["3", "4", "5"], ["6"]]


def test_an_empty_list_is_a_workbook_too() -> None:
    assert written([]).max_row == 2


def test_the_file_has_a_chinese_name() -> None:
    response = exports.xlsx_response(COLUMNS, [], title="拖欠账款台账")
    assert f"filename*=utf-8''{quote('拖欠账款台账')}" in response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store"
    response.close()


def test_headings_are_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        sheet = written([])
    assert sheet["B2"].value == "Reported · Owed（万元）"


def test_conditions_are_named_for_the_notes() -> None:
    assert exports.conditions([("County", "Linhe"), ("As of", date(2026, 3, 5)), ("Overdue", False), ("q", "")]) == [
        "Conditions: County: Linhe; As of: 2026-03-05"
    ]
    assert exports.conditions([]) == []
