from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests import make
from tests.shared_data import shared

from duban.audit import queries as trail
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.intake import commands, queries
from duban.intake.models import HeadingMeaning, Look
from duban.intake.queries import FindingWish, LookView
from duban.workbook import registry
from duban.workbook.looked import Fate
from duban.workbook.registry import UnknownSchema

EVERYTHING = slice(0, 100)


def workbook(*rows: tuple[Any, ...], sheet: str = "台账") -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return content.getvalue()


def ledger(heading: str = "应付总数(元)") -> bytes:
    return workbook(
        ("台账编号", "拖欠主体名称", "债权企业", heading, "欠款金额(元)"), ("1", "甲局", "乙公司", 5, 1200.5)
    )


def look(actor: Appointment, content: bytes, *, schema: str = "", unit: str = "", name: str = "表.xlsx") -> Look:
    with make.acting(actor) as entered:
        asked = commands.look(
            name=name, content=[content], schema=schema, unit_code=unit, today=timezone.localdate(), actor=entered
        )
    return read(actor, asked)


def read(actor: Appointment, asked: Look) -> Look:
    with make.acting(actor) as entered:
        return commands.read(asked.uid, actor=entered)


def seen(actor: Appointment, asked: Look) -> LookView:
    with make.acting(actor) as entered:
        return queries.look(asked.uid, actor=entered, today=timezone.localdate())


def explain(actor: Appointment, unit: str, **meanings: str) -> None:
    with make.acting(actor) as entered:
        commands.explain(
            unit_code=unit, schema="arrears.ledger", meanings=meanings, today=timezone.localdate(), actor=entered
        )


@pytest.fixture
def east(database: str) -> Appointment:
    make.units(make.row("City"), make.row("East", under="City"), make.row("West", under="City"))
    return make.appointment(of="East", name="Li")


def test_a_ledger_is_found_out_and_shown_row_by_row(east: Appointment) -> None:
    view = seen(east, asked := look(east, ledger()))
    assert view.state == "read"
    assert view.seen is not None
    assert view.seen.schema == "arrears.ledger"
    assert [column.name for column in view.seen.columns][:3] == ["ledger_no", "debtor_name", "creditor_name"]
    with make.acting(east) as actor:
        [row] = queries.as_rows(queries.rows(asked.uid, actor=actor))
    assert row.number == 2
    assert list(row.values) == ["1", "甲局", "乙公司", "1200.50"]
    assert list(row.raws) == ["1", "甲局", "乙公司", "1200.5"]


def test_a_heading_that_is_not_known_is_left_for_the_person_to_explain(east: Appointment) -> None:
    view = seen(east, look(east, ledger()))
    assert view.seen is not None
    [heading] = [heading for heading in view.seen.headings if heading.fate is Fate.UNPLACED]
    assert (heading.text, heading.cell) == ("应付总数(元)", "D1")


def test_what_was_explained_is_used_next_time_and_said_to_be_remembered(east: Appointment) -> None:
    explain(east, "East", **{"应付总数(元)": "contract_amount"})
    view = seen(east, asked := look(east, ledger()))
    assert view.seen is not None
    [heading] = [heading for heading in view.seen.headings if heading.fate is Fate.REMEMBERED]
    assert heading.column == "contract_amount"
    with make.acting(east) as actor:
        [row] = queries.as_rows(queries.rows(asked.uid, actor=actor))
        [meaning] = queries.meanings(actor.unit_id, "arrears.ledger")
    assert "5.00" in row.values
    assert (meaning.heading, meaning.who) == ("应付总数(元)", "Li")


def test_a_heading_may_be_ignored(east: Appointment) -> None:
    explain(east, "East", **{"应付总数(元)": ""})
    view = seen(east, look(east, ledger()))
    assert view.seen is not None
    assert [heading for heading in view.seen.headings if heading.fate is Fate.UNPLACED] == []


def test_a_memory_is_of_one_unit_and_one_sheet(east: Appointment) -> None:
    explain(east, "East", **{"应付总数(元)": "contract_amount"})
    with make.acting(make.appointment(of="West")) as actor:
        assert queries.heading_map(actor.unit_id, "arrears.ledger") == {}
    with make.acting(east) as actor:
        assert queries.heading_map(actor.unit_id, "register.parties") == {}


def test_a_meaning_is_changed_by_a_later_one_and_taken_back_by_forgetting(east: Appointment) -> None:
    explain(east, "East", **{"应付总数(元)": "contract_amount"})
    explain(east, "East", **{"应付总数（元）": "balance"})
    with make.acting(east) as actor:
        [meaning] = queries.meanings(actor.unit_id, "arrears.ledger")
        assert meaning.column == "balance"
        commands.forget(meaning.id, today=timezone.localdate(), actor=actor)
        assert queries.meanings(actor.unit_id, "arrears.ledger") == []
        assert HeadingMeaning.objects.count() == 3


def test_each_change_of_the_memory_leaves_a_row_in_the_trail(east: Appointment) -> None:
    explain(east, "East", **{"应付总数(元)": "contract_amount"})
    with make.acting(east) as actor:
        [meaning] = queries.meanings(actor.unit_id, "arrears.ledger")
        commands.forget(meaning.id, today=timezone.localdate(), actor=actor)
    with make.acting(east) as actor:
        actions = [row.action for row in trail.trail(trail.TrailWish(), actor=actor, window=EVERYTHING)]
    assert actions[:2] == ["intake.heading_forgotten", "intake.heading_explained"]


