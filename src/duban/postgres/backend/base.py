"""Django's wrapper of one connection; the only module of this package that imports Django."""

from pathlib import Path
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from duban.postgres.home import Home
from duban.postgres.server import revive


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL as Django knows it, and an embedded server that comes back when it has died."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:  # noqa: ANN401 - Django's own signature
        """Connect; when that fails on the embedded server, bring the server back and try once more."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            home = self.settings_dict.get("DUBAN_HOME")
            if home is None or not revive(Home(Path(home))):
                raise
            return super().get_new_connection(conn_params)
