"""Who reports, by when, and what else than a workbook was handed in. All rows are only ever added."""

import uuid

from django.db import models
from django.db.models import Q

from duban.arrears.models.statements import Statement
from duban.arrears.rules.reporting import LATEST_DEADLINE_DAY
from duban.audit.models import Posting
from duban.evidence.models import File
from duban.identity.models import Scope, Unit


class ReportingDuty(models.Model):
    """From a month on a unit reports, or no longer does, because a person said so (谁该报)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateField()
    """The first day of the first month for which it holds."""
    is_expected = models.BooleanField()
    reason = models.CharField(max_length=500)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(since__day=1), name="a_duty_begins_with_a_month"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_duty_has_its_reason"),
        ]


class ReportingDeadline(models.Model):
    """From a month on, the day of the next month by which a unit and everything under it report."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateField()
    """The first day of the first month whose report it is about."""
    day = models.IntegerField()
    reason = models.CharField(max_length=500)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(since__day=1), name="a_deadline_begins_with_a_month"),
            models.CheckConstraint(
                condition=Q(day__gte=1, day__lte=LATEST_DEADLINE_DAY), name="every_month_has_the_day_of_a_deadline"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_deadline_has_its_reason"),
        ]


class ZeroReport(models.Model):
    """A unit states that it owed nothing at the end of a month: a form that somebody signed and sealed (零报告).

    Whether a claim surfaced since, so that it does not hold, is computed when it is read.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    """Its first day."""
    n = models.IntegerField()
    """Counts the unit's zero reports of the month; the next one comes only when the last was withdrawn."""
    signer_name = models.CharField(max_length=64)
    signer_post = models.CharField(max_length=128)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+", db_index=False)
    """The scan or photograph of the signed and sealed form."""
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "month", "n"], name="zero_reports_of_a_month_are_numbered"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_zero_report_is_of_a_month"),
            models.CheckConstraint(
                condition=~Q(signer_name="") & ~Q(signer_post=""), name="a_zero_report_is_signed_by_name"
            ),
        ]


class ZeroWithdrawal(models.Model):
    """A zero report is taken back, with the reason."""

    report = models.OneToOneField(ZeroReport, on_delete=models.PROTECT, related_name="withdrawal")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=500)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_withdrawal_has_its_reason")]


class SealedSheet(models.Model):
    """The reconciliation sheet of an accepted statement came back sealed (对账确认单). The latest scan counts."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="sealed")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    signer_name = models.CharField(max_length=64)
    signer_post = models.CharField(max_length=128)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    """The SHA-256 of the figures that stood on the sheet."""
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(signer_name="") & ~Q(signer_post=""), name="a_sealed_sheet_is_signed_by_name"
            )
        ]
