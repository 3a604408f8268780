from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from tests import make

from duban.arrears import commands
from duban.arrears.models import ClosedMonth, ZeroReport, ZeroWithdrawal
from duban.arrears.queries.board import Cell, board
from duban.arrears.queries.zero import ZeroView, zero_report
from duban.arrears.rules.reporting import NotSigned, Outcome, ReasonMissing, last_day, month_of
from duban.arrears.rules.zero import AlreadyZero, MonthNotOver, MonthSigned, StillOwed, WithdrawnAlready
from duban.arrears.tests import making
from duban.arrears.tests.making import enter, hand_in, office, today
from duban.arrears.tests.test_races import at_once
from duban.audit import commands as audit
from duban.audit.models import Event
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.identity.units import Kind
from duban.kernel.money import Money
from duban.postgres.server import Server

MONTH = month_of(month_of(today()) - timedelta(days=1))
BEFORE = month_of(MONTH - timedelta(days=1))


@pytest.fixture
def clerk(database: str) -> Appointment:
    make.unit("City", kind=Kind.CITY)
    return office(under="City")


def zero(who: Appointment, month: date = MONTH, **signed: Any) -> ZeroReport:  # noqa: ANN401 - of the form
    given: dict[str, str] = {"name": "李四", "post": "局长", "file_name": "零报告.pdf", **signed}
    with make.acting(who) as actor:
        form = commands.Signed(given["name"], given["post"], given["file_name"], [b"scan"])
        return commands.hand_in_zero(unit_code="East", month=month, form=form, today=today(), actor=actor)


def withdraw(who: Appointment, report: ZeroReport, reason: str = "漏报一笔") -> ZeroWithdrawal:
    with make.acting(who) as actor:
        return commands.withdraw_zero(report.uid, reason=reason, actor=actor)


def seen(who: Appointment, report: ZeroReport) -> ZeroView:
    with make.acting(who) as actor:
        return zero_report(report.uid, actor=actor, today=today())


def cell(who: Appointment, month: date = MONTH) -> Cell:
    with make.acting(who) as actor:
        [row] = board(actor=actor, months=[month], today=today())
        return row.cells[month]


