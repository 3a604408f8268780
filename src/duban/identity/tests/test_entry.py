"""The door, and everything that somebody who can run SQL as the application might try on it."""

import hashlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import Error, connection, transaction
from psycopg import errors
from tests import make

from duban.identity import commands, entry, setup
from duban.identity.models import Appointment, Scope, Sight
from duban.identity.rules import Role
from duban.identity.units import Kind

Raw = psycopg.Connection[tuple[Any, ...]]
SIGHT = "SELECT count(*) FROM identity.my_scopes()"
TABLES = ["identity_unit", "identity_scope", "identity_sight", "identity_person", "identity_appointment", "audit_event"]


@pytest.fixture
def east(database: str) -> Appointment:
    """The office of East, a county of a city."""
    make.units(make.row("City", kind=Kind.CITY), make.row("East", under="City"), make.row("West", under="City"))
    return make.appointment(of="East")


@pytest.fixture
def raw(east: Appointment) -> Iterator[Raw]:
    with make.raw() as session:
        yield session


def value(session: Raw, statement: str, *values: object) -> Any:  # noqa: ANN401 - whatever SQL answers
    row = session.execute(statement.encode(), values).fetchone()
    return row and row[0]


# -- What entering means ----------------------------------------------------------------------------------------------


def test_a_transaction_that_has_not_entered_sees_no_rows(east: Appointment, raw: Raw) -> None:
    assert Scope.objects.count() == 0
    assert make.rows_seen(raw, TABLES) == {}


def test_an_office_sees_its_county_and_no_other(east: Appointment) -> None:
    expected = make.scope_id("East")
    with make.acting(east) as actor:
        assert actor.sight == {expected: True}
        assert [row.scope_id for row in Sight.objects.all()] == [expected]


def test_entering_counts_for_one_transaction_only(east: Appointment, raw: Raw) -> None:
    token = make.session(east)
    with raw.transaction():
        assert value(raw, "SELECT identity.enter(%s)", token) == east.pk
        assert value(raw, SIGHT) == 1
    assert make.rows_seen(raw, TABLES) == {}
    with raw.transaction():
        assert value(raw, SIGHT) == 0


def test_entering_outside_a_transaction_shows_nothing_afterwards(east: Appointment, raw: Raw) -> None:
    assert value(raw, "SELECT identity.enter(%s)", make.session(east)) == east.pk
    assert make.rows_seen(raw, TABLES) == {}


def test_a_rolled_back_savepoint_takes_the_entering_with_it(east: Appointment) -> None:
    token = make.session(east)
    with transaction.atomic():
        savepoint = transaction.savepoint()
        assert entry.enter(token) is not None
        assert Scope.objects.exists()
        transaction.savepoint_rollback(savepoint)
        assert not Scope.objects.exists()


def test_a_savepoint_inside_an_entered_transaction_has_entered_too(east: Appointment) -> None:
    with make.acting(east), transaction.atomic():
        assert Scope.objects.exists()


def test_two_connections_do_not_share_an_entering(east: Appointment, raw: Raw) -> None:
    with make.acting(east):
        assert Scope.objects.exists()
        with raw.transaction():
            assert make.rows_seen(raw, TABLES) == {}


def test_whoever_leaves_sees_nothing_more(east: Appointment) -> None:
    with make.acting(east):
        entry.leave()
        assert not Scope.objects.exists()
        with pytest.raises(entry.NotEntered):
            entry.check_entered()


def test_entering_with_a_token_that_opens_nothing_takes_an_earlier_entering_away(east: Appointment) -> None:
    with make.acting(east):
        assert entry.enter("nothing") is None
        assert not Scope.objects.exists()


def test_entering_under_repeatable_read_is_refused_because_it_would_outlive_a_revocation(
    east: Appointment, raw: Raw
) -> None:
    raw.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with pytest.raises(errors.InvalidTransactionState, match="read committed"), raw.transaction():
        raw.execute("SELECT identity.enter(%s)", [make.session(east)])


