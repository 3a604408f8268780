"""Reading people and units. Names and places are of a given day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from duban.identity.models import Appointment, Line, Unit, UnitAlias, UnitVersion
from duban.kernel.errors import DomainError
from duban.kernel.words import N_

if TYPE_CHECKING:
    from django.db.models import QuerySet


class UnknownUnit(DomainError):
    """A code or name that no unit has."""

    text = N_("There is no unit {name}. Check the code, or load it first with: duban units load FILE.csv")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


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
    return [
        UnitView(v.unit_id, v.unit.code, v.name, v.kind, v.region_code, v.parent_id, v.line_id, v.position, v.unit.path)
        for v in versions.select_related("unit").order_by("position", "unit__code")
    ]


def units_on(on: date) -> list[UnitView]:
    """All units of a day, in official order. One query."""
    return _views(UnitVersion.objects.filter(in_force(on)))


def unit_on(code: str, on: date) -> UnitView:
    """The unit with `code`, or of that name or alias.

    Raises:
        UnknownUnit: no unit has it on that day.
    """
    found = _views(UnitVersion.objects.filter(in_force(on), unit__code=code)) or _views(
        UnitVersion.objects.filter(in_force(on)).filter(Q(name=code) | Q(unit__aliases__name=code)).distinct()
    )
    if len(found) != 1:
        raise UnknownUnit(name=code)
    return found[0]


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


def line_by_code(code: str) -> Line | None:
    """The line with this code or name."""
    return Line.objects.filter(Q(code=code) | Q(name=code)).first()


def appointments_of(person_id: int, *, on: date) -> list[Appointment]:
    """The appointments that a person may act under on a day."""
    mine = Appointment.objects.filter(in_force(on), person_id=person_id, revoked_at__isnull=True)
    return list(mine.select_related("person", "unit", "line").order_by("pk"))


def unit_name(unit: Unit, *, on: date) -> str:
    """What a unit is called on a day; its code where it has no name then."""
    return UnitVersion.objects.filter(in_force(on), unit=unit).values_list("name", flat=True).first() or unit.code


def security_rule() -> SecurityRule:
    """The rule in force today; known without having entered, because the sign-in page needs it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT failures, lock_for, password_length, password_classes, password_lasts"
            " FROM identity.security_rule()"
        )
        return SecurityRule(*cursor.fetchone())


def must_change_password() -> bool:
    """Whether whoever entered must set a new password first: a first one, or one past its term."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.must_change OR p.changed_at + r.password_lasts < clock_timestamp()"
            " FROM identity.my_password() p, identity.security_rule() r"
        )
        row = cursor.fetchone()
    return bool(row and row[0])