def claim(due_on: date, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - of the sheet
    return {"ledger_no": "7", "amount": 30, "due_on": due_on, **more}


def test_a_zero_report_is_signed_by_name_and_stands_on_the_board(clerk: Appointment) -> None:
    report = zero(clerk)
    found = cell(clerk)
    assert found.zero is not None
    assert (found.state, found.handed, found.zero.signer_name, found.zero.signer_post) == (
        Outcome.ZERO, None, "李四", "局长"
    )  # fmt: skip
    assert clerk.person.name in found.zero.who
    assert (report.file.name, report.posting.evidence_sha256) == ("零报告.pdf", report.file.sha256)
    with make.acting(clerk):
        assert Event.objects.filter(subject_uid=str(report.uid)).get().values["signer"] == "李四"
        assert verify().ok


def test_a_claim_that_surfaces_makes_it_void_and_the_board_says_which_and_since_when(clerk: Appointment) -> None:
    report = zero(clerk)
    statement = enter(clerk, claim(last_day(MONTH)), as_of=today())
    found = seen(clerk, report).surfaced
    assert found is not None
    assert statement.posting is not None
    assert (found.ledger_no, found.day, found.since) == ("7", last_day(MONTH), statement.posting.recorded_at)
    assert cell(clerk).state == Outcome.ZERO_VOID
    assert cell(clerk).days_late == max((today() - cell(clerk).due_on).days, 0)
    with make.acting(clerk):
        assert ZeroReport.objects.filter(pk=report.pk).exists()


def test_a_claim_that_falls_due_later_or_was_known_before_does_not(clerk: Appointment) -> None:
    enter(clerk, claim(BEFORE - timedelta(days=9), cleared=30), as_of=last_day(BEFORE))
    report = zero(clerk)
    later = claim(last_day(MONTH) + timedelta(days=1), ledger_no="8", creditor_name="丙公司", amount=11)
    enter(clerk, later, as_of=today(), mode="changes")
    assert seen(clerk, report).surfaced is None
    assert cell(clerk).state == Outcome.ZERO


def test_what_goes_on_from_a_claim_known_before_is_no_claim_that_surfaces(clerk: Appointment) -> None:
    enter(clerk, claim(BEFORE, cleared=30), as_of=last_day(BEFORE))
    report = zero(clerk)
    statement = enter(
        clerk, claim(BEFORE, ledger_no="8", creditor_name="丙公司", amount=11), as_of=today(), mode="changes"
    )
    assert seen(clerk, report).surfaced is not None
    # As if the second claim were a part of the first one, which was carried over.
    make.as_owner("ALTER TABLE arrears_claimlink DISABLE TRIGGER under_an_open_posting")
    make.as_owner(
        "INSERT INTO arrears_claimlink (kind, from_claim_id, to_claim_id, scope_id, to_scope_id, amount, posting_id)"
        " SELECT 'split', min(claim_id), max(claim_id), min(scope_id), min(scope_id), 1100, %s FROM arrears_claimnow",
        statement.posting_id,
    )
    assert seen(clerk, report).surfaced is None


def test_what_turns_out_to_be_no_claim_gives_the_zero_report_back(clerk: Appointment) -> None:
    report = zero(clerk)
    enter(clerk, claim(last_day(MONTH)), as_of=today())
    now = making.claim(clerk, "7")
    with make.acting(clerk):
        making.post(clerk, now, ("undisputed", "reduced", "30"), on=today())
    assert seen(clerk, report).surfaced is None


def test_where_something_is_owed_it_is_refused_with_the_numbers(clerk: Appointment) -> None:
    enter(clerk, claim(BEFORE), claim(BEFORE, ledger_no="8", amount=12, project="桥"), as_of=last_day(MONTH))
    with pytest.raises(StillOwed, match=rf"shows 42\.00 yuan due and open on {last_day(MONTH)}, in 2 claims"):
        zero(clerk)
    now = making.claim(clerk, "7")
    with make.acting(clerk):
        making.post(clerk, now, ("undisputed", "reported", "30"), on=today())
    with pytest.raises(StillOwed, match=r"42\.00"):  # what was paid since was still owed on that day
        zero(clerk)
    assert zero(clerk, month=BEFORE).month == BEFORE


def test_a_month_that_has_not_ended_or_was_signed_is_refused(clerk: Appointment) -> None:
    with pytest.raises(MonthNotOver, match="and today is"):
        zero(clerk, month=today())
    report = zero(clerk)
    scope_id = make.scope_id("East")
    with make.acting(clerk) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.closed", scope_id=scope_id)
        ClosedMonth.objects.create(scope_id=scope_id, month=MONTH, posting=posting)
    for act in (lambda: zero(clerk, month=BEFORE), lambda: withdraw(clerk, report)):
        with pytest.raises(MonthSigned, match="was signed and is closed"):
            act()


def test_a_second_one_comes_only_after_the_first_was_withdrawn_with_its_reason(clerk: Appointment) -> None:
    first = zero(clerk)
    with pytest.raises(AlreadyZero, match="signed by 李四"):
        zero(clerk)
    with pytest.raises(ReasonMissing):
        withdraw(clerk, first, " ")
    withdraw(clerk, first)
    with pytest.raises(WithdrawnAlready):
        withdraw(clerk, first)
    taken = seen(clerk, first).withdrawn
    assert taken is not None
    assert taken.reason == "漏报一笔"
    assert zero(clerk, name="王五").n == 2
    found = cell(clerk).zero
    assert found is not None
    assert found.signer_name == "王五"
    with make.acting(clerk):
        assert verify().ok


def test_without_a_name_or_a_post_it_is_not_signed(clerk: Appointment) -> None:
    for missing in ({"name": " "}, {"post": ""}):
        with pytest.raises(NotSigned):
            zero(clerk, MONTH, **missing)


def test_only_whoever_may_report_for_a_unit_hands_in_its_zero(clerk: Appointment) -> None:
    report = zero(clerk)
    for stranger in (office("West", under="City"), make.appointment(Role.LEADER, of="City")):
        with pytest.raises(PermissionDenied):
            zero(stranger)
    with pytest.raises(PermissionDenied):
        withdraw(make.appointment(Role.LEADER, of="City"), report)
    with pytest.raises(ZeroReport.DoesNotExist):
        seen(make.appointment(of="West"), report)


@pytest.mark.parametrize(
    ("month", "n", "said"),
    [(MONTH, 2, "withdrawn first"), (month_of(today()), 1, "has ended"), (BEFORE, 0, "withdrawn first")],
)
def test_the_database_refuses_what_the_rules_refuse(clerk: Appointment, month: date, n: int, said: str) -> None:
    first = zero(clerk)
    with make.acting(clerk) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.zero_report", scope_id=first.scope_id)
        with pytest.raises(DatabaseError, match=said), transaction.atomic():
            ZeroReport.objects.create(
                unit_id=first.unit_id, scope_id=first.scope_id, month=month, n=n, signer_name="x", signer_post="x",
                file_id=first.file_id, posting=posting,
            )  # fmt: skip


def test_of_two_people_one_hands_it_in(clerk: Appointment) -> None:
    done = at_once(lambda: zero(clerk), lambda: zero(clerk))
    assert sorted(type(one).__name__ for one in done) == ["AlreadyZero", "ZeroReport"]


def test_against_a_ledger_that_is_entered_it_is_refused_or_void_and_never_stands(clerk: Appointment) -> None:
    statement = hand_in(clerk, claim(BEFORE), as_of=last_day(MONTH))
    making.decide(clerk, statement.uid)

    def accept() -> Any:  # noqa: ANN401 - of the command
        with make.acting(clerk) as actor:
            return commands.accept(statement.uid, actor=actor)

    handed, _ = at_once(lambda: zero(clerk), accept)
    assert isinstance(handed, StillOwed) or seen(clerk, handed).surfaced is not None
    assert cell(clerk).state == "accepted"
    assert making.balances(clerk, "7") == {"undisputed": str(Money.of(30))}


def test_a_form_that_was_changed_is_named(clerk: Appointment, server: Server, database: str) -> None:
    report = zero(clerk)
    with server.as_superuser(database) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE arrears_zeroreport SET n = 2")
    with make.operator():
        broken = verify().first
    assert broken is not None
    assert (broken.table, broken.uid, broken.column) == ("arrears_zeroreport", str(report.uid), "n")


# -- Pages ------------------------------------------------------------------------------------------------------------


def client_of(who: Appointment) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE] = make.session(who)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_the_form_is_printed_handed_in_looked_at_and_withdrawn(clerk: Appointment) -> None:
    client, month = client_of(clerk), f"{MONTH:%Y-%m}"
    asked = {"unit": "East", "month": month}
    assert "LBG-East-" in client.get("/arrears/board/zero/form/", asked).content.decode()
    scan = SimpleUploadedFile("零报告.jpg", b"picture")
    handed = client.post("/arrears/board/zero/", {**asked, "signer_name": "李四", "signer_post": "局长", "file": scan})
    assert handed.status_code == 302
    place = handed.headers["Location"]
    assert "李四" in client.get(place).content.decode()
    kept = client.get(f"{place}scan/")
    assert (kept.getvalue(), kept.headers["Content-Type"]) == (b"picture", "application/octet-stream")
    assert place in client.get("/arrears/board/", {"month": month}).content.decode()
    wrong = SimpleUploadedFile("零报告.exe", b"MZ")
    again = {**asked, "signer_name": "李四", "signer_post": "局长"}
    assert "is no scan" in client.post("/arrears/board/zero/", {**again, "file": wrong}).content.decode()
    second = SimpleUploadedFile("零报告.jpg", b"other")
    assert "withdraw it first" in client.post("/arrears/board/zero/", {**again, "file": second}).content.decode()
    client.post(f"{place}withdraw/", {"reason": "漏报"})
    assert "漏报" in client.get(place).content.decode()


def test_no_form_is_given_out_where_something_is_owed(clerk: Appointment) -> None:
    enter(clerk, claim(BEFORE), as_of=last_day(MONTH))
    answer = client_of(clerk).get("/arrears/board/zero/form/", {"unit": "East", "month": f"{MONTH:%Y-%m}"})
    assert answer.status_code == 422
    assert "30.00 yuan due and open" in answer.content.decode()


def test_a_void_one_says_on_its_page_and_on_the_board_because_of_which_claim(clerk: Appointment) -> None:
    report = zero(clerk)
    enter(clerk, claim(last_day(MONTH)), as_of=today())
    client = client_of(clerk)
    text = client.get(f"/arrears/board/zero/{report.uid}/").content.decode()
    assert "Claim 7 of 乙公司 surfaced" in text
    assert str(making.claim(clerk, "7").claim.uid) in text
    assert "because of claim 7" in client.get("/arrears/board/", {"month": f"{MONTH:%Y-%m}"}).content.decode()
