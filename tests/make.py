"""What tests are made of: units, people and claims. A test names only what it is about; `make` supplies the rest."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import Any, TypeVar

import psycopg
from django.conf import settings
from django.db import connection, connections

from duban.identity import commands, entry, setup
from duban.identity.models import Appointment, Person, Scope, Unit
from duban.identity.rules import Role
from duban.identity.units import Kind, UnitRow

Result = TypeVar("Result")

LONG_AGO = date(2020, 1, 1)
PASSWORD = "Right-2026"
PATIENCE_S = 10
"""No statement of a test waits longer, so that a test which waits for ever fails."""
_numbers = count(1)


# -- The tree and its people ------------------------------------------------------------------------------------------


@contextmanager
def operator() -> Iterator[Appointment]:
    """A transaction entered as the local operator."""
    token = entry.open_session(setup.make_operator())
    assert token is not None
    with entry.entered(token) as actor:
        yield actor


def row(
    name: str = "",
    *,
    kind: Kind = Kind.COUNTY,
    under: str = "",
    line: str = "",
    aliases: tuple[str, ...] = (),
    code: str = "",
    region: str = "",
) -> UnitRow:
    """A line of a file of units; the code is the name unless another is given."""
    code = code or name or f"unit-{next(_numbers)}"
    return UnitRow(0, code, name or code, kind, region, under, line, aliases)


def units(*rows: UnitRow, on: date = LONG_AGO) -> None:
    """Units, parents first, or new versions of them."""
    with operator() as actor:
        commands.load_units(rows, on=on, actor=actor)


def unit(
    name: str = "",
    *,
    kind: Kind = Kind.COUNTY,
    under: str = "",
    line: str = "",
    aliases: tuple[str, ...] = (),
    code: str = "",
    region: str = "",
    on: date = LONG_AGO,
) -> str:
    """A unit, or a new version of it; returns its code."""
    made = row(name, kind=kind, under=under, line=line, aliases=aliases, code=code, region=region)
    units(made, on=on)
    return made.code


def appointment(
    role: Role = Role.OFFICE,
    *,
    of: str,
    name: str = "",
    line: str = "",
    party_id: int | None = None,
    on: date = LONG_AGO,
    until: date | None = None,
) -> Appointment:
    """A person appointed to a role at a unit, long ago."""
    with operator() as actor:
        return commands.appoint(
            name=name or f"person-{next(_numbers)}", unit_code=of, role=role.value, line=line, party_id=party_id,
            on=on, until=until, actor=actor,
        )  # fmt: skip


def password(person: Person, text: str = PASSWORD, *, must_change: bool = False) -> str:
    """Give a person a password; returns it."""
    with operator() as actor:
        return commands.set_first_password(person, password=text, must_change=must_change, actor=actor)


def session(appointment: Appointment) -> str:
    """The token of a session under an appointment."""
    token = entry.open_session(appointment.person_id, appointment_id=appointment.pk)
    assert token is not None
    return token


@contextmanager
def acting(appointment: Appointment) -> Iterator[Appointment]:
    """A transaction entered under an appointment."""
    with entry.entered(session(appointment)) as actor:
        yield actor


def unit_id(code: str) -> int:
    """The id of a unit."""
    with operator():
        return Unit.objects.get(code=code).pk


def scope_id(code: str) -> int:
    """The scope of a unit itself, crossed with no line."""
    with operator():
        return Scope.objects.get(unit__code=code, line__isnull=True).pk


# -- Other hands on the same database ---------------------------------------------------------------------------------


def as_owner(statement: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - whatever a column holds
    """Run a statement as the owner, whom row security does not bind, and return its rows."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, list(values) or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def raw() -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """A connection of SQL alone, as the application role: what somebody holds who got past our code."""
    target = settings.TARGET
    name = connection.settings_dict["NAME"]
    with psycopg.connect(target.conninfo(target.application, dbname=name), autocommit=True) as session:
        session.execute(f"SET statement_timeout = '{PATIENCE_S}s'")
        yield session


@contextmanager
def threads(number: int) -> Iterator[Callable[[Callable[[], Result]], "Future[Result]"]]:
    """Start work in threads, each with Django connections of its own that lose patience."""
    with ThreadPoolExecutor(number) as pool:

        def start(work: Callable[[], Result]) -> "Future[Result]":
            def run() -> Result:
                try:
                    for alias in ("default", "owner"):
                        with connections[alias].cursor() as cursor:
                            cursor.execute(f"SET statement_timeout = '{PATIENCE_S}s'")
                    return work()
                finally:
                    connections.close_all()

            return pool.submit(run)

        yield start


def elsewhere(work: Callable[[], Result]) -> Result:
    """What `work` returns, done by somebody else: in a thread with connections of its own."""
    with threads(1) as start:
        return start(work).result(timeout=2 * PATIENCE_S)


def rows_seen(session: "psycopg.Connection[tuple[Any, ...]]", tables: Sequence[str]) -> dict[str, int]:
    """How many rows of each table a connection sees; tables of which it sees none are left out."""
    counts = {}
    for table in tables:
        row = session.execute(f'SELECT count(*) FROM public."{table}"'.encode()).fetchone()
        counts[table] = row[0] if row else 0
    return {table: number for table, number in counts.items() if number}
