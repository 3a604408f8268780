from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import make

from duban.arrears import commands
from duban.arrears.commands.statement.steps import STATES
from duban.arrears.models import ClosedMonth, ReportingDeadline, ReportingDuty, Statement
from duban.arrears.queries.board import BoardRow, Cell, board
from duban.arrears.rules.reporting import NoSuchDeadline, Outcome, last_day, month_of
from duban.arrears.tests import making
from duban.arrears.tests.making import days_ago, enter, hand_in, office, today
from duban.arrears.views.board import label
from duban.audit import commands as audit
from duban.audit.models import Event
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.identity.units import Kind
from duban.postgres.server import Server

LAST_MONTH = month_of(month_of(today()) - timedelta(days=1))
BEFORE = month_of(LAST_MONTH - timedelta(days=1))
A_YEAR_LATER = today() + timedelta(days=365)


def rows(who: Appointment, *months: date, on: date | None = None) -> dict[str, BoardRow]:
    with make.acting(who) as actor:
        found = board(actor=actor, months=months or (LAST_MONTH,), today=on or today())
    return {row.unit.code: row for row in found}


def cell(who: Appointment, unit: str = "East", month: date = LAST_MONTH) -> Cell:
    return rows(who, month)[unit].cells[month]


def say(who: Appointment, unit: str = "East", **given: Any) -> ReportingDuty:  # noqa: ANN401 - of the command
    asked = {"since": BEFORE, "is_expected": True, "reason": "名单", **given}
    with make.acting(who) as actor:
        return commands.expect_report(unit_code=unit, today=today(), actor=actor, **asked)


def set_deadline(who: Appointment, day: int, unit: str = "East", since: date = BEFORE) -> ReportingDeadline:
    with make.acting(who) as actor:
        return commands.set_deadline(
            unit_code=unit, since=since, day=day, reason="通知", today=today(), actor=actor
        )  # fmt: skip


@pytest.fixture
def clerk(database: str) -> Appointment:
    make.unit("City", kind=Kind.CITY)
    return office(under="City")


@pytest.fixture
def leader(clerk: Appointment) -> Appointment:
    return make.appointment(Role.LEADER, of="City")


def test_whoever_ever_had_a_statement_is_missed_from_then_on(clerk: Appointment) -> None:
    assert rows(clerk) == {}
    enter(clerk, {"ledger_no": "1", "amount": 5}, as_of=last_day(BEFORE))
    assert rows(clerk, month_of(days_ago(150))) == {}
    assert cell(clerk, month=BEFORE).state == "accepted"
    found = rows(clerk, LAST_MONTH, on=A_YEAR_LATER)["East"].cells[LAST_MONTH]
    assert (found.state, found.handed) == (Outcome.MISSING, None)
    assert found.days_late > 300


def test_a_cell_tells_who_handed_in_what_and_what_was_found(clerk: Appointment) -> None:
    wrong = {"ledger_no": "2", "amount": 300, "debtor_uscc": "911"}
    making.accept(clerk, hand_in(clerk, {"ledger_no": "1", "amount": 5}, wrong, as_of=last_day(LAST_MONTH)),
                  hold_errors=True)  # fmt: skip
    again = hand_in(clerk, {"ledger_no": "1", "amount": 5}, as_of=last_day(LAST_MONTH))
    handed = cell(clerk).handed
    assert handed is not None
    assert (handed.file_name, handed.rows, handed.errors, handed.held, handed.others) == ("台账.xlsx", 2, 1, 1, 1)
    assert handed.uid != again.uid
    assert clerk.person.name in handed.who


def test_who_handed_in_is_not_told_to_whoever_may_not_see_the_trail(clerk: Appointment, leader: Appointment) -> None:
    hand_in(clerk, {"ledger_no": "1", "amount": 5}, as_of=last_day(LAST_MONTH))
    handed = cell(leader).handed
    assert handed is not None
    assert (handed.who, handed.state) == ("", "checked")


def test_a_statement_on_its_way_goes_before_a_refused_one_and_an_accepted_before_all(clerk: Appointment) -> None:
    day = last_day(LAST_MONTH)
    refused = making.check(clerk, making.receive(clerk, b"no workbook", as_of=day))
    assert (refused.state, cell(clerk).state) == ("refused", "refused")
    waiting = hand_in(clerk, {"ledger_no": "1", "amount": 5}, as_of=day)
    assert cell(clerk).state == "checked"
    making.accept(clerk, waiting)
    hand_in(clerk, {"ledger_no": "1", "amount": 5}, as_of=day)
    assert cell(clerk).state == "accepted"


def test_an_accepted_month_that_was_signed_is_closed(clerk: Appointment) -> None:
    enter(clerk, {"ledger_no": "1", "amount": 5}, as_of=last_day(LAST_MONTH))
    scope_id = make.scope_id("East")
    with make.acting(clerk) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.closed", scope_id=scope_id)
        ClosedMonth.objects.create(scope_id=scope_id, month=LAST_MONTH, posting=posting)
    assert cell(clerk).state == Outcome.CLOSED


def test_a_person_puts_a_unit_on_the_list_and_takes_it_off_and_both_words_stay(clerk: Appointment) -> None:
    say(clerk)
    assert cell(clerk).state in {Outcome.AWAITED, Outcome.MISSING}
    say(clerk, since=LAST_MONTH, is_expected=False, reason="已撤并")
    assert rows(clerk) == {}
    assert cell(clerk, month=BEFORE).state == Outcome.MISSING
    with make.acting(clerk):
        assert ReportingDuty.objects.count() == 2
        assert Event.objects.filter(action="arrears.reporting_set").count() == 2
        assert verify().ok


