"""A statement that was entered is taken back: the ledger is as if it had never come, and keeps what happened."""

import pytest
from tests import make

from duban.arrears import commands
from duban.arrears.commands import claim as acts
from duban.arrears.commands.statement.steps import MonthIsClosed
from duban.arrears.commands.statement.withdrawing import NotTheLatest
from duban.arrears.models import ClaimFact, ClaimNow, ClosedMonth, Settlement, Statement
from duban.arrears.rules.acts import Cause
from duban.arrears.rules.asking import Verdict
from duban.arrears.rules.reversing import MovedOn
from duban.arrears.tests.acting import act, claim_id, do
from duban.arrears.tests.making import accept, answer, balances, claim, days_ago, enter, hand_in, office, today
from duban.audit import commands as audit
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.money import Money

MARCH, APRIL, MAY = days_ago(40), days_ago(20), days_ago(10)
FIRST = [{"ledger_no": "1", "amount": 100, "cleared": 25}, {"ledger_no": "2", "amount": 40, "project": "桥"}]
NEW = {"ledger_no": "3", "amount": 7, "project": "新"}


@pytest.fixture
def clerk(database: str) -> Appointment:
    clerk = office()
    enter(clerk, *FIRST, as_of=MARCH)
    return clerk


def april(clerk: Appointment) -> Statement:
    """The second month: one claim cleared further, restated and renamed, one that vanished, one that is new."""
    changed = {"ledger_no": "1", "amount": 130, "cleared": 60, "note": "已付一笔"}
    statement = hand_in(clerk, changed, NEW, as_of=APRIL)
    answer(make.appointment(of="East"), statement, Verdict.ACCEPT, "proof")
    return accept(clerk, statement)


def withdraw(actor: Appointment, statement: Statement, reason: str = "报错月份") -> Statement:
    with make.acting(actor) as entered:
        return commands.withdraw(statement.uid, reason=reason, today=today(), actor=entered)


def proposed(statement: Statement) -> dict[str, int]:
    return {change: count for change, count in statement.summary["proposed"].items() if count}


def test_the_ledger_is_as_before_and_the_month_can_be_handed_in_again(clerk: Appointment) -> None:
    before = [balances(clerk, number) for number in "12"]
    second = april(clerk)
    assert withdraw(clerk, second).state == "withdrawn"
    assert [balances(clerk, number) for number in "123"] == [*before, {}]
    assert claim(clerk, "1").note == ""
    assert proposed(hand_in(clerk, *FIRST, as_of=APRIL)) == {}
    again = hand_in(clerk, {**FIRST[0], "cleared": 30}, FIRST[1], NEW, as_of=APRIL)
    assert proposed(again) == {"cleared": 1, "amount": 1}
    accept(clerk, again)
    assert balances(clerk, "3") == {"undisputed": "7.00"}
    with make.acting(make.appointment(Role.AUDITOR, of="East")):
        assert verify().ok


def test_an_opening_is_taken_back_too(clerk: Appointment) -> None:
    with make.acting(clerk):
        opening = Statement.objects.get()
    withdraw(clerk, opening)
    assert [balances(clerk, number) for number in "12"] == [{}, {}]
    with make.acting(clerk):
        assert Settlement.objects.get().events.latest("n").step == "withdrawn"


def test_the_later_one_goes_first(clerk: Appointment) -> None:
    with make.acting(clerk):
        opening = Statement.objects.get()
    second = april(clerk)
    with pytest.raises(NotTheLatest, match=f"of {APRIL}"):
        withdraw(clerk, opening)
    withdraw(clerk, second)
    withdraw(clerk, opening)
    assert balances(clerk, "1") == {}


def test_what_has_moved_on_keeps_the_statement(clerk: Appointment) -> None:
    second = april(clerk)
    papers = act("debtor_statement", "creditor_statement")
    do(clerk, acts.dispute, "3", amount=Money.of("7"), cause=Cause.QUALITY, expires_on=days_ago(-30), act=papers)
    with pytest.raises(MovedOn, match="claim 3"):
        withdraw(clerk, second)
    assert balances(clerk, "1")["reported"] == "60.00"


def test_a_signed_month_keeps_its_statements(clerk: Appointment) -> None:
    second = april(clerk)
    with make.acting(clerk) as actor:
        scope = ClaimNow.objects.filter(ledger_no="1").get().scope_id
        posting = audit.open_posting(actor=actor, kind="arrears.closed", scope_id=scope)
        ClosedMonth.objects.create(scope_id=scope, month=APRIL.replace(day=1), posting=posting)
    with pytest.raises(MonthIsClosed):
        withdraw(clerk, second)


def test_whoever_only_reports_does_not_take_back_what_was_entered(clerk: Appointment) -> None:
    second = april(clerk)
    with pytest.raises(PermissionDenied):
        withdraw(make.appointment(Role.DEBTOR, of="East"), second)


def facts(clerk: Appointment, number: str) -> list[tuple[str, str]]:
    """Number and project of a claim, version by version."""
    where = claim_id(clerk, number)
    with make.acting(clerk):
        return [(said.ledger_no, said.project) for said in ClaimFact.objects.filter(claim_id=where).order_by("n")]


def test_what_a_row_says_anew_is_the_next_version(clerk: Appointment) -> None:
    renamed = [{**FIRST[0], "ledger_no": "7", "project": "一号桥", "debtor_name": "甲局"}, FIRST[1]]
    statement = hand_in(clerk, *renamed, as_of=APRIL)
    assert (proposed(statement), statement.summary["renewed"]) == ({}, 1)
    accept(clerk, statement)
    assert facts(clerk, "7") == [("1", ""), ("7", "一号桥")]
    assert hand_in(clerk, *renamed, as_of=MAY).summary["renewed"] == 0


def test_a_blank_erases_nothing_and_a_correction_stays(clerk: Appointment) -> None:
    with make.acting(clerk) as actor:
        where = ClaimNow.objects.get(ledger_no="2").claim_id
        acts.correct_facts(claim_id=where, facts={"project": "大桥"}, act=act(), actor=actor)
    accept(clerk, hand_in(clerk, FIRST[0], {**FIRST[1], "note": "x"}, as_of=APRIL))
    assert facts(clerk, "2")[-1][1] == "大桥"
    accept(clerk, hand_in(clerk, FIRST[0], {"ledger_no": "2", "amount": 40}, as_of=MAY))
    assert facts(clerk, "2")[-1][1] == "大桥"


def test_a_name_written_with_another_legal_form_is_the_same_name(database: str) -> None:
    clerk = office()
    enter(clerk, *[{**one, "creditor_name": "云川乙丙建材 有限公司"} for one in FIRST], as_of=MARCH)
    statement = hand_in(clerk, *[{**one, "creditor_name": "云川乙丙建材有限责任公司"} for one in FIRST], as_of=APRIL)
    assert statement.summary["renewed"] == 0
    assert accept(clerk, statement).posting_id is None
