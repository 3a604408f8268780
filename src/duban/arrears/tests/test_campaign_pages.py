"""The pages of campaigns, walked as an office walks them."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, cast
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl.reader.excel import load_workbook
from tests import make

from duban.arrears.rules.accounts import Account
from duban.arrears.tests import making
from duban.arrears.tests.campaigning import begin, enter_members, establish, set_scope, view
from duban.arrears.tests.making import days_ago, enter, office, today
from duban.identity.models import Appointment
from duban.identity.rules import Role


def client_of(appointment: Appointment) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE] = make.session(appointment)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def exported(client: Client, address: str, **asked: str) -> list[list[Any]]:
    answer = client.get(address, {**asked, "export": "xlsx"})
    book = load_workbook(BytesIO(b"".join(cast("Iterable[bytes]", answer))))
    return [[cell.value for cell in row] for row in book.worksheets[0].rows]


@pytest.fixture
def clerk(database: str) -> Appointment:
    """A clerk of East with a ledger of 200 undisputed and 70 before a court."""
    clerk = office()
    enter(
        clerk,
        {"ledger_no": "1", "amount": 150, "cleared": 50},
        {"ledger_no": "2", "amount": 100, "project": "桥"},
        {"ledger_no": "3", "amount": 70, "project": "路", "judicial": 70, "undisputed": 0},
    )
    return clerk


@pytest.fixture
def second(clerk: Appointment) -> Appointment:
    """Another person of the same office."""
    return make.appointment(of="East")


def words(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, address
    return answer.content.decode()


def post(client: Client, address: str, given: dict[str, object], *, status: int = 302) -> str:
    answer = client.post(address, given)
    assert answer.status_code == status, answer.content.decode()
    return answer.headers.get("Location", "") if status == 302 else answer.content.decode()


def test_a_campaign_goes_from_its_beginning_to_a_rate_by_the_pages_alone(
    clerk: Appointment, second: Appointment
) -> None:
    office_page, other_page = client_of(clerk), client_of(second)
    assert "There is no campaign yet" in words(office_page, "/arrears/campaigns/")
    here = post(
        office_page,
        "/arrears/campaigns/begin/",
        {
            "code": "2022专项",
            "name": "专项行动",
            "source": "国办发〔2022〕1号",
            "unit": "East",
            "began_on": days_ago(300).isoformat(),
        },
    )
    dated = {"since": days_ago(20).isoformat(), "source": "方案"}
    post(office_page, f"{here}set/scope/", {"units": "East", "accounts": "undisputed", **dated})
    post(office_page, f"{here}set/counting/", {"rule": "C1", **dated})
    post(office_page, f"{here}set/small/", {"amount": "120", **dated})
    post(office_page, f"{here}set/evidence/", {"days": "60", **dated})
    on = days_ago(9).isoformat()
    assert "What the scope rule says" in words(office_page, f"{here}members/", on=on)
    post(office_page, f"{here}members/", {"on": on, "entering": "2", "leaving": "0"})
    assert "Base not locked" in words(office_page, here)
    order = post(office_page, f"{here}orders/established/", {"on": on, "reason": "专班会议"})
    refused = post(office_page, f"{order}decide/", {"verdict": "approve"}, status=422)
    assert "another person decides" in refused
    post(other_page, f"{order}decide/", {"verdict": "approve", "reason": "同意"})
    post(
        office_page,
        f"{here}set/target/",
        {
            "unit": "East",
            "layer": "own",
            "metric": "progress",
            "percent": "50",
            "amount": "",
            "due_on": days_ago(-30).isoformat(),
            "buffer_days": "10",
            "source": "责任状",
        },
    )
    shown = words(office_page, here)
    for expected in ("0.00%", "Time is left", "No. 1", "Left of small claims", "60 days", "C1, verified"):
        assert expected in shown, expected
    assert "0.02" in shown
    assert "Base locked" in words(office_page, "/arrears/campaigns/")
    assert "Approved" in words(office_page, order)


def test_a_refusal_comes_back_as_its_sentence(clerk: Appointment) -> None:
    uid = begin(clerk)
    client = client_of(clerk)
    here = f"/arrears/campaigns/{uid}/"
    said = post(client, f"{here}members/", {"on": today().isoformat(), "entering": "9", "leaving": "0"}, status=422)
    assert "now 2 claims enter and 0 leave, instead of 9" in said
    assert "Enter the members first" in post(
        client, f"{here}orders/established/", {"on": today().isoformat(), "reason": "x"}, status=422
    )
    assert "needs a number that fits" in post(
        client,
        f"{here}set/target/",
        {
            "unit": "East",
            "layer": "own",
            "metric": "progress",
            "due_on": today().isoformat(),
            "buffer_days": "0",
            "source": "x",
            "amount": "",
        },
        status=422,
    )
    assert client.get(f"{here}set/nonsense/").status_code == 404
    assert client.get(f"{here}orders/nonsense/").status_code == 404


def test_a_claim_is_told_why_it_is_in_or_out_and_an_exception_is_entered(clerk: Appointment) -> None:
    uid = begin(clerk)
    client = client_of(clerk)
    here = f"/arrears/campaigns/{uid}/members/"
    assert "In: 100.00 yuan stands in what the campaign counts" in words(client, here, number="1")
    assert "Stands where the campaign does not count" in words(client, here, number="3")
    three = making.claim(clerk, "3").claim.uid
    assert "Stands where the campaign does not count: Judicial 70.00 (yuan)" in words(
        client, f"/arrears/claims/{three}/"
    )
    missing = post(
        client,
        f"{here}?number=3",
        {"claim": str(three), "enters": "1", "on": today().isoformat(), "reason": ""},
        status=422,
    )
    assert "Something is missing" in missing
    post(
        client,
        f"{here}?number=3",
        {"claim": str(three), "enters": "1", "on": today().isoformat(), "reason": "会议纪要"},
    )
    assert "In, by hand: 会议纪要" in words(client, here, number="3")
    set_scope(clerk, uid, categories=frozenset({"works"}), due_before=days_ago(1))
    assert "Another category: it is “not given”, and the campaign takes in Works" in words(client, here, number="1")


def test_amounts_are_corrected_from_two_pasted_columns(clerk: Appointment, second: Appointment) -> None:
    uid = begin(clerk)
    enter_members(clerk, uid)
    establish(clerk, second, uid)
    client = client_of(clerk)
    here = f"/arrears/campaigns/{uid}/orders/corrected/"
    given = {"on": today().isoformat(), "reason": "更正"}

    def paper() -> SimpleUploadedFile:
        return SimpleUploadedFile("批复.pdf", b"%PDF")

    for text, says in (("1", "has no amount"), ("1 x", "1: "), ("1 2\n1 3", "stands there twice"), ("9 5", "found 0")):
        assert says in post(client, here, {"amounts": text, "paper": paper(), **given}, status=422)
    order = post(client, here, {"amounts": "1\t120.50\n\n2\t99", "paper": paper(), **given})
    shown = words(client, order)
    for expected in ("120.50", "99.00", "20.50", "-1.00", "批复.pdf", "given by the order", "Waiting for the second"):
        assert expected in shown
    assert exported(client, order)[-1][3:6] == [100, -1, 99]


@pytest.fixture
def two(clerk: Appointment, second: Appointment) -> tuple[UUID, UUID]:
    """A campaign with what is before a court, and one without."""
    uids = []
    for accounts in ({Account.UNDISPUTED, Account.JUDICIAL}, {Account.UNDISPUTED}):
        uid = begin(clerk, accounts=frozenset(accounts))
        enter_members(clerk, uid)
        establish(clerk, second, uid)
        uids.append(uid)
    return uids[0], uids[1]


def test_the_bridge_is_shown_exported_and_opens_to_its_claims(clerk: Appointment, two: tuple[UUID, UUID]) -> None:
    old, new = two
    client = client_of(clerk)
    here = f"/arrears/campaigns/{new}/bridge/"
    shown = words(client, here, old=str(old))
    for expected in ("270.00", "70.00", "200.00", "Stands where the campaign does not count", "cell=left-elsewhere"):
        assert expected in shown
    asked = {"old": str(old), "on": today().isoformat(), "cell": "left-elsewhere", "unit": "East"}
    listed = words(client, f"{here}claims/", **asked)
    assert str(making.claim(clerk, "3").claim.uid) in listed
    assert str(making.claim(clerk, "1").claim.uid) not in listed
    for address, wanted in ((here, {"old": str(old)}), (f"{here}claims/", asked)):
        assert any(70 in row for row in exported(client, address, **wanted))
    assert client.get(f"{here}claims/", {**asked, "cell": "nonsense"}).status_code == 404
    assert client.get(f"{here}claims/", {**asked, "old": "x"}).status_code == 404
    assert "has no approved base" in words(client, here, old=str(old), on=days_ago(50).isoformat())


def test_an_enterprise_sees_no_campaign(clerk: Appointment, two: tuple[UUID, UUID]) -> None:
    firm = client_of(make.appointment(Role.ENTERPRISE, of="East"))
    assert "There is no campaign yet" in words(firm, "/arrears/campaigns/")
    assert firm.get(f"/arrears/campaigns/{two[0]}/").status_code == 404


def test_who_reads_alone_is_offered_nothing_to_change(clerk: Appointment, two: tuple[UUID, UUID]) -> None:
    leader = client_of(make.appointment(Role.LEADER, of="East"))
    shown = words(leader, f"/arrears/campaigns/{two[0]}/")
    assert "members/" not in shown
    assert "bridge/" in shown
    assert view(clerk, two[0]).may_manage