def test_a_token_never_stands_where_other_connections_read_what_was_run(east: Appointment, raw: Raw) -> None:
    token = make.session(east)
    entry.end_session(token)
    pid = connection.connection.info.backend_pid
    run = value(raw, "SELECT query FROM pg_stat_activity WHERE pid = %s", pid)
    assert "end_session" in run
    assert token not in run


# -- Tokens that are not tokens ---------------------------------------------------------------------------------------


def grant(appointment: Appointment, purpose: str = "look 1") -> str:
    with make.acting(appointment):
        return entry.give_grant(purpose)


def test_forged_and_truncated_tokens_open_nothing(east: Appointment, raw: Raw) -> None:
    token = make.session(east)
    granted = grant(east)
    proof = entry.job_token(granted, "look 1").rpartition(".")[2]
    stored = make.as_owner("SELECT encode(token_hash, 'hex') FROM identity_session ORDER BY id DESC LIMIT 1")[0][0]
    forged = [
        "", token[:-1], token + "x", token.swapcase(), f" {token}", hashlib.sha256(token.encode()).hexdigest(), stored,
        granted, f"job.{granted}", f"job.{granted}.", f"job.{granted}.{proof[:-1]}", f"job.{granted}.{'0' * 64}",
        f"job.{granted}.{proof.upper()}", f"job.{granted.upper()}.{proof}", f"job.%.{proof}", f"job..{proof}",
        entry.job_token(granted, "look 2"), entry.job_token(str(east.pk), "look 1"), "%", "' OR true --",
    ]  # fmt: skip
    for attempt in forged:
        with raw.transaction():
            assert value(raw, "SELECT identity.enter(%s)", attempt) is None, attempt
            assert make.rows_seen(raw, TABLES) == {}, attempt
    with raw.transaction():
        assert value(raw, "SELECT identity.enter(%s)", None) is None


def test_a_grant_opens_only_for_its_purpose(east: Appointment) -> None:
    granted = grant(east, "look 1")
    with entry.entered(entry.job_token(granted, "look 1")) as actor:
        assert actor.pk == east.pk
    with pytest.raises(entry.NotEntered), entry.entered(entry.job_token(granted, "write 1")):
        pass


def test_a_grant_of_the_past_opens_nothing(east: Appointment) -> None:
    granted = grant(east)
    make.as_owner("UPDATE identity_grant SET expires_at = clock_timestamp()")
    with pytest.raises(entry.NotEntered), entry.entered(entry.job_token(granted, "look 1")):
        pass


def test_nobody_who_has_not_entered_gives_a_grant(east: Appointment) -> None:
    with pytest.raises(entry.NotEntered):
        entry.give_grant("look 1")


def test_a_token_of_one_installation_opens_nothing_after_its_key_was_changed(east: Appointment) -> None:
    token = entry.job_token(grant(east), "look 1")
    make.as_owner("UPDATE identity_key SET inner_pad = sha256(inner_pad)")
    with pytest.raises(entry.NotEntered), entry.entered(token):
        pass


# -- Somebody who can run any SQL as the application ------------------------------------------------------------------

