"""Work that keeps the queue itself in order."""

from procrastinate.contrib.django import app

from duban.web.queue import STALLED_S


@app.periodic(cron="* * * * * */10")  # every ten seconds; the sixth field is that of seconds
@app.task(name="web.take_up_stalled", queue="upkeep", pass_context=False)
async def take_up_stalled(timestamp: int) -> None:  # noqa: ARG001 - what a periodic job is called with
    """Put jobs of dead workers back into the queue; each can be run twice without harm."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_S):
        await app.job_manager.retry_job(job)
