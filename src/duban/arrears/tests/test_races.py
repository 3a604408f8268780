"""Two people, or a person and a worker, at once: real connections in real threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

from django.db import connections
from tests import make

from duban.arrears import commands
from duban.arrears.models import ClaimNow, Statement, Transfer
from duban.arrears.rules.accounts import Account, NotEnough
from duban.arrears.tests import making
from duban.arrears.tests.making import balances, days_ago, enter, hand_in, office, today
from duban.audit.models import Posting
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.units import Kind
from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.register.models import Party

MARCH, APRIL = days_ago(40), days_ago(10)
ROUNDS = 4


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returns, or the refusal it meets; all begin together, each on a connection of its own."""
    together = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever an act returns
        try:
            together.wait()
            return act()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def pay(clerk: Appointment, claim_id: int, amount: str) -> Callable[[], Any]:
    def act() -> Transfer:
        with make.acting(clerk) as actor:
            return commands.move(
                claim_id=claim_id, source=Account.UNDISPUTED, destination=Account.REPORTED, amount=Money.of(amount),
                effective_on=today(), today=today(), reason="", actor=actor,
            )  # fmt: skip

    return act


def accept(clerk: Appointment, uid: UUID) -> Callable[[], Any]:
    def act() -> str:
        with make.acting(clerk) as actor:
            return commands.accept(uid, actor=actor).state

    return act


def books_are_sound() -> bool:
    with make.operator():
        return verify().ok


def test_two_payments_at_once_are_both_taken_or_one_is_told_what_is_left(database: str) -> None:
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 100}, {"ledger_no": "2", "amount": 100}, as_of=MARCH)
    plenty, scarce = (making.claim(clerk, number).pk for number in "12")
    found = at_once(*(pay(clerk, plenty, "10") for _ in range(ROUNDS)))
    assert sorted(transfer.n for transfer in found) == [2, 3, 4, 5]
    assert balances(clerk, "1") == {"undisputed": "60.00", "reported": "40.00"}
    found = at_once(*(pay(clerk, scarce, "60") for _ in range(ROUNDS)))
    refusals = [str(refusal) for refusal in found if isinstance(refusal, NotEnough)]
    assert len(refusals) == ROUNDS - 1
    assert balances(clerk, "2") == {"undisputed": "40.00", "reported": "60.00"}
    assert books_are_sound()


def test_one_transfer_is_taken_back_once(database: str) -> None:
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 100}, as_of=MARCH)
    cleared = pay(clerk, making.claim(clerk, "1").pk, "40")()

    def act() -> Transfer:
        with make.acting(clerk) as actor:
            return commands.reverse(
                transfer_id=cleared.pk,
                amount=Money.of("40"),
                effective_on=today(),
                today=today(),
                reason="",
                actor=actor,
            )

    found = at_once(act, act, act)
    assert sum(isinstance(one, Transfer) for one in found) == 1
    assert balances(clerk, "1") == {"undisputed": "100.00"}


def test_one_statement_is_entered_once_however_many_enter_it(database: str) -> None:
    clerk = office()
    statement = hand_in(clerk, *({"ledger_no": str(number), "amount": 10} for number in range(50)))
    making.decide(clerk, statement.uid)
    assert at_once(*(accept(clerk, statement.uid) for _ in range(ROUNDS))) == ["accepted"] * ROUNDS
    with make.acting(clerk):
        assert (Transfer.objects.count(), Posting.objects.count()) == (50, 1)


def test_two_files_with_the_same_claims_enter_them_once(database: str) -> None:
    clerk = office()
    both = [hand_in(clerk, *({"ledger_no": str(number), "amount": 10} for number in range(50))) for _ in range(2)]
    for statement in both:
        making.decide(clerk, statement.uid)
    assert at_once(*(accept(clerk, statement.uid) for statement in both)) == ["accepted"] * 2
    with make.acting(clerk):
        assert (ClaimNow.objects.count(), Transfer.objects.count()) == (50, 50)


def test_units_that_name_the_same_new_parties_know_them_once(database: str) -> None:
    make.unit("City", kind=Kind.CITY)
    clerks = [office(f"County {number}", under="City") for number in range(ROUNDS)]
    statements = []
    for number, clerk in enumerate(clerks):
        names = [f"第{firm}公司" for firm in range(60)]
        order = names if number % 2 else names[::-1]
        claims = [{"ledger_no": str(n), "amount": 1, "creditor_name": name} for n, name in enumerate(order)]
        statements.append(hand_in(clerk, *claims))
        making.decide(clerk, statements[-1].uid)
    acts = [accept(clerk, statement.uid) for clerk, statement in zip(clerks, statements, strict=True)]
    assert at_once(*acts) == ["accepted"] * ROUNDS
    with make.acting(clerks[0]):
        assert Party.objects.count() == 61
    assert books_are_sound()


def test_an_import_and_a_click_leave_nothing_lost_and_nothing_double(database: str) -> None:
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 100}, as_of=MARCH)
    claim_id = making.claim(clerk, "1").pk
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 30}, as_of=APRIL)
    making.decide(clerk, statement.uid)
    entered, paid = at_once(accept(clerk, statement.uid), pay(clerk, claim_id, "20"))
    assert isinstance(paid, Transfer)
    # Whoever came first is seen by the other: the click adds to what was entered, and what would now be another
    # change than was shown is refused with its sentence.
    expected = {
        "accepted": {"undisputed": "50.00", "reported": "50.00"},
        "refused": {"undisputed": "80.00", "reported": "20.00"},
    }
    assert balances(clerk, "1") == expected[entered]
    with make.acting(clerk):
        assert Statement.objects.get(pk=statement.pk).state == entered
    assert books_are_sound()