REFUSED = [
    # Becoming somebody else.
    "SET ROLE duban_owner",
    "SET SESSION AUTHORIZATION duban_owner",
    "SELECT set_config('role', 'duban_owner', false)",
    "SET session_replication_role = replica",
    # Writing down who one is, by hand.
    "INSERT INTO identity_entry VALUES (pg_backend_pid(), pg_current_xact_id(), 1, NULL)",
    "UPDATE identity_entry SET appointment_id = 1",
    "DELETE FROM identity_entry",
    "TRUNCATE identity_entry",
    "INSERT INTO identity_sight (appointment_id, scope_id, may_post) VALUES (1, 1, true)",
    "UPDATE identity_appointment SET role = 'operator'",
    "UPDATE identity_person SET active = true",
    "UPDATE identity_reach SET reach = 'territory'",
    # Reading what proves.
    "SELECT * FROM identity_key",
    "SELECT * FROM identity_credential",
    "SELECT * FROM identity_session",
    "SELECT * FROM identity_grant",
    "SELECT * FROM identity_refused_sign_in",
    "COPY identity_key TO STDOUT",
    "SELECT identity.proves('job.x', 'x')",
    "SELECT identity.said_by(1)",
    "SELECT identity.territory_of(1)",
    # Standing in for what our functions name.
    "CREATE TEMP TABLE identity_entry (pid int, xid xid8, appointment_id bigint, session_id bigint)",
    "CREATE TABLE public.identity_entry2 ()",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION public.pg_backend_pid() RETURNS int LANGUAGE sql RETURN 1",
    "CREATE FUNCTION identity.my_appointment(int) RETURNS bigint LANGUAGE sql RETURN 1",
    "CREATE OR REPLACE FUNCTION identity.my_appointment() RETURNS bigint LANGUAGE sql RETURN 1",
    "CREATE VIEW pg_temp.identity_entry AS SELECT 1",
    # Taking the wall down.
    "ALTER TABLE identity_unit DISABLE ROW LEVEL SECURITY",
    "DROP POLICY read ON identity_unit",
    "CREATE POLICY all_of_it ON identity_unit USING (true)",
    "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "DROP TRIGGER only_added ON audit_event",
    "GRANT ALL ON identity_entry TO duban_app",
    "ALTER ROLE duban_app BYPASSRLS",
    # What would hold everybody else up, or lock them out.
    "SELECT identity.work_out_sight(NULL, NULL)",
    "SELECT identity.refresh_sight()",
    "SELECT identity.scope_of(1, NULL)",
    "SELECT * FROM identity.sign_in_candidate('local operator', repeat('0', 64))",
    "SELECT identity.note_refused_sign_in('local operator', '', repeat('0', 64))",
    "SELECT identity.set_password(1, 'x', false, repeat('0', 64))",
    "SELECT identity.end_appointment(1)",
    "SELECT identity.set_active(1, false)",
    "SELECT identity.open_session(1, NULL, sha256('x'), repeat('0', 64), '', '')",
    "SELECT identity.open_session(1, NULL, sha256('x'), NULL, '', '')",
    # Out of the database.
    "SELECT pg_read_file('postgresql.conf')",
    "COPY identity_unit TO PROGRAM 'cat'",
]  # fmt: skip

OF_NO_USE = [
    "SELECT set_config('identity.appointment', '1', false)",
    "SELECT set_config('app.regions', '1,2,3', false)",
    "SET search_path = pg_temp, public, pg_catalog",
    "SET search_path = ''",
    "SELECT identity.leave()",
    "SELECT identity.end_session('guess')",
    "SELECT identity.change_appointment('guess', 1)",
    "SELECT identity.give_grant('arrears.accept x', interval '1 day')",
    "SELECT identity.today()",
]


def attempt(session: Raw, statement: str) -> str:
    """What came of a statement in a transaction of its own: "refused", or nothing."""
    try:
        with session.transaction():
            session.execute(statement.encode())
            assert make.rows_seen(session, TABLES) == {}, statement
    except errors.InsufficientPrivilege:
        return "refused"
    return ""


def test_sql_alone_cannot_become_somebody(raw: Raw) -> None:
    came_of = {statement: attempt(raw, statement) for statement in REFUSED}
    assert came_of == dict.fromkeys(REFUSED, "refused")


def test_what_sql_may_set_is_of_no_use(raw: Raw) -> None:
    for statement in OF_NO_USE:
        assert attempt(raw, statement) == "", statement
        raw.execute(statement.encode())
        assert value(raw, "SELECT count(*) FROM public.identity_unit") == 0, statement


def test_turning_row_security_off_ends_the_query_instead(raw: Raw) -> None:
    raw.execute("SET row_security = off")
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        raw.execute("SELECT count(*) FROM identity_unit")


def test_statistics_of_the_planner_show_no_values(raw: Raw) -> None:
    make.as_owner("ANALYZE")
    assert (
        value(raw, "SELECT count(*) FROM pg_stats WHERE schemaname = 'public' AND tablename ~ '^identity|^audit'") == 0
    )


