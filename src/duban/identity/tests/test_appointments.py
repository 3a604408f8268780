from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests import make

from duban.identity import access, commands, entry, queries
from duban.identity.models import Appointment, Person, Scope
from duban.identity.rules import POWERS, Permission, PermissionDenied, Role, WeakPassword
from duban.identity.units import Kind

HOUSING, HEALTH = "housing", "health"


def names(scope_ids: set[int]) -> set[str]:
    """Scopes in words: the unit, and the line where it is crossed with one."""
    with make.operator():
        scopes = Scope.objects.filter(pk__in=scope_ids).select_related("unit", "line")
        return {f"{scope.unit}/{scope.line.code}" if scope.line else scope.unit.code for scope in scopes}


@pytest.fixture
def city(database: str) -> None:
    """A city of two counties, each with a housing bureau of its own, and bodies of the city itself."""
    rows = [
        make.row("City", kind=Kind.CITY),
        make.row("Clearing", kind=Kind.OFFICE, under="City"),
        make.row("Housing", kind=Kind.BUREAU, under="City", line=HOUSING),
        make.row("Station", kind=Kind.OTHER, under="Housing"),
        make.row("Firm", kind=Kind.SOE, under="City"),
    ]
    for county in ("East", "West"):
        rows += [
            make.row(county, under="City"),
            make.row(f"{county} Housing", kind=Kind.BUREAU, under=county, line=HOUSING),
            make.row(f"{county} Health", kind=Kind.BUREAU, under=county, line=HEALTH),
        ]
    make.units(*rows)


EAST = {"East", "East Housing", "East Housing/housing", "East Health", "East Health/health"}
WEST = {name.replace("East", "West") for name in EAST}
EVERYTHING = EAST | WEST | {"City", "Clearing", "Housing", "Housing/housing", "Station", "Firm"}
OF_HOUSING = {"Housing", "Housing/housing", "Station"}

SIGHT = [
    (Role.LEADER, "City", EVERYTHING),
    (Role.OFFICE, "Clearing", EVERYTHING),
    (Role.OFFICE, "East", EAST),
    (Role.FINANCE, "West", WEST),
    (Role.AUDITOR, "East", EAST),
    (Role.DEPARTMENT, "Housing", OF_HOUSING | {"East Housing/housing", "West Housing/housing"}),
    (Role.DEPARTMENT, "East Housing", {"East Housing", "East Housing/housing"}),
    (Role.DEBTOR, "Housing", OF_HOUSING),
    (Role.DEBTOR, "Firm", {"Firm"}),
    (Role.ENTERPRISE, "Firm", set()),
    (Role.SYSTEM_ADMIN, "City", set()),
    (Role.SECURITY_ADMIN, "City", set()),
    (Role.AUDIT_ADMIN, "City", set()),
]  # fmt: skip


def test_each_role_sees_what_it_reaches(city: None) -> None:
    for role, of, expected in SIGHT:
        with make.acting(make.appointment(role, of=of)) as actor:
            seen = set(actor.sight)
        assert (role, of, names(seen)) == (role, of, expected)


def test_a_line_crosses_counties_where_a_county_names_the_department(city: None) -> None:
    department = make.appointment(Role.DEPARTMENT, of="Housing")
    with make.acting(make.appointment(of="East")) as actor:
        crossing = commands.scope_of(actor.unit_id, department.line_id)
        assert actor.sight.get(crossing) is True
    with make.acting(department) as actor:
        assert crossing in actor.sight
    with make.acting(make.appointment(of="West")) as actor:
        assert crossing not in actor.sight


def test_a_party_sees_no_scope_and_knows_its_party(city: None) -> None:
    with make.acting(make.appointment(Role.ENTERPRISE, of="City", party_id=7)) as actor:
        assert actor.sight == {}
        assert entry.ask("my_party") == (7,)


def test_python_and_the_database_agree_on_what_each_role_reaches_and_may_add(database: str) -> None:
    stored = make.as_owner("SELECT role, reach, may_post FROM identity_reach")
    assert {role: (reach, may_post) for role, reach, may_post in stored} == {
        role.value: (powers.reach.value, powers.posts) for role, powers in POWERS.items()
    }


def test_every_role_has_powers() -> None:
    assert set(POWERS) == set(Role)


