"""Reading DATABASE_URL. What is odd stops with a sentence, and no sentence repeats a password."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence
from duban.postgres.roles import Login

DEFAULT_PORT = 5432
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
ALONE = Sentence(N_("it means nothing without DATABASE_URL."))
ANOTHER_PLACE = Sentence(N_("it must name the same host, port and database as DATABASE_URL."))


class OddDatabaseUrl(DomainError):
    """DATABASE_URL or DATABASE_APP_URL cannot be used."""

    text = N_(
        "{name} cannot be used: {reason} "
        "Write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE?sslmode=require, and in a password write "
        "/ as %2F, : as %3A, @ as %40, # as %23, ? as %3F and % as %25."
    )

    def __init__(self, *, name: str, reason: Sentence) -> None:
        super().__init__(name=name, reason=reason)


class Place(NamedTuple):
    """What a database URL says."""

    host: str
    port: int
    dbname: str
    login: Login
    options: Mapping[str, str]


def parse(text: str, *, name: str) -> Place:
    """Read a database URL that came from the variable `name`.

    Raises:
        OddDatabaseUrl: with what is wrong.
    """
    try:
        return _parse(text)
    except _OddError as odd:
        raise OddDatabaseUrl(name=name, reason=odd.reason) from None


class _OddError(Exception):
    def __init__(self, text: str, **values: object) -> None:
        self.reason = Sentence(text, values)
        super().__init__(text)


def _parse(text: str) -> Place:
    _check_shape(text)
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(text).items()}
    except psycopg.ProgrammingError:
        # The message of libpq repeats the URL, and with it the password.
        raise _OddError(N_("it cannot be read as a URL.")) from None
    host = parts.pop("host", "")
    if "," in host:
        raise _OddError(N_("it names several hosts, and only one can be used."))
    port = _port(parts.pop("port", ""))
    if "dbname" not in parts or "/" in parts["dbname"]:
        raise _OddError(N_("it does not end in the name of one database."))
    if "user" not in parts:
        raise _OddError(N_("it names no user."))
    mode = parts.get("sslmode", "prefer")
    if mode not in SSL_MODES:
        raise _OddError(N_("sslmode is {mode}, and can be: {modes}."), mode=mode, modes=", ".join(SSL_MODES))
    login = Login(parts.pop("user"), parts.pop("password", ""))
    return Place(host, port, parts.pop("dbname"), login, parts)


def _check_shape(text: str) -> None:
    if not text.startswith(("postgresql://", "postgres://")):
        raise _OddError(N_("it does not begin with postgresql://."))
    try:
        query = urlsplit(text).query
    except ValueError:
        raise _OddError(N_("it cannot be read as a URL.")) from None
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    for key, _ in parse_qsl(query, keep_blank_values=True):
        if key not in known:
            raise _OddError(N_("PostgreSQL knows no option {option}."), option=key)


def _port(text: str) -> int:
    # Part of a password may stand here when a sign in it was not encoded, so the value is not shown.
    if not text:
        return DEFAULT_PORT
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise _OddError(N_("its port is not a number from 1 to 65535."))
    return int(text)
