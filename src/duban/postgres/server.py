"""The supervisor of the embedded server: it starts with the first command and stays until it is told to stop."""

import os
import shutil
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from duban.kernel.errors import DomainError
from duban.kernel.words import N_
from duban.postgres import cluster, processes, roles
from duban.postgres.home import PORT, Home
from duban.postgres.patience import Notice, Patience, silent
from duban.postgres.postmaster import ATTEMPTS, WAITING, Postmaster, State
from duban.postgres.roles import Login


class SecretsDoNotFit(DomainError):
    """The superuser's password is not the one in the data."""

    text = N_(
        "The database in {data} was made with other secrets than those in {home}. "
        "Put back the secrets.json that belongs to it."
    )

    def __init__(self, *, data: Path, home: Path) -> None:
        super().__init__(data=data, home=home)


class Server:
    """The embedded server of one home.

    Args:
        extra_settings: of postgresql.conf, over ours; they count when the data folder is made.
    """

    def __init__(self, home: Home, *, extra_settings: Mapping[str, str] | None = None) -> None:
        self.home = home
        self._extra_settings = extra_settings or {}

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home.server_folder() / "data"

    def ensure_running(self, notice: Notice = silent) -> None:
        """Return when the server answers and has its database and roles; make, start and recover it as needed.

        May be called by many processes at once. There is no time-out: recovery takes as long as it takes, and
        `notice` hears every few seconds what is being waited for.
        """
        if not self._is_ready() or self.home.stopped.exists():
            self._start(notice, although_stopped=True)

    def revive(self, notice: Notice = silent) -> bool:
        """Bring back a server that died. False: it was stopped on purpose, and stays so until `ensure_running`."""
        return self._is_ready() or self._start(notice, although_stopped=False)

    def is_running(self) -> bool:
        """Whether the server lives, be it still recovering."""
        return self._postmaster().state() is not State.DOWN

    def stop(self, notice: Notice = silent) -> bool:
        """Stop the server and wait until it has ended; False when it was not running.

        Open transactions are rolled back. `revive` leaves the server alone from now on.
        """
        postmaster = self._postmaster()
        with self.home.lock(notice):
            self.home.stopped.touch(mode=0o600)
            if postmaster.state() is State.DOWN:
                return False
            postmaster.halt(notice)
            return True

    def discard(self) -> None:
        """Stop the server and delete its data for good."""
        folder, sockets = self.home.server_folder(), self.home.socket_folder()
        self.stop()
        with self.home.lock():
            for place in (sockets, folder):
                if place.exists():
                    shutil.rmtree(place)
            # What is left is a link, where the data were kept outside the home.
            for rest in (self.home.path / "postgres", self.home.stopped):
                rest.unlink(missing_ok=True)

    def allow_createdb(self) -> None:
        """Let the owner role create databases, as tests do from a template."""
        with self.as_superuser() as connection:
            connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(roles.OWNER)))

    def as_superuser(self, dbname: str = cluster.SUPERUSER) -> roles.Connection:
        """A connection that may do everything, with autocommit. For setting up, never for work."""
        try:
            return psycopg.connect(self.conninfo(self._superuser(), dbname), autocommit=True)
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise SecretsDoNotFit(data=self.data, home=self.home.path) from error
            raise

    def conninfo(self, login: Login, dbname: str = roles.DATABASE) -> str:
        """How libpq reaches this server. It tells its password to nobody who does not prove to know it already."""
        return make_conninfo(
            host=str(self.home.socket_folder()),
            port=PORT,
            dbname=dbname,
            user=login.user,
            password=login.password,
            require_auth="scram-sha-256",
        )

    @property
    def _provisioned(self) -> Path:
        # It lies among the data, so that it comes and goes with them.
        return self.data / "duban.provisioned"

    def _is_ready(self) -> bool:
        # A server that answers may still be without its roles: somebody is making them, or was killed before.
        return self._provisioned.exists() and self._postmaster().state() is State.ANSWERING

    def _superuser(self) -> Login:
        return Login(cluster.SUPERUSER, self.home.secrets().superuser)

    def _postmaster(self) -> Postmaster:
        return Postmaster(data=self.data, sockets=self.home.socket_folder(), open_alive=self.home.open_alive)

    def _start(self, notice: Notice, *, although_stopped: bool) -> bool:
        postmaster, password = self._postmaster(), self.home.secrets().superuser
        with self.home.lock(notice) as lock:
            if self.home.stopped.exists() and not although_stopped:
                return False
            if not self.data.exists():
                self._end_earlier_servers()
                cluster.create(self.data.parent, password=password, lock=lock, extra_settings=self._extra_settings)
            self._start_and_provision(postmaster, notice)
            self._provisioned.touch(mode=0o600)
            self.home.stopped.unlink(missing_ok=True)
            return True

    def _start_and_provision(self, postmaster: Postmaster, notice: Notice) -> None:
        for attempts_left in reversed(range(ATTEMPTS)):
            self._wait_until_answering(postmaster, notice)
            try:
                self._provision()
            except psycopg.OperationalError:
                # The server may be killed at this moment, too.
                if not attempts_left:
                    raise
            else:
                return

    def _wait_until_answering(self, postmaster: Postmaster, notice: Notice) -> None:
        patience = Patience(notice, WAITING)
        while (state := postmaster.state()) is not State.ANSWERING:
            if state is State.CUT_OFF:
                postmaster.halt(notice)
            if state is State.BUSY:
                patience.wait()
            else:
                postmaster.start(notice)

    def _provision(self) -> None:
        """Make the roles and the database, whichever an interrupted first start did not come to."""
        secrets = self.home.secrets()
        with self.as_superuser() as connection:
            if not _exists(connection, "SELECT FROM pg_roles WHERE rolname = %s", roles.OWNER):
                connection.execute(roles.create_role(connection, Login(roles.OWNER, secrets.owner)))
            if not _exists(connection, "SELECT FROM pg_database WHERE datname = %s", roles.DATABASE):
                names = sql.Identifier(roles.DATABASE), sql.Identifier(roles.OWNER)
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
            connection.execute("REVOKE TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC")
        with self.as_superuser(roles.DATABASE) as connection:
            application = Login(roles.APPLICATION, secrets.application)
            roles.prepare_database(connection, owner=roles.OWNER, application=application)

    def _end_earlier_servers(self) -> None:
        # A home that was deleted leaves its server running when its data were outside (see `Home.server_folder`).
        for folder in self.home.earlier_server_folders():
            pid = processes.recorded_pid(folder / "data")
            if pid is not None and processes.is_postmaster(pid, folder / "data"):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGINT)


def revive(home: Home) -> bool:
    """`Server(home).revive()`."""
    return Server(home).revive()


def _exists(connection: roles.Connection, query: str, name: str) -> bool:
    return connection.execute(query.encode(), (name,)).fetchone() is not None
