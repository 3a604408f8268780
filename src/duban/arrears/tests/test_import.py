from datetime import date

import pytest
from tests import make

from duban.arrears import commands
from duban.arrears.commands.statement.receiving import FutureStatement
from duban.arrears.commands.statement.steps import NotNow
from duban.arrears.models import (
    Claim,
    ClaimFact,
    ClaimNow,
    ClosedMonth,
    Finding,
    Flow,
    Statement,
    StatementRow,
    Transfer,
)
from duban.arrears.tests import making
from duban.arrears.tests.making import CODE, balances, days_ago, enter, hand_in, office
from duban.audit import commands as audit
from duban.audit.models import Event, Posting
from duban.evidence.commands import path_of
from duban.identity.models import Appointment
from duban.identity.queries import UnknownUnit
from duban.identity.rules import PermissionDenied, Role
from duban.identity.units import Kind
from duban.kernel.money import Money
from duban.kernel.words import Sentence
from duban.register.models import Party
from duban.workbook.findings import sentence_from_stored

MARCH, APRIL = days_ago(40), days_ago(10)


def refusal(statement: Statement) -> str:
    assert statement.state == Statement.State.REFUSED
    assert statement.refusal is not None
    return str(sentence_from_stored(statement.refusal))


def errors(actor: Appointment, statement: Statement) -> list[tuple[str, str]]:
    with make.acting(actor):
        return list(statement.findings.filter(severity="error").order_by("pk").values_list("rule", "cell"))


def postings(actor: Appointment) -> list[str]:
    with make.acting(actor):
        return list(Posting.objects.order_by("pk").values_list("kind", flat=True))


def proposed(statement: Statement) -> dict[str, int]:
    return {change: count for change, count in statement.summary["proposed"].items() if count}


def test_an_opening_recognises_every_part_and_what_was_cleared(database: str) -> None:
    clerk = office()
    statement = enter(
        clerk,
        {"ledger_no": "1", "amount": 100, "undisputed": 60, "disputed": 30, "judicial": 10, "cleared": 25},
        {"ledger_no": "2", "amount": 40, "due_on": date(2099, 1, 1)},
        {"ledger_no": "3", "amount": 7, "unsettled": 7, "due_on": None},
        as_of=MARCH,
    )
    assert statement.state == Statement.State.ACCEPTED
    assert statement.summary["opening"] is True
    assert proposed(statement) == {"new": 3}
    assert balances(clerk, "1") == {
        "undisputed": "35.00",
        "disputed": "30.00",
        "judicial": "10.00",
        "reported": "25.00",
    }
    assert balances(clerk, "2") == {"not_due": "40.00"}
    assert balances(clerk, "3") == {"unsettled": "7.00"}
    with make.acting(clerk):
        assert set(Transfer.objects.values_list("effective_on", flat=True)) == {MARCH}
        assert {posting.evidence_sha256 for posting in Posting.objects.all()} == {statement.file.sha256}
        assert Event.objects.filter(action="arrears.statement_accepted", subject_uid=str(statement.uid)).count() == 1
    assert postings(clerk) == ["arrears.opening"]


def test_the_same_file_again_changes_nothing_and_opens_no_posting(database: str) -> None:
    clerk = office()
    claims = [{"ledger_no": "1", "amount": 100, "cleared": 25}, {"ledger_no": "2", "amount": 40}]
    enter(clerk, *claims, as_of=MARCH)
    for day in (MARCH, APRIL):
        again = enter(clerk, *claims, as_of=day)
        assert (again.state, again.posting_id, proposed(again)) == ("accepted", None, {})
    assert postings(clerk) == ["arrears.opening"]
    with make.acting(clerk):
        assert (Claim.objects.count(), Transfer.objects.count(), ClaimFact.objects.count()) == (2, 3, 2)


def test_a_second_month_posts_just_what_was_cleared_since_and_what_is_new(database: str) -> None:
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 100, "cleared": 25}, {"ledger_no": "2", "amount": 40}, as_of=MARCH)
    second = enter(
        clerk,
        {"ledger_no": "1", "amount": 100, "cleared": 60},
        {"ledger_no": "2", "amount": 40},
        {"ledger_no": "3", "amount": 9},
        as_of=APRIL,
    )
    assert proposed(second) == {"new": 1, "cleared": 1}
    assert (second.summary["proposed_fen"]["cleared"], second.summary["proposed_fen"]["new"]) == (3500, 900)
    assert balances(clerk, "1") == {"undisputed": "40.00", "reported": "60.00"}
    with make.acting(clerk):
        delta = Transfer.objects.filter(posting=second.posting, source="undisputed").get()
        assert (delta.amount, delta.effective_on, delta.n) == (Money.of("35"), APRIL, 3)
    assert postings(clerk) == ["arrears.opening", "arrears.statement"]


