"""How far a long piece of work is, told while its own transaction is still open.

The work is one transaction and is seen only when it is done; its progress is written through a connection of its own,
which enters with the same token.
"""

import time
from collections.abc import Callable
from uuid import UUID

from django.db import connections, transaction

from duban.identity import entry

CONNECTION = "progress"
EVERY_S = 0.5

Meter = Callable[[int, int], None]
"""Called with rows done and rows in all."""


def silent(done: int, total: int) -> None:
    """Tell nobody."""


def meter(subject: UUID, *, token: str) -> Meter:
    """A meter that writes the progress of `subject` for its page to read, at most twice a second."""
    told_at = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at < EVERY_S and done < total:
            return
        told_at = now
        with transaction.atomic(using=CONNECTION):
            actor = entry.enter(token, using=CONNECTION)
            if actor is None:
                raise entry.NotEntered
            with connections[CONNECTION].cursor() as cursor:
                cursor.execute(
                    "INSERT INTO audit_progress (subject, appointment_id, done, total) VALUES (%s, %s, %s, %s)"
                    " ON CONFLICT (subject) DO UPDATE SET done = excluded.done, total = excluded.total",
                    [subject, actor.pk, done, total],
                )

    return tell
