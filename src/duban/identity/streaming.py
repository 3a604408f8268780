"""Long reading, such as an export, that goes on after the page was answered and stops when its reader may not read."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from duban.identity import entry
from duban.identity.models import Appointment

Row = TypeVar("Row")

Read = Callable[[Appointment, Row | None], Sequence[Row]]
"""Reads, as an appointment, the rows that follow a row in the order of a key (None: the first ones); some, not all."""


def batches(token: str, read: Read[Row]) -> Iterator[Row]:
    """All rows, a batch at a time, until `read` finds no more.

    Each batch is a transaction of its own that enters first. So a slow reader holds no transaction open, and an
    appointment that ends meanwhile reads nothing from the next batch on. It is told by an exception, after which the
    server breaks off its answer: what was written so far must not pass for the whole.

    Args:
        token: of the session, or of the job.
        read: one query that narrows by the appointment and starts after the given row. A cursor that stays open, as
            `QuerySet.iterator` does, would go on seeing what the appointment saw at its beginning.

    Raises:
        NotEntered: the session or the appointment ended, or the session acts under another one by now.
    """
    reader: Appointment | None = None
    last: Row | None = None
    while True:
        with entry.entered(token) as actor:
            reader = reader or actor
            if actor.pk != reader.pk:
                raise entry.NotEntered
            rows = read(actor, last)
            entry.check_entered()
        if not rows:
            return
        yield from rows
        last = rows[-1]
