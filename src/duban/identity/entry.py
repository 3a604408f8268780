"""The door: every request, job and streaming export runs in a transaction that enters first.

A token is verified by the database, which records the appointment where the application role cannot write
(`migrations/sql/entry.sql`). Without it the transaction sees no rows and writes none.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from duban.identity.models import Appointment
from duban.kernel.errors import DomainError
from duban.kernel.words import N_


class NotEntered(DomainError):
    """A token opens nothing: the session ended, or the appointment is no longer in force."""

    text = N_("Your session has ended or your appointment is no longer in force. Sign in again.")


def ask(function: str, *arguments: object, using: str = DEFAULT_DB_ALIAS) -> tuple[Any, ...]:
    """One row of a function of the door.

    Arguments travel apart from the statement. Django writes them into its text, and the text of what a connection
    last ran can be read by every other connection of the same role (`pg_stat_activity`): tokens must not stand there.
    """
    database = connections[using]
    database.ensure_connection()
    database.validate_no_broken_transaction()
    places = ", ".join("%s" for _ in arguments)
    with database.wrap_database_errors, psycopg.Cursor(database.connection) as cursor:
        statement = f"SELECT * FROM identity.{function}({places})"  # noqa: S608 - names of our own functions
        cursor.execute(statement.encode(), arguments)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row or ()


def prove(message: str) -> str:
    """Prove to the database that the application says `message`: an HMAC under a key that SQL cannot read."""
    return hmac.new(settings.ENTRY_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def key_halves() -> tuple[bytes, bytes]:
    """The two padded halves of the key, as the owner stores them for `identity.proves`."""
    key = settings.ENTRY_KEY.encode()
    # HMAC (RFC 2104): a key longer than the block is hashed first; the block of SHA-256 is 64 bytes.
    key = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)


def enter(token: str, *, active: bool = True, using: str = DEFAULT_DB_ALIAS) -> Appointment | None:
    """Enter the running transaction with a session or job token.

    Args:
        token: as `open_session` or `job_token` gave it.
        active: False for what an open page asks by itself, which does not keep its session alive.
        using: the connection whose transaction it is.

    Returns:
        Who acts, or None: then this transaction sees nothing.
    """
    (found,) = ask("enter", token, active, using=using)
    if found is None:
        return None
    return Appointment.objects.using(using).select_related("person", "unit", "line", "all_but").get(pk=found)


def leave() -> None:
    """Leave: the rest of the transaction sees nothing."""
    ask("leave")


def check_entered() -> None:
    """Make sure that everything read so far in this transaction was there to be seen.

    An appointment that ends while its transaction runs sees no rows from its next statement on, which looks like rows
    that are not there. Whoever concludes something from what is missing asks this afterwards.

    Raises:
        NotEntered: the appointment ended meanwhile, or nobody entered.
    """
    (found,) = ask("my_appointment")
    if found is None:
        raise NotEntered


@contextmanager
def entered(token: str) -> Iterator[Appointment]:
    """A transaction that has entered.

    Raises:
        NotEntered: the token opens nothing.
    """
    with transaction.atomic():
        actor = enter(token)
        if actor is None:
            raise NotEntered
        yield actor


def open_session(
    person_id: int, *, appointment_id: int | None = None, address: str = "", agent: str = ""
) -> str | None:
    """Open a session for a person whose password the caller has checked.

    Returns:
        The token, known to nobody but the bearer; or None when the person holds no appointment in force.
    """
    token = secrets.token_urlsafe(32)
    digest = hashlib.sha256(token.encode()).digest()
    proof = prove(f"session.{person_id}.{digest.hex()}")
    (opened,) = ask("open_session", person_id, appointment_id, digest, proof, address, agent)
    return None if opened is None else token


def end_session(token: str) -> None:
    """End a session; what still runs under it sees nothing more."""
    ask("end_session", token)


def give_grant(purpose: str, *, hours: int = 24) -> str:
    """Let a later job act for the appointment of this transaction.

    Args:
        purpose: what the job is and on what, such as "arrears.check 3f2a…"; the job must prove the same.

    Returns:
        The grant's id. It opens nothing by itself, so it may stand in the queue; `job_token` makes it a token.

    Raises:
        NotEntered: there is no appointment to act for.
    """
    (given,) = ask("give_grant", purpose, timedelta(hours=hours))
    if given is None:
        raise NotEntered
    return str(given)


def job_token(grant: str, purpose: str) -> str:
    """The token for a grant, for just the purpose it was given for; only a process that holds the key can make it."""
    return f"job.{grant}.{prove(f'job.{grant}.{purpose}')}"
