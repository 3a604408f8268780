import os
import stat
import time
from pathlib import Path

import psycopg
import pytest

from duban.postgres import cluster, postmaster
from duban.postgres.home import LONGEST_SOCKET_PATH, SOCKET_NAME
from duban.postgres.roles import Login
from duban.postgres.server import SecretsDoNotFit, Server
from duban.postgres.tests.servers import (
    FAST,
    notes,
    postmaster_pid,
    starter,
    temporary_server,
    write_note,
)


def test_many_processes_start_a_new_server_at_once_and_all_can_use_it(server: Server) -> None:
    starting = [starter(server) for _ in range(5)]
    assert [process.wait() for process in starting] == [0] * 5
    assert [path.name for path in server.data.parent.iterdir() if path.name.startswith("new-")] == []
    # Initdb ran once, and so did the postmaster.
    assert (server.data / "server.log").read_text(encoding="utf-8").count("starting PostgreSQL") == 1
    write_note(server, "there")
    assert notes(server) == ["there"]


def test_the_server_outlives_the_process_that_started_it_and_is_found_quickly(server: Server) -> None:
    process = starter(server)
    assert process.wait() == 0
    pid = postmaster_pid(server)
    began = time.monotonic()
    server.ensure_running()
    assert time.monotonic() - began < 1.0
    assert postmaster_pid(server) == pid
    assert os.getsid(pid) != os.getsid(0)


def test_a_server_that_cannot_start_says_why(server: Server) -> None:
    server.ensure_running()
    server.stop()
    settings = server.data / cluster.OUR_SETTINGS
    good = settings.read_text(encoding="utf-8")
    settings.write_text(f"{good}shared_buffers = 'plenty'\n", encoding="utf-8")
    with pytest.raises(postmaster.StartFailed, match="shared_buffers"):
        server.ensure_running()
    settings.write_text(good, encoding="utf-8")
    server.ensure_running()


def test_stopping_twice_does_no_harm_and_a_stopped_server_is_left_alone(mortal: Server) -> None:
    write_note(mortal, "committed")
    assert mortal.stop()
    assert not mortal.stop()
    assert not mortal.is_running()
    assert not mortal.revive()
    assert not mortal.is_running()
    mortal.ensure_running()
    assert mortal.revive()
    assert notes(mortal) == ["committed"]


def test_nobody_is_let_in_without_the_password(running: Server) -> None:
    for login in (Login("postgres"), Login("postgres", "wrong"), Login("duban_app", "wrong"), Login("duban_owner")):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(running.conninfo(login))


def test_the_wrong_secrets_are_told_apart_from_other_trouble(running: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Server, "_superuser", lambda _: Login("postgres", "another"))
    with pytest.raises(SecretsDoNotFit, match=r"secrets\.json"):
        running.as_superuser()


def test_only_the_server_and_root_reach_the_socket_and_only_we_the_secrets(running: Server) -> None:
    folder = running.home.socket_folder()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert folder.stat().st_uid == running.data.stat().st_uid != 0
    assert stat.S_IMODE((running.home.path / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(running.home.files.stat().st_mode) == 0o700
    assert stat.S_IMODE(running.home.path.stat().st_mode) & 0o066 == 0


def test_the_settings_are_ours(running: Server) -> None:
    with running.as_superuser() as connection:

        def shown(name: str) -> object:
            row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
            assert row is not None
            return row[0]

        assert shown("listen_addresses") == ""
        assert shown("TimeZone") == "Asia/Shanghai"
        assert shown("jit") == "off"
        assert shown("data_checksums") == "on"
        assert shown("max_connections") == FAST["max_connections"]


def test_a_home_in_a_deep_folder_gets_a_short_socket(tmp_path: Path) -> None:
    deep = "/".join(["a-folder-with-a-rather-long-name"] * 4) + "/督办 (试用)"
    with temporary_server(below=deep) as server:
        server.ensure_running()
        folder = server.home.socket_folder()
        assert len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        write_note(server, "there")
        server.stop()
        (folder / SOCKET_NAME).unlink(missing_ok=True)
        folder.rmdir()
        # Somebody else was quicker to make the folder, or put a link there.
        folder.symlink_to(tmp_path)
        with pytest.raises(cluster.StrangeSocketFolder, match=folder.name):
            server.ensure_running()
        folder.unlink()
