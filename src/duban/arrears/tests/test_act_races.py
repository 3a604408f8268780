"""Two people, or a person and an import, on the same claims at once."""

from collections.abc import Callable
from typing import Any

from tests import make

from duban.arrears import commands
from duban.arrears.commands import claim as acts
from duban.arrears.commands.statement.steps import MonthIsClosed
from duban.arrears.models import ClosedMonth, Statement
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.acts import Cause
from duban.arrears.rules.reversing import PartTakenBack
from duban.arrears.tests import making
from duban.arrears.tests.acting import act, claim_id, report
from duban.arrears.tests.making import balances, days_ago, hand_in
from duban.arrears.tests.test_races import at_once, books_are_sound
from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.identity.models import Appointment
from duban.kernel.money import Money

ROUNDS = 4


def doing(who: Appointment, command: Callable[..., Any], *roles: str, **given: Any) -> Callable[[], Any]:  # noqa: ANN401 - of the command
    def run() -> str:
        with make.acting(who) as actor:
            command(act=act(*roles), actor=actor, **given)
            return "done"

    return run


def test_an_entry_is_taken_back_once_however_many_take_it_back(clerk: Appointment, second: Appointment) -> None:
    report(clerk)
    with make.acting(clerk):
        stated = Posting.objects.latest("pk").uid
    found = at_once(*(doing(who, acts.reverse_posting, posting=stated) for who in (clerk, second) * 2))
    assert found.count("done") == 1
    assert sum(isinstance(refusal, PartTakenBack) for refusal in found) == 3
    assert balances(clerk, "1") == {"undisputed": "100.00"}
    assert books_are_sound()


def test_two_who_merge_two_claims_into_each_other_do_not_block_and_lose_nothing(
    clerk: Appointment, second: Appointment
) -> None:
    third = make.appointment(of="East")
    first, other = claim_id(clerk, "1"), claim_id(clerk, "2")
    for _ in range(ROUNDS):
        at_once(
            doing(second, acts.merge, "reconciliation", claim_id=first, into=other),
            doing(third, acts.merge, "reconciliation", claim_id=other, into=first),
        )
        owed = [making.claim(clerk, number).undisputed for number in "12"]
        assert sorted(owed) == [Money.of(0), Money.of(150)]
    assert books_are_sound()


def test_an_import_and_a_split_see_each_other(clerk: Appointment, second: Appointment) -> None:
    paid = {"ledger_no": "1", "amount": 100, "cleared": 30}
    statement = hand_in(clerk, paid, mode="changes", as_of=days_ago(5))
    making.decide(clerk, statement.uid)

    def accept() -> str:
        with make.acting(clerk) as actor:
            return commands.accept(statement.uid, actor=actor).state

    parts = {Account.UNDISPUTED: Money.of(80)}
    number = claim_id(clerk, "1")
    entered, _ = at_once(
        accept, doing(second, acts.split, "reconciliation", claim_id=number, parts=parts, ledger_no="1-1")
    )
    # Whoever came first leaves too little for the other: 80 split off and 30 paid do not both fit into 100.
    split = {"undisputed": "20.00"}
    expected = {"accepted": {"undisputed": "70.00", "reported": "30.00"}, "refused": split}
    assert balances(clerk, "1") == expected[entered]
    with make.acting(clerk):
        assert Statement.objects.get(pk=statement.pk).state == entered
    assert books_are_sound()


def test_a_month_that_closes_while_somebody_acts_takes_the_act_or_refuses_it_in_a_sentence(
    clerk: Appointment, second: Appointment
) -> None:
    number, scope = claim_id(clerk, "1"), making.claim(clerk, "1").scope_id

    def close() -> str:
        with make.acting(clerk) as actor:
            posting = audit.open_posting(actor=actor, kind="arrears.closed", scope_id=scope)
            ClosedMonth.objects.create(scope_id=scope, month=days_ago(3).replace(day=1), posting=posting)
            return "closed"

    given = {"claim_id": number, "cause": Cause.QUALITY, "expires_on": days_ago(-9), "amount": Money.of(10)}
    dispute = doing(second, acts.dispute, "debtor_statement", "creditor_statement", **given)
    closed, *disputed = at_once(close, *[dispute] * ROUNDS)
    assert closed == "closed"
    assert all(one == "done" or isinstance(one, MonthIsClosed) for one in disputed)
    assert making.claim(clerk, "1").disputed == Money.of(10 * disputed.count("done"))
    assert books_are_sound()
