"""Waiting without a time-out: for as long as it takes, and saying every few seconds what we wait for."""

import time
from collections.abc import Callable

from duban.kernel.words import Sentence

Notice = Callable[[Sentence], None]

STEP_S = 0.05
NOTICE_EVERY_S = 3.0


def silent(_: Sentence) -> None:
    """Say nothing."""


class Patience:
    """Waits in small steps, and lets somebody know while it lasts.

    Args:
        notice: is called with `waiting_for` every three seconds.
    """

    def __init__(self, notice: Notice, waiting_for: Sentence) -> None:
        self._notice, self._waiting_for = notice, waiting_for
        self._began = self._last_notice = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return time.monotonic() - self._began

    def wait(self, waiting_for: Sentence | None = None) -> None:
        """One step; `waiting_for` replaces what is said from now on."""
        self._waiting_for = waiting_for or self._waiting_for
        if time.monotonic() - self._last_notice >= NOTICE_EVERY_S:
            self._last_notice = time.monotonic()
            self._notice(self._waiting_for)
        time.sleep(STEP_S)
