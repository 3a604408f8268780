"""Who is expected to report for a month, and by when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from psycopg import sql

from duban.arrears.models import ReportingDeadline, ReportingDuty
from duban.arrears.rules.reporting import DEADLINE_DAY, deadline, month_of
from duban.audit.queries import shown_by
from duban.identity import queries as units
from duban.identity.access import Scopes, in_sight, scopes_where
from duban.identity.models import Appointment, Scope
from duban.identity.queries import UnitView
from duban.identity.rules import Permission

_FIRST_SEEN = sql.SQL("""
    SELECT s.unit_id, min(first.day) FROM (
        SELECT scope_id, min(effective_on) AS day FROM arrears_flow WHERE {scopes} GROUP BY scope_id
        UNION ALL
        SELECT scope_id, min(as_of) FROM arrears_statement WHERE {scopes} GROUP BY scope_id
    ) first JOIN identity_scope s ON s.id = first.scope_id GROUP BY s.unit_id
""")


@dataclass(frozen=True, slots=True)
class DutyRow:
    """What a person said of who reports."""

    unit_name: str
    since: date
    is_expected: bool
    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """What a person said of the deadline."""

    unit_name: str
    since: date
    day: int
    reason: str
    who: str


class Reporters:
    """Who reports in the months of a span: whoever ever had a claim or a statement, and whom a person put on the list.

    Only units of which `actor` sees the whole are told: of others nobody can say that nothing came. Four queries.
    """

    def __init__(self, *, actor: Appointment, until: date) -> None:
        self.units: Sequence[UnitView] = _units_seen(actor, until)
        self._first = _first_seen(scopes_where(actor, Permission.ARREARS_VIEW))
        self._duties: dict[int, list[tuple[date, bool]]] = {}
        duties = ReportingDuty.objects.filter(in_sight(actor, Permission.ARREARS_VIEW)).order_by("since", "pk")
        for unit_id, since, is_expected in duties.values_list("unit_id", "since", "is_expected"):
            self._duties.setdefault(unit_id, []).append((since, is_expected))
        self._deadlines = _Deadlines()

    def is_expected(self, unit: UnitView, month: date) -> bool:
        """Whether a unit reports for a month: by the latest word of a person that holds then, or by what is there."""
        said = [is_expected for since, is_expected in self._duties.get(unit.id, ()) if since <= month]
        if said:
            return said[-1]
        first = self._first.get(unit.id)
        return first is not None and month_of(first) <= month

    def deadline(self, unit: UnitView, month: date) -> date:
        """The last day on which a unit's report of a month is in time."""
        return deadline(month, self._deadlines.day(unit, month))


class _Deadlines:
    """The days that were set, each for a unit with everything under it."""

    def __init__(self) -> None:
        rows = ReportingDeadline.objects.order_by("since", "pk").values_list("unit__path", "since", "day")
        self._rows = [(str(path), since, day) for path, since, day in rows]

    def day(self, unit: UnitView, month: date) -> int:
        """The day that holds for a unit: of the nearest at or above it, the latest that had begun."""
        held = [
            (len(path), since, day)
            for path, since, day in self._rows
            if since <= month and f"{unit.path}.".startswith(f"{path}.")
        ]
        nearest = max((length for length, _, _ in held), default=0)
        return next((day for length, _, day in reversed(held) if length == nearest), DEADLINE_DAY)


def _units_seen(actor: Appointment, on: date) -> list[UnitView]:
    whole = Scope.objects.filter(in_sight(actor, Permission.ARREARS_VIEW, field="pk"), line__isnull=True)
    seen = set(whole.values_list("unit_id", flat=True))
    return [unit for unit in units.units_on(on) if unit.id in seen]


def _first_seen(scopes: Scopes) -> Mapping[int, date]:
    """The day of the first claim or statement of each unit."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_SEEN.format(scopes=scopes.having("scope_id")))
        return dict(cursor.fetchall())


def duties(*, actor: Appointment, today: date) -> list[DutyRow]:
    """Everything that was said of who reports, the latest first."""
    rows = ReportingDuty.objects.filter(in_sight(actor, Permission.ARREARS_VIEW)).select_related("posting", "unit")
    names = _names(today)
    return [
        DutyRow(
            names.get(row.unit_id, row.unit.code), row.since, row.is_expected, row.reason, shown_by(row.posting.who)
        )
        for row in rows.order_by("-pk")
    ]


def deadlines(*, actor: Appointment, today: date) -> list[DeadlineRow]:
    """Every deadline that was set where `actor` sees it, the latest first."""
    mine = ReportingDeadline.objects.filter(in_sight(actor, Permission.ARREARS_VIEW)).select_related("posting", "unit")
    names = _names(today)
    return [
        DeadlineRow(names.get(row.unit_id, row.unit.code), row.since, row.day, row.reason, shown_by(row.posting.who))
        for row in mine.order_by("-pk")
    ]


def _names(today: date) -> dict[int, str]:
    return {unit.id: unit.name for unit in units.units_on(today)}