def test_only_roles_that_post_may_import() -> None:
    assert {role for role, powers in POWERS.items() if Permission.ARREARS_IMPORT in powers.may} == {
        role for role, powers in POWERS.items() if powers.posts
    }


def test_narrowing_gives_no_scope_without_the_permission(city: None) -> None:
    with make.acting(make.appointment(Role.LEADER, of="East")) as actor:
        assert access.scopes_where(actor, Permission.ARREARS_VIEW).listed == set(actor.sight)
        assert not access.scopes_where(actor, Permission.ARREARS_IMPORT).listed


def test_whoever_sees_all_below_a_top_is_narrowed_by_what_lies_above_it(city: None) -> None:
    """The two lists say the same: what is seen, and what is not."""
    above = make.scope_id("root")
    for role, of, unseen in ((Role.OFFICE, "Clearing", {above}), (Role.OPERATOR, "root", set())):
        appointment = make.appointment(role, of=of) if role is Role.OFFICE else operators()
        with make.acting(appointment) as actor:
            scopes = access.scopes_where(actor, Permission.ARREARS_VIEW)
            assert scopes == access.Scopes(frozenset(unseen), is_all_but=True)
            everything = {scope for (scope,) in make.as_owner("SELECT id FROM identity_scope")}
            assert {scope for scope in everything if scope in scopes} == set(actor.sight)
            assert set(
                Scope.objects.filter(access.in_sight(actor, Permission.ARREARS_VIEW, field="pk")).values_list(
                    "pk", flat=True
                )
            ) == set(actor.sight)
    for role, of in ((Role.OFFICE, "East"), (Role.DEPARTMENT, "Housing"), (Role.DEBTOR, "Firm")):
        with make.acting(make.appointment(role, of=of)) as actor:
            assert not access.scopes_where(actor, Permission.ARREARS_VIEW).is_all_but


def operators() -> Appointment:
    with make.operator() as actor:
        return actor


def test_a_scope_added_above_the_city_is_not_seen_from_it(city: None) -> None:
    office = make.appointment(of="Clearing")
    with make.acting(office) as actor:
        before = access.scopes_where(actor, Permission.ARREARS_VIEW).listed
    with make.operator() as actor:
        line = Scope.objects.filter(line__isnull=False).values_list("line_id", flat=True)[0]
        added = commands.scope_of(actor.unit_id, line)
    with make.acting(office) as actor:
        assert access.scopes_where(actor, Permission.ARREARS_VIEW).listed == before | {added}
        assert added not in actor.sight


def test_a_second_top_beside_the_city_ends_the_short_list(city: None) -> None:
    office = make.appointment(of="Clearing")
    make.unit("Another City", kind=Kind.CITY)
    with make.acting(office) as actor:
        scopes = access.scopes_where(actor, Permission.ARREARS_VIEW)
        assert not scopes.is_all_but
        assert make.scope_id("Another City") not in scopes


def test_the_short_list_ends_with_its_appointment(city: None) -> None:
    office = make.appointment(of="Clearing")
    held = "SELECT count(*) FROM identity_allbut WHERE appointment_id = %s"
    assert make.as_owner(held, office.pk) == [(1,)]
    with make.operator() as actor:
        commands.end_appointment(office, actor=actor)
    assert make.as_owner(held, office.pk) == [(0,)]


def test_a_permission_counts_only_in_scopes_that_are_seen(city: None) -> None:
    east, west = make.scope_id("East"), make.scope_id("West")
    with make.acting(make.appointment(of="East")) as actor:
        access.require(actor, Permission.ARREARS_IMPORT, scope_id=east)
        with pytest.raises(PermissionDenied, match=r"may not do this here \(arrears.import\)"):
            access.require(actor, Permission.ARREARS_IMPORT, scope_id=west)
        with pytest.raises(PermissionDenied):
            access.require(actor, Permission.PEOPLE_MANAGE)


# -- Days -------------------------------------------------------------------------------------------------------------


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def test_an_appointment_of_tomorrow_opens_no_session(city: None) -> None:
    appointment = make.appointment(of="East", on=tomorrow())
    assert entry.open_session(appointment.person_id) is None


def test_an_appointment_that_ends_today_opens_no_session_and_one_that_ends_tomorrow_does(city: None) -> None:
    over = make.appointment(of="East", until=timezone.localdate())
    assert entry.open_session(over.person_id) is None
    last_day = make.appointment(of="East", until=tomorrow())
    with make.acting(last_day) as actor:
        assert actor.sight


