"""The server's main process: whether it lives, how it is started and how it is ended. The caller holds the lock."""

import enum
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from psycopg import pq

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence
from duban.postgres import processes
from duban.postgres.account import Account, server_account
from duban.postgres.binaries import program, start_program
from duban.postgres.cluster import make_socket_folder
from duban.postgres.home import PORT, SOCKET_NAME, try_lock
from duban.postgres.patience import Notice, Patience

A_YEAR_S = "31536000"  # pg_ctl must be given a time-out; recovery must not have one
LARGEST_LOG_BYTES = 16 * 1024 * 1024
WAITING = Sentence(N_("The database is starting, recovering or stopping; waiting."))
ATTEMPTS = 5
PAUSE_S = 0.2
MERCY_S = 2.0  # how long processes that lost their postmaster may go on, before they are told to end


class StartFailed(DomainError):
    """The server ended while starting, or could not be ended."""

    text = N_("The database in {data} could not be started or stopped. Its log ends with:\n{tail}")

    def __init__(self, *, data: Path, tail: str) -> None:
        super().__init__(data=data, tail=tail)


class StartedElsewhere(DomainError):
    """A server answers on the socket, and its process cannot be found here."""

    text = N_("The database in {data} was started elsewhere, perhaps in another container. Stop it there.")

    def __init__(self, *, data: Path) -> None:
        super().__init__(data=data)


class State(enum.Enum):
    """What is known of the server without believing any pid."""

    ANSWERING = enum.auto()
    BUSY = enum.auto()  # it lives, and is starting, recovering or stopping
    CUT_OFF = enum.auto()  # it lives, and its socket was deleted
    DOWN = enum.auto()


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The main process of one data folder.

    Args:
        sockets: the folder of its socket.
        open_alive: opens the file that every process of the server keeps locked. While it is locked, some process
            of the server lives: that holds across containers, and no zombie or recycled pid can imitate it.
    """

    data: Path
    sockets: Path
    open_alive: Callable[[], int]

    @property
    def log(self) -> Path:
        """PostgreSQL's own log."""
        return self.data / "server.log"

    def state(self) -> State:
        """Ask the server; only when it does not answer, look at its process."""
        if not self._pid_file.exists():
            return State.DOWN
        conninfo = f"host='{self.sockets}' port={PORT} dbname=postgres user=postgres connect_timeout=5"
        answer = pq.PGconn.ping(conninfo.encode())
        if answer == pq.Ping.OK:
            return State.ANSWERING
        if answer == pq.Ping.REJECT:
            return State.BUSY
        pid = processes.recorded_pid(self.data)
        if pid is None or not processes.is_postmaster(pid, self.data):
            return State.DOWN
        return State.CUT_OFF if self._says_ready() and not (self.sockets / SOCKET_NAME).exists() else State.BUSY

    def start(self, notice: Notice) -> None:
        """Start the server after a clean end or a crash; return when it has recovered, or turns out to live."""
        account = server_account(self.data)
        make_socket_folder(self.sockets, account)
        failures = 0
        while not self._try_start(account, notice):
            # A server that was started by hand does not hold our lock. PostgreSQL itself finds its orphans, which may
            # take their time; other failures are few: a server can be killed while it starts, too.
            failures += "shared memory block" not in self.tail()
            if failures == ATTEMPTS:
                raise StartFailed(data=self.data, tail=self.tail())
            notice(Sentence(N_("The database server ended while starting; trying again.")))
            time.sleep(PAUSE_S)

    def halt(self, notice: Notice) -> None:
        """End the server in good order: open transactions are rolled back, and what is committed is on disk."""
        pid = processes.recorded_pid(self.data)
        if pid is None or not processes.is_postmaster(pid, self.data):
            raise StartedElsewhere(data=self.data)
        account = server_account(self.data)
        if not self._run_pg_ctl(["stop", "-m", "fast"], account, notice) and self.state() is not State.DOWN:
            raise StartFailed(data=self.data, tail=self.tail())

    def tail(self) -> str:
        """The end of the log."""
        try:
            return self.log.read_text(encoding="utf-8", errors="replace")[-1500:]
        except FileNotFoundError:
            return ""

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _says_ready(self) -> bool:
        with suppress(FileNotFoundError):
            return "\nready" in self._pid_file.read_text(encoding="utf-8", errors="replace")
        return False

    def _try_start(self, account: Account | None, notice: Notice) -> bool:
        # The file is opened anew at each attempt: what an earlier attempt left holds the lock on the earlier opening.
        alive = self.open_alive()
        try:
            if not self._wait_for_orphans(alive, account, notice):
                return True
            self._remove_remains()
            return self._run_pg_ctl(["start", *self._start_options()], account, notice, keep_open=(alive,))
        finally:
            os.close(alive)

    def _start_options(self) -> list[str | Path]:
        # The folder of the socket follows the home when that is moved, so it is said at each start. PostgreSQL reads
        # a list of folders here, hence the quotes inside the shell's quotes.
        setting = shlex.quote(f'unix_socket_directories="{self.sockets}"')
        return ["-l", self.log, "-o", f"-p {PORT} -c {setting}"]

    def _remove_remains(self) -> None:
        # We hold the lock that every process of the server would hold, and nothing answers: these files are left over
        # from a crash. PostgreSQL would believe them as soon as any process of this user has their pid.
        for path in (self._pid_file, self.sockets / SOCKET_NAME, self.sockets / f"{SOCKET_NAME}.lock"):
            path.unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > LARGEST_LOG_BYTES:
                self.log.replace(self.log.with_suffix(".log.1"))

    def _wait_for_orphans(self, alive: int, account: Account | None, notice: Notice) -> bool:
        """Wait until every process of an earlier server has ended. False: it is no earlier one, the server lives."""
        patience = Patience(notice, Sentence(N_("Processes of the earlier database server are still ending; waiting.")))
        told: set[int] = set()
        while not try_lock(alive):
            # Whoever held our lock before may have been killed while his pg_ctl went on and started the server.
            if self.state() is not State.DOWN:
                return False
            lingering = processes.members(self.data, account)
            if patience.seconds > MERCY_S:
                _end_at_once(set(lingering) - told)
                told.update(lingering)
            pids = ", ".join(str(pid) for pid in lingering)
            which = Sentence(N_("Waiting for processes of the earlier database server to end: {pids}"), {"pids": pids})
            patience.wait(which if lingering else None)
        return True

    def _run_pg_ctl(
        self,
        arguments: list[str | Path],
        account: Account | None,
        notice: Notice,
        *,
        keep_open: tuple[int, ...] = (),
    ) -> bool:
        command: list[str | Path] = [program("pg_ctl", account), *arguments, "-D", self.data, "-w", "-t", A_YEAR_S]
        patience = Patience(notice, WAITING)
        # What pg_ctl itself says only repeats the log.
        with start_program(command, account=account, output=subprocess.DEVNULL, keep_open=keep_open) as pg_ctl:
            while pg_ctl.poll() is None:
                patience.wait()
        return pg_ctl.returncode == 0


def _end_at_once(pids: set[int]) -> None:
    """Tell processes what their postmaster would tell them after a crash."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGQUIT)
