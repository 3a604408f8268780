"""The parent of web and worker: it starts them, and starts again whichever dies."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

from duban.cli.common import notice
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence

Command = Sequence[str]
LONGEST_PAUSE_S = 30.0
STEADY_S = 20.0
"""A process that lived this long is steady: when it dies, it is started again at once."""


class PortTaken(DomainError):
    """Somebody listens on the port already."""

    text = N_("Port {port} is taken on {host}. Choose another one: duban serve --port {other}")

    def __init__(self, *, host: str, port: int) -> None:
        super().__init__(host=host, port=port, other=port + 1)


def web_command(*, host: str, port: int, workers: int) -> Command:
    """Start the web server: processes that take requests, and threads that wait for slow clients in Rust."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "2", "--respawn-failed-workers", "--no-ws",
        "--workers-kill-timeout", "10", "--log-level", "warning", "duban.web.wsgi:application",
    ]  # fmt: skip


def worker_command() -> Command:
    """Start a worker of the queue."""
    return [sys.executable, "-m", "duban.cli", "worker"]


@dataclass(slots=True)
class _Child:
    """A process that is kept running."""

    name: str
    command: Command
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    pause_s: float = 0.0

    def start(self) -> None:
        # A group of its own, so that helpers of a dead process can be ended with it.
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603 - our own command
        self.started_at = time.monotonic()

    def end(self, how: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, how)

    @property
    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def revive(self) -> None:
        """Start it again: at once when it was steady, after a growing pause when it keeps dying."""
        lived = time.monotonic() - self.started_at
        self.pause_s = 0.0 if lived > STEADY_S else min(max(1.0, self.pause_s * 2), LONGEST_PAUSE_S)
        self.end(signal.SIGKILL)
        notice(Sentence(N_("{name} ended; it is started again."), {"name": self.name}))
        time.sleep(self.pause_s)
        self.start()


def keep_running(commands: Mapping[str, Command], *, host: str, port: int) -> int:
    """Run the commands until this process is told to end; then end them.

    Raises:
        PortTaken: before anything was started.
    """
    _check_port(host, port)
    children = [_Child(name, command) for name, command in commands.items()]
    for child in children:
        child.start()
    ending = False

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
        nonlocal ending
        ending = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    while not ending:
        time.sleep(0.2)
        for child in children:
            if child.is_dead and not ending:
                child.revive()
    _end(children)
    return 0


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.settimeout(1)
        if probe.connect_ex((host, port)) == 0:
            raise PortTaken(host=host, port=port)


def _end(children: Sequence[_Child]) -> None:
    for child in children:
        child.end(signal.SIGTERM)
    until = time.monotonic() + 15
    while time.monotonic() < until and not all(child.is_dead for child in children):
        time.sleep(0.1)
    for child in children:
        child.end(signal.SIGKILL)