def test_an_appointment_ends_after_it_begins(city: None) -> None:
    with pytest.raises(commands.PeriodEndsBeforeItBegins, match="begin on 2020-01-01 and end on 2020-01-01"):
        make.appointment(of="East", until=make.LONG_AGO)


def test_a_session_goes_on_under_the_appointment_used_last(city: None) -> None:
    first = make.appointment(of="East", name="Li")
    second = make.appointment(of="West", name="Li")
    for latest in (second, first):
        make.session(latest)
        token = entry.open_session(first.person_id)
        assert token is not None
        with entry.entered(token) as actor:
            assert actor.pk == latest.pk


# -- Who may appoint --------------------------------------------------------------------------------------------------


def test_the_security_administrator_appoints_and_the_office_does_not(city: None) -> None:
    with make.acting(make.appointment(Role.SECURITY_ADMIN, of="City")) as actor:
        commands.appoint(name="Wang", unit_code="East", role="office", on=make.LONG_AGO, actor=actor)
    with make.acting(make.appointment(Role.OFFICE, of="City")) as actor, pytest.raises(PermissionDenied):
        commands.appoint(name="Zhao", unit_code="East", role="office", on=make.LONG_AGO, actor=actor)


def test_nobody_appoints_or_dismisses_themselves(city: None) -> None:
    with make.acting(make.appointment(Role.SECURITY_ADMIN, of="City")) as actor:
        with pytest.raises(commands.ForYourself):
            commands.appoint(
                name=actor.person.name, unit_code="City", role="office", on=make.LONG_AGO, actor=actor
            )  # fmt: skip
        with pytest.raises(commands.ForYourself):
            commands.end_appointment(actor, actor=actor)
        with pytest.raises(commands.ForYourself):
            commands.deactivate(actor.person, actor=actor)


def test_nobody_is_appointed_local_operator(city: None) -> None:
    with pytest.raises(commands.UnknownRole, match="There is no role operator"):
        make.appointment(Role.OPERATOR, of="City")


def test_a_line_that_no_unit_belongs_to_is_refused(city: None) -> None:
    with pytest.raises(commands.UnknownLine, match="There is no line fishing"):
        make.appointment(Role.DEPARTMENT, of="Housing", line="fishing")


def test_a_reactivated_person_comes_in_again(city: None) -> None:
    appointment = make.appointment(of="East")
    with make.operator() as actor:
        commands.deactivate(appointment.person, actor=actor)
        assert not Person.objects.get(pk=appointment.person_id).active
    assert entry.open_session(appointment.person_id) is None
    with make.operator() as actor:
        commands.reactivate(appointment.person, actor=actor)
    with make.acting(appointment) as actor:
        assert actor.sight


def test_a_drawn_first_password_is_good_though_a_short_name_turns_up_in_it(city: None) -> None:
    appointment = make.appointment(of="East", name="Aa")
    with make.operator() as actor:
        drawn = commands.set_first_password(appointment.person, actor=actor)
        with pytest.raises(WeakPassword):
            commands.set_first_password(appointment.person, actor=actor, password="Lanjiang-Aa-2026")
    assert "aa" in drawn.casefold()
    assert len(drawn) >= queries.security_rule().password_length


def test_a_scope_and_an_appointment_made_at_once_see_each_other(city: None) -> None:
    line_id = make.as_owner("SELECT id FROM identity_line WHERE code = 'housing'")[0][0]
    unit_ids = [make.unit_id(make.unit(under="East")) for _ in range(6)]
    with make.threads(2) as start:

        def cross() -> list[int]:
            scopes = []
            for unit_id in unit_ids:
                with make.operator():
                    scopes.append(commands.scope_of(unit_id, line_id))
            return scopes

        def appoint() -> list[int]:
            return [make.appointment(of="East").pk for _ in range(6)]

        scopes, appointments = start(cross), start(appoint)
        expected = len(scopes.result(timeout=20)) * len(appointments.result(timeout=20))
    found = make.as_owner(
        "SELECT count(*) FROM identity_sight WHERE scope_id = ANY(%s) AND appointment_id = ANY(%s)",
        scopes.result(), appointments.result(),
    )  # fmt: skip
    assert found == [(expected,)]
