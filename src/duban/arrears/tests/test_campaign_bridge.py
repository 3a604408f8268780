from datetime import date
from uuid import UUID

import pytest
from tests import make

from duban.arrears.queries.campaigns.bridge import CELLS, BaseNotLocked, BridgeTable, bridge_claims, bridge_table
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.campaigns import Out
from duban.arrears.tests import making
from duban.arrears.tests.campaigning import approve, begin, correct, enter_members, establish, view
from duban.arrears.tests.making import days_ago, enter, today
from duban.identity.models import Appointment
from duban.kernel.money import ZERO, Money

EVERYTHING = slice(0, 100)


@pytest.fixture
def city(database: str) -> Appointment:
    """A clerk of a city of two counties, each with claims of several kinds ten days ago."""
    make.units(make.row("City"), make.row("East", under="City"), make.row("West", under="City"))
    for unit in ("East", "West"):
        enter(
            make.appointment(of=unit),
            {"ledger_no": f"{unit[0]}1", "amount": 100},
            {"ledger_no": f"{unit[0]}2", "amount": 60, "project": "桥", "category": "工程款"},
            {"ledger_no": f"{unit[0]}3", "amount": 70, "project": "路", "judicial": 70, "undisputed": 0},
            {"ledger_no": f"{unit[0]}4", "amount": 40, "project": "园", "due_on": date(2020, 1, 1)},
            {
                "ledger_no": f"{unit[0]}5",
                "amount": 30,
                "project": "校",
                "unsettled": 30,
                "undisputed": 0,
                "due_on": None,
            },
        )
    return make.appointment(of="City")


@pytest.fixture
def two(city: Appointment) -> tuple[UUID, UUID]:
    """The older campaign takes in what is before a court, the newer one what is not settled; between them West paid."""
    second = make.appointment(of="City")
    accounts = frozenset({Account.UNDISPUTED, Account.JUDICIAL})
    old = begin(city, accounts=accounts)
    enter_members(city, old, on=days_ago(9))
    establish(city, second, old, on=days_ago(9))
    for number, amount in (("W1", "25.00"), ("W4", "40.00")):
        claim = making.claim(city, number)
        with make.acting(city) as actor:
            making.post(actor, claim, ("undisputed", "reported", amount), on=days_ago(5))
    new = begin(city, accounts=frozenset({Account.UNDISPUTED, Account.UNSETTLED}))
    enter_members(city, new, on=days_ago(4))
    establish(city, second, new, on=days_ago(4))
    approve(second, correct(city, new, {"E2": "66.60"}, on=days_ago(3)))
    return old, new


def table(who: Appointment, two: tuple[UUID, UUID], *, on: date | None = None) -> BridgeTable:
    old, new = (view(who, uid, on=on) for uid in two)
    with make.acting(who) as actor:
        return bridge_table(old, new, on=on or today(), actor=actor)


def test_the_old_base_becomes_the_new_one_to_the_cent_by_unit_and_in_all(
    city: Appointment, two: tuple[UUID, UUID]
) -> None:
    found = table(city, two)
    for row in found.rows:
        assert row.bridge.adds_up
    assert found.total.adds_up
    assert [row.unit_code for row in found.rows] == ["East", "West"]
    west = found.rows[1].bridge
    assert (west.old, west.new) == (Money.of("270.00"), Money.of("165.00"))
    assert west.left == {"elsewhere": Money.of("70.00"), "cleared": Money.of("40.00")}
    assert (west.lowered, west.raised, west.entered) == (Money.of("25.00"), ZERO, Money.of("30.00"))
    assert found.rows[0].bridge.raised == Money.of("6.60")
    assert sum((row.bridge.new for row in found.rows), ZERO) == found.total.new == Money.of("401.60")
    assert found.reasons == [Out.ELSEWHERE, Out.CLEARED]


def test_each_cell_is_the_sum_of_the_claims_that_it_opens(city: Appointment, two: tuple[UUID, UUID]) -> None:
    old, new = (view(city, uid) for uid in two)
    found = table(city, two)

    def claims(cell: str, unit: str) -> Money:
        with make.acting(city) as actor:
            rows = bridge_claims(old, new, cell, on=today(), actor=actor, window=EVERYTHING, unit=unit)
        return sum((abs(row.after - row.before) if cell not in {"old", "new"} else
                    (row.before if cell == "old" else row.after) for row in rows), ZERO)  # fmt: skip

    for row in found.rows:
        for cell in CELLS:
            if cell != "left":
                assert claims(cell, row.unit_code) == getattr(row.bridge, cell), (row.unit_code, cell)
        for reason, amount in row.bridge.left.items():
            assert claims(f"left-{reason}", row.unit_code) == amount
    assert claims("left", "") == sum(found.total.left.values(), ZERO)
    with make.acting(city) as actor:
        assert bridge_claims(old, new, "nonsense", on=today(), actor=actor, window=EVERYTHING) == []


def test_a_bridge_is_between_bases_of_a_day(city: Appointment, two: tuple[UUID, UUID]) -> None:
    assert table(city, two, on=days_ago(4)).total.raised == ZERO
    with pytest.raises(BaseNotLocked, match="has no approved base"):
        table(city, two, on=days_ago(6))


def test_a_county_sees_its_own_part_of_the_bridge(city: Appointment, two: tuple[UUID, UUID]) -> None:
    found = table(make.appointment(of="East"), two)
    assert [row.unit_code for row in found.rows] == ["East"]
    assert found.total == found.rows[0].bridge
