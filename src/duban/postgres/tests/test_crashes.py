import ctypes
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from duban.kernel.words import Sentence
from duban.postgres import account, postmaster, processes
from duban.postgres.home import SOCKET_NAME
from duban.postgres.patience import Patience
from duban.postgres.server import Server
from duban.postgres.tests.servers import (
    command_line,
    kill_postmaster,
    needs_linux,
    notes,
    postmaster_pid,
    starter,
    target_of,
    write_note,
)


@contextmanager
def orphans_become_our_zombies() -> Iterator[None]:
    """As in a container whose first process does not collect the dead."""
    set_child_subreaper = 36
    libc = ctypes.CDLL(None)
    libc.prctl(set_child_subreaper, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(set_child_subreaper, 0, 0, 0, 0)


def collect_the_dead() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


@needs_linux
def test_a_killed_postmaster_is_followed_by_another_and_nothing_is_lost(mortal: Server) -> None:
    write_note(mortal, "committed")
    killed = kill_postmaster(mortal)
    mortal.ensure_running()
    assert postmaster_pid(mortal) != killed
    assert notes(mortal) == ["committed"]


@needs_linux
def test_a_killed_postmaster_that_nobody_collected_is_known_to_be_dead(mortal: Server) -> None:
    mortal.stop()
    with orphans_become_our_zombies():
        mortal.ensure_running()
        write_note(mortal, "committed")
        zombie = kill_postmaster(mortal)
        os.waitid(os.P_PID, zombie, os.WEXITED | os.WNOWAIT)
        assert f"{zombie} (postgres) Z" in Path(f"/proc/{zombie}/stat").read_text(encoding="utf-8")
        assert not mortal.is_running()
        mortal.ensure_running()
        assert notes(mortal) == ["committed"]
        assert postmaster_pid(mortal) != zombie
        mortal.stop()
    collect_the_dead()


@needs_linux
def test_a_query_that_outlived_its_postmaster_is_named_and_ended(
    mortal: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duban.postgres.patience.NOTICE_EVERY_S", 0.2)
    monkeypatch.setattr(postmaster, "MERCY_S", 1.0)
    target = target_of(mortal)
    busy = psycopg.connect(target.conninfo(target.application), autocommit=True)
    # This computes and never waits for anything, so it does not notice that its postmaster died.
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000) a")
    backend = busy.info.backend_pid
    while "SELECT" not in command_line(backend):
        time.sleep(0.01)
    kill_postmaster(mortal)
    heard: list[Sentence] = []
    mortal.ensure_running(heard.append)
    assert any(str(backend) in str(sentence) for sentence in heard)
    assert backend not in processes.members(mortal.data, account.server_account(mortal.data))
    busy.close()


def test_a_server_that_a_killed_starter_left_starting_is_waited_for(server: Server) -> None:
    process = starter(server)
    while not server.data.exists():
        time.sleep(0.01)
    # Initdb has ended and pg_ctl is about to run, or runs.
    time.sleep(0.03)
    process.kill()
    process.wait()
    server.ensure_running()
    write_note(server, "there")
    assert (server.data / "server.log").read_text(encoding="utf-8").count("starting PostgreSQL") == 1


@needs_linux
@pytest.mark.parametrize("foreign", ["the first process", "a living process of ours", "nonsense"])
def test_a_pid_file_that_names_somebody_else_is_not_believed(mortal: Server, foreign: str) -> None:
    write_note(mortal, "committed")
    killed = kill_postmaster(mortal)
    while processes.is_postmaster(killed, mortal.data) or Path(f"/proc/{killed}").exists():
        time.sleep(0.01)
    pids = {"the first process": "1", "a living process of ours": str(os.getpid()), "nonsense": "…"}
    pid_file = mortal.data / "postmaster.pid"
    lines = pid_file.read_text(encoding="utf-8").split("\n")
    pid_file.write_text("\n".join([pids[foreign], *lines[1:]]), encoding="utf-8")
    assert not mortal.is_running()
    mortal.ensure_running()
    assert notes(mortal) == ["committed"]


def test_what_a_crash_left_of_the_socket_does_not_hinder_a_start(mortal: Server) -> None:
    mortal.stop()
    sockets = mortal.home.socket_folder()
    lines = [str(os.getpid()), str(mortal.data), "1700000000", "5432", str(sockets), ""]
    (sockets / f"{SOCKET_NAME}.lock").write_text("\n".join(lines), encoding="utf-8")
    (sockets / SOCKET_NAME).touch()
    mortal.ensure_running()
    assert mortal.is_running()


@needs_linux
def test_a_server_whose_socket_was_deleted_is_started_anew(mortal: Server) -> None:
    write_note(mortal, "committed")
    (mortal.home.socket_folder() / SOCKET_NAME).unlink()
    mortal.ensure_running()
    assert notes(mortal) == ["committed"]


def test_a_start_that_was_cut_short_before_the_roles_is_finished_by_the_next(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: Server) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Server, "_provision", killed)
        with pytest.raises(KeyboardInterrupt):
            server.ensure_running()
    broken = server.data.parent / "new-broken"
    broken.mkdir()
    server.ensure_running()
    write_note(server, "there")


@needs_linux
def test_a_server_that_is_killed_while_starting_is_started_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.ensure_running()
    server.stop()
    killed: list[int] = []

    def kill_the_first(_self: Patience, _: Sentence | None = None) -> None:
        pid = processes.recorded_pid(server.data)
        if not killed and pid is not None and processes.is_postmaster(pid, server.data):
            killed.append(pid)
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)

    monkeypatch.setattr(Patience, "wait", kill_the_first)
    server.ensure_running()
    assert killed
    assert server.is_running()


@needs_linux
def test_a_dead_server_is_revived(mortal: Server) -> None:
    kill_postmaster(mortal)
    assert mortal.revive()
    assert mortal.is_running()
