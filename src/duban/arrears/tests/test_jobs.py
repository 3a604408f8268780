"""The import through the queue: a worker of its own, killed where it hurts."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from procrastinate.contrib.django import app
from tests import make

from duban.arrears import commands, jobs
from duban.arrears.models import Statement, Transfer
from duban.arrears.tests import making
from duban.arrears.tests.making import balances, office, workbook
from duban.audit.models import Posting, Progress
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.work import put_off
from duban.postgres.server import Server
from duban.workbook.findings import sentence_from_stored

# As `duban worker`, except that a worker is held for dead after three seconds instead of twenty.
WORKER = """
import sys
from duban.web import queue
queue.HEARTBEAT_S, queue.STALLED_S = 1, 3
from duban.cli import main
sys.exit(main(["worker"]))
"""
POSTING_LOCK = 7030201
PATIENCE_S = 180


class Worker:
    """A worker process on the database of the test."""

    def __init__(self, database: str) -> None:
        environment = {
            **os.environ,
            "DUBAN_HOME": str(settings.HOME.path),
            "DUBAN_DATABASE_NAME": database,
            "DUBAN_LANGUAGE": "en",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            env=environment,
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def worker(database: str) -> Iterator[Worker]:
    running = Worker(database)
    try:
        yield running
    finally:
        running.kill()


def until(found: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is waited for
    give_up = time.monotonic() + PATIENCE_S
    while not (value := found()):
        assert time.monotonic() < give_up, "it did not come about"
        time.sleep(0.1)
    return value


@contextmanager
def nobody_may_post(server: Server, database: str) -> Iterator["psycopg.Connection[Any]"]:
    """Whoever wants to open a posting waits here."""
    with server.as_superuser(database) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [POSTING_LOCK])
        yield admin


def waiting_backend(admin: "psycopg.Connection[Any]") -> int | None:
    row = admin.execute(
        "SELECT pid FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()"
    ).fetchone()
    return row[0] if row else None


def job_states(server: Server, database: str) -> list[tuple[Any, ...]]:
    with server.as_superuser(database) as admin:
        query = (
            "SELECT task_name, status::text, attempts FROM procrastinate_jobs WHERE queue_name = 'imports' ORDER BY id"
        )
        return admin.execute(query).fetchall()


def state_of(clerk: Appointment, uid: UUID) -> str:
    with make.acting(clerk):
        return Statement.objects.get(uid=uid).state


def has_come_to(clerk: Appointment, uid: UUID, state: str) -> Callable[[], bool]:
    return lambda: state_of(clerk, uid) == state


def ask_to_accept(clerk: Appointment, uid: UUID) -> None:
    with make.acting(clerk) as actor:
        commands.ask_to_accept(uid, hold_errors=False, actor=actor)
        put_off(jobs.accept, uid)


@pytest.fixture
def clerk(database: str) -> Appointment:
    return office()


@pytest.fixture
def decided(clerk: Appointment) -> UUID:
    """A checked statement of ten rows that somebody decided to enter."""
    claims = [{"ledger_no": str(number), "amount": 10} for number in range(10)]
    statement = making.hand_in(clerk, *claims)
    ask_to_accept(clerk, statement.uid)
    return statement.uid


def is_entered_once(clerk: Appointment) -> bool:
    with make.operator():
        assert verify().first is None
    with make.acting(clerk):
        return (Transfer.objects.count(), Posting.objects.count()) == (10, 1)


def test_a_workbook_is_checked_and_entered_and_a_broken_one_refused(clerk: Appointment, database: str) -> None:
    good = making.receive(clerk, workbook({"ledger_no": "1", "amount": 10}))
    broken = making.receive(clerk, b"not a workbook")
    with make.acting(clerk):
        put_off(jobs.check, good.uid)
        put_off(jobs.check, broken.uid)
    with worker(database):
        until(has_come_to(clerk, good.uid, "checked"))
        until(has_come_to(clerk, broken.uid, "refused"))
        ask_to_accept(clerk, good.uid)
        until(has_come_to(clerk, good.uid, "accepted"))
    assert balances(clerk, "1") == {"undisputed": "10.00"}
    with make.acting(clerk):
        refusal = Statement.objects.get(uid=broken.uid).refusal
        assert refusal is not None
        assert str(sentence_from_stored(refusal))


def test_progress_is_seen_while_the_work_is_still_one_open_transaction(
    clerk: Appointment, decided: UUID, server: Server, database: str
) -> None:
    with worker(database):
        with nobody_may_post(server, database) as admin:
            until(lambda: waiting_backend(admin))
            with make.acting(clerk):
                seen = Progress.objects.get(subject=decided)
                assert (seen.done, seen.total) == (0, 10)
                assert not Transfer.objects.exists()
        until(has_come_to(clerk, decided, "accepted"))
    with make.acting(clerk):
        assert Progress.objects.get(subject=decided).done == 10
    assert is_entered_once(clerk)


def test_what_was_left_is_looked_for_every_ten_seconds_of_any_minute() -> None:
    (look,) = (
        task for task in app.periodic_registry.periodic_tasks.values() if task.task.name == "web.take_up_stalled"
    )
    next_one = [
        look.croniter.get_next(float, start_time=start) - start for start in (1000 * 60 + 7.0, 1001 * 60 + 20.0)
    ]
    assert next_one == [3, 10]


def test_what_a_killed_worker_left_is_taken_up_again_and_done_once(
    clerk: Appointment, decided: UUID, server: Server, database: str
) -> None:
    with worker(database) as killed, nobody_may_post(server, database) as admin:
        until(lambda: waiting_backend(admin))
        killed.kill()
    assert state_of(clerk, decided) == "accepting"
    with worker(database):
        until(has_come_to(clerk, decided, "accepted"))
    assert is_entered_once(clerk)


def test_a_job_that_lost_its_database_is_tried_again(
    clerk: Appointment, decided: UUID, server: Server, database: str
) -> None:
    with worker(database):
        with nobody_may_post(server, database) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [until(lambda: waiting_backend(admin))])
            until(lambda: [state for _, state, attempts in job_states(server, database) if attempts])
        until(has_come_to(clerk, decided, "accepted"))
    assert is_entered_once(clerk)


def test_a_job_that_meets_a_bug_fails_at_once_and_stays_to_be_seen(
    clerk: Appointment, server: Server, database: str
) -> None:
    with make.acting(clerk):
        put_off(jobs.accept, uuid4())
    with worker(database):
        until(lambda: job_states(server, database) == [("arrears.accept", "failed", 1)])
