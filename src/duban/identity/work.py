"""Work that goes on after the page was answered: a job in the queue, done as whoever asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from procrastinate.tasks import Task

from duban.identity import entry
from duban.identity.models import Appointment
from duban.identity.origin import coming_from


@dataclass(frozen=True, slots=True)
class Hand:
    """Who works, and the token with which further connections may enter."""

    actor: Appointment
    token: str


def put_off(task: Task, subject: UUID) -> None:  # type: ignore[type-arg] - any arguments
    """Put a job on `subject` in the queue, in this transaction; it will act as the present appointment.

    The queue holds the subject's uid and a grant. Neither opens anything without the application's key.
    """
    grant = entry.give_grant(f"{task.name} {subject}")
    task.defer(subject=str(subject), grant=grant)


@contextmanager
def working(task: Task, subject: UUID, grant: str) -> Iterator[Hand]:  # type: ignore[type-arg] - any arguments
    """The transaction of a job, entered as the appointment that asked for it.

    Raises:
        NotEntered: the grant ran out, or the appointment is no longer in force.
    """
    token = entry.job_token(grant, f"{task.name} {subject}")
    with coming_from("job"), entry.entered(token) as actor:
        yield Hand(actor, token)
