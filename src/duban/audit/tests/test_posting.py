"""Postings and the lock that makes a signed instant final: with real connections that wait for each other."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import Error, connection, transaction
from tests import make

from duban.audit import commands
from duban.audit.models import Posting
from duban.audit.setup import be_born
from duban.identity.models import Appointment

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def east(database: str) -> Appointment:
    make.unit("East")
    return make.appointment(of="East")


def post(east: Appointment, *, scope: int | None = None, recorded_at: datetime | None = None) -> Posting:
    """A posting, committed."""
    scope_id = scope or make.scope_id("East")
    with make.acting(east) as actor:
        return commands.open_posting(actor=actor, kind="test", scope_id=scope_id, recorded_at=recorded_at)


def now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        instant = cursor.fetchone()[0]
    assert isinstance(instant, datetime)
    return instant


def figure(instant: datetime) -> int:
    """What was recorded by an instant, as far as anybody sees it now."""
    with make.operator():
        return Posting.objects.filter(recorded_at__lte=instant).count()


@contextmanager
def importing(
    start: Callable[[Callable[[], None]], object], east: Appointment, *, recorded_at: datetime | None = None
) -> Iterator[Callable[[], None]]:
    """An import in another thread that has opened its posting and stays open until it is told to commit."""
    opened, commit = threading.Event(), threading.Event()
    scope = make.scope_id("East")

    def run() -> None:
        with make.acting(east) as actor:
            commands.open_posting(actor=actor, kind="import", scope_id=scope, recorded_at=recorded_at)
            opened.set()
            commit.wait(make.PATIENCE_S)

    start(run)
    assert opened.wait(make.PATIENCE_S)
    try:
        yield commit.set
    finally:
        commit.set()


def somebody_waits_for_the_lock() -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    until = time.monotonic() + make.PATIENCE_S
    while time.monotonic() < until:
        if make.as_owner(waiting) != [(0,)]:
            return True
        time.sleep(0.01)
    return False


# -- The instant is the database's ------------------------------------------------------------------------------------


@pytest.mark.parametrize("born", [False, None], ids=["in earnest", "not at all"])
def test_nobody_says_when_something_was_recorded(east: Appointment, born: bool | None) -> None:
    if born is not None:
        be_born(is_demo=born)
    before = now()
    assert before < post(east, recorded_at=LONG_AGO).recorded_at < now()


def test_a_database_born_as_a_demo_may_be_told(east: Appointment) -> None:
    be_born(is_demo=True)
    assert post(east, recorded_at=LONG_AGO).recorded_at == LONG_AGO
    assert post(east).recorded_at > LONG_AGO


def test_a_database_is_born_once(east: Appointment) -> None:
    assert not be_born(is_demo=False)
    assert not be_born(is_demo=True)
    assert post(east, recorded_at=LONG_AGO).recorded_at > LONG_AGO
    with pytest.raises(Error, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_birth SET is_demo = true")


def test_a_posting_says_who_wrote_it_whatever_the_writer_says(east: Appointment) -> None:
    scope = make.scope_id("East")
    with make.acting(east) as actor:
        written = Posting(kind="test", appointment=actor, who="Somebody else", scope_id=scope)
        written.recorded_at = LONG_AGO
        written.save()
        written.refresh_from_db()
        assert written.who == f"{actor.person.name} · office · East"


def test_nobody_posts_under_another_ones_appointment_or_outside_their_scopes(east: Appointment) -> None:
    make.unit("West")
    west = make.appointment(of="West")
    scope, elsewhere = make.scope_id("East"), make.scope_id("West")
    for appointment, scope_id in [(west, scope), (east, elsewhere)]:
        with pytest.raises(Error, match="row-level security"), make.acting(east):
            commands.open_posting(actor=appointment, kind="test", scope_id=scope_id)


def test_postings_are_only_ever_added_by_the_owner_too(east: Appointment) -> None:
    post(east)
    for statement in (
        "UPDATE audit_posting SET kind = 'x'", "DELETE FROM audit_posting", "TRUNCATE audit_posting CASCADE",
    ):  # fmt: skip
        with pytest.raises(Error, match="only ever added"):
            make.as_owner(statement)
        with pytest.raises(Error, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(statement)


# -- A row is written in the transaction of its posting ---------------------------------------------------------------


@pytest.fixture
def entries(east: Appointment) -> None:
    """A table of the kind that contexts have."""
    make.as_owner("CREATE TABLE entry (posting_id bigint)")
    make.as_owner("GRANT INSERT ON entry TO duban_app")
    make.as_owner(
        "CREATE TRIGGER under_an_open_posting AFTER INSERT ON entry REFERENCING NEW TABLE AS fresh"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting()"
    )


def write(posting: Posting) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO entry VALUES (%s), (%s)", [posting.pk, posting.pk])


def test_a_row_is_added_under_a_posting_of_its_own_transaction(entries: None, east: Appointment) -> None:
    scope = make.scope_id("East")
    with make.acting(east) as actor:
        with transaction.atomic():
            posting = commands.open_posting(actor=actor, kind="test", scope_id=scope)
        write(posting)
    assert make.as_owner("SELECT count(*) FROM entry") == [(2,)]


def test_a_row_added_to_a_posting_of_the_past_would_move_a_signed_figure_and_is_refused(
    entries: None, east: Appointment
) -> None:
    signed = post(east)
    with pytest.raises(Error, match="only in the transaction of their posting; open a new one"), make.acting(east):
        write(signed)


def test_nobody_says_which_transaction_a_posting_belongs_to(entries: None, east: Appointment) -> None:
    scope = make.scope_id("East")
    with make.acting(east) as actor, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_posting (uid, kind, appointment_id, who, scope_id, reason, evidence_sha256, recorded_at,"
            " written_in) VALUES (gen_random_uuid(), 'test', %s, '', %s, '', '', now(), '9000000000')"
            " RETURNING written_in = pg_current_xact_id()",
            [actor.pk, scope],
        )
        assert cursor.fetchone() == (True,)


# -- A signed instant is final ----------------------------------------------------------------------------------------


def test_an_import_that_is_open_while_an_instant_is_signed_does_not_move_the_figure(east: Appointment) -> None:
    with make.threads(2) as start, importing(start, east) as commit:

        def sign() -> tuple[datetime, int]:
            instant = now()
            commands.settle(instant)
            return instant, figure(instant)

        signing = start(sign)
        assert somebody_waits_for_the_lock()
        assert not signing.done()
        commit()
        instant, signed = signing.result(timeout=make.PATIENCE_S)
    assert signed == 1
    later = post(east)
    assert later.recorded_at > instant
    assert figure(instant) == signed


def test_an_import_that_is_undone_while_an_instant_is_signed_does_not_count(east: Appointment) -> None:
    scope = make.scope_id("East")
    with make.raw() as session:
        token = make.session(east)
        session.execute("BEGIN")
        session.execute("SELECT identity.enter(%s)", [token])
        session.execute(
            "INSERT INTO audit_posting (uid, kind, appointment_id, who, scope_id, reason, evidence_sha256, recorded_at)"
            " VALUES (gen_random_uuid(), 'import', %s, '', %s, '', '', now())",
            [east.pk, scope],
        )
        instant = now()
        with make.threads(1) as start:
            signing = start(lambda: commands.settle(instant))
            assert somebody_waits_for_the_lock()
            session.execute("ROLLBACK")
            signing.result(timeout=make.PATIENCE_S)
    assert figure(instant) == 0


def test_an_import_that_began_before_an_old_instant_and_is_still_open_is_waited_for(east: Appointment) -> None:
    be_born(is_demo=True)  # so that the import may have begun five minutes ago
    instant = now() - timedelta(minutes=3)
    with (
        make.threads(2) as start,
        importing(start, east, recorded_at=instant - timedelta(minutes=2)) as commit,
    ):
        asking = start(lambda: commands.settle(instant))
        assert somebody_waits_for_the_lock()
        assert not asking.done()
        commit()
        asking.result(timeout=make.PATIENCE_S)
    assert figure(instant) == 1


def test_asking_about_an_old_instant_waits_for_nobody_when_no_import_is_open(east: Appointment) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")
    commands.settle(now() - timedelta(minutes=3))


def test_an_instant_to_come_cannot_be_final(east: Appointment) -> None:
    with pytest.raises(Error, match="has not come yet"):
        commands.settle(now() + timedelta(minutes=1))


def test_whoever_asked_holds_nobody_up_afterwards(east: Appointment) -> None:
    scope = make.scope_id("East")
    with transaction.atomic():
        commands.settle(now())

        def import_it() -> datetime:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
            return post(east, scope=scope).recorded_at

        assert make.elsewhere(import_it) is not None


def test_whoever_lost_patience_while_asking_holds_nobody_up_afterwards(east: Appointment) -> None:
    with make.threads(1) as start, make.raw() as session, importing(start, east) as commit:
        session.execute("SET statement_timeout = '100ms'")
        with pytest.raises(Exception, match="statement timeout"):
            session.execute("SELECT audit.settle(clock_timestamp())")
        commit()
        held = make.as_owner(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = %s", session.info.backend_pid
        )
        assert held == [(0,)]
    post(east)


def test_imports_do_not_wait_for_each_other(east: Appointment) -> None:
    with make.threads(2) as start, importing(start, east), importing(start, east):
        pass
    assert figure(now()) == 2


def test_no_figure_signed_amid_many_imports_ever_moves(east: Appointment) -> None:
    scope = make.scope_id("East")
    with make.threads(4) as start:

        def write_many() -> None:
            for _ in range(15):
                post(east, scope=scope)

        def sign_many() -> list[tuple[datetime, int]]:
            signed = []
            for _ in range(15):
                instant = now()
                commands.settle(instant)
                signed.append((instant, figure(instant)))
            return signed

        writers = [start(write_many) for _ in range(3)]
        signed = start(sign_many).result(timeout=3 * make.PATIENCE_S)
        for writer in writers:
            writer.result(timeout=3 * make.PATIENCE_S)
    assert [(instant, figure(instant)) for instant, _ in signed] == signed
    assert figure(now()) == 45
