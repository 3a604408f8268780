"""Work of the worker: reading and entering statements. Each job is one command, and run twice it does no harm."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from duban.arrears import commands
from duban.audit.progress import meter
from duban.identity.work import AGAIN, working, working_unasked


@app.task(name="arrears.check", queue="imports", retry=AGAIN)
def check(subject: str, grant: str) -> None:
    """Read a received statement and propose what it would do."""
    uid = UUID(subject)
    with working(check, uid, grant) as hand:
        commands.check(uid, today=timezone.localdate(), actor=hand.actor, progress=meter(uid, token=hand.token))


@app.task(name="arrears.sort_out", queue="imports", retry=AGAIN)
def sort_out(subject: str, grant: str) -> None:
    """Unpack what was handed in at once, and guess whose each workbook is."""
    uid = UUID(subject)
    with working(sort_out, uid, grant) as hand:
        commands.sort_out(uid, today=timezone.localdate(), actor=hand.actor, progress=meter(uid, token=hand.token))


@app.task(name="arrears.accept", queue="imports", retry=AGAIN)
def accept(subject: str, grant: str) -> None:
    """Enter a statement that a person decided to accept."""
    uid = UUID(subject)
    with working(accept, uid, grant) as hand:
        commands.accept(uid, actor=hand.actor, progress=meter(uid, token=hand.token))
    commands.fold_flows()


@app.periodic(cron="10 16 * * *")  # ten past midnight in Shanghai; the queue counts in UTC
@app.task(name="arrears.fall_due", queue="imports", queueing_lock="arrears.fall_due", retry=AGAIN)
def fall_due(timestamp: int) -> None:  # noqa: ARG001 - the queue says when it was due
    """Move what has fallen due by today, in every ledger of the house."""
    with working_unasked() as hand:
        commands.fall_due(today=timezone.localdate(), actor=hand.actor)
    commands.fold_flows()


@app.periodic(cron="*/5 * * * *")
@app.task(name="arrears.fold", queue="imports", queueing_lock="arrears.fold", retry=AGAIN)
def fold(timestamp: int) -> None:  # noqa: ARG001 - the queue says when it was due
    """Add up flows that came by other ways than a workbook, or while another posting was open."""
    commands.fold_flows()
