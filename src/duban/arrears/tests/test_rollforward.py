from datetime import date
from random import Random

import pytest
from django.conf import settings
from django.test import Client
from tests import make

from duban.arrears import commands
from duban.arrears.commands import claim as acts
from duban.arrears.commands.moving import NothingToReverse
from duban.arrears.models import Transfer
from duban.arrears.queries.rollforward import EmptySpan, Rolled, claims_of_term, rollforward
from duban.arrears.rules.accounts import MOVES, OPEN, Account, MoveNotAllowed, NotEnough
from duban.arrears.rules.acts import Ground, Link
from duban.arrears.rules.asking import Verdict
from duban.arrears.rules.carrying import NEEDED
from duban.arrears.rules.reversing import OfPayments, TakenBackAsAWhole
from duban.arrears.rules.rollforward import Term, View
from duban.arrears.tests import making
from duban.arrears.tests.acting import act
from duban.arrears.tests.making import days_ago, enter, office, today
from duban.identity.models import Appointment
from duban.identity.units import Kind
from duban.kernel.money import ZERO, Money

WITH, WITHOUT = View


def roll(who: Appointment, start: date, end: date, unit: str = "East") -> Rolled:
    with make.acting(who) as actor:
        return rollforward(unit, start, end, actor)


def figures(found: Rolled, view: View = WITH) -> dict[str, str]:
    """Opening, closing and each term that is not nothing, as the identity writes them."""
    of_view = found.views[view]
    assert of_view.difference == ZERO
    terms = {term.value: str(of_view.figure(term)) for term in Term if of_view.changes[term] != ZERO}
    return {"opening": str(of_view.opening), **terms, "closing": str(of_view.closing)}


def move(who: Appointment, source: str, destination: str, amount: str, *, on: date, number: str = "1") -> Transfer:
    claim = making.claim(who, number)
    ground = Ground.TWO_SIDED if destination == "reduced" else None
    with make.acting(who) as actor:
        return commands.move(
            claim_id=claim.pk, source=Account(source), destination=Account(destination), amount=Money.of(amount),
            effective_on=on, today=today(), reason="凭证", ground=ground, actor=actor,
        )  # fmt: skip


def reverse(who: Appointment, transfer: Transfer, amount: str, *, on: date) -> None:
    with make.acting(who) as actor:
        commands.reverse(
            transfer_id=transfer.pk, amount=Money.of(amount), effective_on=on, today=today(), reason="退", actor=actor
        )


@pytest.fixture
def clerk(database: str) -> Appointment:
    """A clerk whose first statement has a claim of 100 with 40 cleared, and one of 50 that is not due."""
    clerk = office()
    enter(
        clerk, {"ledger_no": "1", "amount": 100, "cleared": 40}, {"ledger_no": "2", "not_due": 50, "amount": 50,
        "due_on": days_ago(-90), "project": "桥"}, as_of=days_ago(90),
    )  # fmt: skip
    return clerk


def test_a_first_statement_opens_the_ledger_and_is_neither_new_nor_cleared(clerk: Appointment) -> None:
    found = roll(clerk, days_ago(100), days_ago(80))
    assert figures(found) == {"opening": "0.00", "opening_recognised": "60.00", "closing": "60.00"}
    assert found.outside[Account.NOT_DUE] == (ZERO, Money.of(50))


def test_a_span_shows_what_changed_in_it_and_nothing_else(clerk: Appointment) -> None:
    enter(clerk, {"ledger_no": "3", "amount": 7, "project": "路"}, as_of=days_ago(60), mode="changes")
    paid = move(clerk, "undisputed", "reported", "20", on=days_ago(50))
    move(clerk, "undisputed", "judicial", "15", on=days_ago(45))
    move(clerk, "recognised", "undisputed", "5", on=days_ago(40))
    move(clerk, "not_due", "undisputed", "30", on=days_ago(40), number="2")
    move(clerk, "undisputed", "reduced", "3", on=days_ago(30))
    reverse(clerk, paid, "8", on=days_ago(20))
    move(clerk, "judicial", "undisputed", "4", on=days_ago(10))
    found = roll(clerk, days_ago(70), today())
    assert figures(found) == {
        "opening": "60.00", "new": "37.00", "raised": "5.00", "given_back": "8.00", "cleared": "20.00",
        "reduced": "3.00", "closing": "87.00",
    }  # fmt: skip
    assert figures(found, WITHOUT) == {
        "opening": "60.00", "new": "37.00", "raised": "5.00", "from_court": "4.00", "given_back": "8.00",
        "cleared": "20.00", "reduced": "3.00", "to_court": "15.00", "closing": "76.00",
    }  # fmt: skip
    assert figures(roll(clerk, days_ago(30), days_ago(20))) == {
        "opening": "82.00", "given_back": "8.00", "reduced": "3.00", "closing": "87.00",
    }  # fmt: skip
    assert found.outside[Account.NOT_DUE] == (Money.of(50), Money.of(20))


def test_a_term_opens_to_the_claims_that_add_up_to_it(clerk: Appointment) -> None:
    enter(clerk, {"ledger_no": "3", "amount": 7, "project": "路"}, as_of=days_ago(60), mode="changes")
    move(clerk, "undisputed", "reported", "20", on=days_ago(50))
    move(clerk, "undisputed", "reported", "2", on=days_ago(50), number="3")
    with make.acting(clerk) as actor:
        for term in Term:
            for view in View:
                span = ("East", days_ago(95), today(), actor)
                claims = claims_of_term(*span, term=term, view=view)
                assert sum((c.amount for c in claims), ZERO) == rollforward(*span).views[view].figure(term), term
        cleared = claims_of_term("East", days_ago(70), today(), actor, term=Term.CLEARED, view=WITH)
    assert [(claim.ledger_no, str(claim.amount)) for claim in cleared] == [("1", "20.00"), ("3", "2.00")]


