"""Statements as their pages show them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from duban.arrears.models import Statement
from duban.arrears.queries.statements import findings_of
from duban.audit.models import Progress
from duban.identity import queries as units
from duban.identity.access import in_sight
from duban.identity.models import Appointment, Scope
from duban.identity.queries import UnitView
from duban.identity.rules import Permission
from duban.identity.work import has_failed
from duban.workbook.findings import Finding as Found
from duban.workbook.findings import sentence_from_stored


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement, its state and what it would do."""

    uid: UUID
    unit_name: str
    file_name: str
    as_of: date
    state: str
    received_at: datetime
    summary: dict[str, object]
    refusal: str
    done: int
    total: int
    file_sha256: str = ""
    is_for_another: bool = False
    """Handed in by somebody of another unit (代传)."""
    is_stopped: bool = False
    """Its job ended by a fault of ours: nothing more will happen by itself."""


def statements(*, actor: Appointment, today: date, window: slice) -> list[StatementView]:
    """The statements that `actor` sees, the latest first."""
    rows = _seen(actor).order_by("-received_at", "-pk")[window]
    names = {unit.id: unit.name for unit in units.units_on(today)}
    return [_view(row, names.get(row.unit_id, row.unit.code), None) for row in rows]


def statement(uid: UUID, *, actor: Appointment, today: date) -> StatementView:
    """One statement, with how far the worker is.

    Raises:
        Statement.DoesNotExist: there is none where `actor` can see it.
    """
    row = _seen(actor).get(uid=uid)
    view = _view(row, units.unit_name(row.unit, on=today), Progress.objects.filter(subject=uid).first())
    waits = row.state in {Statement.State.RECEIVED, Statement.State.ACCEPTING}
    return replace(view, is_stopped=waits and has_failed(uid))


def findings(uid: UUID, *, actor: Appointment) -> list[Found]:
    """What was found in a statement."""
    return findings_of(_seen(actor).get(uid=uid))


def may_report_for(
    *, actor: Appointment, today: date, permission: Permission = Permission.ARREARS_IMPORT
) -> list[UnitView]:
    """The units for which `actor` may hand in a ledger, or do something else, in official order."""
    scopes = Scope.objects.filter(in_sight(actor, permission, field="pk"))
    able = set(scopes.values_list("unit_id", flat=True))
    return [unit for unit in units.units_on(today) if unit.id in able]


def _seen(actor: Appointment) -> QuerySet[Statement]:
    mine = Statement.objects.filter(in_sight(actor, Permission.ARREARS_VIEW))
    return mine.select_related("unit", "file")


def _view(row: Statement, unit_name: str, progress: Progress | None) -> StatementView:
    return StatementView(
        uid=row.uid,
        unit_name=unit_name,
        file_name=row.file.name,
        as_of=row.as_of,
        state=row.state,
        received_at=row.received_at,
        summary=row.summary,
        refusal=str(sentence_from_stored(row.refusal)) if row.refusal else "",
        done=progress.done if progress else 0,
        total=progress.total if progress else 0,
        file_sha256=row.file.sha256,
        is_for_another=row.is_for_another,
    )
