"""Sets the house up for tests: a PostgreSQL server of their own, and a fresh copy of one migrated database each.

Nothing is ever flushed: a test that touches the database gets a clone of the template, which is dropped afterwards.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

ROOT = Path(__file__).resolve().parent
os.environ["DUBAN_HOME"] = os.environ.get("DUBAN_TEST_HOME") or str(ROOT / ".cache" / "tests")
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "duban.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver runs a loop in the thread of the test

import django
from django.conf import settings
from django.db import connections
from django.test.utils import setup_test_environment
from django.utils import translation
from psycopg import sql

from duban.postgres.server import Server

CITY_CLAIMS, CITY_SEED = 160, 7
LEFT_OUT = "539921"
"""青石县, whose ledger no test city has yet."""
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


django.setup()
setup_test_environment()


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are compared in the language they are written in; a test that is about Chinese says so."""
    with translation.override("en"):
        yield


def hash_of(patterns: Iterable[str]) -> str:
    """A short name for the present state of the files that match."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


SCHEMA = ("src/duban/*/migrations/**/*.py", "src/duban/*/migrations/**/*.sql", "src/duban/identity/rowsecurity.py")
CODE = ("src/duban/**/*.py", "src/duban/**/*.sql", "tests/make.py", "requirements.lock")


@pytest.fixture(scope="session")
def server() -> Server:
    server = Server(settings.HOME, extra_settings=FAST)
    server.ensure_running()
    return server


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The name of a migrated database; made once for each state of the migrations, by whichever worker comes first."""
    return made_once(server, "template", SCHEMA, source="duban", fill=migrate)


@pytest.fixture(scope="session")
def city_template(server: Server, template: str) -> str:
    """The name of a database with the demo city in it, made through the commands that a user would use."""
    return made_once(server, "city", CODE, source=template, fill=build_city)


def made_once(server: Server, kind: str, patterns: Iterable[str], *, source: str, fill: Callable[[], None]) -> str:
    """A database for the present state of some files: the one there is, or a copy of `source` that is filled now."""
    name, half = f"{kind}_{hash_of(patterns)}", f"{kind}_half"
    with server.as_superuser() as admin:
        admin.execute("SELECT pg_advisory_lock(1)")
        known = {str(row[0]) for row in admin.execute("SELECT datname FROM pg_database")}
        if name not in known:
            for old in sorted(other for other in known if other.startswith(f"{kind}_")):
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
            copy_database(server, source, half)
            use_database(half)
            fill()
            connections.close_all()
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name)))
    return name


def migrate() -> None:
    from django.core.management import call_command

    from duban.identity.setup import store_key

    call_command("migrate", database="owner", verbosity=0)
    store_key()


def build_city() -> None:
    from django.utils import timezone
    from tests import make

    from duban.demo.build import build

    build(claims=CITY_CLAIMS, seed=CITY_SEED, today=timezone.localdate(), enter=make.operator, leave_out={LEFT_OUT})


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


@contextmanager
def copy_of(server: Server, source: str) -> Iterator[str]:
    """A copy of a database that is in use until it is dropped."""
    name = f"test_{uuid4().hex[:12]}"
    copy_database(server, source, name)
    use_database(name)
    yield name
    use_database("no_test_asked_for_the_database")
    with server.as_superuser() as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def database(server: Server, template: str) -> Iterator[str]:
    """An empty, migrated database of this test alone; `default` is the application role, `owner` the owner."""
    with copy_of(server, template) as name:
        yield name


@pytest.fixture
def city(server: Server, city_template: str) -> Iterator[str]:
    """A database of this test alone with the demo city: every ledger at the end of last month, but one county's."""
    with copy_of(server, city_template) as name:
        yield name
