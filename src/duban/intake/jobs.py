"""Work of the worker: reading workbooks that somebody wants to look at."""

from uuid import UUID

from procrastinate.contrib.django import app

from duban.audit.progress import meter
from duban.identity.work import AGAIN, working
from duban.intake import commands


@app.task(name="intake.read", queue="imports", retry=AGAIN)
def read(subject: str, grant: str) -> None:
    """Read a workbook to be looked at."""
    uid = UUID(subject)
    with working(read, uid, grant) as hand:
        commands.read(uid, actor=hand.actor, progress=meter(uid, token=hand.token))
