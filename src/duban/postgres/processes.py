"""Which processes belong to a data folder. A pid alone proves nothing: it may be dead, or somebody else's by now."""

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from duban.postgres.account import Account
from duban.postgres.binaries import start_program

PROC = Path("/proc")


def recorded_pid(data: Path) -> int | None:
    """The pid in `postmaster.pid`, believed by nobody."""
    try:
        # PostgreSQL in single-user mode writes its pid with a minus.
        return abs(int((data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]))
    except (FileNotFoundError, ValueError):
        return None


def is_postmaster(pid: int, data: Path) -> bool:
    """Whether the process lives and is the main process of this very data folder.

    A zombie does not live. Outside Linux only this is known: that a process with this number exists.
    """
    if not sys.platform.startswith("linux"):
        return _exists(pid)
    if not _lives_as_postgres(pid):
        return False
    if _works_in(pid, data):
        return True
    try:
        arguments = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(data) in arguments


def members(data: Path, account: Account | None) -> list[int]:
    """The living processes of the server of this data folder, which runs as `account`. Only Linux tells."""
    if not sys.platform.startswith("linux"):
        return []
    everything = (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())
    pids = [pid for pid in everything if _lives_as_postgres(pid)]
    if account is None:
        return [pid for pid in pids if _works_in(pid, data)]
    return _working_in_as(account, pids, data)


def _lives_as_postgres(pid: int) -> bool:
    try:
        status = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    # "pid (name) state …"; the name may itself contain brackets.
    name, _, rest = status.partition("(")[2].rpartition(")")
    return name == "postgres" and rest.split()[0] not in {"Z", "X"}


def _works_in(pid: int, data: Path) -> bool:
    with suppress(OSError):
        return (PROC / str(pid) / "cwd").samefile(data)
    return False


def _working_in_as(account: Account, pids: list[int], data: Path) -> list[int]:
    # Root in a container may not look into the processes of another user (it lacks CAP_SYS_PTRACE); that user may.
    script = 'data=$1; shift; for pid; do [ "/proc/$pid/cwd/" -ef "$data" ] && echo "$pid"; done'
    command: list[str | Path] = ["/bin/sh", "-c", script, "sh", data, *(str(pid) for pid in pids)]
    with tempfile.TemporaryFile() as output:
        with start_program(command, account=account, output=output) as shell:
            shell.wait()
        output.seek(0)
        return [int(pid) for pid in output.read().split() if pid.isdigit()]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
