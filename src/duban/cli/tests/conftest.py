from collections.abc import Iterator

import pytest

from duban.cli.tests.house import UNITS, House, temporary_house


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """An installation with a city of two counties; each test uses a county or a day of its own."""
    with temporary_house() as house:
        assert house.run("init").code == 0
        units = house.path / "units.csv"
        units.write_text(UNITS, encoding="utf-8")
        assert house.run("units", "load", units).code == 0
        yield house
