from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from duban.postgres import external, roles, url
from duban.postgres.roles import NeedsAdministrator, UnsafeApplicationRole
from duban.postgres.server import Server
from duban.postgres.targets import DatabaseTarget, embedded_target, make_ready, target_from_environment


def place(host: str, port: int, dbname: str, login: roles.Login, **options: str) -> url.Place:
    return url.Place(host, port, dbname, login, options)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("postgresql://me:pw@db.example/city", place("db.example", 5432, "city", roles.Login("me", "pw"))),
        ("postgres://me:p%40%2F%23%25@db:6000/city", place("db", 6000, "city", roles.Login("me", "p@/#%"))),
        ("postgres://me@db/city?sslmode=require", place("db", 5432, "city", roles.Login("me"), sslmode="require")),
        ("postgres://me@[::1]:5433/city", place("::1", 5433, "city", roles.Login("me"))),
        ("postgres://me@%2Frun%2Fpg/city", place("/run/pg", 5432, "city", roles.Login("me"))),
        ("postgres:///city?host=/run/pg&user=me&port=5434", place("/run/pg", 5434, "city", roles.Login("me"))),
        ("postgres://%E5%BC%A0:x@db/%E7%9D%A3", place("db", 5432, "督", roles.Login("张", "x"))),
    ],
)
def test_a_database_url_is_read(text: str, means: url.Place) -> None:
    assert url.parse(text, name="DATABASE_URL") == means


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mysql://me:hush@db/city", "begin with postgresql://"),
        ("hush", "begin with postgresql://"),
        ("postgresql://me:hush@db", "name of one database"),
        ("postgresql://me:hush/x@db/city", "port is not a number"),
        ("postgresql://me:hush@db:0/city", "port is not a number"),
        ("postgresql://me:hush%zz@db/city", "cannot be read as a URL"),
        ("postgresql://[me:hush@db/city", "cannot be read as a URL"),
        ("postgresql://db/city?password=hush", "names no user"),
        ("postgresql://me:hush@db,db2/city", "several hosts"),
        ("postgresql://me:hush@db/city?sslmode=yes", "sslmode is yes"),
        ("postgresql://me:hush@db/city?ssl=1", "no option ssl"),
    ],
)
def test_an_odd_database_url_is_refused_with_an_example_and_without_its_password(text: str, says: str) -> None:
    with pytest.raises(url.OddDatabaseUrl, match=says) as refusal:
        url.parse(text, name="DATABASE_URL")
    assert "postgresql://USER:PASSWORD@HOST:5432/DATABASE" in str(refusal.value)
    assert "hush" not in str(refusal.value)


def test_the_embedded_target_is_known_without_starting_anything(server: Server) -> None:
    target = target_from_environment({"DUBAN_HOME": str(server.home.path)})
    assert target.home is not None
    assert not (target.home.server_folder() / "data").exists()
    assert target == embedded_target(target.home)
    settings = target.django(target.application)
    assert settings["ENGINE"] == "duban.postgres.backend"
    assert settings["USER"] == "duban_app"
    assert settings["DUBAN_HOME"] == str(server.home.path)
    assert target.application.password not in repr(target)


def test_another_server_keeps_the_password_of_its_application_role_in_the_home(tmp_path: Path) -> None:
    environ = {"DUBAN_HOME": str(tmp_path), "DATABASE_URL": "postgres://me:x@db/city?sslmode=require"}
    target = target_from_environment(environ)
    assert target.home is None
    assert target.application.user == "city_app"
    assert target == target_from_environment(environ)
    assert "sslmode=require" in target.conninfo(target.owner)
    assert target.django(target.owner)["OPTIONS"] == {"sslmode": "require"}


def test_the_application_role_of_another_server_can_be_given(tmp_path: Path) -> None:
    environ = {"DUBAN_HOME": str(tmp_path), "DATABASE_URL": "postgres://me:x@db/city"}
    given = target_from_environment({**environ, "DATABASE_APP_URL": "postgres://app:y@db/city"})
    assert given.application == roles.Login("app", "y")
    with pytest.raises(url.OddDatabaseUrl, match="same host"):
        target_from_environment({**environ, "DATABASE_APP_URL": "postgres://app:y@db2/city"})
    with pytest.raises(url.OddDatabaseUrl, match="without DATABASE_URL"):
        target_from_environment({"DATABASE_APP_URL": "postgres://app:y@db/city"})


def test_the_application_role_owns_nothing_and_cannot_rise(running: Server) -> None:
    target = embedded_target(running.home)
    with running.as_superuser() as connection:
        attributes = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, rolinherit"
            " FROM pg_roles WHERE rolname IN ('duban_app', 'duban_owner')"
        ).fetchall()
        assert attributes == [(False, False, False, False, False, True)] * 2
        owner = connection.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'duban'").fetchone()
        assert owner == ("duban_owner",)
    refused = ["CREATE TABLE x ()", "CREATE TEMPORARY TABLE x ()", "CREATE SCHEMA x", "SET ROLE duban_owner"]
    refused += [
        "ALTER ROLE duban_app BYPASSRLS",
        "CREATE ROLE x",
        "CREATE DATABASE x",
        "SET session_replication_role = replica",
    ]
    for statement in refused:
        with (
            psycopg.connect(target.conninfo(target.application), autocommit=True) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement)


def test_the_owner_role_makes_tables_and_uses_the_extensions(running: Server) -> None:
    target = embedded_target(running.home)
    with psycopg.connect(target.conninfo(target.owner)) as connection:
        connection.execute(
            "CREATE TABLE kept (path ltree, during daterange, EXCLUDE USING gist (path WITH =, during WITH &&))"
        )
        connection.rollback()


