from datetime import date

import pytest
from tests import make

from duban.identity import commands, queries
from duban.identity.models import Unit
from duban.identity.rules import PermissionDenied, Role
from duban.identity.units import Kind

REFORM = date(2024, 7, 1)
DAY_BEFORE = date(2024, 6, 30)


def on(code: str, day: date) -> queries.UnitView:
    with make.operator():
        return queries.unit_on(code, day)


def path(code: str) -> list[str]:
    """The codes of the units above, then its own."""
    with make.operator():
        codes = {str(unit.pk): unit.code for unit in Unit.objects.all()}
        return [codes[step] for step in Unit.objects.get(code=code).path.split(".")]


def merge(predecessor: str, successor: str) -> None:
    with make.operator() as actor:
        commands.merge_units(predecessor=predecessor, successor=successor, on=REFORM, actor=actor)


@pytest.fixture
def city(database: str) -> None:
    make.units(
        make.row("City", kind=Kind.CITY),
        make.row("East", under="City"),
        make.row("West", under="City"),
        make.row("East Roads", kind=Kind.BUREAU, under="East"),
    )


def test_a_renamed_unit_is_called_on_each_day_what_it_was_called_then(city: None) -> None:
    make.unit("East District", code="East", under="City", on=REFORM)
    assert on("East", DAY_BEFORE).name == "East"
    assert on("East", REFORM).name == "East District"


def test_all_units_of_a_day_stand_in_official_order_in_their_version_of_that_day(city: None) -> None:
    make.unit("East District", code="East", under="City", on=REFORM)
    with make.operator():
        assert {unit.name for unit in queries.units_on(DAY_BEFORE)} == {"City", "East", "West", "East Roads"}
        assert {unit.name for unit in queries.units_on(REFORM)} == {"City", "East District", "West", "East Roads"}


def test_a_file_of_a_few_units_leaves_the_official_order_as_it_is(city: None) -> None:
    make.units(make.row("North", under="City"), make.row("West District", code="West", under="City"), on=REFORM)
    with make.operator():
        order = [unit.code for unit in queries.units_on(REFORM)]
    assert order == ["City", "East", "West", "East Roads", "North"]


def test_a_file_of_all_units_is_the_official_order(city: None) -> None:
    rows = [make.row(name, under="City") for name in ("West", "North", "East")]
    roads = make.row("East Roads", kind=Kind.BUREAU, under="East")
    make.units(make.row("City", kind=Kind.CITY), *rows, roads, on=REFORM)
    with make.operator():
        order = [unit.code for unit in queries.units_on(REFORM)]
    assert order == ["City", "West", "North", "East", "East Roads"]


def test_loading_the_same_file_again_changes_nothing(city: None) -> None:
    file = [make.row("North", under="City"), make.row("South", under="City")]
    with make.operator() as actor:
        assert commands.load_units(file, on=DAY_BEFORE, actor=actor) == (2, 0)
        assert commands.load_units(file, on=REFORM, actor=actor) == (0, 0)


def test_a_unit_has_one_version_on_a_day_even_for_the_owner(city: None) -> None:
    with pytest.raises(Exception, match="a_unit_has_one_version_on_a_day"):
        make.as_owner(
            "INSERT INTO identity_unitversion (unit_id, name, kind, region_code, position, valid_from)"
            " SELECT unit_id, 'Second', kind, '', 0, '2024-01-01' FROM identity_unitversion LIMIT 1"
        )


def test_a_change_before_a_known_one_is_refused(city: None) -> None:
    make.unit("East District", code="East", under="City", on=REFORM)
    with pytest.raises(commands.ChangedLater, match=r"East District was changed from 2024-07-01 on; .* 2024-06-30"):
        make.unit("Old East", code="East", under="City", on=DAY_BEFORE)


def test_a_unit_is_found_by_its_alias_and_by_its_former_name(city: None) -> None:
    make.unit("Housing and Building", code="HB", kind=Kind.BUREAU, under="City", aliases=("Housing",))
    make.unit("Housing and Towns", code="HB", kind=Kind.BUREAU, under="City", aliases=("Towns",), on=REFORM)
    assert on("Housing", DAY_BEFORE).code == "HB"
    assert on("Towns", REFORM).code == "HB"
    assert on("Housing and Building", REFORM).code == "HB"


def test_a_name_of_two_units_is_refused_with_their_codes(city: None) -> None:
    make.unit("Roads", code="R1", under="East", kind=Kind.BUREAU)
    make.unit("Roads", code="R2", under="West", kind=Kind.BUREAU)
    with pytest.raises(queries.AmbiguousUnit, match="Several units are called Roads: R1, R2"):
        on("Roads", REFORM)


