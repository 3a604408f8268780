"""Sets the house up for tests: a PostgreSQL server of their own, and a fresh copy of one migrated database each.

Nothing is ever flushed: a test that touches the database gets a clone of the template, which is dropped afterwards.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).resolve().parent
os.environ["DUBAN_HOME"] = os.environ.get("DUBAN_TEST_HOME") or str(ROOT / ".cache" / "tests")
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "duban.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver runs a loop in the thread of the test

import django  # noqa: E402 - the environment comes first
from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from psycopg import sql  # noqa: E402

from duban.postgres.server import Server  # noqa: E402

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


django.setup()
setup_test_environment()


def migration_hash() -> str:
    """A short name for the present state of all migrations."""
    sources = sorted(path for path in (ROOT / "src").glob("duban/*/migrations/**/*") if path.suffix in {".py", ".sql"})
    sources += [ROOT / "src/duban/identity/rowsecurity.py", ROOT / "requirements.lock"]
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@pytest.fixture(scope="session")
def server() -> Server:
    server = Server(settings.HOME, extra_settings=FAST)
    server.ensure_running()
    return server


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The name of a migrated database; made once for each state of the migrations, by whichever worker comes first."""
    name = f"template_{migration_hash()}"
    with server.as_superuser() as admin:
        admin.execute("SELECT pg_advisory_lock(1)")
        known = [str(row[0]) for row in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%'")]
        if name not in known:
            for old in known:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
            copy_database(server, "duban", f"{name}_half")
            migrate(f"{name}_half")
            admin.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(f"{name}_half"), sql.Identifier(name))
            )
    return name


def migrate(database: str) -> None:
    from django.core.management import call_command

    from duban.identity.setup import store_key

    use_database(database)
    call_command("migrate", database="owner", verbosity=0)
    store_key()
    connections.close_all()


def copy_database(server: Server, source: str, copy: str) -> None:
    with server.as_superuser() as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy").format(
                sql.Identifier(copy), sql.Identifier(source), sql.Identifier("duban_owner")
            )
        )
        admin.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(copy)))


def use_database(name: str) -> None:
    connections.close_all()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture
def database(server: Server, template: str) -> Iterator[str]:
    """An empty, migrated database of this test alone; `default` is the application role, `owner` the owner."""
    name = f"test_{uuid4().hex[:12]}"
    copy_database(server, template, name)
    use_database(name)
    yield name
    connections.close_all()
    use_database("no_test_asked_for_the_database")
    with server.as_superuser() as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
