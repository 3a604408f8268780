"""Who reports, by when, and what else than a workbook was handed in. All rows are only ever added."""

from django.db import models
from django.db.models import Q

from duban.arrears.rules.reporting import LATEST_DEADLINE_DAY
from duban.audit.models import Posting
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
