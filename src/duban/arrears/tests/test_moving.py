from datetime import timedelta
from typing import Any

import pytest
from tests import make

from duban.arrears import commands
from duban.arrears.commands.claim.acting import DayNotCome
from duban.arrears.commands.moving import NothingToReverse
from duban.arrears.commands.statement.steps import MonthIsClosed
from duban.arrears.models import ClosedMonth, Transfer
from duban.arrears.rules.accounts import Account, MoveNotAllowed, NotEnough
from duban.arrears.tests import making
from duban.arrears.tests.making import balances, days_ago, enter, office, today
from duban.audit import commands as audit
from duban.audit.models import Event
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.money import Money

MARCH, APRIL = days_ago(40), days_ago(10)


@pytest.fixture
def clerk(database: str) -> Appointment:
    """A clerk with one claim of 100 yuan, 40 of them stated as paid."""
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 100, "cleared": 40}, as_of=MARCH)
    return clerk


def move(clerk: Appointment, amount: str, **given: Any) -> Transfer:  # noqa: ANN401 - of the command
    asked = {"source": Account.UNDISPUTED, "destination": Account.REPORTED, "effective_on": APRIL, **given}
    claim_id = making.claim(clerk, "1").pk
    with make.acting(clerk) as actor:
        return commands.move(
            claim_id=claim_id, amount=Money.of(amount), today=today(), reason="凭证 12", actor=actor, **asked
        )


def reverse(clerk: Appointment, transfer: Transfer, amount: str) -> Transfer:
    with make.acting(clerk) as actor:
        return commands.reverse(
            transfer_id=transfer.pk, amount=Money.of(amount), today=today(), reason="退票", actor=actor,
            effective_on=APRIL,
        )  # fmt: skip


def test_an_amount_is_moved_with_its_reason_and_trail(clerk: Appointment) -> None:
    moved = move(clerk, "10", value_on=days_ago(12))
    assert (moved.n, moved.value_on, moved.posting.reason) == (3, days_ago(12), "凭证 12")
    assert balances(clerk, "1") == {"undisputed": "50.00", "reported": "50.00"}
    with make.acting(clerk):
        assert Event.objects.filter(action="arrears.moved").get().values["amount"] == "10.00"


def test_more_than_the_account_holds_is_refused_with_what_it_holds(clerk: Appointment) -> None:
    with pytest.raises(NotEnough, match=r"60\.01 cannot leave Undisputed, which holds 60\.00"):
        move(clerk, "60.01")


def test_an_earlier_day_lets_no_more_leave_than_later_days_can_spare(clerk: Appointment) -> None:
    move(clerk, "50", effective_on=days_ago(5))
    with pytest.raises(NotEnough, match=r"holds 10\.00"):
        move(clerk, "11", effective_on=days_ago(20))
    with pytest.raises(NotEnough, match=r"holds 0\.00"):
        move(clerk, "1", effective_on=MARCH - timedelta(days=1))
    assert move(clerk, "10", effective_on=days_ago(20)).n == 4


def test_a_direction_that_is_not_allowed_is_refused(clerk: Appointment) -> None:
    with pytest.raises(MoveNotAllowed, match="reverse that entry"):
        move(clerk, "1", source=Account.REPORTED, destination=Account.DISPUTED)


def test_days_to_come_and_closed_months_are_refused(clerk: Appointment) -> None:
    with pytest.raises(DayNotCome, match="has not come yet"):
        move(clerk, "1", effective_on=days_ago(-1))
    with pytest.raises(DayNotCome, match="has not come yet"):
        move(clerk, "1", value_on=days_ago(-1))
    with make.acting(clerk) as actor:
        scope = making.claim(clerk, "1").scope_id
        posting = audit.open_posting(actor=actor, kind="arrears.closed", scope_id=scope)
        ClosedMonth.objects.create(scope_id=scope, month=MARCH.replace(day=1), posting=posting)
    with pytest.raises(MonthIsClosed, match="Give a day after that month"):
        move(clerk, "1", effective_on=MARCH)


def test_whoever_may_not_post_there_is_turned_away(clerk: Appointment) -> None:
    for stranger in (make.appointment(Role.AUDITOR, of="East"), make.appointment(Role.LEADER, of="East")):
        with pytest.raises(PermissionDenied):
            move(stranger, "1")


def test_a_transfer_is_taken_back_in_parts_and_no_further(clerk: Appointment) -> None:
    wrong = move(clerk, "30")
    reverse(clerk, wrong, "10")
    with pytest.raises(NothingToReverse, match=r"20\.00 of that entry is left"):
        reverse(clerk, wrong, "20.01")
    back = reverse(clerk, wrong, "20")
    assert balances(clerk, "1") == {"undisputed": "60.00", "reported": "40.00"}
    with pytest.raises(NothingToReverse, match=r"0\.00 of that entry is left"):
        reverse(clerk, back, "1")


def test_what_has_moved_on_is_not_taken_back(clerk: Appointment) -> None:
    wrong = move(clerk, "30", destination=Account.DISPUTED)
    move(clerk, "20", source=Account.DISPUTED, destination=Account.JUDICIAL)
    with pytest.raises(NotEnough, match=r"Disputed, which holds 10\.00"):
        reverse(clerk, wrong, "30")
