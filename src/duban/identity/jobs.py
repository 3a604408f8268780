"""Work of the worker that nobody asks for."""

from procrastinate.contrib.django import app

from duban.identity import entry


@app.periodic(cron="17 3 * * *")
@app.task(name="identity.forget_spent", queueing_lock="identity.forget_spent")
def forget_spent(timestamp: int) -> None:  # noqa: ARG001 - the queue says when it was due
    """Forget sessions, grants and refused sign-ins that have been over for a month; the trail keeps who came."""
    entry.ask("forget_spent")