def test_what_fell_due_meanwhile_moves_by_itself(database: str) -> None:
    clerk = office()
    due_on = days_ago(20)
    enter(clerk, {"ledger_no": "1", "amount": 100, "due_on": due_on}, as_of=MARCH)
    assert balances(clerk, "1") == {"not_due": "100.00"}
    second = enter(clerk, {"ledger_no": "1", "amount": 100, "due_on": due_on}, as_of=APRIL)
    assert proposed(second) == {"due": 1}
    assert balances(clerk, "1") == {"undisputed": "100.00"}
    third = enter(clerk, {"ledger_no": "1", "amount": 100, "due_on": due_on, "cleared": 30}, as_of=APRIL)
    assert proposed(third) == {"cleared": 1}


def test_what_is_no_longer_stated_is_counted_and_a_row_in_error_is_still_there(database: str) -> None:
    clerk = office()
    first = [{"ledger_no": str(number), "amount": 10 * number, "cleared": 1} for number in range(1, 5)]
    enter(clerk, *first, as_of=MARCH)
    second = hand_in(clerk, first[0], {"ledger_no": "2", "amount": -1}, as_of=APRIL)
    assert proposed(second) == {"vanished": 2}
    assert second.summary["proposed_fen"]["vanished"] == (29 + 39) * 100
    making.accept(clerk, second, hold_errors=True)
    assert balances(clerk, "4") == {"undisputed": "39.00", "reported": "1.00"}


def test_a_statement_of_changes_says_nothing_of_the_others(database: str) -> None:
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 10}, {"ledger_no": "2", "amount": 20}, as_of=MARCH)
    second = enter(clerk, {"ledger_no": "2", "amount": 20, "cleared": 5}, as_of=APRIL, mode="changes")
    assert proposed(second) == {"cleared": 1}
    assert balances(clerk, "2") == {"undisputed": "15.00", "reported": "5.00"}


def test_an_older_statement_is_refused_with_its_sentence(database: str) -> None:
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 10}, as_of=APRIL)
    assert f"A statement of {APRIL} is accepted already" in refusal(hand_in(clerk, as_of=MARCH))


def test_a_statement_that_became_older_while_it_waited_is_refused_when_it_is_entered(database: str) -> None:
    clerk = office()
    waiting = hand_in(clerk, {"ledger_no": "1", "amount": 10}, as_of=MARCH)
    enter(clerk, {"ledger_no": "1", "amount": 10}, as_of=APRIL)
    assert f"A statement of {APRIL} is accepted already" in refusal(making.accept(clerk, waiting))


def test_a_statement_of_a_closed_month_is_refused_with_its_sentence(database: str) -> None:
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 10}, as_of=MARCH)
    with make.acting(clerk) as actor:
        scope = ClaimNow.objects.get().scope_id
        posting = audit.open_posting(actor=actor, kind="arrears.closed", scope_id=scope)
        ClosedMonth.objects.create(scope_id=scope, month=MARCH.replace(day=1), posting=posting)
    assert "is signed and closed" in refusal(hand_in(clerk, {"ledger_no": "1", "amount": 10}, as_of=MARCH))


def test_a_day_to_come_is_refused_and_nothing_is_kept(database: str) -> None:
    clerk = office()
    with pytest.raises(FutureStatement, match="Give the day at which the ledger stood"):
        hand_in(clerk, as_of=days_ago(-1))
    with make.acting(clerk):
        assert not Statement.objects.exists()


def test_a_unit_that_is_not_there_and_one_of_somebody_else_are_refused(database: str) -> None:
    make.unit("City", kind=Kind.CITY)
    clerk, _ = office("East", under="City"), office("West", under="City")
    with pytest.raises(UnknownUnit, match="There is no unit North"):
        hand_in(clerk, unit="North")
    with pytest.raises(PermissionDenied, match="may not do this here"):
        hand_in(clerk, unit="West")


