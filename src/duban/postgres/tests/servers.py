import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from duban.postgres import processes
from duban.postgres.home import Home
from duban.postgres.server import Server
from duban.postgres.targets import DatabaseTarget, embedded_target

# Nobody pulls the plug on a test.
FAST = {"fsync": "off", "shared_buffers": "16MB", "max_connections": "20"}

START = f"""
import sys
from pathlib import Path
from duban.postgres.home import Home
from duban.postgres.server import Server
Server(Home(Path(sys.argv[1])), extra_settings={FAST!r}).ensure_running()
"""
needs_linux = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks at processes the way Linux shows them"
)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")


@contextmanager
def temporary_server(below: str = "home") -> Iterator[Server]:
    """A server that has not been started, in a folder that the server's own user can reach."""
    # pytest's own folders are closed to others, and under root the server runs as somebody else.
    top = Path(tempfile.mkdtemp(prefix="duban-test-"))
    top.chmod(0o711)
    server = Server(Home(top / below), extra_settings=FAST)
    try:
        yield server
    finally:
        server.discard()
        shutil.rmtree(top)


def postmaster_pid(server: Server) -> int:
    pid = processes.recorded_pid(server.data)
    assert pid is not None
    return pid


def kill_postmaster(server: Server) -> int:
    pid = postmaster_pid(server)
    assert processes.is_postmaster(pid, server.data)
    os.kill(pid, signal.SIGKILL)
    return pid


def target_of(server: Server) -> DatabaseTarget:
    return embedded_target(server.home)


def write_note(server: Server, text: str) -> None:
    target = target_of(server)
    with psycopg.connect(target.conninfo(target.owner)) as connection:
        connection.execute("DROP TABLE IF EXISTS note")
        connection.execute("CREATE TABLE note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", (text,))


def notes(server: Server) -> list[str]:
    target = target_of(server)
    with psycopg.connect(target.conninfo(target.owner)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY text")]


def starter(server: Server) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen([sys.executable, "-c", START, str(server.home.path)], env=environment)


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode()
