import pytest
from tests import make

from duban.arrears import commands
from duban.arrears.models import Transfer
from duban.arrears.tests.making import balances, days_ago, enter, office, today
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role


@pytest.fixture
def clerk(database: str) -> Appointment:
    """A clerk with a claim whose due day came five days ago, and one whose day is to come, stated ten days ago."""
    clerk = office()
    enter(
        clerk,
        {"ledger_no": "1", "amount": 100, "not_due": 100, "undisputed": 0, "due_on": days_ago(5)},
        {"ledger_no": "2", "amount": 50, "not_due": 50, "undisputed": 0, "due_on": days_ago(-5), "project": "桥"},
    )
    return clerk


def fall_due(who: Appointment) -> int:
    with make.acting(who) as actor:
        return commands.fall_due(today=today(), actor=actor)


def test_what_was_not_due_falls_due_when_its_day_has_come_and_once_only(clerk: Appointment) -> None:
    assert [fall_due(clerk), fall_due(clerk)] == [1, 0]
    assert balances(clerk, "1") == {"undisputed": "100.00"}
    assert balances(clerk, "2") == {"not_due": "50.00"}
    with make.acting(clerk):
        fell = Transfer.objects.get(source="not_due")
        assert (fell.effective_on, fell.value_on, fell.posting.kind) == (today(), days_ago(5), "arrears.fell_due")


def test_two_that_run_at_once_move_it_once(clerk: Appointment) -> None:
    with make.threads(2) as start:
        both = [start(lambda: fall_due(clerk)) for _ in range(2)]
        assert sorted(done.result() for done in both) == [0, 1]
    assert balances(clerk, "1") == {"undisputed": "100.00"}


def test_another_county_moves_nothing_here_and_an_auditor_nothing_at_all(clerk: Appointment) -> None:
    assert fall_due(office("West")) == 0
    with pytest.raises(PermissionDenied):
        fall_due(make.appointment(Role.AUDITOR, of="East"))
