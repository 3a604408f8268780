"""A house of its own for tests of the command line: a temporary DUBAN_HOME, and `duban` as a process."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from duban.postgres.home import Home
from duban.postgres.server import Server

DUBAN = [sys.executable, "-m", "duban.cli"]
UNITS = """code,name,kind,region,parent,line,aliases
100000,City,city,100000,,,
100001,East,county,100001,100000,,
100002,West,county,100002,100000,,
100000-ZJJ,Housing Bureau,bureau,100000,100000,housing,住建局
"""


@dataclass(frozen=True)
class Answer:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.out)


@dataclass(frozen=True)
class House:
    """An installation."""

    path: Path

    @property
    def environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "DATABASE_"))}
        return {
            **plain,
            "DUBAN_HOME": str(self.path),
            "DUBAN_LANGUAGE": "en",
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONIOENCODING": "utf-8",
        }

    @property
    def server(self) -> Server:
        return Server(Home(self.path))

    def run(self, *arguments: object, **environment: str) -> Answer:
        """Run `duban` with these arguments and wait for it."""
        done = subprocess.run(
            [*DUBAN, *map(str, arguments)], env={**self.environment, **environment}, capture_output=True, timeout=120,
            check=False,
        )  # fmt: skip
        return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


@contextmanager
def temporary_house() -> Iterator[House]:
    # pytest's own folders are closed to others, and under root the server runs as somebody else.
    top = Path(tempfile.mkdtemp(prefix="duban-cli-"))
    top.chmod(0o711)
    house = House(top / "home")
    try:
        yield house
    finally:
        house.server.discard()
        shutil.rmtree(top)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
