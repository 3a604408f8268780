from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from tests import make

from duban.arrears import commands
from duban.arrears.models import SealedSheet, Statement
from duban.arrears.queries.board import board
from duban.arrears.queries.reconciling import Sheet, sheet
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.reconciling import NotEntered, Part
from duban.arrears.rules.reporting import NotSigned, last_day, month_of
from duban.arrears.rules.rollforward import Term, View
from duban.arrears.tests import making
from duban.arrears.tests.making import enter, hand_in, office, today
from duban.audit import commands as audit
from duban.audit.models import Event
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import Role
from duban.identity.units import Kind
from duban.kernel.money import ZERO, Money

MONTH = month_of(month_of(today()) - timedelta(days=1))
BEFORE = month_of(MONTH - timedelta(days=1))
FIRST: list[dict[str, Any]] = [
    {"ledger_no": "1", "amount": 100, "cleared": 40},
    {"ledger_no": "2", "amount": 30, "disputed": 10, "undisputed": 20, "project": "桥"},
    {"ledger_no": "3", "amount": 50, "not_due": 50, "due_on": last_day(MONTH).replace(year=2099), "project": "路"},
]


@pytest.fixture
def clerk(database: str) -> Appointment:
    make.unit("City", kind=Kind.CITY)
    return office(under="City")


def of(who: Appointment, statement: Statement) -> Sheet:
    with make.acting(who) as actor:
        return sheet(statement.uid, actor=actor)


def seal(who: Appointment, statement: Statement, name: str = "李四", post: str = "局长") -> SealedSheet:
    with make.acting(who) as actor:
        form = commands.Signed(name, post, "对账确认单.pdf", [b"sealed"])
        return commands.hand_in_sealed(statement.uid, form=form, actor=actor)


def parts(found: Sheet) -> dict[str, tuple[int, str]]:
    return {part.value: (count, str(amount)) for part, (count, amount) in found.figures.parts.items() if count}


def test_a_sheet_states_counts_and_sums_by_part_and_the_way_from_the_statement_before(clerk: Appointment) -> None:
    first = enter(clerk, *FIRST, as_of=last_day(BEFORE))
    assert parts(of(clerk, first)) == {
        "undisputed": (2, "80.00"), "disputed": (1, "10.00"), "open": (2, "90.00"), "not_due": (1, "50.00"),
        "stated": (1, "40.00"),
    }  # fmt: skip
    second = enter(
        clerk, {**FIRST[0], "cleared": 60}, {"ledger_no": "4", "amount": 7, "project": "渠"}, as_of=last_day(MONTH),
        mode="changes",
    )  # fmt: skip
    found = of(clerk, second)
    assert (found.figures.since, found.figures.as_of) == (last_day(BEFORE) + timedelta(days=1), last_day(MONTH))
    rolled = found.figures.views[View.WITH_JUDICIAL]
    assert (str(rolled.opening), str(rolled.closing), rolled.difference) == ("90.00", "77.00", ZERO)
    assert (str(rolled.figure(Term.NEW)), str(rolled.figure(Term.CLEARED))) == ("7.00", "20.00")
    assert rolled.closing == found.figures.parts[Part.OPEN][1]
    assert found.figures.number.startswith(f"DZ-East-{last_day(MONTH):%Y%m%d}-")
    assert found.figures.file_sha256 == second.file.sha256


def test_what_was_entered_later_does_not_change_a_sheet_that_was_printed(clerk: Appointment) -> None:
    statement = enter(clerk, *FIRST, as_of=last_day(BEFORE))
    printed = of(clerk, statement)
    claim = making.claim(clerk, "1")
    with make.acting(clerk):
        making.post(clerk, claim, ("undisputed", "reported", "5"), on=last_day(BEFORE))
    again = of(clerk, statement)
    assert (again.figures.digest, again.known_at) == (printed.figures.digest, printed.known_at)
    assert making.balances(clerk, "1")["undisputed"] == "55.00"


def test_a_statement_that_changed_nothing_is_compared_with_the_ledger_of_now(clerk: Appointment) -> None:
    enter(clerk, *FIRST, as_of=last_day(BEFORE))
    same = enter(clerk, *FIRST, as_of=last_day(MONTH))
    assert same.posting is None
    before = of(clerk, same)
    assert parts(before)["open"] == (2, "90.00")
    seal(clerk, same)
    claim = making.claim(clerk, "1")
    with make.acting(clerk):
        making.post(clerk, claim, ("undisputed", "reported", "5"), on=last_day(MONTH))
    [sealed], after = of(clerk, same).sealed, of(clerk, same)
    assert sealed.digest == before.figures.digest != after.figures.digest