def test_another_countys_clerk_cannot_accept_nor_even_see_it(database: str) -> None:
    make.unit("City", kind=Kind.CITY)
    clerk, stranger = office("East", under="City"), office("West", under="City")
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 10})
    with pytest.raises(Statement.DoesNotExist):
        making.decide(stranger, statement.uid)
    making.accept(clerk, statement)
    with make.acting(stranger):
        rows = (Statement, StatementRow, Claim, ClaimFact, Transfer, Flow, Finding)
        assert [model.objects.count() for model in rows] == [0] * len(rows)


def test_somebody_who_only_reads_cannot_hand_in(database: str) -> None:
    make.unit("East", kind=Kind.COUNTY)
    with pytest.raises(PermissionDenied):
        hand_in(make.appointment(Role.FINANCE, of="East"))


def test_the_file_and_its_rows_are_kept_as_they_were_understood(database: str) -> None:
    clerk = office()
    content = making.workbook(
        {"ledger_no": "1", "amount": 100, "cleared": 25, "debtor_uscc": CODE, "note": "说明"},
        {"ledger_no": "2", "amount": "many"},
    )
    statement = making.check(clerk, making.receive(clerk, content))
    assert path_of(statement.file.sha256).read_bytes() == content
    with make.acting(clerk):
        clean, wrong = StatementRow.objects.order_by("n")
        assert (clean.n, clean.has_error, clean.proposal, clean.changes) == (3, False, "new", {"new": 10000})
        assert clean.values["amount"] == 10000
        assert (clean.values["debtor_uscc"], clean.values["note"]) == (CODE, "说明")
        assert (wrong.n, wrong.has_error, wrong.values["ledger_no"]) == (4, True, "2")


def test_a_file_that_is_no_workbook_is_refused_with_its_sentence(database: str) -> None:
    clerk = office()
    statement = making.check(clerk, making.receive(clerk, b"not a workbook"))
    assert "台账.xlsx" in refusal(statement)
    with pytest.raises(NotNow, match="Refused"):
        making.decide(clerk, statement.uid)


def test_a_text_longer_than_the_ledger_keeps_holds_its_row_back(database: str) -> None:
    clerk = office()
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 10, "project": "路" * 301}, {"ledger_no": "2", "amount": 5})
    assert errors(clerk, statement) == [("M-length", "I3")]
    assert making.accept(clerk, statement, hold_errors=True).state == Statement.State.ACCEPTED


def test_a_statement_is_decided_on_once_and_checked_once(database: str) -> None:
    clerk = office()
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 10})
    assert making.check(clerk, statement).summary == statement.summary
    making.accept(clerk, statement)
    with pytest.raises(NotNow, match="Entered"):
        making.decide(clerk, statement.uid)
    with make.acting(clerk) as actor:
        assert commands.accept(statement.uid, actor=actor).state == Statement.State.ACCEPTED
        assert (StatementRow.objects.count(), Transfer.objects.count()) == (1, 1)


def test_what_is_entered_is_what_was_shown_even_if_the_file_is_gone(database: str) -> None:
    clerk = office()
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 10})
    place = path_of(statement.file.sha256)
    place.rename(place.with_suffix(".away"))
    assert making.accept(clerk, statement).state == Statement.State.ACCEPTED
    place.with_suffix(".away").rename(place)
    assert balances(clerk, "1") == {"undisputed": "10.00"}


def test_a_payment_entered_meanwhile_is_seen_and_nothing_else_is_posted_than_was_shown(database: str) -> None:
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 100}, as_of=MARCH)
    shown = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 60}, as_of=APRIL)
    with make.acting(clerk) as actor:
        making.post(actor, ClaimNow.objects.get(), ("undisputed", "reported", "20"), on=APRIL)
    assert "in what rows 3 are about" in refusal(making.accept(clerk, shown))
    assert balances(clerk, "1") == {"undisputed": "80.00", "reported": "20.00"}


def test_what_came_true_meanwhile_is_left_out_without_a_word(database: str) -> None:
    clerk = office()
    both = {"ledger_no": "1", "amount": 100, "cleared": 60}
    first, second = hand_in(clerk, both), hand_in(clerk, both, {"ledger_no": "2", "amount": 5})
    making.accept(clerk, first)
    assert making.accept(clerk, second).state == Statement.State.ACCEPTED
    assert (balances(clerk, "1"), balances(clerk, "2")) == (
        {"undisputed": "40.00", "reported": "60.00"},
        {"undisputed": "5.00"},
    )


