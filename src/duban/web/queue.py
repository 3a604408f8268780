"""The worker of the queue."""

import asyncio
from typing import cast

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

HEARTBEAT_S = 5
STALLED_S = 20
"""A worker that has not been heard of for so long is dead: four heartbeats."""


def run_worker() -> None:
    """Work until told to end (SIGTERM, SIGINT); a job in hand is finished first."""
    connector = cast("DjangoConnector", app.connector)
    with app.replace_connector(connector.get_worker_connector()) as working:
        asyncio.run(_work(working))


async def _work(working: App) -> None:
    async with working.open_async():
        await working.run_worker_async(
            concurrency=1,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_S,
            shutdown_graceful_timeout=30,
            delete_jobs="successful",
        )
