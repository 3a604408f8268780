from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from procrastinate.contrib.django import app
from tests import make

from duban.arrears import commands, jobs
from duban.arrears.models import ClosedMonth, Transfer
from duban.arrears.tests import making
from duban.arrears.tests.making import balances, days_ago, enter, office, today
from duban.audit import commands as audit
from duban.audit.models import Event
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
        return commands.fall_due(today=today(), actor=actor).count


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


def test_a_scope_whose_month_is_closed_waits_and_the_others_do_not_wait_for_it(clerk: Appointment) -> None:
    west = office("West")
    enter(west, {"ledger_no": "9", "amount": 100, "not_due": 100, "undisputed": 0, "due_on": days_ago(5)})
    close_this_month(clerk)
    with make.operator() as operator:
        done = commands.fall_due(today=today(), actor=operator)
    assert done.count == 1
    assert str(done.skipped[0]).startswith("East: 1 claims have fallen due, but the month")
    assert balances(clerk, "1") == {"not_due": "100.00"}
    assert balances(west, "9") == {"undisputed": "100.00"}
    with make.acting(clerk):
        assert Event.objects.get(action="arrears.fall_due_skipped").values["count"] == "1"


def close_this_month(clerk: Appointment) -> None:
    scope = making.claim(clerk, "1").scope_id
    with make.acting(clerk) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.closed", scope_id=scope)
        ClosedMonth.objects.create(scope_id=scope, month=today().replace(day=1), posting=posting)


def test_the_worker_does_it_after_midnight_without_being_asked_and_twice_does_no_harm(clerk: Appointment) -> None:
    for _ in range(2):
        jobs.fall_due(timestamp=0)
    assert balances(clerk, "1") == {"undisputed": "100.00"}
    with make.operator():
        assert Transfer.objects.filter(source="not_due").count() == 1
        assert Event.objects.get(action="arrears.fell_due").via == "job"


def test_the_night_of_the_job_is_that_of_shanghai() -> None:
    (night,) = (task for task in app.periodic_registry.periodic_tasks.values() if task.task.name == "arrears.fall_due")
    due = datetime.fromtimestamp(night.croniter.get_next(float, start_time=0.0), tz=ZoneInfo("Asia/Shanghai"))
    assert (due.hour, due.minute) == (0, 10)
