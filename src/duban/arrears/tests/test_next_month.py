"""The ledger comes back a month later: which row is which claim, whatever the office did to its sheet."""

from random import Random
from typing import Any

from tests import make

from duban.arrears.models import ClaimFact, Statement, Transfer
from duban.arrears.tests.making import accept, balances, check, days_ago, enter, hand_in, office, receive, workbook
from duban.identity.models import Appointment
from duban.workbook.findings import sentence_from_stored

MARCH, APRIL, MAY = days_ago(40), days_ago(20), days_ago(10)


def ledger(count: int = 24) -> list[dict[str, Any]]:
    """Claims of a few debtors and many creditors, some with two claims, with cents that 万元 does not show."""
    chance = Random(7)  # noqa: S311 - chance that can be had again
    claims = []
    for number in range(count):
        amount = round(chance.uniform(20_000, 900_000), 2)
        claims.append(
            {
                "ledger_no": str(number + 1),
                "debtor_name": f"第{number % 3}中学",
                "creditor_name": f"云川{'甲乙丙丁戊己庚辛壬癸'[number % 10]}建材有限公司",
                "project": f"{number}号楼维修",
                "amount": amount,
                "disputed": round(amount / 4, 2) if number % 5 == 0 else None,
                "undisputed": amount - round(amount / 4, 2) if number % 5 == 0 else None,
                "cleared": round(amount / 8, 2) if number % 2 else 0,
            }
        )
    return claims


def restated(claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same claims as another clerk lists them: sorted anew, numbered anew, the names written another way."""
    shuffled = list(claims)
    Random(3).shuffle(shuffled)  # noqa: S311 - an order that can be had again
    return [
        {
            **claim,
            "ledger_no": str(place + 2),
            "creditor_name": claim.get("creditor_name", "乙公司").replace("有限公司", " 有限责任公司"),
        }
        for place, claim in enumerate(shuffled)
    ]


def proposed(statement: Statement) -> dict[str, int]:
    return {change: count for change, count in statement.summary["proposed"].items() if count}


def questions(actor: Appointment, statement: Statement) -> list[str]:
    with make.acting(actor):
        return list(statement.findings.filter(severity="error").values_list("rule", flat=True))


def test_the_same_ledger_proposes_nothing_however_it_is_listed(database: str) -> None:
    clerk = office()
    claims = ledger()
    enter(clerk, *claims, as_of=MARCH)
    in_yuan = hand_in(clerk, *restated(claims), as_of=APRIL)
    assert (proposed(in_yuan), questions(clerk, in_yuan)) == ({}, [])
    in_wan = check(clerk, receive(clerk, workbook(*restated(claims), in_wan=True), as_of=APRIL))
    assert (proposed(in_wan), questions(clerk, in_wan)) == ({}, [])
    entered = accept(clerk, in_wan)
    assert entered.summary["renewed"] > 20
    assert entered.summary["held_rows"] == 0
    with make.acting(clerk):
        assert not Transfer.objects.filter(posting=entered.posting_id).exists()


def test_a_payment_is_found_in_a_ledger_that_was_numbered_anew(database: str) -> None:
    clerk = office()
    claims = ledger()
    enter(clerk, *claims, as_of=MARCH)
    paid = [{**claim, "cleared": claim["cleared"] + 5_000} if claim["ledger_no"] == "7" else claim for claim in claims]
    statement = hand_in(clerk, *restated(paid), as_of=APRIL)
    assert proposed(statement) == {"cleared": 1}
    assert statement.summary["proposed_fen"]["cleared"] == 500_000
    entered = accept(clerk, statement)
    with make.acting(clerk):
        paid_now = Transfer.objects.get(posting=entered.posting_id)
        assert (paid_now.destination, paid_now.amount.fen) == ("reported", 500_000)
        assert ClaimFact.objects.get(claim=paid_now.claim_id, n=1).ledger_no == "7"


def test_a_debt_paid_in_full_in_wan_leaves_no_cents_behind(database: str) -> None:
    clerk = office()
    claims = ledger()
    enter(clerk, *claims, as_of=MARCH)
    paid = [{**claim, "cleared": claim["amount"]} if claim["ledger_no"] == "3" else claim for claim in claims]
    accept(clerk, check(clerk, receive(clerk, workbook(*paid, in_wan=True), as_of=APRIL)))
    assert set(balances(clerk, "3")) == {"reported"}


def test_a_file_in_the_wrong_unit_is_refused_whole(database: str) -> None:
    clerk = office()
    claims = ledger()
    enter(clerk, *claims, as_of=MARCH)
    amounts = ("amount", "cleared", "disputed", "undisputed")
    wrong = [{**claim, **{name: claim[name] and claim[name] * 10_000 for name in amounts}} for claim in claims]
    statement = hand_in(clerk, *wrong, as_of=APRIL)
    assert statement.state == Statement.State.REFUSED
    assert statement.refusal is not None
    assert "differ from it by exactly 10,000 times" in str(sentence_from_stored(statement.refusal))


def test_a_number_alone_says_nothing(database: str) -> None:
    clerk = office()
    claims = ledger()
    enter(clerk, *claims, as_of=MARCH)
    other = {"ledger_no": "5", "debtor_name": "水务局", "creditor_name": "江岭丁戊管业有限公司", "amount": 77_000}
    statement = hand_in(clerk, *[claim for claim in claims if claim["ledger_no"] != "5"], other, as_of=APRIL)
    assert proposed(statement) == {"new": 1, "vanished": 1}


def test_what_cannot_be_told_apart_is_asked_and_posted_by_nobody(database: str) -> None:
    clerk = office()
    twins = [{"ledger_no": "", "amount": 100, "cleared": cleared} for cleared in (0, 50)]
    numbered = [{**twin, "ledger_no": str(place + 1)} for place, twin in enumerate(twins)]
    enter(clerk, *numbered, *ledger()[5:], as_of=MARCH)
    shifted = [{**claim, "ledger_no": f"9{place}"} for place, claim in enumerate(ledger()[5:])]
    moved = [{**twin, "ledger_no": f"8{place}", "cleared": 30 + 30 * place} for place, twin in enumerate(twins)]
    statement = hand_in(clerk, *moved, *shifted, as_of=APRIL)
    assert proposed(statement) == {"conflict": 2}
    assert questions(clerk, statement) == ["M-conflict", "M-conflict"]
    accept(clerk, statement, hold_errors=True)
    assert [balances(clerk, number) for number in ("1", "2")] == [
        {"undisputed": "100.00"},
        {"undisputed": "50.00", "reported": "50.00"},
    ]


def test_the_same_month_again_after_entering_changes_nothing(database: str) -> None:
    clerk = office()
    claims = ledger()
    enter(clerk, *claims, as_of=MARCH)
    grown = [*claims, {"ledger_no": "99", "amount": 4_000, "project": "新工程"}]
    assert proposed(enter(clerk, *restated(grown), as_of=MAY)) == {"new": 1}
    assert proposed(enter(clerk, *restated(grown), as_of=MAY)) == {}
