"""The parent of web and worker: it starts them, and starts again whichever dies."""

import contextlib
import errno
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
GRACE_S = 15.0
"""How long children may take to end by themselves; the web server gives its own workers ten seconds."""


class PortTaken(DomainError):
    """Somebody listens on the port already."""

    text = N_("Port {port} is taken on {host}. Choose another one: duban serve --port {other}")

    def __init__(self, *, host: str, port: int) -> None:
        super().__init__(host=host, port=port, other=port + 1)


class CannotListen(DomainError):
    """The system does not let us listen there."""

    text = N_("Nothing can be served at {host}, port {port}: {reason}. Choose another --host or --port.")

    def __init__(self, *, host: str, port: int, reason: str) -> None:
        super().__init__(host=host, port=port, reason=reason)


def web_command(*, host: str, port: int, workers: int) -> Command:
    """Start the web server: processes that take requests, and threads that wait for slow clients in Rust."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "2", "--respawn-failed-workers", "--no-ws",
        "--workers-kill-timeout", "10", "--log-level", "warning", "duban.web.wsgi:application",
    ]  # fmt: skip


def worker_command() -> Command:
    """Start a worker of the queue, which leaves a database alone that was stopped on purpose."""
    return [sys.executable, "-m", "duban.cli", "worker", "--kept"]


@dataclass(slots=True)
class _Child:
    """A process that is kept running."""

    name: str
    command: Command
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    pause_s: float = 0.0
    start_at: float = 0.0
    """When it is due to be started; a child that keeps dying waits longer each time."""

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

    def look_after(self) -> None:
        """Start it when it is due; when it has died, say so and set the time: at once for one that was steady."""
        if self.process is None:
            if time.monotonic() >= self.start_at:
                self.start()
            return
        if self.process.poll() is None:
            return
        self.end(signal.SIGKILL)
        self.process = None
        lived = time.monotonic() - self.started_at
        self.pause_s = 0.0 if lived > STEADY_S else min(max(1.0, self.pause_s * 2), LONGEST_PAUSE_S)
        self.start_at = time.monotonic() + self.pause_s
        notice(Sentence(N_("{name} ended; it is started again."), {"name": self.name}))


def keep_running(commands: Mapping[str, Command]) -> int:
    """Run the commands until this process is told to end; then end them."""
    ending = False

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
        nonlocal ending
        ending = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    children = [_Child(name, command) for name, command in commands.items()]
    try:
        while not ending:
            for child in children:
                child.look_after()
            time.sleep(0.2)
    finally:
        _end(children)
    return 0


def check_port(host: str, port: int) -> None:
    """Let a place pass on which we can listen.

    Raises:
        PortTaken: somebody else does.
        CannotListen: the name is not one of this machine's, or the port is not for us.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host=host, port=port) from error
        raise CannotListen(host=host, port=port, reason=error.strerror or str(error)) from error


def _end(children: Sequence[_Child]) -> None:
    for child in children:
        child.end(signal.SIGTERM)
    until = time.monotonic() + GRACE_S
    while time.monotonic() < until and not all(child.is_dead for child in children):
        time.sleep(0.1)
    for child in children:
        child.end(signal.SIGKILL)
