"""The two roles of the database: the owner makes and changes tables, the application only works in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import psycopg
from psycopg import errors, sql

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence

OWNER = "duban_owner"
APPLICATION = "duban_app"
DATABASE = "duban"
EXTENSIONS = ("ltree", "btree_gist")

Connection = psycopg.Connection[tuple[object, ...]]


class NeedsAdministrator(DomainError):
    """The owner role may not prepare its database by itself."""

    text = N_(
        "The role {user} may not prepare the database {dbname}. "
        "Ask its administrator to run this there, and start again:\n{statements}"
    )

    def __init__(self, *, user: str, dbname: str, statements: str) -> None:
        super().__init__(user=user, dbname=dbname, statements=statements)


class ExtensionMissing(DomainError):
    """The server has no such extension installed."""

    text = N_(
        "The database server does not have the extension {extension}. "
        "Install its contrib package (postgresql-contrib), and start again."
    )

    def __init__(self, *, extension: str) -> None:
        super().__init__(extension=extension)


class UnsafeApplicationRole(DomainError):
    """Row security would not hold for the application role."""

    text = N_(
        "The application may not work as the role {role}: {reason} "
        "Row security would not hold. Name another role in DATABASE_APP_URL, or take this right away."
    )

    def __init__(self, *, role: str, reason: Sentence) -> None:
        super().__init__(role=role, reason=reason)


@dataclass(frozen=True, slots=True)
class Login:
    """A role and its password; an empty password is left to libpq (a .pgpass file, or peer authentication)."""

    user: str
    password: str = field(repr=False, default="")


class Need(NamedTuple):
    """Something that must be true of the database, as a query, and the statement that makes it true."""

    query: sql.Composed
    statement: sql.Composed


def create_role(connection: Connection, login: Login) -> sql.Composed:
    """The statement that makes a role with no rights. It carries a SCRAM verifier, so no log sees the password."""
    text = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
    return sql.SQL(text).format(sql.Identifier(login.user), _verifier(connection, login))


def change_password(connection: Connection, login: Login) -> sql.Composed:
    """The statement that gives a role the password of `login`."""
    return sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login.user), _verifier(connection, login))


def prepare_database(connection: Connection, *, owner: str, application: Login) -> None:
    """Bring the connected database to where migrations can begin. Run again, it changes nothing.

    The connection must be in autocommit, as `owner` or as a superuser.

    Raises:
        NeedsAdministrator: with the statements that the connected role may not run.
        UnsafeApplicationRole: the application role exists and could pass by row security.
    """
    refused = [need.statement for need in _needs(connection, owner, application) if not _fulfil(connection, need)]
    if refused:
        raise needs_administrator(connection, *refused)
    check_application_role(connection, owner=owner, application=application.user)


def needs_administrator(connection: Connection, *statements: sql.Composed) -> NeedsAdministrator:
    """The refusal that names the statements to run."""
    return NeedsAdministrator(
        user=connection.info.user,
        dbname=connection.info.dbname,
        statements="\n".join(f"{statement.as_string(connection)};" for statement in statements),
    )


def check_application_role(connection: Connection, *, owner: str, application: str) -> None:
    """Refuse an application role for which row security would not hold."""
    row = connection.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, pg_has_role(r.oid, %s, 'MEMBER'),"
        " EXISTS (SELECT FROM pg_class WHERE relowner = r.oid)"
        " OR EXISTS (SELECT FROM pg_database WHERE datdba = r.oid AND datname = current_database())"
        " FROM pg_roles r WHERE rolname = %s",
        (owner, application),
    ).fetchone()
    reasons = (
        N_("it is a superuser."),
        N_("it may bypass row security (BYPASSRLS)."),
        N_("it may create roles (CREATEROLE)."),
        N_("it may act as the owner of the database."),
        N_("it owns tables or the database."),
    )
    for found, reason in zip(row or (), reasons, strict=True):
        if found:
            raise UnsafeApplicationRole(role=application, reason=Sentence(reason))


def _needs(connection: Connection, owner: str, application: Login) -> Iterator[Need]:
    names = {
        "owner": sql.Literal(owner),
        "app": sql.Literal(application.user),
        "db": sql.Literal(connection.info.dbname),
        "OWNER": sql.Identifier(owner),
        "APP": sql.Identifier(application.user),
        "DB": sql.Identifier(connection.info.dbname),
    }

    def need(query: str, statement: str) -> Need:
        return Need(_format(query, names), _format(statement, names))

    exists = _format("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = {app})", names)
    yield Need(exists, create_role(connection, application))
    yield need("SELECT has_schema_privilege({owner}, 'public', 'CREATE')", "GRANT CREATE ON SCHEMA public TO {OWNER}")
    for extension in EXTENSIONS:
        names |= {"extension": sql.Literal(extension), "EXTENSION": sql.Identifier(extension)}
        yield need(
            "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = {extension})", "CREATE EXTENSION {EXTENSION}"
        )
    yield need(
        "SELECT NOT has_database_privilege('public', {db}, 'TEMPORARY')",
        "REVOKE TEMPORARY ON DATABASE {DB} FROM PUBLIC",
    )
    yield need(
        "SELECT NOT has_schema_privilege('public', 'public', 'CREATE')", "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    )
    yield need("SELECT has_database_privilege({app}, {db}, 'CONNECT')", "GRANT CONNECT ON DATABASE {DB} TO {APP}")
    yield need("SELECT has_schema_privilege({app}, 'public', 'USAGE')", "GRANT USAGE ON SCHEMA public TO {APP}")


def _format(text: str, names: dict[str, sql.Composable]) -> sql.Composed:
    return sql.SQL(text).format(**names)


def _fulfil(connection: Connection, need: Need) -> bool:
    if _holds(connection, need):
        return True
    try:
        connection.execute(need.statement)
    except (errors.InsufficientPrivilege, errors.UndefinedObject):
        return False
    except errors.DuplicateObject:
        pass  # Another process was quicker.
    except errors.FeatureNotSupported as error:
        raise ExtensionMissing(extension=need.statement.as_string(connection).split()[-1]) from error
    # A REVOKE by somebody who has no right to it is answered with a warning only.
    return _holds(connection, need)


def _holds(connection: Connection, need: Need) -> bool:
    try:
        row = connection.execute(need.query).fetchone()
    except errors.UndefinedObject:
        return False  # The role is not there, because it may not be created either.
    return row is not None and row[0] is True


def _verifier(connection: Connection, login: Login) -> sql.Literal:
    made = connection.pgconn.encrypt_password(login.password.encode(), login.user.encode(), b"scram-sha-256")
    return sql.Literal(made.decode())
