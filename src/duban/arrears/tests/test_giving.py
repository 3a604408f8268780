from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl.reader.excel import load_workbook
from tests import make

from duban.arrears import commands
from duban.arrears.commands.giving import dated
from duban.arrears.tests import making
from duban.audit.models import Event
from duban.identity.rules import PermissionDenied
from duban.workbook.tests.sheets import write_sheet


@pytest.mark.parametrize(
    ("title", "moved_on"),
    [
        ("青石县台账（截至2026年10月31日）", "青石县台账（截至2026年11月30日）"),
        ("青石县2026年9月台账", "青石县2026年11月台账"),
        ("青石县台账", "青石县台账"),
    ],
)
def test_the_day_in_a_title_moves_on_to_the_month_to_be_reported(title: str, moved_on: str) -> None:
    assert dated(title, date(2026, 11, 30)) == moved_on


def test_the_ledger_of_another_county_is_not_given_out(database: str) -> None:
    east = making.office("East")
    making.office("West")
    with make.acting(east) as actor, pytest.raises(PermissionDenied):
        commands.give_ledger(BytesIO(), unit_code="West", today=making.today(), actor=actor)


def test_a_ledger_comes_in_the_layout_of_the_latest_workbook_and_leaves_a_trace(database: str) -> None:
    east = making.office("East")
    making.enter(east, {"ledger_no": "1", "amount": 70, "cleared": 20})
    out = BytesIO()
    with make.acting(east) as actor:
        assert commands.give_ledger(out, unit_code="East", today=making.today(), actor=actor) == 1
        assert Event.objects.filter(action="arrears.ledger_given", subject_uid="East").exists()
    sheet = load_workbook(out).worksheets[0]
    assert "单位：元" in [cell.value for row in sheet.iter_rows(max_row=2) for cell in row]


def test_without_any_workbook_it_is_the_official_sheet(database: str) -> None:
    east, out = making.office("East"), BytesIO()
    with make.acting(east) as actor:
        assert commands.give_ledger(out, unit_code="East", today=making.today(), actor=actor) == 0
    assert load_workbook(out).worksheets[0]["A1"].value == "East拖欠企业账款台账"


def test_what_an_office_has_no_column_for_stands_behind_its_own_and_comes_back_unchanged(
    database: str, tmp_path: Path
) -> None:
    east, out = making.office("East"), BytesIO()
    head = ["台账编号", "拖欠主体名称", "债权企业", "欠款金额（万元）"]
    narrow = write_sheet(tmp_path / "表.xlsx", ["East台账"], head, ["1", "甲局", "乙公司", 7]).read_bytes()
    making.accept(east, making.check(east, making.receive(east, narrow, as_of=making.days_ago(40))))
    coming = making.today() + timedelta(days=400)
    claims = ({"ledger_no": "2", "amount": 50, "due_on": coming, "not_due": 50}, {"ledger_no": "3", "amount": 9})
    making.enter(east, *claims, as_of=making.days_ago(30), mode="changes")
    with make.acting(east) as actor:
        commands.give_ledger(out, unit_code="East", today=making.today(), actor=actor)
    sheet = load_workbook(out).worksheets[0]
    assert [cell.value for cell in sheet[2]] == [*head, "到期日", "无分歧金额（元）", "未到期金额（元）"]
    again = making.check(east, making.receive(east, out.getvalue()))
    assert (again.summary["clean_rows"], set(again.summary["proposed"].values())) == (3, {0})
