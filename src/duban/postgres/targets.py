"""Where the database is, and as whom it is reached. Nothing here starts a server, so settings may import it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from psycopg.conninfo import make_conninfo

from duban.postgres import roles, url
from duban.postgres.external import provision_external
from duban.postgres.home import PORT, Home
from duban.postgres.patience import Notice, silent
from duban.postgres.roles import Login
from duban.postgres.server import Server

BACKEND = "duban.postgres.backend"


@dataclass(frozen=True, slots=True)
class DatabaseTarget:
    """One database and its two roles.

    Args:
        host: a name, an address, or the folder of a socket.
        options: further libpq parameters, such as sslmode.
        home: whose embedded server this is; None for another server.
    """

    host: str
    port: int
    dbname: str
    owner: Login
    application: Login
    options: Mapping[str, str] = field(default_factory=dict)
    home: Home | None = None

    def django(self, login: Login) -> dict[str, object]:
        """An entry of Django's DATABASES for `target.application` or `target.owner`."""
        return {
            "ENGINE": BACKEND,
            "NAME": self.dbname,
            "USER": login.user,
            "PASSWORD": login.password,
            "HOST": self.host,
            "PORT": str(self.port),
            "OPTIONS": dict(self.options),
            # Our backend looks here to bring back a server that died.
            "DUBAN_HOME": str(self.home.path) if self.home else None,
        }

    def conninfo(self, login: Login, *, dbname: str | None = None) -> str:
        """For psycopg and libpq."""
        parts = {"host": self.host, "port": str(self.port), "dbname": dbname or self.dbname, "user": login.user}
        if login.password:
            parts["password"] = login.password
        return make_conninfo(**{name: value for name, value in parts.items() if value}, **self.options)


def target_from_environment(environ: Mapping[str, str]) -> DatabaseTarget:
    """DATABASE_URL, or else the embedded server of DUBAN_HOME.

    DATABASE_URL names the owner role of another server. The application role there is DATABASE_APP_URL's, or else
    `<database>_app` with a password that is kept in DUBAN_HOME.

    Raises:
        OddDatabaseUrl: with what is wrong, and an example.
    """
    home = Home.from_environment(environ)
    if not environ.get("DATABASE_URL"):
        if environ.get("DATABASE_APP_URL"):
            raise url.OddDatabaseUrl(name="DATABASE_APP_URL", reason=url.ALONE)
        return embedded_target(home)
    owner = url.parse(environ["DATABASE_URL"], name="DATABASE_URL")
    return DatabaseTarget(
        host=owner.host,
        port=owner.port,
        dbname=owner.dbname,
        owner=owner.login,
        application=_application_login(environ, owner, home),
        options=owner.options,
    )


def embedded_target(home: Home) -> DatabaseTarget:
    """The embedded server of a home, whether it runs or not."""
    secrets = home.secrets()
    return DatabaseTarget(
        host=str(home.socket_folder()),
        port=PORT,
        dbname=roles.DATABASE,
        owner=Login(roles.OWNER, secrets.owner),
        application=Login(roles.APPLICATION, secrets.application),
        options={"require_auth": "scram-sha-256"},
        home=home,
    )


def make_ready(target: DatabaseTarget, notice: Notice = silent) -> None:
    """Bring the database to where migrations can begin, and start the embedded server if it is that.

    Cheap when all is in place already; call it at the start of every command.
    """
    if target.home is not None:
        Server(target.home).ensure_running(notice)
        return
    provision_external(
        owner=target.owner,
        application=target.application,
        owner_conninfo=target.conninfo(target.owner),
        application_conninfo=target.conninfo(target.application),
    )


def _application_login(environ: Mapping[str, str], owner: url.Place, home: Home) -> Login:
    if given := environ.get("DATABASE_APP_URL"):
        application = url.parse(given, name="DATABASE_APP_URL")
        if (application.host, application.port, application.dbname) != (owner.host, owner.port, owner.dbname):
            raise url.OddDatabaseUrl(name="DATABASE_APP_URL", reason=url.ANOTHER_PLACE)
        return application.login
    place = f"{owner.host}:{owner.port}/{owner.dbname}"
    return Login(f"{owner.dbname}_app", home.external_password(place))
