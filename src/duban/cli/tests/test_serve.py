"""`duban serve` on a port of this machine alone: whatever is killed comes back by itself."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from duban.cli.tests.house import DUBAN, House, free_port
from duban.postgres.processes import recorded_pid
from duban.postgres.tests.servers import kill_postmaster, needs_linux

PATIENCE_S = 180


class Site:
    """A running `duban serve`."""

    def __init__(self, house: House) -> None:
        self.port = free_port()
        command = [*DUBAN, "serve", "--port", str(self.port), "--workers", "1"]
        self.process = subprocess.Popen(command, env=house.environment, stderr=subprocess.DEVNULL)

    def answers(self) -> bool:
        """Whether the sign-in page comes."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/sign-in/")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def child(self, what: str) -> int | None:
        """The process of the web server or of the worker: a child of ours with this in its command."""
        for pid in children_of(self.process.pid):
            if what in Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " "):
                return pid
        return None

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def children_of(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            if re.split(r"\) ", status)[-1].split()[1] == str(parent):
                found.append(int(entry.name))
    return found


def lives(pid: int) -> bool:
    try:
        return not re.search(r"\) Z ", Path(f"/proc/{pid}/stat").read_text(encoding="utf-8"))
    except OSError:
        return False


def until(found: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is waited for
    give_up = time.monotonic() + PATIENCE_S
    while not (value := found()):
        assert time.monotonic() < give_up, "it did not come about"
        time.sleep(0.2)
    return value


@pytest.fixture
def site(house: House) -> Iterator[Site]:
    site = Site(house)
    try:
        until(site.answers)
        yield site
    finally:
        if site.process.poll() is None:
            site.end()


def kill_child(site: Site, what: str) -> None:
    """Kill a child and wait for another one in its place."""
    killed = until(lambda: site.child(what))
    os.kill(killed, signal.SIGKILL)
    until(lambda: site.child(what) not in (None, killed))


@needs_linux
def test_what_is_killed_comes_back_and_what_is_ended_takes_all_with_it(site: Site, house: House) -> None:
    for what in ("granian", "worker"):
        kill_child(site, what)
        until(site.answers)

    killed = kill_postmaster(house.server)
    until(lambda: recorded_pid(house.server.data) not in (None, killed))
    until(site.answers)
    worker = until(lambda: site.child("worker"))

    taken = house.run("serve", "--port", site.port)
    assert taken.code == 1
    assert f"Port {site.port} is taken" in taken.err
    everybody = [pid for child in children_of(site.process.pid) for pid in (child, *children_of(child))]
    assert worker in everybody
    assert site.end() == 0
    assert not [pid for pid in everybody if lives(pid)]
    assert not site.answers()


@needs_linux
def test_a_database_that_was_stopped_on_purpose_stays_stopped(site: Site, house: House) -> None:
    until(lambda: site.child("worker"))
    assert house.run("stop").out == "Stopped.\n"
    time.sleep(4)  # the worker finds it gone, dies, and is started again
    assert not house.server.is_running()
    assert house.run("audit", "verify").code == 0
    until(site.answers)


def test_a_place_that_is_not_ours_is_refused_in_a_sentence(house: House) -> None:
    refused = house.run("serve", "--host", "203.0.113.1", "--port", free_port())
    assert refused.code == 1
    assert "Nothing can be served at 203.0.113.1" in refused.err
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port} is taken" in house.run("serve", "--port", port).err
