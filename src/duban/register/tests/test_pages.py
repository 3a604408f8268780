from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from tests import make

from duban.audit import commands as audit
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import Role
from duban.identity.units import Kind
from duban.register import commands
from duban.register.commands import Named
from duban.register.models import Party

CODE = "53640000MJX173680A"
FIRM, SAME_FIRM = "昆明市盘龙区宏达建筑有限公司", "昆明市盘龙区宏达建筑有限责任公司"
PAIRS = "/parties/duplicates/"


@pytest.fixture
def clerk(database: str) -> Appointment:
    appointment = make.appointment(of=make.unit("East", kind=Kind.COUNTY))
    with make.acting(appointment) as actor:
        posting = audit.open_posting(actor=actor, kind="test", scope_id=scope_of(actor.unit_id, None))
        commands.know([Named(FIRM, CODE), Named(SAME_FIRM), Named("乙厂")], posting=posting)
    return appointment


@pytest.fixture
def client(clerk: Appointment) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.cookies[settings.SESSION_COOKIE] = make.session(clerk)
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def uid(name: str) -> str:
    return str(Party.objects.using("owner").get(name=name).uid)


def test_a_pair_is_found_decided_and_undone_on_the_pages(client: Client) -> None:
    assert "1 new pair to be decided" in client.post(f"{PAIRS}look/", follow=True).content.decode()
    assert "Region, trade name, business and legal form" in text(client, PAIRS)
    pair = f"{PAIRS}{uid(FIRM)}/{uid(SAME_FIRM)}/"
    decided = client.post(pair, {"verdict": "first", "reason": "营业执照"}, follow=True).content.decode()
    assert "The decision is recorded" in decided
    assert SAME_FIRM not in text(client, PAIRS)
    assert "营业执照" in text(client, pair)
    assert f"counts as {FIRM}" in text(client, "/parties/?state=alias")
    assert SAME_FIRM in text(client, f"/parties/{uid(FIRM)}/")
    client.post(pair, {"reason": "另一家"})
    assert SAME_FIRM in text(client, PAIRS)


def test_a_decision_without_a_reason_comes_back_with_the_sentence(client: Client) -> None:
    answer = client.post(f"{PAIRS}{uid(FIRM)}/{uid(SAME_FIRM)}/", {"verdict": "different", "reason": ""})
    assert answer.status_code == 422


def test_parties_are_found_by_a_part_of_a_name_a_code_or_a_former_name(client: Client, clerk: Appointment) -> None:
    with make.acting(clerk) as actor:
        commands.rename(
            party=Party.objects.get(name="乙厂").uid, name="丙厂", since=date(2024, 1, 1), paper="通知书",
            today=date(2026, 1, 1), actor=actor,
        )  # fmt: skip
    for asked in (
        "丙厂",
        "乙",
    ):
        assert "first known as 乙厂" in text(client, f"/parties/?q={asked}")
    assert FIRM in text(client, f"/parties/?q={CODE[:6].lower()}")
    assert FIRM not in text(client, "/parties/?q=丙厂")
    assert CODE not in text(client, "/parties/?state=without_code")
    assert "3 not yet verified, 2 without a code" in text(client, "/parties/")


def test_a_new_name_is_entered_with_its_paper(client: Client) -> None:
    address = f"/parties/{uid('乙厂')}/"
    given = {"name": "丙厂", "since": "2024-01-01", "paper": "通知书"}
    assert "丙厂" in client.post(f"{address}name/", given, follow=True).content.decode()
    answer = client.post(f"{address}name/", {**given, "since": "2999-01-01"})
    assert (answer.status_code, "has not come yet" in answer.content.decode()) == (422, True)
    assert "/arrears/ledger/?q=" in text(client, address)


def test_whoever_may_not_manage_parties_sees_them_and_no_way_to_change_them(client: Client, clerk: Appointment) -> None:
    client.cookies[settings.SESSION_COOKIE] = make.session(make.appointment(Role.AUDITOR, of="East"))
    assert "Possible duplicates" not in text(client, "/parties/")
    assert "Enter a new name" not in text(client, f"/parties/{uid(FIRM)}/")


def test_kind_size_and_check_are_entered_and_shown_with_their_papers(client: Client) -> None:
    address = f"/parties/{uid('乙厂')}/"
    branch = {"kind": "branch", "head": CODE, "since": "2024-01-01", "paper": "分公司执照"}
    assert "Branch of another body" in client.post(f"{address}kind/", branch, follow=True).content.decode()
    figures = {"year": "2024", "industry": "C25", "staff": "300", "revenue": "2000", "assets": "", "paper": "审计报告"}
    shown = client.post(f"{address}size/", figures, follow=True).content.decode()
    assert "Medium-sized, by the line" in shown
    assert "审计报告" in shown
    assert "营业执照" in client.post(f"{address}verify/", {"paper": "营业执照"}, follow=True).content.decode()
    assert "Withdraw the verification" in text(client, address)
    assert "乙厂" in text(client, "/parties/?kind=branch")
    unverified = text(client, "/parties/?state=unverified")
    assert (FIRM in unverified, "乙厂" in unverified) == (True, False)
    client.post(f"{address}withdraw/", {"paper": "看错"})
    assert "not yet verified" in text(client, address)
    assert "乙厂" in text(client, "/parties/?state=unverified")


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("kind", {"kind": "branch", "head": "", "since": "2024-01-01", "paper": "执照"}, "needs the body"),
        ("size", {"year": "2024", "industry": "C25", "paper": "报告"}, "No figure was given for 2024"),
        ("size", {"year": "2024", "industry": "C25", "revenue": "-1", "paper": "报告"}, "below zero"),
        ("size", {"year": "2024", "industry": "C25", "revenue": "很多", "paper": "报告"}, "很多"),
        ("withdraw", {"paper": "看错"}, "is not verified"),
    ],
)
def test_a_refused_entry_comes_back_with_its_sentence(
    client: Client, name: str, given: dict[str, str], sentence: str
) -> None:
    answer = client.post(f"/parties/{uid('乙厂')}/{name}/", given)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)


def test_there_is_no_other_entry(client: Client) -> None:
    assert client.get(f"/parties/{uid('乙厂')}/delete/").status_code == 404


def test_a_merger_is_entered_and_taken_back_on_the_page(client: Client) -> None:
    address = f"/parties/{uid('乙厂')}/"
    given = {"successor": CODE, "since": "2024-01-01", "paper": "批复"}
    merged = client.post(f"{address}successor/", given, follow=True).content.decode()
    assert "In its place today" in merged
    assert "Take a merger back" in merged
    client.post(f"{address}no-successor/", {"successor": CODE, "paper": "看错"})
    assert "In its place today" not in text(client, address)
