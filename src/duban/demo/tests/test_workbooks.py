from datetime import date
from pathlib import Path

import pytest

from duban.arrears.sheet import Basis, LedgerReading, read_ledger
from duban.demo.city import REPORTERS
from duban.demo.workbooks import MOST_CLAIMS, write_ledgers
from duban.kernel.money import ZERO, Money

AS_OF = date(2026, 10, 31)


def readings(folder: Path, **how: int) -> dict[str, LedgerReading]:
    written = write_ledgers(folder, **{"seed": 1, **how}, as_of=AS_OF)
    return {code: read_ledger(path, as_of=AS_OF, today=AS_OF) for code, path in written}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LedgerReading]:
    return readings(tmp_path_factory.mktemp("city"))


def test_every_reporter_hands_in_a_ledger_without_a_finding(city: dict[str, LedgerReading]) -> None:
    assert list(city) == [unit.code for unit in REPORTERS]
    assert [finding for reading in city.values() for finding in reading.findings] == []
    assert sum(len(reading.rows) for reading in city.values()) == 1200


def test_ledger_numbers_are_unique_in_the_city(city: dict[str, LedgerReading]) -> None:
    numbers = [row.ledger_no for reading in city.values() for row in reading.rows]
    assert len(set(numbers)) == len(numbers)


def test_amounts_are_skewed_and_every_account_is_used(city: dict[str, LedgerReading]) -> None:
    amounts = sorted(row.amount for reading in city.values() for row in reading.rows)
    assert Money.of("150000") < amounts[600] < Money.of("500000")
    assert amounts[-1] > Money.of("10000000")
    for part in ("undisputed", "disputed", "judicial", "not_due", "unsettled"):
        assert sum((reading.totals.accounts[part] for reading in city.values()), ZERO) > ZERO


def test_clearing_differs_and_some_have_paid_nothing(city: dict[str, LedgerReading]) -> None:
    idle = {code for code, reading in city.items() if reading.totals.cleared == ZERO}
    assert idle == {"539923", "539900-CGJ"}
    assert {reading.basis for reading in city.values()} == {Basis.ORIGINAL, Basis.BALANCE, None}


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first, again, other = (
        [path.read_bytes() for _, path in write_ledgers(tmp_path / name, claims=60, seed=seed, as_of=AS_OF)]
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first == again
    assert first != other


def test_the_number_of_claims_is_kept_when_it_is_small(tmp_path: Path) -> None:
    assert sum(reading.row_count for reading in readings(tmp_path, claims=5).values()) == 5


def test_a_city_without_claims_or_beyond_its_limit_is_refused(tmp_path: Path) -> None:
    for claims in (0, MOST_CLAIMS + 1):
        with pytest.raises(ValueError, match="between 1 and 200000"):
            write_ledgers(tmp_path, claims=claims, seed=1, as_of=AS_OF)
