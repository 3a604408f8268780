import os
import shutil
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from duban.postgres import account, binaries
from duban.postgres.credentials import UnreadableSecrets
from duban.postgres.home import DataGone, Home, OddHome, UnusableHome
from duban.postgres.server import Server
from duban.postgres.tests.servers import FAST, needs_root


def test_the_home_is_where_the_environment_says_or_in_the_usual_place() -> None:
    assert Home.from_environment({"DUBAN_HOME": "/srv/duban"}).path == Path("/srv/duban")
    assert Home.from_environment({"HOME": "/srv/me"}).path == Path("/srv/me/.local/share/duban")
    assert Home.from_environment({"HOME": "/srv/me", "DUBAN_HOME": ""}).path == Path("/srv/me/.local/share/duban")


def test_a_home_that_a_shell_would_misread_is_refused() -> None:
    with pytest.raises(OddHome, match="without"):
        Home(Path("/srv/$(reboot)"))


def test_looking_at_a_home_makes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert home.files == tmp_path / "home" / "files"
    assert not home.path.exists()


def test_secrets_are_made_once_however_many_ask_first(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with ThreadPoolExecutor(8) as threads:
        made = {threads.submit(Home(home.path).secrets).result() == home.secrets() for _ in range(8)}
    assert made == {True}
    kept = home.secrets()
    assert len({kept.superuser, kept.owner, kept.application, kept.duban_secret}) == 4
    assert len(kept.duban_secret) >= 43
    assert kept.owner not in repr(kept)


def test_the_password_for_another_server_is_kept_beside_the_others(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    before = home.secrets()
    password = home.external_password("db:5432/duban")
    assert home.external_password("db:5432/duban") == password
    assert home.external_password("db:5432/other") != password
    assert home.secrets().duban_secret == before.duban_secret


def test_damaged_secrets_are_not_replaced(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (tmp_path / "secrets.json").write_text("{", encoding="utf-8")
    with pytest.raises(UnreadableSecrets, match=r"secrets\.json"):
        home.secrets()


def test_a_home_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableHome, match="DUBAN_HOME"):
        Home(tmp_path / "file" / "home").secrets()


def test_data_that_were_kept_outside_and_are_gone_are_not_made_anew(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (tmp_path / "postgres").symlink_to(tmp_path / "outside")
    with pytest.raises(DataGone, match="outside"):
        home.server_folder()


@needs_root
def test_in_a_private_folder_of_root_the_data_go_where_the_server_can_reach_them(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    server = Server(Home(private / "home"), extra_settings=FAST)
    try:
        server.ensure_running()
        assert private not in server.data.parents
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert server.data.stat().st_uid != 0
        earlier = server.data
        shutil.rmtree(private)
        private.mkdir(mode=0o700)
        # The deleted home's server is ended when a new home is made in its place; its data are left alone.
        server.ensure_running()
        assert server.data != earlier
        assert earlier.exists()
        while (earlier / "postmaster.pid").exists():
            pass
        shutil.rmtree(earlier.parent)
    finally:
        server.discard()


@needs_root
def test_programs_in_a_private_folder_are_copied_for_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "private"
    shutil.copytree(binaries.installed_folder() / binaries.WHEEL / "pginstall" / "bin", private / binaries.INSIDE)
    private.chmod(0o700)
    with tempfile.TemporaryDirectory() as reachable:
        Path(reachable).chmod(0o711)
        monkeypatch.setattr(binaries, "installed_folder", lambda: private)
        monkeypatch.setattr(binaries, "reachable_folder", lambda: Path(reachable))
        server_user = account.server_account(tmp_path / "nothing")
        first = binaries.program("postgres", server_user)
        assert Path(reachable) in first.parents
        assert binaries.program("postgres", server_user) == first
        with Path(os.devnull).open("wb") as nothing:
            command: list[str | Path] = [first, "--version"]
            with binaries.start_program(command, account=server_user, output=nothing) as version:
                assert version.wait() == 0


@needs_root
def test_without_useradd_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(account, "_find", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(account.NoServerAccount, match="ordinary user"):
        account.server_account(tmp_path / "nothing")
