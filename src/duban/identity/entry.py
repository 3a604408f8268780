"""The door: every request, job and streaming export runs in a transaction that enters first.

A token is verified by the database, which records the appointment where the application role cannot write
(`migrations/sql/entry.sql`). Without it the transaction sees no rows and writes none.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from duban.identity.models import Appointment
from duban.kernel.errors import DomainError
from duban.kernel.words import N_


class NotEntered(DomainError):
    """A token opens nothing: the session ended, or the appointment is no longer in force."""

    text = N_("Your session has ended or your appointment is no longer in force. Sign in again.")


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
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT identity.enter(%s, %s)", [token, active])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    return Appointment.objects.using(using).select_related("person", "unit", "line").get(pk=row[0])


def leave() -> None:
    """Leave: the rest of the transaction sees nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity.leave()")


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


def open_session(person_id: int, *, appointment_id: int | None = None, address: str = "", agent: str = "") -> str | None:
    """Open a session for a person whose password the caller has checked.

    Returns:
        The token, known to nobody but the bearer; or None when the person holds no appointment in force.
    """
    token = secrets.token_urlsafe(32)
    digest = hashlib.sha256(token.encode()).digest()
    proof = prove(f"session.{person_id}.{digest.hex()}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identity.open_session(%s, %s, %s, %s, %s, %s)",
            [person_id, appointment_id, digest, proof, address, agent],
        )
        row = cursor.fetchone()
    return token if row and row[0] else None


def end_session(token: str) -> None:
    """End a session; what still runs under it sees nothing more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity.end_session(%s)", [token])


def give_grant(purpose: str, *, hours: int = 24) -> str:
    """Let a later job act for the appointment of this transaction.

    Args:
        purpose: what the job is and on what, such as "arrears.check 3f2a…"; the job must prove the same.

    Returns:
        The grant's id. It opens nothing by itself, so it may stand in the queue; `job_token` makes it a token.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity.give_grant(%s, make_interval(hours => %s))", [purpose, hours])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise NotEntered
    return str(row[0])


def job_token(grant: str, purpose: str) -> str:
    """The token for a grant, for just the purpose it was given for; only a process that holds the key can make it."""
    return f"job.{grant}.{prove(f'job.{grant}.{purpose}')}"
