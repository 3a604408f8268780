"""Entering a claim by hand, and settling what was unsettled."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import make

from duban.arrears.commands import claim as acts
from duban.arrears.commands.claim.acting import DayNotCome, PaperMissing, SamePerson
from duban.arrears.commands.claim.recognising import NumberTaken
from duban.arrears.models import ClaimNow, Evidence, Transfer
from duban.arrears.queries.position import newly_recognised
from duban.arrears.rules.accounts import NotEnough
from duban.arrears.rules.entering import NothingEntered
from duban.arrears.tests import making
from duban.arrears.tests.acting import act, address, do
from duban.arrears.tests.making import balances, days_ago, enter, hand_in, today
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.money import ZERO, Money
from duban.register.commands import Named
from duban.register.models import Party


def recognise(who: Appointment, number: str = "9", *roles: str, unit: str = "East", **given: Any) -> acts.Recognised:  # noqa: ANN401 - of the command
    facts = {"ledger_no": number, "due_on": days_ago(30), **given.pop("facts", {})}
    asked = {"debtor": Named("丙局"), "creditor": Named("丁公司"), "owed": Money.of(70), **given}
    with make.acting(who) as actor:
        return acts.recognise(unit_code=unit, facts=facts, act=act(*(roles or ("basis",))), actor=actor, **asked)


# -- A claim by hand --------------------------------------------------------------------------------------------------


def test_a_claim_is_entered_with_its_parties_its_paper_and_what_is_owed(clerk: Appointment) -> None:
    recognise(clerk, estimated=Money.of(5), debtor=Named("丙局", making.CODE))
    assert balances(clerk, "9") == {"undisputed": "70.00", "unsettled": "5.00"}
    with make.acting(clerk) as actor:
        assert Party.objects.get(uscc=making.CODE).name == "丙局"
        assert Evidence.objects.get(claim__now__ledger_no="9").role == "basis"
        assert newly_recognised(actor=actor, since=days_ago(5), as_of=today()) == Money.of(75)
        assert verify().ok


def test_what_is_not_due_yet_is_entered_as_not_due(clerk: Appointment) -> None:
    recognise(clerk, facts={"due_on": days_ago(-30)})
    assert balances(clerk, "9") == {"not_due": "70.00"}


def test_the_next_ledger_that_names_the_claim_changes_nothing(clerk: Appointment) -> None:
    recognise(clerk)
    known = {"debtor_name": "丙局", "creditor_name": "丁公司", "due_on": days_ago(30)}
    statement = hand_in(clerk, {"ledger_no": "9", "amount": 70, **known}, mode="changes", as_of=days_ago(1))
    assert statement.summary["error_rows"] == 0
    with make.acting(clerk):
        assert statement.rows.get().proposal == ""


def test_a_number_that_is_taken_and_a_claim_without_a_paper_are_refused(clerk: Appointment) -> None:
    with pytest.raises(NumberTaken, match="乙公司 is owed by 甲局 under it"):
        recognise(clerk, "1")
    with pytest.raises(PaperMissing, match="what the claim rests on"):
        recognise(clerk, "9", "proof")
    with pytest.raises(NothingEntered):
        recognise(clerk, owed=ZERO)


def test_a_claim_of_the_same_parties_and_contract_is_pointed_at(clerk: Appointment) -> None:
    found = recognise(clerk, debtor=Named("甲局"), creditor=Named("乙公司"), facts={"project": "桥"})
    [warning] = found.warnings
    assert "Claim 2 is of the same parties" in str(warning)
    assert recognise(clerk, "10").warnings == []


def test_nobody_enters_a_claim_where_he_may_not_act(clerk: Appointment) -> None:
    make.unit("West")
    for stranger, unit in ((clerk, "West"), (make.appointment(Role.AUDITOR, of="East"), "East")):
        with pytest.raises(PermissionDenied):
            recognise(stranger, unit=unit)


def test_two_clerks_give_one_number_to_one_claim(clerk: Appointment, second: Appointment) -> None:
    def enter_it(who: Appointment, creditor: str) -> bool:
        try:
            recognise(who, creditor=Named(creditor))
        except NumberTaken:
            return False
        return True

    with make.threads(2) as start:
        both = [start(lambda: enter_it(clerk, "丁公司")), start(lambda: enter_it(second, "戊公司"))]
        assert sorted(done.result() for done in both) == [False, True]


def test_a_claim_is_entered_on_its_form_and_opened(clerk: Appointment, browser: Client) -> None:
    assert "/arrears/ledger/new/" in browser.get("/arrears/ledger/").content.decode()
    typed = {
        "unit": "East", "ledger_no": "9", "debtor_name": "丙局", "creditor_name": "丁公司", "owed": "70",
        "effective_on": today(), "reason": "投诉转办", "due_on": days_ago(30),
        "debtor_uscc": "123",
    }  # fmt: skip
    paper = {"paper_basis": SimpleUploadedFile("合同.pdf", b"contract")}
    assert browser.post("/arrears/ledger/new/", {**typed, **paper}).status_code == 422
    paper = {"paper_basis": SimpleUploadedFile("合同.pdf", b"contract")}
    answer = browser.post("/arrears/ledger/new/", {**typed, **paper, "debtor_uscc": ""}, follow=True)
    assert "丁公司" in answer.content.decode()
    assert balances(clerk, "9") == {"undisputed": "70.00"}


# -- The settlement ---------------------------------------------------------------------------------------------------


@pytest.fixture
def estimated(clerk: Appointment) -> Appointment:
    """The clerk, with a third claim of which 80 yuan are unsettled."""
    enter(clerk, {"ledger_no": "3", "amount": 80, "unsettled": 80, "undisputed": 0, "project": "路"},
          as_of=days_ago(9), mode="changes")  # fmt: skip
    return clerk


def test_what_was_confirmed_stands_where_its_day_puts_it(estimated: Appointment) -> None:
    do(estimated, acts.settle, "3", confirmed=Money.of(80), due_on=days_ago(-20), act=act("settlement"))
    assert balances(estimated, "3") == {"not_due": "80.00"}
    assert making.claim(estimated, "3").due_on == days_ago(-20)


def test_more_than_was_estimated_is_newly_recognised(estimated: Appointment) -> None:
    do(estimated, acts.settle, "3", confirmed=Money.of(90), due_on=None, act=act("settlement"))
    assert balances(estimated, "3") == {"undisputed": "90.00"}
    with make.acting(estimated) as actor:
        assert newly_recognised(actor=actor, since=days_ago(4), as_of=today()) == Money.of(10)


def test_less_than_was_estimated_is_reduced_by_a_second_person(estimated: Appointment, second: Appointment) -> None:
    given = {"confirmed": Money.of(60), "due_on": None, "act": act("settlement")}
    with pytest.raises(SamePerson):
        do(estimated, acts.settle, "3", **given)
    with pytest.raises(PermissionDenied):
        do(make.appointment(Role.DEBTOR, of="East"), acts.settle, "3", **given)
    do(second, acts.settle, "3", **given)
    assert balances(estimated, "3") == {"undisputed": "60.00", "reduced": "20.00"}
    with make.acting(estimated):
        assert Transfer.objects.get(destination="reduced").ground == "two_sided"
        assert verify().ok


def test_a_part_is_settled_and_the_rest_waits(estimated: Appointment) -> None:
    given = {"confirmed": Money.of(30), "due_on": None, "act": act("settlement")}
    do(estimated, acts.settle, "3", estimated=Money.of(30), **given)
    assert balances(estimated, "3") == {"undisputed": "30.00", "unsettled": "50.00"}
    with pytest.raises(NotEnough, match=r"holds 50\.00"):
        do(estimated, acts.settle, "3", estimated=Money.of(51), **{**given, "confirmed": Money.of(60)})


def test_a_settlement_needs_its_paper_an_estimate_and_a_day_that_has_come(estimated: Appointment) -> None:
    given = {"confirmed": Money.of(80), "due_on": None}
    with pytest.raises(PaperMissing, match="settlement that both sides signed"):
        do(estimated, acts.settle, "3", act=act(), **given)
    with pytest.raises(DayNotCome):
        do(estimated, acts.settle, "3", act=act("settlement", effective_on=days_ago(-1)), **given)
    with pytest.raises(NotEnough, match=r"Unsettled, which holds 0\.00"):
        do(estimated, acts.settle, "1", act=act("settlement"), **given)


def test_settling_is_offered_where_something_is_unsettled(estimated: Appointment, browser: Client) -> None:
    assert address(estimated, "settle") not in browser.get(address(estimated)).content.decode()
    with make.acting(estimated):
        uid = ClaimNow.objects.get(ledger_no="3").claim.uid
    typed = {"confirmed": "80", "effective_on": today(), "reason": "结算单", "pay_by": ""}
    paper = {"paper_settlement": SimpleUploadedFile("结算单.pdf", b"settlement")}
    assert f"/arrears/claims/{uid}/settle/" in browser.get(f"/arrears/claims/{uid}/").content.decode()
    assert browser.post(f"/arrears/claims/{uid}/settle/", {**typed, **paper}).status_code == 302
    assert balances(estimated, "3") == {"undisputed": "80.00"}