def test_a_party_whose_code_is_filled_in_later_makes_no_second_claim(database: str) -> None:
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 100, "debtor_name": "甲（东）局"}, as_of=MARCH)
    coded = {"ledger_no": "1", "amount": 100, "cleared": 1, "debtor_name": "甲(东)局", "debtor_uscc": CODE}
    second = enter(clerk, coded, as_of=APRIL)
    assert proposed(second) == {"cleared": 1}
    with make.acting(clerk):
        assert Claim.objects.count() == 1


def test_parties_are_known_by_code_or_by_name_and_are_unverified(database: str) -> None:
    clerk = office()
    enter(
        clerk,
        {"ledger_no": "1", "amount": 1, "debtor_name": "甲局", "debtor_uscc": CODE},
        {"ledger_no": "2", "amount": 2, "debtor_name": "甲局（原名）", "debtor_uscc": CODE},
        {"ledger_no": "3", "amount": 3, "debtor_name": "甲局"},
        {"ledger_no": "4", "amount": 4, "creditor_name": "丙（东）公司"},
        {"ledger_no": "5", "amount": 5, "creditor_name": "丙(东)公司"},
    )
    with make.acting(clerk):
        assert set(Party.objects.values_list("name", "uscc")) == {
            ("丙（东）公司", None),
            ("乙公司", None),
            ("甲局", CODE),
        }
        assert not Party.objects.filter(verifications__isnull=False).exists()
        names = Party.objects.get(uscc=CODE).names.order_by("pk").values_list("name", flat=True)
        assert set(names) == {"甲局", "甲局（原名）"}


def test_a_department_sees_the_claims_of_its_line_and_no_others(database: str) -> None:
    make.unit("City", kind=Kind.CITY)
    make.unit("Housing Bureau", kind=Kind.BUREAU, under="City", line="housing", aliases=("住建局",))
    make.unit("Health Bureau", kind=Kind.BUREAU, under="City", line="health", aliases=("卫健局",))
    clerk = office("East", under="City")
    housing = make.appointment(Role.DEPARTMENT, of="Housing Bureau")
    health = make.appointment(Role.DEPARTMENT, of="Health Bureau")
    enter(
        clerk,
        {"ledger_no": "1", "amount": 10, "department": "住建局"},
        {"ledger_no": "2", "amount": 20, "department": "卫健局"},
        {"ledger_no": "3", "amount": 30},
        {"ledger_no": "4", "amount": 40, "department": "没有这个局"},
    )
    seen = {}
    for who in (housing, health, clerk, make.appointment(Role.LEADER, of="City")):
        with make.acting(who):
            seen[who.unit.code] = sorted(ClaimNow.objects.values_list("ledger_no", flat=True))
    assert seen == {
        "Housing Bureau": ["1"], "Health Bureau": ["2"], "East": ["1", "2", "3", "4"], "City": ["1", "2", "3", "4"]
    }  # fmt: skip
    with pytest.raises(PermissionDenied):
        hand_in(housing, unit="East")


def test_the_trail_tells_each_step_with_its_numbers(database: str) -> None:
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 10})
    with make.acting(clerk):
        told = (
            Event.objects.filter(action__startswith="arrears.").order_by("pk").values_list("action", "text", "values")
        )
        assert [(action, str(Sentence(text, values))) for action, text, values in told] == [
            ("arrears.statement_received", f"Received 台账.xlsx of East as of {days_ago(10)}."),
            ("arrears.statement_checked", "Checked 1 rows; 0 have errors."),
            ("arrears.statement_decided", "Decided to enter 1 rows."),
            ("arrears.statement_accepted", "Entered 1 rows: 1 transfers; 0 rows held."),
        ]


def test_the_same_bytes_are_kept_once_on_disk(database: str) -> None:
    clerk = office()
    content = making.workbook({"ledger_no": "1", "amount": 10})
    first, second = making.receive(clerk, content), making.receive(clerk, content)
    assert first.file_id != second.file_id
    assert path_of(first.file.sha256) == path_of(second.file.sha256)
