"""Reading people and units. Names and places are of a given day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from duban.identity.models import Appointment, Line, Person, Scope, Unit, UnitAlias, UnitVersion
from duban.kernel.errors import DomainError
from duban.kernel.words import N_

if TYPE_CHECKING:
    from django.db.models import QuerySet


class UnknownUnit(DomainError):
    """A code or name that no unit has."""

    text = N_("There is no unit {name}. Check the code, or load it first with: duban units load FILE.csv")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


class AmbiguousUnit(DomainError):
    """A name that several units bear."""

    text = N_("Several units are called {name}: {codes}. Give the code of the one you mean.")

    def __init__(self, *, name: str, codes: Sequence[str]) -> None:
        super().__init__(name=name, codes=", ".join(codes))


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit as it stood on a day."""

    id: int
    code: str
    name: str
    kind: str
    region_code: str
    parent_id: int | None
    line_id: int | None
    position: int
    path: str
    is_territory: bool


@dataclass(frozen=True, slots=True)
class SecurityRule:
    """Thresholds for signing in, in force today, with their source."""

    failures: int
    lock_for: timedelta
    password_length: int
    password_classes: int
    password_lasts: timedelta


def in_force(on: date) -> Q:
    """The rows with `valid_from` and `valid_to` that hold on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def _views(versions: "QuerySet[UnitVersion]") -> list[UnitView]:
    # Columns as `UnitView` has them. Models would take three times as long, and nearly every page reads the tree.
    columns = (
        "unit_id", "unit__code", "name", "kind", "region_code", "parent_id", "line_id", "position",
        "unit__path", "unit__is_territory",
    )  # fmt: skip
    return [UnitView(*row) for row in versions.order_by("position", "unit__code").values_list(*columns)]


def units_on(on: date) -> list[UnitView]:
    """All units of a day, in official order. One query."""
    return _views(UnitVersion.objects.filter(in_force(on)))


def unit_on(code: str, on: date) -> UnitView:
    """The unit with `code`, or of that name or alias; or else the one that bore it before or took its bearer in.

    Raises:
        UnknownUnit: no unit is meant on that day.
        AmbiguousUnit: several are.
    """
    versions = UnitVersion.objects.filter(in_force(on))
    found = _views(versions.filter(unit__code=code)) or _views(
        versions.filter(Q(name=code) | Q(unit__aliases__name=code)).distinct()
    )
    if not found:
        meant = Q(unit__code=code) | Q(name=code) | Q(unit__aliases__name=code)
        former = UnitVersion.objects.filter(meant, valid_from__lte=on).values_list("unit_id", flat=True)
        found = _views(versions.filter(unit_id__in=_successors(set(former))))
    if len(found) > 1:
        raise AmbiguousUnit(name=code, codes=[unit.code for unit in found])
    if not found:
        raise UnknownUnit(name=code)
    return found[0]


def _successors(unit_ids: set[int]) -> set[int]:
    """What each unit is today: itself, or the unit into which it went in the end."""
    went = dict(Unit.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
    while going := unit_ids & went.keys():
        unit_ids = (unit_ids - going) | {successor for unit in going if (successor := went[unit])}
    return unit_ids


def names_of_units(on: date) -> dict[int, list[str]]:
    """Every name by which papers may mean a unit of a day: former ones, aliases, and those of units it took in.

    By the unit's id; its present name is not among them unless it was given as an alias too. Three queries.
    """
    today = {unit.id: unit.name for unit in units_on(on)}
    pairs = list(UnitVersion.objects.filter(valid_from__lte=on).order_by("pk").values_list("unit_id", "name"))
    pairs += list(UnitAlias.objects.order_by("pk").values_list("unit_id", "name"))
    went = dict(Unit.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
    names: dict[int, list[str]] = {}
    for unit_id, name in pairs:
        bearer = unit_id
        while (successor := went.get(bearer)) is not None:
            bearer = successor
        if bearer in today and name != today[bearer] and name not in names.setdefault(bearer, []):
            names[bearer].append(name)
    return names


def unit_by_id(unit_id: int, *, on: date) -> UnitView:
    """The unit with this id, as it stood on a day."""
    return _views(UnitVersion.objects.filter(in_force(on), unit_id=unit_id))[0]


def lines_by_unit_name(names: Sequence[str], *, on: date) -> dict[str, int]:
    """The line of each named department (主管部门), where the name or alias belongs to just one line. Two queries."""
    wanted = {name for name in names if name}
    versions = UnitVersion.objects.filter(in_force(on), line__isnull=False)
    pairs = list(versions.filter(name__in=wanted).values_list("name", "line_id"))
    aliases = UnitAlias.objects.filter(name__in=wanted, unit__versions__in=versions)
    pairs += list(aliases.values_list("name", "unit__versions__line_id"))
    lines: dict[str, set[int]] = {}
    for name, line_id in pairs:
        if line_id is not None:
            lines.setdefault(name, set()).add(line_id)
    return {name: ids.pop() for name, ids in lines.items() if len(ids) == 1}


def scopes_under(unit_code: str) -> list[int]:
    """The scopes of a unit and of everything that stands under it today. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id FROM identity_scope s JOIN identity_unit u ON u.id = s.unit_id"
            " WHERE u.path <@ (SELECT path FROM identity_unit WHERE code = %s)",
            [unit_code],
        )
        return [row[0] for row in cursor.fetchall()]


def own_scopes(unit_id: int) -> list[int]:
    """The scopes of a unit itself, with every line, without what stands under it. One query."""
    return list(Scope.objects.filter(unit_id=unit_id).values_list("pk", flat=True))


def line_by_code(code: str) -> Line | None:
    """The line with this code or name."""
    return Line.objects.filter(Q(code=code) | Q(name=code)).first()


def appointments_of(person_id: int, *, on: date) -> list[Appointment]:
    """The appointments that a person may act under on a day."""
    mine = Appointment.objects.filter(in_force(on), person_id=person_id, revoked_at__isnull=True)
    return list(mine.select_related("person", "unit", "line").order_by("pk"))


def known_names() -> set[str]:
    """The names of all people whom the reader may know."""
    return set(Person.objects.values_list("name", flat=True))


def unit_name(unit: Unit, *, on: date) -> str:
    """What a unit is called on a day; its code where it has no name then."""
    return UnitVersion.objects.filter(in_force(on), unit=unit).values_list("name", flat=True).first() or unit.code


def security_rule() -> SecurityRule:
    """The rule in force today; known without having entered, because the sign-in page needs it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT failures, lock_for, password_length, password_classes, password_lasts FROM identity.security_rule()"
        )
        return SecurityRule(*cursor.fetchone())


def must_change_password() -> bool:
    """Whether whoever entered must set a new password first: a first one, or one past its term."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.must_change OR p.changed_at + r.password_lasts <= clock_timestamp()"
            " FROM identity.my_password() p, identity.security_rule() r"
        )
        row = cursor.fetchone()
    return bool(row and row[0])
