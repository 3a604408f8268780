import csv
from random import Random

from tests.shared_data import shared

from duban.demo.city import BUREAUS, CITY_CODE, COUNTIES, PARKS, PEOPLE, REPORTERS, STATE_FIRMS, UNITS, units_csv
from duban.demo.parties import creditors, debtors_of
from duban.identity.rules import Role
from duban.identity.units import read_units
from duban.kernel.codes import Uscc


def test_no_code_of_the_city_is_a_real_place() -> None:
    for name in ("gb2260_history_1980_201904", "admin_2023_cities", "admin_2023_areas"):
        with shared("codes", f"{name}.csv").open(encoding="utf-8") as listed:
            assert not any(row["code"].startswith(CITY_CODE[:4]) for row in csv.DictReader(listed))


def test_the_tree_loads_with_parents_first_and_nothing_unknown() -> None:
    rows = read_units(units_csv())
    assert [row.code for row in rows] == [unit.code for unit in UNITS]
    assert "other" not in {row.kind for row in rows}
    assert (len(COUNTIES), len(PARKS), len(STATE_FIRMS)) == (7, 2, 3)


def test_names_and_aliases_name_one_unit_each() -> None:
    names = [name for unit in UNITS for name in (unit.name, *filter(None, unit.aliases.split("、")))]
    assert len(set(names)) == len(names)


def test_everybody_has_a_known_role_in_a_unit_of_the_city() -> None:
    codes, lines = {unit.code for unit in UNITS}, {unit.line for unit in BUREAUS}
    assert len({person.name for person in PEOPLE}) == len(PEOPLE)
    for person in PEOPLE:
        assert person.unit in codes
        assert Role(person.role)
        assert (person.line in lines) == (person.role == Role.DEPARTMENT)


def test_every_party_has_a_code_of_its_own_that_passes_its_checks() -> None:
    parties = [party for unit in REPORTERS for party in debtors_of(unit)]
    parties += [party for firms in creditors(3000, Random(7)).values() for party in firms]  # noqa: S311 - names
    assert len({Uscc.parse(party.uscc) for party in parties}) == len(parties)
    assert len({party.name for party in parties}) == len(parties)