def test_somebody_who_entered_lawfully_cannot_rise_by_sql(east: Appointment, raw: Raw) -> None:
    """What an office could run through a hole in one of its own pages."""
    token = make.session(east)
    rises = [
        (
            "INSERT INTO identity_appointment (person_id, role, unit_id, valid_from)"
            " SELECT person_id, 'leader', unit_id, '2020-01-01' FROM identity_appointment"
        ),
        "UPDATE identity_appointment SET valid_to = NULL",
        "INSERT INTO identity_unit (code, path, is_territory) VALUES ('mine', '1', true)",
        "INSERT INTO identity_person (uid, name, active) VALUES (gen_random_uuid(), 'Mine', true)",
        "SELECT identity.set_password(identity.my_person(), 'x', false, repeat('0', 64))",
    ]
    for statement in rises:
        raw.execute("BEGIN")
        assert value(raw, "SELECT identity.enter(%s)", token) == east.pk
        with pytest.raises(errors.InsufficientPrivilege):
            raw.execute(statement.encode())
        raw.execute("ROLLBACK")


def test_an_office_makes_crossings_for_its_own_county_only(east: Appointment) -> None:
    line_id = make.as_owner("INSERT INTO identity_line (code, name) VALUES ('health', 'health') RETURNING id")[0][0]
    east_id, west_id = make.unit_id("East"), make.unit_id("West")
    with make.acting(east):
        assert commands.scope_of(east_id, line_id)
    with make.acting(east), pytest.raises(Exception, match="may not post for that unit"):
        commands.scope_of(west_id, line_id)


def test_the_security_administrator_cannot_become_the_local_operator(database: str) -> None:
    make.unit("City", kind=Kind.CITY)
    operator_id = setup.make_operator()
    token = make.session(make.appointment(Role.SECURITY_ADMIN, of="City"))
    stored = "argon2$stored"
    proof = entry.prove(f"password.{operator_id}.{stored}")
    new = "SELECT identity.set_password(%s, %s, false, %s)"
    appoint = (
        "INSERT INTO identity_appointment (person_id, role, unit_id, valid_from)"
        " SELECT {who}, {role}, min(unit_id), '2020-01-01' FROM identity_appointment"
    )
    attempts: list[tuple[str, list[Any]]] = [
        (new, [operator_id, stored, proof]),
        ("SELECT identity.end_appointment(id) FROM identity_appointment WHERE role = 'operator'", []),
        ("SELECT identity.set_active(%s, false)", [operator_id]),
        (appoint.format(who="identity.my_person()", role="'office'"), []),
        (appoint.format(who="min(person_id)", role="'operator'"), []),
    ]
    for statement, values in attempts:
        with (
            pytest.raises(Error, match=r"operator is changed by nobody|row-level security"),
            entry.entered(token),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, values)


def test_an_open_session_cannot_be_opened_again_from_what_opened_it(east: Appointment) -> None:
    digest = hashlib.sha256(b"chosen").digest()
    proof = entry.prove(f"session.{east.person_id}.{digest.hex()}")
    arguments = (east.person_id, None, digest, proof, "", "")
    assert entry.ask("open_session", *arguments) == (east.pk,)
    with pytest.raises(Exception, match="token_hash"):
        entry.ask("open_session", *arguments)


def test_a_proof_for_one_person_opens_no_session_of_another(east: Appointment) -> None:
    other = make.appointment(of="West")
    digest = hashlib.sha256(b"chosen").digest()
    proof = entry.prove(f"session.{east.person_id}.{digest.hex()}")
    with pytest.raises(Exception, match="only the application does this"):
        entry.ask("open_session", other.person_id, None, digest, proof, "", "")


# -- What it costs ----------------------------------------------------------------------------------------------------


def test_a_policy_asks_once_a_statement_and_looks_scopes_up_by_hash(east: Appointment) -> None:
    with make.acting(east), connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT * FROM audit_posting")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "hashed SubPlan" in plan
    assert "InitPlan" in plan
