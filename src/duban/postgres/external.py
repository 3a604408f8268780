"""A server that is not ours: its version, and the application role on it."""

import psycopg

from duban.kernel.errors import DomainError
from duban.kernel.words import N_
from duban.postgres import roles
from duban.postgres.roles import Connection, Login

OLDEST_MAJOR = 17  # one before the embedded server's


class Unreachable(DomainError):
    """Another server did not let us in."""

    text = N_(
        "The database server does not let {user} in: {reason} "
        "Check DATABASE_URL (for the application role also DATABASE_APP_URL) and that the server runs."
    )

    def __init__(self, *, user: str, reason: str) -> None:
        super().__init__(user=user, reason=reason)


class ServerTooOld(DomainError):
    """PostgreSQL is older than what we test with."""

    text = N_("The database server is PostgreSQL {found}; Duban needs {oldest} or later.")

    def __init__(self, *, found: int, oldest: int) -> None:
        super().__init__(found=found, oldest=oldest)


def provision_external(*, owner: Login, application: Login, owner_conninfo: str, application_conninfo: str) -> None:
    """Check the server, and make the application role on it if it is not there.

    Raises:
        Unreachable, ServerTooOld: the server, or who may enter it.
        NeedsAdministrator: with the SQL to run, when the owner role may not create roles.
        UnsafeApplicationRole: row security would not hold for the application role.
    """
    with _connect(owner_conninfo, owner) as connection:
        major = connection.info.server_version // 10000
        if major < OLDEST_MAJOR:
            raise ServerTooOld(found=major, oldest=OLDEST_MAJOR)
        roles.prepare_database(connection, owner=owner.user, application=application)
        if not _can_enter(application_conninfo):
            _set_password(connection, application)
    _connect(application_conninfo, application).close()


def _connect(conninfo: str, login: Login) -> Connection:
    try:
        return psycopg.connect(conninfo, autocommit=True)
    except psycopg.OperationalError as error:
        raise Unreachable(user=login.user, reason=str(error).strip()) from error


def _can_enter(conninfo: str) -> bool:
    try:
        psycopg.connect(conninfo).close()
    except psycopg.OperationalError:
        return False
    return True


def _set_password(connection: Connection, application: Login) -> None:
    """A role that somebody else made, or that was made from another DUBAN_HOME, gets the password we know."""
    statement = roles.change_password(connection, application)
    try:
        connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        raise roles.needs_administrator(connection, statement) from error
