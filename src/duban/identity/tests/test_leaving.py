"""Whoever loses their appointment sees nothing at once: in a running transaction, a page, a job and an export."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from tests import make

from duban.identity import commands, entry, jobs
from duban.identity.models import Appointment, Scope
from duban.identity.streaming import batches
from duban.identity.work import put_off, working

Ending = Callable[[Appointment, str], None]


def revoke(appointment: Appointment, token: str) -> None:
    with make.operator() as actor, connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")  # it must not wait for whom it cuts off
        commands.end_appointment(appointment, actor=actor)


def deactivate(appointment: Appointment, token: str) -> None:
    with make.operator() as actor, connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        commands.deactivate(appointment.person, actor=actor)


def sign_out(appointment: Appointment, token: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    entry.end_session(token)


def new_password(appointment: Appointment, token: str) -> None:
    make.password(appointment.person)


def reach_the_last_day(appointment: Appointment, token: str) -> None:
    make.as_owner("UPDATE identity_appointment SET valid_to = %s WHERE id = %s", timezone.localdate(), appointment.pk)


def begin_tomorrow(appointment: Appointment, token: str) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    make.as_owner("UPDATE identity_appointment SET valid_from = %s WHERE id = %s", tomorrow, appointment.pk)


def outlast_the_session(appointment: Appointment, token: str) -> None:
    make.as_owner("UPDATE identity_session SET ends_at = clock_timestamp()")


ENDINGS: list[Ending] = [
    revoke, deactivate, sign_out, new_password, reach_the_last_day, begin_tomorrow, outlast_the_session,
]  # fmt: skip


@pytest.fixture
def east(database: str) -> Appointment:
    make.units(make.row("City"), make.row("East", under="City"), make.row("Roads", under="East"))
    return make.appointment(of="East")


def scopes_seen(session: "psycopg.Connection[tuple[Any, ...]]") -> int:
    row = session.execute("SELECT count(*) FROM identity_scope WHERE id IN (SELECT identity.my_scopes())").fetchone()
    assert row is not None
    return int(row[0])


def test_a_running_transaction_sees_nothing_from_its_next_statement_on(east: Appointment) -> None:
    for ending in ENDINGS:
        appointment = make.appointment(of="East")
        token = make.session(appointment)
        # The session was last seen a while ago, so entering notes it, and holds that row until the transaction ends.
        make.as_owner("UPDATE identity_session_seen SET at = at - interval '5 minutes'")
        with make.raw() as session:
            with session.transaction():
                session.execute("SELECT identity.enter(%s)", [token])
                assert scopes_seen(session) == 2
                ending(appointment, token)
                assert (ending, scopes_seen(session)) == (ending, 0)
                assert make.rows_seen(session, ["identity_unit", "identity_person", "identity_appointment"]) == {}
            with session.transaction():
                session.execute("SELECT identity.enter(%s)", [token])
                assert (ending, scopes_seen(session)) == (ending, 0)


def test_the_next_page_asks_to_sign_in(east: Appointment) -> None:
    page = reverse("identity:appointments")
    for ending in ENDINGS:
        appointment = make.appointment(of="East")
        token = make.session(appointment)
        client = Client()
        client.cookies["duban_session"] = token
        assert client.get(page).status_code == 200
        ending(appointment, token)
        answer = client.get(page)
        assert (ending, answer.status_code) == (ending, 302)
        assert answer.headers["Location"] == f"{reverse('identity:sign_in')}?next={page}"


# -- Jobs -------------------------------------------------------------------------------------------------------------

seen_by_job: list[int] = []


@app.task(name="tests.look")
def look(subject: str, grant: str) -> None:
    with working(look, subject, grant):  # type: ignore[arg-type]  # a task of any arguments
        seen_by_job.append(Scope.objects.count())


@app.task(name="tests.write")
def write(subject: str, grant: str) -> None:
    """Another task."""


@pytest.fixture
def put_off_job(east: Appointment) -> tuple[str, str]:
    """A job that East put off: its subject and its grant, as they stand in the queue."""
    with make.acting(east):
        put_off(look, uuid4())
    seen_by_job.clear()
    [(arguments,)] = make.as_owner("SELECT args FROM procrastinate_jobs WHERE task_name = 'tests.look'")
    job = json.loads(arguments)
    return job["subject"], job["grant"]


def test_a_job_acts_as_whoever_put_it_off(east: Appointment, put_off_job: tuple[str, str]) -> None:
    look(*put_off_job)
    assert seen_by_job == [4]
    with working(look, *put_off_job) as hand:  # type: ignore[arg-type]  # a task of any arguments
        assert hand.actor.pk == east.pk


def test_a_job_goes_on_after_the_session_that_put_it_off(east: Appointment, put_off_job: tuple[str, str]) -> None:
    make.as_owner("UPDATE identity_session SET ended_at = clock_timestamp()")
    look(*put_off_job)
    assert seen_by_job == [4]


def test_a_grant_from_the_queue_is_of_no_use_to_another_job(put_off_job: tuple[str, str]) -> None:
    subject, grant = put_off_job
    with pytest.raises(entry.NotEntered), working(write, subject, grant):  # type: ignore[arg-type]  # a task of any arguments
        pass
    with pytest.raises(entry.NotEntered), working(look, uuid4(), grant):
        pass


def test_a_job_of_a_request_that_failed_is_not_in_the_queue(east: Appointment) -> None:
    def request() -> None:
        with make.acting(east):
            put_off(look, uuid4())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        request()
    assert make.as_owner(
        "SELECT (SELECT count(*) FROM procrastinate_jobs) + (SELECT count(*) FROM identity_grant)"
    ) == [(0,)]


@pytest.mark.parametrize("ending", [revoke, deactivate, reach_the_last_day])
def test_a_job_does_not_begin_once_its_appointment_ended(
    east: Appointment, put_off_job: tuple[str, str], ending: Ending
) -> None:
    ending(east, "")
    with pytest.raises(entry.NotEntered):
        look(*put_off_job)
    assert seen_by_job == []


def test_an_expired_grant_begins_no_job(put_off_job: tuple[str, str]) -> None:
    make.as_owner("UPDATE identity_grant SET expires_at = clock_timestamp()")
    with pytest.raises(entry.NotEntered):
        look(*put_off_job)


def test_what_a_job_did_is_undone_when_its_appointment_ends_meanwhile(
    east: Appointment, put_off_job: tuple[str, str]
) -> None:
    def work() -> None:
        with working(look, *put_off_job):  # type: ignore[arg-type]  # a task of any arguments
            put_off(look, uuid4())
            make.elsewhere(lambda: revoke(east, ""))

    with pytest.raises(entry.NotEntered):
        work()
    assert make.as_owner("SELECT count(*) FROM procrastinate_jobs") == [(1,)]


# -- Exports ----------------------------------------------------------------------------------------------------------


def read_scopes(actor: Appointment, last: Scope | None) -> list[Scope]:
    """Two scopes at a time."""
    return list(Scope.objects.filter(pk__in=actor.sight, pk__gt=last.pk if last else 0).order_by("pk")[:2])


@pytest.fixture
def export(east: Appointment) -> tuple[str, Iterator[Scope]]:
    """The token of East, and an export of its five scopes, two at a time."""
    make.units(*(make.row(under="East") for _ in range(3)))
    token = make.session(east)
    return token, batches(token, read_scopes)


def test_an_export_reads_everything_once_in_order(export: tuple[str, Iterator[Scope]]) -> None:
    rows = [row.pk for row in export[1]]
    assert rows == sorted(set(rows))
    assert len(rows) == 5


def test_an_export_holds_no_transaction_while_its_reader_is_slow(export: tuple[str, Iterator[Scope]]) -> None:
    next(export[1])
    assert not connection.in_atomic_block
    assert Scope.objects.count() == 0


def test_a_running_export_breaks_off(east: Appointment) -> None:
    make.units(*(make.row(under="East") for _ in range(3)))
    for ending in ENDINGS:
        appointment = make.appointment(of="East")
        token = make.session(appointment)
        rows = batches(token, read_scopes)
        read = [next(rows), next(rows)]
        ending(appointment, token)
        with pytest.raises(entry.NotEntered):
            read.extend(rows)
        assert (ending, len(read)) == (ending, 2)


def test_an_export_never_takes_rows_it_may_no_longer_see_for_rows_that_are_not_there(east: Appointment) -> None:
    def read(actor: Appointment, last: Scope | None) -> list[Scope]:
        if last is not None:
            make.elsewhere(lambda: revoke(east, ""))
        return list(Scope.objects.filter(pk__gt=last.pk if last else 0).order_by("pk")[:1])

    rows = batches(make.session(east), read)
    next(rows)
    with pytest.raises(entry.NotEntered):
        next(rows)


def test_an_export_does_not_go_on_as_somebody_else(east: Appointment, export: tuple[str, Iterator[Scope]]) -> None:
    token, rows = export
    west = make.appointment(of="City", name=east.person.name)
    next(rows)
    with entry.entered(token) as actor:
        commands.change_appointment(token=token, appointment_id=west.pk, actor=actor)
    next(rows)
    with pytest.raises(entry.NotEntered):
        next(rows)


def test_what_was_over_a_month_ago_is_forgotten_and_nothing_else(east: Appointment) -> None:
    for token in (make.session(east), make.session(east)):
        with entry.entered(token):
            entry.give_grant("some work")
        entry.end_session(token)
    for name in ("Li", "Wang"):
        make.as_owner("INSERT INTO identity_refused_sign_in (name, address) VALUES (%s, '')", name)
    open_one = make.session(east)
    spent = "SELECT min(id) FROM identity_session WHERE ended_at IS NOT NULL"
    make.as_owner(f"UPDATE identity_session SET ended_at = ended_at - interval '31 days' WHERE id = ({spent})")
    make.as_owner("UPDATE identity_refused_sign_in SET at = at - interval '31 days' WHERE name = 'Li'")
    [(grant,)] = make.as_owner("SELECT min(id::text) FROM identity_grant")
    make.as_owner("UPDATE identity_grant SET expires_at = now() - interval '31 days' WHERE id::text = %s", grant)
    before = counts()
    jobs.forget_spent(0)
    assert counts() == [number - 1 for number in before]
    with entry.entered(open_one) as actor:
        assert actor.pk == east.pk


def counts() -> list[int]:
    tables = ("identity_session", "identity_session_seen", "identity_grant", "identity_refused_sign_in")
    return [make.as_owner(f"SELECT count(*) FROM {table}")[0][0] for table in tables]
