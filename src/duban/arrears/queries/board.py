"""The reporting board (报送): who has handed in what for which month, and who has not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from duban.arrears.models import ClosedMonth, Statement
from duban.arrears.queries.reconciling import sealed_at
from duban.arrears.queries.reporting import Reporters
from duban.arrears.queries.zero import ZeroView, standing_zeros
from duban.arrears.rules.reporting import Outcome, Reported, days_late, last_day, month_of, next_month, outcome
from duban.audit.queries import who_did
from duban.identity.access import in_sight
from duban.identity.models import Appointment
from duban.identity.queries import UnitView
from duban.identity.rules import Permission
from duban.identity.units import Group, group_of

STATES = Statement.State
RECEIVED = "arrears.statement_received"
TURNED_DOWN = frozenset({STATES.REFUSED, STATES.RETURNED, STATES.WITHDRAWN})
"""States in which nothing is handed in any more."""


@dataclass(frozen=True, slots=True)
class Handed:
    """The workbook that counts for a month.

    Args:
        who: name, role and unit as they were then; empty where the reader may not know.
        held: claims that were left as they were when it was entered: of rows in error, and of what nobody decided on.
        others: how many other workbooks there are of the same month.
        sealed_at: when its reconciliation sheet came back sealed.
    """

    uid: UUID
    file_name: str
    as_of: date
    handed_in_at: datetime
    who: str
    state: str
    rows: int | None = None
    errors: int = 0
    warnings: int = 0
    held: int = 0
    conflicts: int = 0
    others: int = 0
    sealed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A month of a reporter.

    Args:
        state: an `Outcome`, or the state of the statement that counts.
    """

    month: date
    state: str
    due_on: date
    days_late: int
    handed: Handed | None = None
    zero: ZeroView | None = None
    """The zero report that nobody withdrew, void or not."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A reporter, and what its months have come to."""

    unit: UnitView
    group: Group
    cells: Mapping[date, Cell]


def board(*, actor: Appointment, months: Sequence[date], today: date) -> list[BoardRow]:
    """The reporters that `actor` sees, in official order, over some months, the first given first.

    A dozen queries, however many reporters and months.

    A unit of which nothing is expected and nothing came in any of the months is left out.

    Args:
        months: the first day of each.
    """
    reporters = Reporters(actor=actor, until=min(last_day(months[-1]), today))
    zeros = standing_zeros(actor=actor, months=months, today=today)
    there = _There(reporters, _statements(actor, months), zeros, _closed(actor), today)
    order = {group: number for number, group in enumerate(Group)}
    rows = [
        BoardRow(unit, group_of(unit.kind), {month: there.cell(unit, month) for month in months})
        for unit in reporters.units
    ]
    told = [row for row in rows if any(cell.state != Outcome.NOT_EXPECTED for cell in row.cells.values())]
    return sorted(told, key=lambda row: (order[row.group], row.unit.position))


@dataclass(frozen=True, slots=True)
class _There:
    """What is there of all reporters and months, by unit id."""

    reporters: Reporters
    statements: Mapping[tuple[int, date], Handed]
    zeros: Mapping[tuple[int, date], ZeroView]
    closed: Mapping[int, date]
    today: date

    def cell(self, unit: UnitView, month: date) -> Cell:
        """What a month of a reporter has come to."""
        handed, zero = self.statements.get((unit.id, month)), self.zeros.get((unit.id, month))
        due_on = self.reporters.deadline(unit, month)
        found = Reported(
            statement=handed.state if handed else "",
            is_accepted=handed is not None and handed.state == STATES.ACCEPTED,
            is_refused=handed is not None and handed.state in TURNED_DOWN,
            has_zero=zero is not None,
            is_void=zero is not None and zero.surfaced is not None,
            is_closed=unit.id in self.closed and month <= self.closed[unit.id],
        )
        is_expected = self.reporters.is_expected(unit, month)
        came = [handed.handed_in_at] if handed and not found.is_refused else []
        came += [zero.handed_in_at] if zero and not found.is_void else []
        came_on = timezone.localdate(min(came)) if came else None
        return Cell(
            month=month,
            state=outcome(found, is_expected=is_expected, due_on=due_on, today=self.today),
            due_on=due_on,
            days_late=days_late(found, handed_in_on=came_on, due_on=due_on, today=self.today),
            handed=handed,
            zero=zero,
        )


def _statements(actor: Appointment, months: Sequence[date]) -> dict[tuple[int, date], Handed]:
    """By unit and month the statement that counts: the latest accepted, else the latest that was not turned down."""
    seen = Statement.objects.filter(
        in_sight(actor, Permission.ARREARS_VIEW), as_of__gte=months[0], as_of__lt=next_month(months[-1])
    ).select_related("file")
    found: dict[tuple[int, date], list[Statement]] = {}
    for statement in seen:
        found.setdefault((statement.unit_id, month_of(statement.as_of)), []).append(statement)
    uids = [str(one.uid) for many in found.values() for one in many]
    who = who_did(RECEIVED, "arrears.statement", uids, actor=actor)
    sealed = sealed_at(one.pk for many in found.values() for one in many)
    return {key: _handed(many, who, sealed) for key, many in found.items() if key[1] in months}


def _handed(statements: Sequence[Statement], who: Mapping[str, str], sealed: Mapping[int, datetime]) -> Handed:
    counts = max(statements, key=_weight)
    summary = counts.summary
    errors = summary.get("error_rows", 0)
    return Handed(
        uid=counts.uid,
        file_name=counts.file.name,
        as_of=counts.as_of,
        handed_in_at=_first_in_time(statements, counts),
        who=who.get(str(counts.uid), ""),
        state=counts.state,
        rows=summary.get("rows"),
        errors=errors,
        warnings=summary.get("warnings", 0),
        held=summary.get("held_rows", 0) + summary.get("held_claims", 0),
        conflicts=summary.get("proposed", {}).get("conflict", 0),
        others=len(statements) - 1,
        sealed_at=sealed.get(counts.pk),
    )


def _weight(statement: Statement) -> tuple[int, date, datetime]:
    rank = 2 if statement.state == STATES.ACCEPTED else int(statement.state not in TURNED_DOWN)
    return rank, statement.as_of, statement.received_at


def _first_in_time(statements: Iterable[Statement], counts: Statement) -> datetime:
    """When the month was first reported: a correction that follows in time does not make it late."""
    taken = [one.received_at for one in statements if one.state not in TURNED_DOWN]
    return min(taken, default=counts.received_at)


def _closed(actor: Appointment) -> dict[int, date]:
    """The latest month of each unit that was signed."""
    closed = ClosedMonth.objects.filter(in_sight(actor, Permission.ARREARS_VIEW))
    return dict(closed.values_list("scope__unit_id").annotate(latest=Max("month")))
