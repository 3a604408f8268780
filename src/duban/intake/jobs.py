"""Work of the worker: reading workbooks that somebody wants to look at."""

from uuid import UUID

from django.db import OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from duban.audit.progress import meter
from duban.identity.work import working
from duban.intake import commands

# The database may be away for a moment; anything else is a bug, and stops.
AGAIN = RetryStrategy(max_attempts=8, exponential_wait=2, retry_exceptions={OperationalError})


@app.task(name="intake.read", queue="imports", retry=AGAIN)
def read(subject: str, grant: str) -> None:
    """Read a workbook to be looked at."""
    uid = UUID(subject)
    with working(read, uid, grant) as hand:
        commands.read(uid, actor=hand.actor, progress=meter(uid, token=hand.token))