def test_a_name_that_nobody_bears_is_refused(city: None) -> None:
    with pytest.raises(queries.UnknownUnit, match="There is no unit Nowhere"):
        on("Nowhere", REFORM)


def test_a_moved_unit_takes_everything_below_it_along(city: None) -> None:
    make.unit("East Roads Depot", kind=Kind.OFFICE, under="East Roads")
    make.unit("East Roads", kind=Kind.BUREAU, under="West", on=REFORM)
    assert path("East Roads Depot") == ["root", "City", "West", "East Roads", "East Roads Depot"]
    assert path("East") == ["root", "City", "East"]


def test_who_sees_a_unit_changes_when_it_moves(city: None) -> None:
    east, west = make.appointment(of="East"), make.appointment(of="West")
    make.unit("East Roads", kind=Kind.BUREAU, under="West", on=REFORM)
    moved = make.scope_id("East Roads")
    with make.acting(east) as actor:
        assert moved not in actor.sight
    with make.acting(west) as actor:
        assert moved in actor.sight


def test_a_unit_cannot_stand_under_its_own_part(city: None) -> None:
    with pytest.raises(commands.UnitUnderItself, match="East cannot stand under East Roads"):
        make.unit("East", under="East Roads", on=REFORM)
    assert path("East Roads") == ["root", "City", "East", "East Roads"]


def test_a_merged_unit_is_no_more_and_stays_what_it_was_before(city: None) -> None:
    merge("East", "West")
    with make.operator():
        assert "East" not in {unit.code for unit in queries.units_on(REFORM)}
    assert on("East", DAY_BEFORE).name == "East"


def test_papers_that_name_a_merged_unit_mean_its_successor(city: None) -> None:
    make.unit("East", under="City", aliases=("Eastern County",))
    merge("East", "West")
    assert on("East", REFORM).code == "West"
    assert on("Eastern County", REFORM).code == "West"
    assert on("Eastern County", DAY_BEFORE).code == "East"


def test_a_successor_that_is_merged_itself_passes_its_papers_on(city: None) -> None:
    make.unit("South", under="City")
    merge("East", "West")
    merge("West", "South")
    assert on("East", REFORM).code == "South"


def test_the_successor_sees_what_a_merged_unit_held_and_others_do_not(city: None) -> None:
    make.unit("South", under="City")
    west, south = make.appointment(of="West"), make.appointment(of="South")
    held = {make.scope_id("East"), make.scope_id("East Roads")}
    with make.acting(west) as actor:
        assert not held & set(actor.sight)
    merge("East", "West")
    with make.acting(west) as actor:
        assert held <= set(actor.sight)
    with make.acting(south) as actor:
        assert not held & set(actor.sight)


def test_an_appointment_at_a_merged_unit_sees_no_more_than_the_unit_held(city: None) -> None:
    left_over = make.appointment(of="East")
    merge("East", "West")
    with make.acting(left_over) as actor:
        assert set(actor.sight) == {make.scope_id("East"), make.scope_id("East Roads")}


@pytest.mark.parametrize(("predecessor", "successor"), [("East", "East"), ("East", "East Roads")])
def test_a_unit_cannot_go_into_itself_or_its_own_part(city: None, predecessor: str, successor: str) -> None:
    with pytest.raises(commands.CannotMerge, match=f"East cannot be merged into {successor}"):
        merge(predecessor, successor)


def test_a_unit_that_is_no_more_cannot_be_merged_or_loaded_again(city: None) -> None:
    merge("East", "West")
    with pytest.raises(commands.UnitEnded, match=r"East went into West and is no more\. Name West instead"):
        merge("West", "East")
    with pytest.raises(commands.UnitEnded):
        make.unit("East", under="City", on=date(2025, 1, 1))
    with pytest.raises(commands.UnitEnded):
        make.unit("East Depot", under="East", on=date(2025, 1, 1))


def test_an_office_may_not_change_the_tree(city: None) -> None:
    with make.acting(make.appointment(Role.OFFICE, of="City")) as actor, pytest.raises(PermissionDenied):
        commands.merge_units(predecessor="East", successor="West", on=REFORM, actor=actor)


def test_two_changes_of_the_tree_at_once_wait_for_each_other(city: None) -> None:
    with make.threads(4) as start:
        loads = [start(lambda name=name: make.unit(name, under="East")) for name in "ABCD"]  # type: ignore[misc]  # the name is bound early
        for load in loads:
            load.result(timeout=20)
    added = {make.scope_id(name) for name in "ABCD"}
    with make.acting(make.appointment(of="East")) as actor:
        assert added <= set(actor.sight)
