"""The house that is measured: a home of its own for each size, made as a user makes it and kept between runs."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
HOMES = ROOT / ".cache" / "bench"
Connection = psycopg.Connection[tuple[Any, ...]]


def home_of(claims: int) -> Path:
    """Where the house of a size is kept."""
    return HOMES / f"claims-{claims}"


def set_environment(claims: int) -> None:
    """Choose the home; to be called before settings are read."""
    os.environ["DUBAN_HOME"] = str(home_of(claims))
    os.environ["DJANGO_SETTINGS_MODULE"] = "duban.settings"
    for name in ("DATABASE_URL", "DATABASE_APP_URL"):
        os.environ.pop(name, None)


def fingerprint(month: str) -> str:
    """Changes with the month, and when the tables, the triggers or the city that is put into them change."""
    sources = sorted(path for path in (ROOT / "src").glob("duban/*/migrations/**/*") if path.suffix in {".py", ".sql"})
    sources += [ROOT / "src/duban/identity/rowsecurity.py", ROOT / "src/duban/postgres/cluster.py"]
    sources += sorted((ROOT / "bench").glob("city*"))
    digest = hashlib.sha256(month.encode())
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()


@contextmanager
def owner() -> Iterator[Connection]:
    """A connection as the owner of the tables, with autocommit."""
    from django.conf import settings

    conninfo = settings.TARGET.conninfo(settings.TARGET.owner, dbname=str(settings.DATABASES["owner"]["NAME"]))
    # Values are written into the text: statements that make tables take no parameters.
    with psycopg.connect(conninfo, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        yield connection


def row_of(connection: Connection, query: LiteralString, values: Sequence[object] = ()) -> tuple[Any, ...]:
    """The first row of a query that has one."""
    row = connection.execute(query, values).fetchone()
    if row is None:
        msg = f"No row for: {query}"
        raise LookupError(msg)
    return row


def set_row_security(connection: Connection, *, on: bool) -> None:
    """Turn the policies of every table on or off. Off is the peer: the same pages and queries without row security."""
    tables = connection.execute(
        "SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public' ORDER BY 1"
    ).fetchall()
    command: LiteralString = "ENABLE" if on else "DISABLE"
    for (table,) in tables:
        connection.execute(
            sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY").format(sql.Identifier(table), sql.SQL(command))
        )


@contextmanager
def row_security(*, on: bool) -> Iterator[None]:
    """Run with the policies on or off; afterwards they are on."""
    with owner() as connection:
        set_row_security(connection, on=on)
        try:
            yield
        finally:
            set_row_security(connection, on=True)