def test_what_stands_under_a_unit_is_in_its_own_sheet_only(clerk: Appointment) -> None:
    enter(clerk, *FIRST, as_of=last_day(MONTH))
    town = office("Town", under="East")
    enter(town, {"ledger_no": "9", "amount": 1000}, as_of=last_day(MONTH))
    with make.acting(clerk):
        east = Statement.objects.get(unit__code="East")
    assert of(clerk, east).figures.parts[Part.OPEN] == (2, Money.of(90))
    assert of(clerk, east).figures.views[View.WITH_JUDICIAL].closing == Money.of(90)


def test_a_sealed_sheet_shows_on_the_board_and_a_better_scan_follows_it(clerk: Appointment) -> None:
    statement = enter(clerk, *FIRST, as_of=last_day(MONTH))
    first, second = seal(clerk, statement), seal(clerk, statement, name="王五")
    assert first.digest == second.digest == of(clerk, statement).figures.digest
    assert [one.signer_name for one in of(clerk, statement).sealed] == ["王五", "李四"]
    with make.acting(clerk) as actor:
        [row] = board(actor=actor, months=[MONTH], today=today())
        assert Event.objects.filter(action="arrears.sheet_sealed").count() == 2
        assert verify().ok
    handed = row.cells[MONTH].handed
    assert handed is not None
    assert handed.sealed_at == second.posting.recorded_at


def test_only_what_was_entered_is_sealed_by_name_and_by_whoever_reports(clerk: Appointment) -> None:
    waiting = hand_in(clerk, *FIRST, as_of=last_day(MONTH))
    with pytest.raises(NotEntered, match="this one is: Checked"):
        seal(clerk, waiting)
    scope_id, file_id = waiting.scope_id, waiting.file_id
    with make.acting(clerk) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.sealed_sheet", scope_id=scope_id)
        with pytest.raises(DatabaseError, match="of an accepted statement"), transaction.atomic():
            SealedSheet.objects.create(
                statement=waiting, scope_id=scope_id, signer_name="x", signer_post="x", file_id=file_id, digest="",
                posting=posting,
            )  # fmt: skip
    entered = making.accept(clerk, waiting)
    with pytest.raises(NotSigned):
        seal(clerk, entered, name=" ")
    # Whoever may not change the row cannot hold it either.
    with pytest.raises(Statement.DoesNotExist):
        seal(make.appointment(Role.LEADER, of="City"), entered)
    with pytest.raises(Statement.DoesNotExist):
        of(office("West", under="City"), entered)


def test_the_sheet_is_printed_sealed_and_handed_back_on_its_page(clerk: Appointment) -> None:
    statement = enter(clerk, *FIRST, as_of=last_day(MONTH))
    client = Client()
    client.cookies[settings.SESSION_COOKIE] = make.session(clerk)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    place = f"/arrears/imports/{statement.uid}/sheet/"
    assert place in client.get(f"/arrears/imports/{statement.uid}/").content.decode()
    text = client.get(place).content.decode()
    assert of(clerk, statement).figures.number in text
    assert statement.file.sha256 in text
    month = {"month": f"{MONTH:%Y-%m}"}
    assert "To be confirmed" in client.get("/arrears/board/", month).content.decode()
    scan = SimpleUploadedFile("对账确认单.png", b"picture")
    given = {"signer_name": "李四", "signer_post": "局长", "file": scan}
    assert client.post(place, given).status_code == 302
    [sealed] = of(clerk, statement).sealed
    assert client.get(f"{place}{sealed.sealed_id}/").getvalue() == b"picture"
    assert client.get(f"{place}{sealed.sealed_id + 1}/").status_code == 404
    assert ">Confirmed<" in client.get("/arrears/board/", month).content.decode()
    waiting = hand_in(clerk, *FIRST, as_of=today())
    assert client.get(f"/arrears/imports/{waiting.uid}/sheet/").status_code == 422


def test_every_account_that_is_due_or_cleared_is_in_a_part() -> None:
    told = {account for part in Part for account in part.accounts}
    assert told == set(Account) - {Account.RECOGNISED, Account.REDUCED}
