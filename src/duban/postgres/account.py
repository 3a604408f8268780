"""The system user as whom the embedded server runs when we are root, because PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from duban.kernel.errors import DomainError
from duban.kernel.words import N_

NAME = "duban-pg"


class NoServerAccount(DomainError):
    """Root may not create the server's own user here."""

    text = N_(
        "The database does not run as root, and its own user {name} could not be created: {reason}. "
        "Create it (useradd --system {name}), or run Duban as an ordinary user."
    )

    def __init__(self, *, reason: str) -> None:
        super().__init__(name=NAME, reason=reason)


@dataclass(frozen=True, slots=True)
class Account:
    """A system user."""

    uid: int
    gid: int


def server_account(data: Path) -> Account | None:
    """As whom the server of this data folder runs; None means as ourselves. The first call may create the user."""
    if os.geteuid() != 0:
        return None
    # Root may look after the data of an ordinary user; they stay that user's.
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    return _find() or _create()


def _find() -> Account | None:
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _create() -> Account:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        raise NoServerAccount(reason="useradd is not installed")
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"]
    said = ""
    # Another process may hold the lock of the password file, or create the same user at this moment.
    for _ in range(20):
        done = subprocess.run([useradd, *options, NAME], capture_output=True, text=True, check=False)  # noqa: S603 - nothing here is typed by anybody
        if account := _find():
            return account
        said = done.stderr.strip()
        time.sleep(0.25)
    raise NoServerAccount(reason=said)


def give(path: Path, account: Account | None) -> None:
    """Make `path` the account's own; None leaves it ours."""
    if account is not None:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
