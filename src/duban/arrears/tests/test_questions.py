"""What a statement changes beside new claims and payments: posted, asked, answered by somebody else, or held."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from tests import make

from duban.arrears import commands
from duban.arrears.commands import campaign
from duban.arrears.commands.moving import move
from duban.arrears.commands.statement.accepting import HasErrors, Unanswered
from duban.arrears.commands.statement.covering import UnknownCoverage
from duban.arrears.commands.statement.questions import ByTheUploader, NotOfThisStatement
from duban.arrears.commands.statement.steps import NotNow
from duban.arrears.models import Answer, AnswerPaper, Question, Settlement, StatedClaim, Statement, Transfer
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.asking import BothSidesMissing, PaperOfAnswerMissing, Verdict
from duban.arrears.rules.reporting import ReasonMissing
from duban.arrears.rules.targets import Layer, Metric, Target
from duban.arrears.tests import campaigning
from duban.arrears.tests.making import accept, answer, balances, claim, days_ago, enter, hand_in, office, today
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.money import Money
from duban.workbook.findings import sentence_from_stored

MARCH, APRIL, MAY = days_ago(40), days_ago(20), days_ago(10)
OTHER = {"ledger_no": "2", "amount": 40, "project": "桥"}


@pytest.fixture
def clerk(database: str) -> Appointment:
    """Whoever hands in: two claims of March, 100 yuan with 25 cleared, and 40."""
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 100, "cleared": 25}, OTHER, as_of=MARCH)
    return clerk


@pytest.fixture
def second(clerk: Appointment) -> Appointment:
    """Another person of the same office."""
    return make.appointment(of="East")


def april(clerk: Appointment, **restated: Any) -> Statement:  # noqa: ANN401 - whatever a column holds
    """The same ledger a month later, with one claim restated."""
    return hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 25, **restated}, OTHER, as_of=APRIL)


def proposed(statement: Statement) -> dict[str, int]:
    return {change: count for change, count in statement.summary["proposed"].items() if count}


def asked(clerk: Appointment, statement: Statement) -> list[tuple[str, str]]:
    with make.acting(clerk):
        return [(one.kind, str(one.amount)) for one in Question.objects.filter(statement=statement).order_by("pk")]


def findings(clerk: Appointment, statement: Statement) -> list[tuple[str, str, str]]:
    with make.acting(clerk):
        return list(statement.findings.order_by("pk").values_list("rule", "severity", "cell"))


def test_an_amount_that_grew_is_entered_as_it_is_stated(clerk: Appointment) -> None:
    statement = april(clerk, amount=130)
    assert (proposed(statement), asked(clerk, statement)) == ({"amount": 1}, [])
    accept(clerk, statement)
    assert balances(clerk, "1") == {"undisputed": "105.00", "reported": "25.00"}


def test_an_amount_that_fell_is_a_reduction_and_said(clerk: Appointment) -> None:
    statement = april(clerk, amount=90)
    assert (proposed(statement), asked(clerk, statement)) == ({"amount": 1}, [])
    assert findings(clerk, statement) == [("M-amount", "warning", "O3")]
    accept(clerk, statement)
    assert balances(clerk, "1") == {"undisputed": "65.00", "reported": "25.00", "reduced": "10.00"}
    with make.acting(clerk):
        assert Transfer.objects.get(destination="reduced").ground == "stated_lower"


def test_the_preview_adds_up_to_the_roll_forward(clerk: Appointment, second: Appointment) -> None:
    new = {"ledger_no": "3", "amount": 7, "cleared": 2, "project": "新"}
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 130, "cleared": 60}, new, as_of=APRIL)
    assert statement.summary["rollforward"] == {
        "opening": 11500, "new": 700, "raised": 3000, "returned": 0, "cleared": 3700, "reduced": 4000, "closing": 7500,
    }  # fmt: skip
    answer(second, statement, Verdict.ACCEPT, "proof")
    accept(clerk, statement)
    assert [balances(clerk, number).get("undisputed") for number in "123"] == ["70.00", None, "5.00"]


def test_what_is_taken_back_waits_for_somebody_else_with_a_paper(clerk: Appointment, second: Appointment) -> None:
    statement = april(clerk, cleared=10)
    assert (proposed(statement), asked(clerk, statement)) == ({"withdrawn": 1}, [("withdrawn", "15.00")])
    assert findings(clerk, statement) == [("M-withdrawn", "warning", "U3")]
    assert statement.summary["error_rows"] == 0
    with pytest.raises(Unanswered, match="1 questions"):
        accept(clerk, statement)
    with pytest.raises(ByTheUploader):
        answer(clerk, statement, Verdict.ACCEPT, "proof")
    with pytest.raises(PaperOfAnswerMissing, match="Clearing taken back"):
        answer(second, statement, Verdict.ACCEPT)
    answer(second, statement, Verdict.ACCEPT, "proof")
    accept(clerk, statement)
    assert balances(clerk, "1") == {"undisputed": "90.00", "reported": "10.00"}


def test_a_payment_that_is_taken_back_in_part_is_withdrawn_and_the_rest_stated_anew(
    clerk: Appointment, second: Appointment
) -> None:
    statement = april(clerk, cleared=10)
    answer(second, statement, Verdict.ACCEPT, "proof")
    accept(clerk, statement)
    with make.acting(clerk):
        paid = [(str(one.amount), one.events.latest("n").step) for one in Settlement.objects.order_by("pk")]
    assert paid == [("25.00", "withdrawn"), ("10.00", "stated")]
    with make.acting(make.appointment(Role.AUDITOR, of="East")):
        assert verify().ok


def test_several_payments_are_taken_back_the_newest_first(clerk: Appointment, second: Appointment) -> None:
    accept(clerk, april(clerk, cleared=65))
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 20}, OTHER, as_of=MAY)
    answer(second, statement, Verdict.ACCEPT, "proof")
    accept(clerk, statement)
    with make.acting(clerk):
        paid = [(str(one.amount), one.events.latest("n").step) for one in Settlement.objects.order_by("pk")]
    assert paid == [("25.00", "withdrawn"), ("40.00", "withdrawn"), ("20.00", "stated")]
    assert balances(clerk, "1") == {"undisputed": "80.00", "reported": "20.00"}


def test_what_becomes_disputed_is_asked_and_what_is_settled_is_not(clerk: Appointment, second: Appointment) -> None:
    statement = april(clerk, undisputed=65, disputed=35)
    assert (proposed(statement), asked(clerk, statement)) == ({"split": 1}, [("relabelled", "35.00")])
    answer(second, statement, Verdict.ACCEPT, "proof")
    accept(clerk, statement)
    assert balances(clerk, "1") == {"undisputed": "40.00", "disputed": "35.00", "reported": "25.00"}
    back = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 25}, OTHER, as_of=MAY)
    assert (proposed(back), asked(clerk, back)) == ({"split": 1}, [])
    accept(clerk, back)
    assert balances(clerk, "1") == {"undisputed": "75.00", "reported": "25.00"}


def test_shortly_before_a_deadline_a_dispute_needs_both_sides(clerk: Appointment, second: Appointment) -> None:
    statement = april(clerk, undisputed=65, disputed=35)
    soon, later = APRIL + timedelta(days=60), APRIL + timedelta(days=61)
    uid = campaigning.begin(clerk)

    def aim_at(day: date) -> None:
        with make.acting(clerk) as actor:
            campaign.set_target(
                campaign=uid, unit_code="East", target=Target(Layer.OWN, Metric.SMALL_ZERO, day), source="责任状",
                today=today(), actor=actor,
            )  # fmt: skip

    aim_at(later)
    assert answer(second, statement, Verdict.ACCEPT, "proof") == 1
    aim_at(soon)
    with pytest.raises(BothSidesMissing, match=f"{soon} is a deadline"):
        answer(second, statement, Verdict.ACCEPT, "proof", "debtor_statement")
    assert answer(second, statement, Verdict.ACCEPT, "debtor_statement", "creditor_statement") == 1


def test_a_claim_that_vanished_is_reduced_once_somebody_said_why(clerk: Appointment, second: Appointment) -> None:
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 25}, as_of=APRIL)
    assert (proposed(statement), asked(clerk, statement)) == ({"vanished": 1}, [("vanished", "40.00")])
    answer(second, statement, Verdict.ACCEPT, "proof")
    entered = accept(clerk, statement)
    assert balances(clerk, "2") == {"reduced": "40.00"}
    assert (entered.summary["held_rows"], entered.summary["held_claims"]) == (0, 0)
    again = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 25}, as_of=MAY)
    assert proposed(again) == {}
    accept(clerk, again)
    back = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 25}, OTHER, as_of=MAY)
    assert proposed(back) == {"amount": 1}
    accept(clerk, back)
    assert balances(clerk, "2") == {"undisputed": "40.00", "reduced": "40.00"}


def test_a_claim_that_is_kept_is_asked_again_next_month(clerk: Appointment, second: Appointment) -> None:
    for day in (APRIL, MAY):
        statement = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 25}, as_of=day)
        assert proposed(statement) == {"vanished": 1}
        answer(second, statement, Verdict.KEEP)
        assert accept(clerk, statement).summary["held_claims"] == 1
        assert balances(clerk, "2") == {"undisputed": "40.00"}


def test_what_nobody_decided_on_can_be_held(clerk: Appointment) -> None:
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 10}, as_of=APRIL)
    before = balances(clerk, "1"), balances(clerk, "2")
    entered = accept(clerk, statement, hold_errors=True)
    assert (balances(clerk, "1"), balances(clerk, "2")) == before
    assert (entered.summary["held_rows"], entered.summary["held_claims"], entered.posting_id) == (1, 1, None)
    assert proposed(entered) == {"withdrawn": 1, "vanished": 1}
    done = entered.summary["entered"]
    assert (set(done["proposed"].values()), done["rollforward"]["closing"]) == ({0}, 11500)


def test_a_debt_paid_in_full_may_leave_the_ledger_without_a_word(clerk: Appointment) -> None:
    accept(clerk, hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 100}, OTHER, as_of=APRIL))
    statement = hand_in(clerk, OTHER, as_of=MAY)
    assert (proposed(statement), asked(clerk, statement)) == ({"vanished": 1}, [])
    accept(clerk, statement)
    assert proposed(hand_in(clerk, OTHER, as_of=MAY)) == {}
    assert balances(clerk, "1") == {"reported": "100.00"}


def test_a_claim_that_was_never_stated_cannot_vanish(clerk: Appointment) -> None:
    with make.acting(clerk):
        assert StatedClaim.objects.count() == 2
    enter(clerk, {"ledger_no": "9", "amount": 5, "project": "路"}, as_of=MARCH, mode="changes")
    make.as_owner("ALTER TABLE arrears_statedclaim DISABLE TRIGGER only_added")
    make.as_owner("DELETE FROM arrears_statedclaim WHERE cleared = 0 AND undisputed = 500")
    assert proposed(april(clerk)) == {}


def test_what_was_done_by_hand_meanwhile_is_kept_when_the_sheet_says_the_same_as_before(clerk: Appointment) -> None:
    with make.acting(clerk) as actor:
        move(
            claim_id=claim(clerk, "1").claim_id, source=Account.UNDISPUTED, destination=Account.DISPUTED,
            amount=Money.of("30"), effective_on=APRIL, today=today(), reason="质量", actor=actor,
        )  # fmt: skip
    assert proposed(april(clerk)) == {}
    accept(clerk, april(clerk, cleared=40))
    assert balances(clerk, "1") == {"undisputed": "30.00", "disputed": "30.00", "reported": "40.00"}


@pytest.mark.parametrize(("verdict", "cleared"), [(Verdict.ACCEPT, "60.00"), (Verdict.KEEP, "45.00")])
def test_what_both_sides_changed_is_decided_by_a_person(clerk: Appointment, verdict: Verdict, cleared: str) -> None:
    with make.acting(clerk) as actor:
        move(
            claim_id=claim(clerk, "1").claim_id, source=Account.UNDISPUTED, destination=Account.REPORTED,
            amount=Money.of("20"), effective_on=APRIL, today=today(), reason="转账", actor=actor,
        )  # fmt: skip
    statement = april(clerk, cleared=60)
    assert (proposed(statement), [kind for kind, _ in asked(clerk, statement)]) == ({"conflict": 1}, ["conflict"])
    assert findings(clerk, statement) == [("M-conflict", "error", "O3")]
    with pytest.raises(HasErrors):
        accept(clerk, statement)
    answer(clerk, statement, verdict)
    accept(clerk, statement)
    assert balances(clerk, "1")["reported"] == cleared
    assert proposed(hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 60}, OTHER, as_of=MAY)) == {}


@pytest.mark.parametrize(("verdict", "claims"), [(Verdict.ACCEPT, 2), (Verdict.KEEP, 3)])
def test_which_claim_a_row_is_can_be_said(clerk: Appointment, verdict: Verdict, claims: int) -> None:
    row = {"ledger_no": "7", "amount": 44, "project": "桥", "creditor_name": "乙公司", "due_on": days_ago(400)}
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 25}, row, as_of=APRIL)
    assert [kind for kind, _ in asked(clerk, statement)] == ["match"]
    answer(clerk, statement, verdict)
    if verdict is Verdict.KEEP:
        accept(clerk, statement, hold_errors=True)
    else:
        accept(clerk, statement)
    with make.acting(clerk):
        assert StatedClaim.objects.values("claim").distinct().count() == claims
    number, owed = ("7", "44.00") if verdict is Verdict.ACCEPT else ("2", "40.00")
    assert balances(clerk, number) == {"undisputed": owed}


def test_a_row_that_cannot_be_kept_is_asked_nothing_and_stays_out(clerk: Appointment) -> None:
    row = {"ledger_no": "7", "amount": 44, "project": "桥" * 301, "due_on": days_ago(400)}
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 25}, row, as_of=APRIL, mode="changes")
    assert ("M-length", "error") in [found[:2] for found in findings(clerk, statement)]
    assert asked(clerk, statement) == []
    entered = accept(clerk, statement, hold_errors=True)
    assert (entered.summary["held_rows"], entered.posting_id) == (1, None)


def test_one_text_for_all_is_for_whoever_decides_and_is_marked(clerk: Appointment) -> None:
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 10}, as_of=APRIL)
    with make.acting(clerk) as actor, pytest.raises(ReasonMissing):
        commands.answer_all(statement.uid, reason=" ", actor=actor)
    with make.acting(clerk) as actor:
        assert commands.answer_all(statement.uid, reason="县里已核对", actor=actor) == 2
    accept(clerk, statement)
    assert (balances(clerk, "1")["reported"], balances(clerk, "2")) == ("10.00", {"reduced": "40.00"})
    with make.acting(clerk):
        assert {one.is_blanket for one in Answer.objects.all()} == {True}


def test_answers_are_of_this_statement_and_come_before_it_is_entered(clerk: Appointment, second: Appointment) -> None:
    first, other = april(clerk, cleared=10), april(clerk, cleared=5)
    decision = commands.Decision(Verdict.KEEP, "不同意")
    with make.acting(second) as actor:
        question = Question.objects.get(statement=other).pk
        with pytest.raises(NotOfThisStatement):
            commands.answer(first.uid, [question], decision, actor=actor)
    accept(clerk, first, hold_errors=True)
    with pytest.raises(NotNow, match="Entered"):
        answer(second, first, Verdict.KEEP)


def test_a_later_answer_replaces_an_earlier_one_and_none_is_changed(clerk: Appointment, second: Appointment) -> None:
    statement = april(clerk, cleared=10)
    answer(second, statement, Verdict.ACCEPT, "proof")
    answer(second, statement, Verdict.KEEP)
    accept(clerk, statement)
    assert balances(clerk, "1")["reported"] == "25.00"
    with make.acting(second):
        assert (Answer.objects.count(), AnswerPaper.objects.count()) == (2, 1)
    for table in ("arrears_answer", "arrears_question", "arrears_statedclaim", "arrears_answerpaper"):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")


def test_a_part_of_the_ledger_says_nothing_of_the_rest(database: str) -> None:
    clerk = office()
    works = {"ledger_no": "1", "amount": 100, "category": "工程款"}
    goods = [{"ledger_no": str(n), "amount": 10 * n, "category": "货款", "project": f"第{n}批"} for n in (2, 3)]
    enter(clerk, works, *goods, as_of=MARCH)
    part = hand_in(clerk, goods[0], as_of=APRIL, covers={"category": "货款"})
    assert (part.coverage, proposed(part)) == ({"category": "goods"}, {"vanished": 1})
    outside = hand_in(clerk, works, *goods, as_of=APRIL, covers={"category": "goods"})
    assert findings(clerk, outside) == [("M-coverage", "error", "M3")]
    with pytest.raises(UnknownCoverage, match="category=fish"):
        hand_in(clerk, works, covers={"category": "fish"})
    with pytest.raises(UnknownCoverage, match="colour=red"):
        hand_in(clerk, works, covers={"colour": "red"})


def test_a_statement_is_submitted_returned_and_submitted_again(clerk: Appointment, second: Appointment) -> None:
    statement = april(clerk, cleared=60)
    with make.acting(clerk) as actor:
        assert commands.submit(statement.uid, actor=actor).state == "submitted"
        with pytest.raises(NotNow, match="Submitted"):
            commands.submit(statement.uid, actor=actor)
    with make.acting(second) as actor:
        with pytest.raises(ReasonMissing):
            commands.send_back(statement.uid, reason="", actor=actor)
        returned = commands.send_back(statement.uid, reason="请补凭证", actor=actor)
    assert "请补凭证" in str(sentence_from_stored(returned.refusal or {}))
    with pytest.raises(NotNow, match="Returned"):
        accept(second, statement)
    with make.acting(clerk) as actor:
        commands.submit(statement.uid, actor=actor)
    accept(second, statement)
    assert balances(clerk, "1")["reported"] == "60.00"


def test_a_department_hands_in_and_submits_and_does_not_decide(database: str) -> None:
    clerk = office()
    helper = make.appointment(Role.DEBTOR, of="East")
    statement = hand_in(helper, {"ledger_no": "1", "amount": 100})
    with pytest.raises(PermissionDenied):
        accept(helper, statement)
    with make.acting(helper) as actor:
        commands.submit(statement.uid, actor=actor)
    with make.acting(helper) as actor, pytest.raises(PermissionDenied):
        commands.send_back(statement.uid, reason="x", actor=actor)
    accept(clerk, statement)
    assert balances(clerk, "1") == {"undisputed": "100.00"}


def test_a_reporter_takes_back_what_is_not_entered_yet(clerk: Appointment) -> None:
    statement = april(clerk, cleared=60)
    with make.acting(clerk) as actor:
        with pytest.raises(ReasonMissing):
            commands.withdraw(statement.uid, reason="", today=today(), actor=actor)
        assert commands.withdraw(statement.uid, reason="报错月份", today=today(), actor=actor).state == "withdrawn"
    with pytest.raises(NotNow, match="Withdrawn"):
        accept(clerk, statement)
    assert balances(clerk, "1")["reported"] == "25.00"
