"""Making the data folder of the embedded server: initdb, our settings, and the folder of its socket."""

import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from duban.kernel.errors import DomainError
from duban.kernel.words import N_
from duban.postgres.account import Account, give, server_account
from duban.postgres.binaries import program, start_program

SUPERUSER = "postgres"
OUR_SETTINGS = "duban.conf"

# For 2 cores and 24 GiB that the server shares with the application. An administrator's own lines in
# postgresql.conf, below the include, win over these.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "shared_buffers": "256MB",
    "effective_cache_size": "8GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "random_page_cost": "1.1",
    # Compiling costs more than it saves in queries that end within a second.
    "jit": "off",
    "max_wal_size": "4GB",
    "min_wal_size": "256MB",
    "wal_compression": "pglz",
    "checkpoint_timeout": "15min",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # A failed statement, and the row it failed on, hold names and telephone numbers. The log keeps neither.
    "log_min_error_statement": "fatal",
    "log_error_verbosity": "terse",
}


class CannotCreate(DomainError):
    """Initdb failed."""

    text = N_("The database could not be created in {folder}: {reason}")

    def __init__(self, *, folder: Path, reason: str) -> None:
        super().__init__(folder=folder, reason=reason)


class StrangeSocketFolder(DomainError):
    """The place of the socket folder is taken."""

    text = N_("The folder {folder} should be only the database's, and is not. Remove it, or choose another DUBAN_HOME.")

    def __init__(self, *, folder: Path) -> None:
        super().__init__(folder=folder)


def create(folder: Path, *, password: str, lock: int, extra_settings: Mapping[str, str]) -> None:
    """Make `folder/data`. It appears in one step, so a broken attempt is never taken for a database.

    Initdb inherits the held `lock`: should we be killed, nobody starts anew before initdb, too, has ended.
    """
    account = server_account(folder / "data")
    give(folder, account)
    for broken in folder.glob("new-*"):
        shutil.rmtree(broken)
    attempt = Path(tempfile.mkdtemp(dir=folder, prefix="new-"))
    give(attempt, account)
    _initdb(attempt, account, password=password, lock=lock, settings=extra_settings)
    _write_settings(attempt / "data", account, {**SETTINGS, **extra_settings})
    (attempt / "data").rename(folder / "data")
    shutil.rmtree(attempt)


def make_socket_folder(folder: Path, account: Account | None) -> None:
    """Make the folder of the socket, or make sure that it is the server's and nobody else can enter it."""
    owner = account.uid if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        # Anyone can make a folder in /tmp before us, so one that is there already proves nothing by its name.
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or stat.S_IMODE(found.st_mode) != 0o700 or found.st_uid != owner:
            raise StrangeSocketFolder(folder=folder) from None
    else:
        give(folder, account)


def _initdb(attempt: Path, account: Account | None, *, password: str, lock: int, settings: Mapping[str, str]) -> None:
    password_file, output = attempt / "password", attempt / "initdb.log"
    for path in (password_file, output):
        path.touch(mode=0o600)
        give(path, account)
    password_file.write_text(password, encoding="utf-8")
    command: list[str | Path] = [program("initdb", account), "-D", attempt / "data", "-U", SUPERUSER]
    command += ["-A", "scram-sha-256", "--pwfile", password_file, "--data-checksums", "-E", "UTF8"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    if settings.get("fsync") == "off":
        command.append("--no-sync")
    with output.open("wb") as file, start_program(command, account=account, output=file, keep_open=(lock,)) as initdb:
        code = initdb.wait()
    if code != 0:
        raise CannotCreate(folder=attempt.parent, reason=output.read_text(encoding="utf-8", errors="replace")[-1500:])


def _write_settings(data: Path, account: Account | None, settings: Mapping[str, str]) -> None:
    ours = data / OUR_SETTINGS
    quoted = {name: value.replace("'", "''") for name, value in settings.items()}
    ours.write_text("".join(f"{name} = '{value}'\n" for name, value in quoted.items()), encoding="utf-8")
    give(ours, account)
    with (data / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(f"\ninclude '{OUR_SETTINGS}'\n# Your own settings go below this line.\n")