def test_tests_may_let_the_owner_copy_its_database(running: Server) -> None:
    running.allow_createdb()
    target = embedded_target(running.home)
    with psycopg.connect(target.conninfo(target.owner, dbname="postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE copy TEMPLATE duban")
        connection.execute("DROP DATABASE copy")
    with running.as_superuser() as connection:
        connection.execute("ALTER ROLE duban_owner NOCREATEDB")


class Elsewhere:
    """A database on a server that is not ours, with an owner who may or may not create roles."""

    def __init__(self, server: Server, name: str, home: Path, *, owner_attributes: str) -> None:
        self.server, self.name, self.home = server, name, home
        self.owner = f"{name}_chief"
        with server.as_superuser() as connection:
            connection.execute(f"CREATE ROLE {self.owner} LOGIN {owner_attributes} PASSWORD 'p@ss/word'".encode())
            connection.execute(f"CREATE DATABASE {name} OWNER {self.owner}".encode())

    def target(self, **environ: str) -> DatabaseTarget:
        socket = quote(str(self.server.home.socket_folder()), safe="")
        password = quote("p@ss/word", safe="")
        return target_from_environment(
            {
                "DUBAN_HOME": str(self.home),
                "DATABASE_URL": f"postgresql://{self.owner}:{password}@{socket}/{self.name}",
                **environ,
            }
        )

    def run(self, statements: str) -> None:
        with self.server.as_superuser(self.name) as connection:
            connection.execute(statements.encode())


def test_another_server_is_provisioned_by_an_owner_who_may_create_roles(other: Server, tmp_path: Path) -> None:
    target = Elsewhere(other, "city", tmp_path, owner_attributes="CREATEROLE").target()
    make_ready(target)
    make_ready(target)
    with psycopg.connect(target.conninfo(target.application)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("city_app",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TEMPORARY TABLE x ()")


def test_another_server_is_provisioned_by_its_superuser(other: Server, tmp_path: Path) -> None:
    target = Elsewhere(other, "county", tmp_path, owner_attributes="SUPERUSER").target()
    make_ready(target)
    with psycopg.connect(target.conninfo(target.application)) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("county_app",)


def test_an_application_role_whose_password_we_do_not_know_gets_ours(other: Server, tmp_path: Path) -> None:
    elsewhere = Elsewhere(other, "moved", tmp_path / "first", owner_attributes="CREATEROLE")
    make_ready(elsewhere.target())
    elsewhere.home = tmp_path / "second"
    make_ready(elsewhere.target())


def test_an_owner_who_may_not_create_roles_is_told_what_the_administrator_must_run(
    other: Server, tmp_path: Path
) -> None:
    elsewhere = Elsewhere(other, "town", tmp_path, owner_attributes="")
    target = elsewhere.target()
    with pytest.raises(NeedsAdministrator, match='CREATE ROLE "town_app"') as refusal:
        make_ready(target)
    assert target.application.password not in str(refusal.value)
    elsewhere.run(str(refusal.value.values["statements"]))
    make_ready(target)


@pytest.mark.parametrize(
    ("making_it_unsafe", "says"),
    [
        ("ALTER ROLE app_of_{n} BYPASSRLS", "bypass row security"),
        ("ALTER ROLE app_of_{n} SUPERUSER", "is a superuser"),
        ("ALTER ROLE app_of_{n} CREATEROLE", "may create roles"),
        ("GRANT {owner} TO app_of_{n}", "act as the owner"),
        ("CREATE TABLE t (); ALTER TABLE t OWNER TO app_of_{n}", "owns tables"),
    ],
)
def test_an_application_role_that_could_pass_by_row_security_is_refused(
    other: Server, tmp_path: Path, making_it_unsafe: str, says: str, request: pytest.FixtureRequest
) -> None:
    name = f"unsafe{abs(hash(request.node.name)) % 10**6}"
    elsewhere = Elsewhere(other, name, tmp_path, owner_attributes="CREATEROLE")
    elsewhere.run(f"CREATE ROLE app_of_{name} LOGIN PASSWORD 'y'")
    elsewhere.run(making_it_unsafe.format(n=name, owner=elsewhere.owner))
    socket = quote(str(other.home.socket_folder()), safe="")
    target = elsewhere.target(DATABASE_APP_URL=f"postgresql://app_of_{name}:y@{socket}/{name}")
    with pytest.raises(UnsafeApplicationRole, match=says):
        make_ready(target)


def test_the_owner_cannot_be_the_application(other: Server, tmp_path: Path) -> None:
    elsewhere = Elsewhere(other, "same", tmp_path, owner_attributes="")
    elsewhere.run("GRANT CREATE ON SCHEMA public TO same_chief")
    environ = elsewhere.target()
    same = DatabaseTarget(environ.host, environ.port, environ.dbname, environ.owner, environ.owner)
    with pytest.raises(UnsafeApplicationRole, match="act as the owner"):
        make_ready(same)


def test_a_server_that_is_too_old_or_away_is_told(
    other: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Elsewhere(other, "old", tmp_path, owner_attributes="CREATEROLE").target()
    monkeypatch.setattr(external, "OLDEST_MAJOR", 99)
    with pytest.raises(external.ServerTooOld, match="PostgreSQL 18; Duban needs 99"):
        make_ready(target)
    away = target_from_environment(
        {"DUBAN_HOME": str(tmp_path), "DATABASE_URL": f"postgresql://me:x@{quote(str(tmp_path), safe='')}/city"}
    )
    with pytest.raises(external.Unreachable, match="DATABASE_URL"):
        make_ready(away)