def test_what_is_carried_to_another_claim_is_neither_new_nor_reduced(clerk: Appointment) -> None:
    enter(clerk, {"ledger_no": "3", "amount": 7, "project": "路"}, as_of=days_ago(60), mode="changes")
    first, second = making.claim(clerk, "1"), making.claim(clerk, "3")
    papers = act(*NEEDED[Link.MERGED], effective_on=days_ago(20))
    with make.acting(make.appointment(of="East")) as actor:
        acts.merge(claim_id=second.pk, into=first.pk, act=papers, actor=actor)
    with make.acting(clerk) as actor:
        moved = claims_of_term("East", days_ago(30), today(), actor, term=Term.MOVED, view=WITH)
    assert figures(roll(clerk, days_ago(30), today())) == {"opening": "67.00", "closing": "67.00"}
    assert {claim.ledger_no: str(claim.amount) for claim in moved} == {"1": "7.00", "3": "-7.00"}


@pytest.mark.parametrize("seed", range(3))
def test_the_identity_holds_over_any_span_of_any_lawful_moves(database: str, seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - chance that can be had again
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 90, "cleared": 30}, {"ledger_no": "2", "amount": 60, "project": "桥"},
          as_of=days_ago(90))  # fmt: skip
    for _ in range(40):
        try_something(clerk, rng)
    for _ in range(6):
        last, first = sorted(rng.sample(range(100), 2))
        found = roll(clerk, days_ago(first), days_ago(last))
        for view in View:
            assert found.views[view].difference == ZERO
            assert found.views[view].opening == plainly(clerk, days_ago(first + 1), view)
            assert found.views[view].closing == plainly(clerk, days_ago(last), view)


def try_something(clerk: Appointment, rng: Random) -> None:
    """Move an amount of some claim, or take one back; what the ledger does not let through is not done."""
    on = days_ago(rng.randint(0, 85))
    try:
        if rng.random() < 0.3:
            with make.acting(clerk):
                made = rng.choice(list(Transfer.objects.order_by("pk")))
            reverse(clerk, made, "1", on=on)
        else:
            source = rng.choice(sorted(MOVES))
            destination = rng.choice(sorted(MOVES[source] - {Account.OFFSET}))
            move(clerk, source, destination, str(rng.randint(1, 9)), on=on, number=rng.choice("12"))
    except (NotEnough, NothingToReverse, MoveNotAllowed, OfPayments, TakenBackAsAWhole):
        pass


def plainly(clerk: Appointment, day: date, view: View) -> Money:
    """What is open at the end of a day, by walking over every transfer."""
    with make.acting(clerk):
        rows = list(Transfer.objects.filter(effective_on__lte=day).values_list("source", "destination", "amount"))
    into = sum((amount for _, destination, amount in rows if destination in view.parts), ZERO)
    return into - sum((amount for source, _, amount in rows if source in view.parts), ZERO)


def test_a_unit_is_rolled_forward_with_everything_under_it_that_the_reader_sees(database: str) -> None:
    make.unit("City", kind=Kind.CITY)
    leader = make.appointment(of="City")
    for county, amount in (("East", 100), ("West", 30)):
        enter(office(county, under="City"), {"ledger_no": county, "amount": amount}, as_of=days_ago(20))
    assert roll(leader, days_ago(30), today(), "City").views[WITH].closing == Money.of(130)
    assert roll(leader, days_ago(30), today(), "West").views[WITH].closing == Money.of(30)
    assert roll(office("South", under="City"), days_ago(30), today(), "City").views[WITH].closing == ZERO
    with pytest.raises(EmptySpan, match="has no day"):
        roll(leader, today(), days_ago(30), "City")
    assert set(OPEN) == WITH.parts


def test_the_page_shows_the_identity_and_opens_each_term(clerk: Appointment) -> None:
    move(clerk, "undisputed", "reported", "20", on=days_ago(5))
    client = Client()
    client.cookies[settings.SESSION_COOKIE] = make.session(clerk)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    asked = {"unit": "East", "from": days_ago(30).isoformat(), "to": today().isoformat()}
    text = client.get("/arrears/rollforward/", asked).content.decode()
    assert "− Cleared in the span" in text
    assert text.count(">20.00</a>") == 2
    behind = client.get("/arrears/rollforward/claims/", {**asked, "term": "cleared", "view": "with_judicial"})
    assert "20.00" in behind.content.decode()
    assert client.get("/arrears/rollforward/", {**asked, "to": days_ago(60).isoformat()}).status_code == 422
    workbook = client.get("/arrears/rollforward/", {**asked, "export": "xlsx"})
    assert workbook.getvalue()[:2] == b"PK"


def test_a_payment_taken_back_in_part_gives_back_that_part_alone(clerk: Appointment) -> None:
    restated = {"ledger_no": "1", "amount": 100, "cleared": 30}
    statement = making.hand_in(clerk, restated, as_of=days_ago(10), mode="changes")
    making.answer(make.appointment(of="East"), statement, Verdict.ACCEPT, "source")
    making.accept(clerk, statement)
    assert figures(roll(clerk, days_ago(10), days_ago(10))) == {
        "opening": "60.00",
        "given_back": "10.00",
        "closing": "70.00",
    }
    with make.acting(clerk) as actor:
        given_back = claims_of_term("East", days_ago(10), today(), actor, term=Term.GIVEN_BACK, view=WITH)
        assert [(claim.ledger_no, str(claim.amount)) for claim in given_back] == [("1", "10.00")]
        assert claims_of_term("East", days_ago(10), today(), actor, term=Term.CLEARED, view=WITH) == []