def test_two_headings_cannot_mean_the_same_and_a_column_must_exist(east: Appointment) -> None:
    with pytest.raises(commands.MappedTwice, match=r"“甲” and “乙” cannot both be 备注"):
        explain(east, "East", 甲="note", 乙="note")
    with pytest.raises(commands.UnknownColumn, match="no column weather"):
        explain(east, "East", 甲="weather")


def test_a_clerk_of_another_county_explains_nothing_for_this_one(east: Appointment) -> None:
    stranger = make.appointment(of="West")
    with pytest.raises(PermissionDenied):
        explain(stranger, "East", 甲="note")
    explain(east, "East", 甲="note")
    said = make.as_owner("SELECT id FROM intake_headingmeaning")[0][0]
    with make.acting(stranger) as actor, pytest.raises(HeadingMeaning.DoesNotExist):
        commands.forget(said, today=timezone.localdate(), actor=actor)


def test_a_workbook_without_a_known_table_is_shown_as_it_stands(east: Appointment) -> None:
    view = seen(east, asked := look(east, workbook(("品名", "数量"), ("苹果", 3), sheet="库存")))
    assert view.seen is not None
    assert view.seen.schema == ""
    assert [sheet.name for sheet in view.seen.sheets] == ["库存"]
    with make.acting(east) as actor:
        rows = queries.as_rows(queries.rows(asked.uid, actor=actor))
    assert [list(row.values) for row in rows] == [["品名", "数量"], ["苹果", "3"]]


def test_a_file_that_is_no_workbook_is_refused_with_its_sentence(east: Appointment) -> None:
    view = seen(east, look(east, b"PK\x03\x04nonsense", name="broken.xlsx"))
    assert view.state == "refused"
    assert "broken.xlsx" in view.refusal


def test_reading_twice_does_no_harm(east: Appointment) -> None:
    asked = look(east, ledger())
    read(east, asked)
    with make.acting(east) as actor:
        assert queries.rows(asked.uid, actor=actor).count() == 1


def test_looking_again_reads_the_same_file_with_another_sheet(east: Appointment) -> None:
    asked = look(
        east, workbook(("企业名称", "统一社会信用代码"), ("乙公司", "53640000MJX173680A")), schema="arrears.ledger"
    )
    assert (view := seen(east, asked)).seen is not None
    assert view.seen.schema == ""
    with make.acting(east) as actor:
        again = commands.look_again(asked.uid, schema="register.parties", actor=actor)
    read(east, again)
    view = seen(east, again)
    assert view.seen is not None
    assert view.seen.schema == "register.parties"
    with make.acting(east) as actor:
        assert len(queries.looks(actor=actor, today=timezone.localdate(), window=EVERYTHING)) == 2


def test_a_sheet_that_nobody_registered_is_refused(east: Appointment) -> None:
    with pytest.raises(UnknownSchema, match="no kind of sheet called weather"):
        look(east, ledger(), schema="weather")


def test_findings_are_narrowed_by_severity_rule_and_sheet(east: Appointment) -> None:
    asked = look(east, ledger())
    with make.acting(east) as actor:
        every = queries.as_findings(queries.findings(asked.uid, FindingWish(), actor=actor))
        rules = {rule for rule, _ in queries.rules_found(asked.uid, actor=actor)}
        of_one = queries.as_findings(queries.findings(asked.uid, FindingWish(rule="S10"), actor=actor))
    assert rules == {finding.rule for finding in every}
    assert {finding.rule for finding in of_one} == {"S10"}
    assert len(of_one) < len(every) or rules == {"S10"}


def test_nothing_of_a_looked_at_ledger_enters_the_books(east: Appointment) -> None:
    look(east, ledger())
    assert make.as_owner("SELECT count(*) FROM arrears_statement") == [(0,)]
    assert make.as_owner("SELECT count(*) FROM audit_posting") == [(0,)]


def test_what_a_unit_looks_at_is_seen_by_nobody_else(east: Appointment) -> None:
    asked = look(east, ledger())
    for stranger in (make.appointment(of="West"), make.appointment(of="City")):
        with make.acting(stranger) as actor, pytest.raises(Look.DoesNotExist):
            queries.look(asked.uid, actor=actor, today=timezone.localdate())


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.ENTERPRISE])
def test_who_may_not_import_may_not_look_either(east: Appointment, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        look(make.appointment(role, of="East"), ledger())


def test_the_office_of_a_city_may_use_the_memory_of_a_county(east: Appointment) -> None:
    explain(east, "East", **{"应付总数(元)": "contract_amount"})
    city = make.appointment(of="City")
    view = seen(city, look(city, ledger(), unit="East"))
    assert view.unit_code == "East"
    assert view.seen is not None
    assert Fate.REMEMBERED in {heading.fate for heading in view.seen.headings}


def test_any_file_of_the_nasty_set_can_be_looked_at_with_any_sheet(east: Appointment) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE] = make.session(east)
    states = set()
    for path in sorted(shared("excel", "nasty").iterdir()):
        if path.name == "index.csv":
            continue
        for schema in ("", *(known.code for known in registry.schemas())):
            asked = look(east, path.read_bytes(), schema=schema, name=path.name)
            states.add(asked.state)
            for page in ("", "rows/", "rows/?raw=1", "findings/", "findings.json"):
                answer = client.get(f"/workbooks/{asked.uid}/{page}")
                assert answer.status_code in {200, 302}, (path.name, schema, page)
    assert states == {"read", "refused"}
