"""Saying who reports, and by when."""

from datetime import date

from django.db import transaction

from duban.arrears.models import ReportingDeadline, ReportingDuty
from duban.arrears.rules.reporting import check_deadline_day, check_reason, month_of
from duban.audit import commands as audit
from duban.identity import access
from duban.identity import queries as units
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.queries import UnitView
from duban.identity.rules import Permission
from duban.kernel.words import N_, Sentence

_EXPECTED = N_("{unit} is expected to report from {month} on: {reason}")
_NOT_EXPECTED = N_("{unit} is not expected to report from {month} on: {reason}")
_DEADLINE = N_("{unit} and what is under it report by day {day} of the next month, from {month} on: {reason}")


@transaction.atomic
def expect_report(
    *, unit_code: str, since: date, is_expected: bool, reason: str, today: date, actor: Appointment
) -> ReportingDuty:
    """Say that a unit reports from a month on, or no longer does. An earlier word stays, and holds before that month.

    Args:
        since: any day of the first month for which it holds.

    Raises:
        UnknownUnit: there is no such unit today.
        PermissionDenied: `actor` may not decide for it.
        ReasonMissing: nobody says why.
    """
    unit, scope_id = _decided_for(unit_code, today, actor)
    posting = audit.open_posting(
        actor=actor, kind="arrears.reporter", scope_id=scope_id, reason=(reason := check_reason(reason))
    )
    duty = ReportingDuty.objects.create(
        unit_id=unit.id, scope_id=scope_id, since=month_of(since), is_expected=is_expected, reason=reason,
        posting=posting,
    )  # fmt: skip
    values = {"unit": unit.name, "month": f"{duty.since:%Y-%m}", "reason": reason}
    _trace(unit, scope_id, Sentence(_EXPECTED if is_expected else _NOT_EXPECTED, values), actor)
    return duty


@transaction.atomic
def set_deadline(
    *, unit_code: str, since: date, day: int, reason: str, today: date, actor: Appointment
) -> ReportingDeadline:
    """Set the day of the next month by which a unit and everything under it report, from a month on.

    A unit further down may have a day of its own.

    Raises:
        UnknownUnit: there is no such unit today.
        PermissionDenied: `actor` may not decide for it.
        NoSuchDeadline: some months do not have the day.
        ReasonMissing: nobody says why.
    """
    unit, scope_id = _decided_for(unit_code, today, actor)
    check_deadline_day(day)
    posting = audit.open_posting(
        actor=actor, kind="arrears.deadline", scope_id=scope_id, reason=(reason := check_reason(reason))
    )
    found = ReportingDeadline.objects.create(
        unit_id=unit.id, scope_id=scope_id, since=month_of(since), day=day, reason=reason, posting=posting
    )
    values = {"unit": unit.name, "day": day, "month": f"{found.since:%Y-%m}", "reason": reason}
    _trace(unit, scope_id, Sentence(_DEADLINE, values), actor)
    return found


def _decided_for(unit_code: str, today: date, actor: Appointment) -> tuple[UnitView, int]:
    unit = units.unit_on(unit_code, today)
    scope_id = scope_of(unit.id, None)
    access.require(actor, Permission.ARREARS_DECIDE, scope_id=scope_id)
    return unit, scope_id


def _trace(unit: UnitView, scope_id: int, words: Sentence, actor: Appointment) -> None:
    audit.record(
        actor=actor, action="arrears.reporting_set", subject=("arrears.reporter", unit.code), scope_id=scope_id,
        words=words,
    )  # fmt: skip
