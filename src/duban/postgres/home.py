"""DUBAN_HOME: the folder with the secrets, the evidence files and, wherever it can be, the embedded server's data."""

import fcntl
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence
from duban.postgres import credentials
from duban.postgres.patience import Notice, Patience, silent

PORT = 5432  # names the socket file; nothing listens on a network port
SOCKET_NAME = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 103  # bytes without the closing zero: 107 on Linux, 103 on macOS
UNREACHABLE_HOMES = Path("/var/lib/duban")  # where root's server keeps data when its user cannot enter DUBAN_HOME


class OddHome(DomainError):
    """DUBAN_HOME contains a sign that a shell would read."""

    text = N_('DUBAN_HOME is {path}. Choose a folder without ", $, `, \\ and line breaks in its name.')

    def __init__(self, *, path: Path) -> None:
        super().__init__(path=path)


class UnusableHome(DomainError):
    """The system does not let us use DUBAN_HOME."""

    text = N_(
        "The folder {path} cannot be used: {reason}. "
        "Name a folder of your own in DUBAN_HOME, or run as the user to whom this one belongs."
    )

    def __init__(self, *, path: Path, reason: str) -> None:
        super().__init__(path=path, reason=reason)


class DataGone(DomainError):
    """DUBAN_HOME points to data outside it that are no longer there."""

    text = N_(
        "The data of {home} were kept in {folder}, which is not there. Put it back, or choose another DUBAN_HOME."
    )

    def __init__(self, *, home: Path, folder: Path) -> None:
        super().__init__(home=home, folder=folder)


class Home:
    """The folder that belongs to one installation. Nothing is created before it is needed."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        if re.search(r'["$`\\\n\r]', str(self.path)):
            raise OddHome(path=self.path)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Home":
        """DUBAN_HOME, or ~/.local/share/duban."""
        if chosen := environ.get("DUBAN_HOME"):
            return cls(Path(chosen))
        home = environ.get("HOME")
        return cls((Path(home) if home else Path.home()) / ".local" / "share" / "duban")

    @property
    def files(self) -> Path:
        """Where evidence files are kept; made together with the secrets."""
        return self.path / "files"

    @contextmanager
    def lock(self, notice: Notice = silent) -> Iterator[int]:
        """Wait until no other process starts, stops or changes anything in this home; gives the lock's descriptor."""
        self._prepare()
        patience = Patience(notice, Sentence(N_("Another process is starting or stopping the database; waiting.")))
        descriptor = self._open("lock")
        try:
            while not try_lock(descriptor):
                patience.wait()
            yield descriptor
        finally:
            os.close(descriptor)

    def open_alive(self) -> int:
        """Open the file that every process of a running server keeps locked (see `Server`)."""
        return self._open("postgres.alive")

    @property
    def stopped(self) -> Path:
        """This file is there while the server was stopped on purpose."""
        return self.path / "postgres.stopped"

    def secrets(self) -> credentials.Secrets:
        """The installation's secrets; the first call makes the folder and them."""
        if kept := self._read_secrets():
            return kept
        with self.lock():
            kept = self._read_secrets() or credentials.Secrets.at_random()
            credentials.write(self._secrets_path, kept)
            return kept

    def external_password(self, place: str) -> str:
        """The password of the application role on another server; the first call makes it."""
        with self.lock():
            kept = self._read_secrets() or credentials.Secrets.at_random()
            password = kept.external.get(place) or credentials.new_password()
            credentials.write(self._secrets_path, replace(kept, external={**kept.external, place: password}))
            return password

    def server_folder(self) -> Path:
        """The folder that holds `data` and the socket; the first call makes it.

        It is `postgres` in this home. When root's server, which runs as a user of its own, could not reach it there,
        `postgres` is a link to a folder that the user can reach. We never widen a folder that was there before us.
        """
        place = self.path / "postgres"
        if not os.path.lexists(place):
            with self.lock():
                if not os.path.lexists(place):
                    self._make_server_folder(place)
        folder = place.resolve()
        if not folder.is_dir():
            raise DataGone(home=self.path, folder=folder)
        return folder

    def socket_folder(self) -> Path:
        """Where the server's socket is: beside the data, or in a short place of our own when that path is too long."""
        folder = self.server_folder() / "run"
        plain = re.fullmatch(r"[A-Za-z0-9._/+-]+", str(folder))
        if plain and len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return folder
        owner = self.path.stat().st_uid
        # Every process must find the same place, whatever its TMPDIR; that the folder is ours is checked when used.
        base = Path("/run") if owner == 0 and Path("/run").is_dir() else Path("/tmp")  # noqa: S108 - the folder inside is checked
        return base / f"duban-{owner}-{self._digest}"

    def earlier_server_folders(self) -> list[Path]:
        """Folders outside, made for a home that was at this path and has been deleted."""
        return [path for path in UNREACHABLE_HOMES.glob(f"{self._digest}-*") if path != self.server_folder()]

    @property
    def _digest(self) -> str:
        return hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]

    @property
    def _secrets_path(self) -> Path:
        return self.path / "secrets.json"

    def _read_secrets(self) -> credentials.Secrets | None:
        try:
            return credentials.read(self._secrets_path)
        except OSError as error:
            raise UnusableHome(path=self.path, reason=str(error.strerror)) from error

    def _prepare(self) -> None:
        # Root's server has to pass through this folder. Passing is all that 0711 gives: nobody else can list it.
        mode = 0o711 if os.geteuid() == 0 else 0o700
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self.path.is_dir():
                self.path.mkdir(mode=mode, exist_ok=True)
            self.files.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise UnusableHome(path=self.path, reason=str(error.strerror)) from error

    def _open(self, name: str) -> int:
        try:
            return os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise UnusableHome(path=self.path, reason=str(error.strerror)) from error

    def _make_server_folder(self, place: Path) -> None:
        if os.geteuid() != 0 or traversable_by_all(self.path):
            place.mkdir(mode=0o700)
            return
        outside = reachable_folder() / f"{self._digest}-{secrets.token_hex(4)}"
        outside.mkdir(mode=0o700)
        place.symlink_to(outside)


def try_lock(descriptor: int) -> bool:
    """Take the lock on an open file, unless another process holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def reachable_folder() -> Path:
    """Root's folder for what the server's own user must reach."""
    if not UNREACHABLE_HOMES.is_dir():
        UNREACHABLE_HOMES.mkdir(parents=True, exist_ok=True)
        UNREACHABLE_HOMES.chmod(0o711)
    return UNREACHABLE_HOMES


def traversable_by_all(folder: Path) -> bool:
    """Whether any user can reach what is in `folder`."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents))
