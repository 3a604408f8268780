"""Handing in a zero report (零报告), and taking it back."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from duban.arrears import queries
from duban.arrears.commands.signing import Signed, keep_signed
from duban.arrears.commands.statement.steps import hold_reporter
from duban.arrears.models import ZeroReport, ZeroWithdrawal
from duban.arrears.queries.zero import owed_on
from duban.arrears.rules.reporting import check_reason, check_signer, last_day, month_of
from duban.arrears.rules.zero import AlreadyZero, WithdrawnAlready, check_month, check_nothing_owed, check_open
from duban.audit import commands as audit
from duban.identity import access
from duban.identity import queries as units
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.queries import UnitView
from duban.identity.rules import Permission
from duban.kernel.words import N_, Sentence


@transaction.atomic
def hand_in_zero(*, unit_code: str, month: date, form: Signed, today: date, actor: Appointment) -> ZeroReport:
    """Hand in the signed and sealed form by which a unit states that it owed nothing at the end of a month.

    Args:
        month: any day of it.

    Raises:
        UnknownUnit: there is no such unit.
        PermissionDenied: `actor` may not report for it.
        NotSigned: the signer's name or post is missing.
        MonthNotOver, MonthSigned: it is too early, or too late.
        StillOwed: the ledger shows something due and open at the end of the month.
        AlreadyZero: another zero report stands.
    """
    unit, month = units.unit_on(unit_code, today), month_of(month)
    scope_id = scope_of(unit.id, None)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=scope_id)
    name, post = check_signer(form.name, form.post)
    check_month(month, today=today, closed=queries.latest_closed_month(unit.id))
    hold_reporter(unit.id)
    n = _next_number(unit, month)
    claims, owed = owed_on(unit.id, last_day(month))
    check_nothing_owed(owed, day=last_day(month), claims=claims)
    file, posting = keep_signed(form, kind="arrears.zero_report", scope_id=scope_id, actor=actor)
    report = ZeroReport.objects.create(
        unit_id=unit.id, scope_id=scope_id, month=month, n=n, signer_name=name, signer_post=post, file=file,
        posting=posting,
    )  # fmt: skip
    values = {"unit": unit.name, "month": f"{month:%Y-%m}", "signer": name}
    _trace(report, N_("Handed in the zero report of {unit} for {month}, signed by {signer}."), values, actor)
    return report


@transaction.atomic
def withdraw_zero(uid: UUID, *, reason: str, actor: Appointment) -> ZeroWithdrawal:
    """Take a zero report back, with the reason; the form stays as it was handed in.

    Raises:
        PermissionDenied: `actor` may not report for the unit.
        WithdrawnAlready: somebody took it back before.
        MonthSigned: nobody reports of the month any more.
        ReasonMissing: nobody says why.
    """
    report = ZeroReport.objects.select_related("unit").get(uid=uid)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=report.scope_id)
    hold_reporter(report.unit_id)
    taken = ZeroWithdrawal.objects.filter(report=report).select_related("posting").first()
    if taken:
        raise WithdrawnAlready(day=timezone.localdate(taken.posting.recorded_at))
    check_open(report.month, closed=queries.latest_closed_month(report.unit_id))
    reason = check_reason(reason)
    posting = audit.open_posting(actor=actor, kind="arrears.zero_taken", scope_id=report.scope_id, reason=reason)
    withdrawal = ZeroWithdrawal.objects.create(
        report=report, scope_id=report.scope_id, reason=reason, posting=posting
    )  # fmt: skip
    values = {"unit": report.unit.code, "month": f"{report.month:%Y-%m}", "reason": reason}
    _trace(report, N_("Withdrew the zero report of {unit} for {month}: {reason}"), values, actor)
    return withdrawal


def _next_number(unit: UnitView, month: date) -> int:
    """The number of the next zero report of a month, or `AlreadyZero` where the last one was not withdrawn."""
    earlier = ZeroReport.objects.filter(unit_id=unit.id, month=month)
    standing = earlier.filter(withdrawal__isnull=True).first()
    if standing:
        raise AlreadyZero(unit=unit.name, month=month, signer=standing.signer_name)
    return earlier.count() + 1


def _trace(report: ZeroReport, text: str, values: dict[str, str], actor: Appointment) -> None:
    audit.record(
        actor=actor, action="arrears.zero_report", subject=("arrears.zero_report", str(report.uid)),
        scope_id=report.scope_id, words=Sentence(text, values),
    )  # fmt: skip