def test_the_nearest_deadline_holds_from_its_month_on(clerk: Appointment) -> None:
    city = make.appointment(of="City")
    say(clerk)
    assert cell(clerk).due_on.day == 5
    set_deadline(city, 8, unit="City")
    assert cell(clerk).due_on.day == 8
    set_deadline(clerk, 3, since=LAST_MONTH)
    assert (cell(clerk).due_on.day, cell(clerk, month=BEFORE).due_on.day) == (3, 8)
    set_deadline(city, 10, unit="City")
    assert (cell(clerk).due_on.day, cell(clerk, month=BEFORE).due_on.day) == (3, 10)
    with pytest.raises(NoSuchDeadline):
        set_deadline(clerk, 31)


def test_only_the_office_says_who_reports_and_only_of_its_own(clerk: Appointment, leader: Appointment) -> None:
    make.unit("West", under="City")
    for stranger in (leader, office("South", under="City"), make.appointment(Role.DEBTOR, of="East")):
        with pytest.raises(PermissionDenied):
            say(stranger)
        with pytest.raises(PermissionDenied):
            set_deadline(stranger, 9)


def test_nobody_says_of_another_unit_under_a_scope_of_its_own(clerk: Appointment) -> None:
    make.unit("West", under="City")
    scope_id, unit_id = make.scope_id("East"), make.unit_id("West")
    with make.acting(clerk) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.reporter", scope_id=scope_id)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            ReportingDuty.objects.create(
                unit_id=unit_id, scope_id=scope_id, since=BEFORE, is_expected=False, reason="x", posting=posting
            )


def test_a_line_is_not_told_that_a_county_did_not_report(clerk: Appointment) -> None:
    say(clerk)
    make.unit("Housing", kind=Kind.BUREAU, under="City", line="housing")
    bureau = make.appointment(Role.DEPARTMENT, of="Housing", line="housing")
    assert "East" not in rows(bureau)


def test_counties_see_themselves_and_the_city_sees_all_in_official_order(
    clerk: Appointment, leader: Appointment
) -> None:
    west = office("West", under="City")
    for who in (clerk, west):
        hand_in(who, {"ledger_no": "1", "amount": 5}, as_of=last_day(LAST_MONTH))
    assert list(rows(leader)) == ["East", "West"]
    assert list(rows(west)) == ["West"]


def test_a_board_asks_the_same_number_of_questions_however_many_report(clerk: Appointment) -> None:
    city = make.appointment(of="City")
    asked = []
    for units in (["East"], ["West", "South", "North"]):
        for unit in units:
            making.hand_in(city, {"ledger_no": "1", "amount": 5}, as_of=last_day(LAST_MONTH),
                           unit=make.unit(unit, under="City"))  # fmt: skip
        with make.acting(city) as actor, CaptureQueriesContext(connection) as context:
            board(actor=actor, months=[BEFORE, LAST_MONTH], today=today())
        asked.append(len(context))
    assert asked[0] == asked[1] <= 13


# -- Pages ------------------------------------------------------------------------------------------------------------


def client_of(who: Appointment) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE] = make.session(who)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_every_state_of_a_statement_has_a_name_on_the_board() -> None:
    assert set(STATES) == set(Statement.State)
    assert all(label(state) for state in (*Statement.State, *Outcome))


def test_the_board_is_filtered_by_state_and_exported_as_shown(clerk: Appointment) -> None:
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 5}, as_of=last_day(LAST_MONTH))
    client, month = client_of(clerk), f"{LAST_MONTH:%Y-%m}"
    text = client.get("/arrears/board/", {"month": month}).content.decode()
    assert f"/arrears/imports/{statement.uid}/" in text
    assert "Checked, waiting for a decision (1)" in text
    filtered = client.get("/arrears/board/", {"month": month, "state": "checked", "q": "West"}).content.decode()
    assert str(statement.uid) not in filtered
    workbook = client.get("/arrears/board/", {"month": month, "export": "xlsx"})
    assert workbook.getvalue()[:2] == b"PK"
    year = client.get("/arrears/board/year/", {"year": LAST_MONTH.year}).content.decode()
    assert f"/arrears/imports/{statement.uid}/" in year
    assert client.get("/arrears/board/year/", {"export": "xlsx"}).getvalue()[:2] == b"PK"


def test_the_list_of_reporters_is_said_on_its_page(clerk: Appointment) -> None:
    client = client_of(clerk)
    asked = {"unit": "East", "since": BEFORE.isoformat(), "reason": "名单"}
    assert client.post("/arrears/board/reporters/", {**asked, "asked": "duty", "is_expected": "yes"}).status_code == 302
    assert client.post("/arrears/board/reporters/", {**asked, "asked": "deadline", "day": "9"}).status_code == 302
    assert client.post("/arrears/board/reporters/", {**asked, "asked": "deadline", "day": "40"}).status_code == 422
    text = client.get("/arrears/board/reporters/").content.decode()
    assert text.count("名单") == 2
    assert cell(clerk).due_on.day == 9


def test_a_word_that_was_put_into_another_mouth_is_named(clerk: Appointment, server: Server, database: str) -> None:
    say(clerk)
    make.unit("West", under="City")
    with server.as_superuser(database) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE arrears_reportingduty SET unit_id = (SELECT id FROM identity_unit WHERE code = 'West')")
    with make.operator():
        broken = verify().first
    assert broken is not None
    assert (broken.table, broken.column) == ("arrears_reportingduty", "unit_id")
    assert "of West; it was posted for East" in broken.says
