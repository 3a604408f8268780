"""Work that goes on after the page was answered: a job in the queue, done as whoever asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, connections
from procrastinate import RetryStrategy
from procrastinate.tasks import Task

from duban.identity import entry, setup
from duban.identity.models import Appointment
from duban.identity.origin import coming_from

AnyTask = Task[Any, Any, Any]

# The database may be away for a moment; anything else is a bug, and stops.
AGAIN = RetryStrategy(max_attempts=8, exponential_wait=2, retry_exceptions={OperationalError})
"""How often a job is tried."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who works, and the token with which further connections may enter."""

    actor: Appointment
    token: str


def put_off(task: AnyTask, subject: UUID) -> None:
    """Put a job on `subject` in the queue, in this transaction; it will act as the present appointment.

    The queue holds the subject's uid and a grant. Neither opens anything without the application's key.
    """
    grant = entry.give_grant(f"{task.name} {subject}")
    task.defer(subject=str(subject), grant=grant)


@contextmanager
def working(task: AnyTask, subject: UUID, grant: str) -> Iterator[Hand]:
    """The transaction of a job, entered as the appointment that asked for it.

    Raises:
        NotEntered: the grant ran out, or the appointment is no longer in force, be it only since the job began; then
            everything the job did is undone.
    """
    token = entry.job_token(grant, f"{task.name} {subject}")
    with coming_from("job"), entry.entered(token) as actor:
        yield Hand(actor, token)
        entry.check_entered()


@contextmanager
def working_unasked() -> Iterator[Hand]:
    """The transaction of a job that nobody asked for, as the local operator: the worker runs on the house's machine.

    Raises:
        NotEntered: the house has no operator, or the operator holds no appointment.
    """
    operator = setup.person_named()
    # What the owner was asked for is known; a worker holds no connection of the owner while it works.
    connections["owner"].close()
    token = entry.open_session(operator, agent="job") if operator else None
    if token is None:
        raise entry.NotEntered
    try:
        with coming_from("job"), entry.entered(token) as actor:
            yield Hand(actor, token)
    finally:
        entry.end_session(token)


def has_failed(subject: UUID) -> bool:
    """Whether a job on `subject` ended by a fault that trying again does not mend; it stays in the queue to be seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'failed' AND args ->> 'subject' = %s)",
            [str(subject)],
        )
        return bool(cursor.fetchone()[0])
