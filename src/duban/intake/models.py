"""What is stored of workbooks that were looked at, and of headings that people explained."""

import uuid

from django.db import models

from duban.evidence.models import File
from duban.identity.models import Appointment, Scope, Unit


class Look(models.Model):
    """A workbook that somebody had read to look at it. Nothing of it enters any ledger."""

    class State(models.TextChoices):
        """How far it is; while it waits, it is the worker's turn."""

        WAITING = "waiting"
        READ = "read"
        REFUSED = "refused"

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    """Of the person's own unit: a draft is not yet anybody else's business."""
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    """Whose memory of headings is used."""
    schema = models.CharField(max_length=64, blank=True)
    """The code of the sheet asked for; empty for finding out."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=200)
    asked_at = models.DateTimeField(auto_now_add=True)
    seen = models.JSONField(default=dict)
    """What was found, apart from rows and findings; see `intake.keeping`."""
    refusal = models.JSONField(null=True)
    """The sentence for which the file could not be opened."""

    class Meta:
        indexes = [models.Index(fields=["scope", "-id"])]


class LookRow(models.Model):
    """A row of a workbook that was looked at."""

    look = models.ForeignKey(Look, on_delete=models.PROTECT, related_name="rows", db_constraint=False, db_index=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    n = models.IntegerField()
    """Counts the rows as they were read."""
    sheet = models.CharField(max_length=255)
    number = models.IntegerField()
    """Of the row in its sheet, as the spreadsheet shows it."""
    left = models.IntegerField(default=0)
    """The first column of its table, from 0: rows of tables side by side have the same number."""
    values = models.JSONField()
    raws = models.JSONField()
    is_hidden = models.BooleanField()
    has_error = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["look", "n"], name="a_looked_at_row_is_kept_once")]
        indexes = [models.Index(fields=["look", "sheet", "number"])]


class LookFinding(models.Model):
    """Something that was found in a workbook that was looked at."""

    look = models.ForeignKey(Look, on_delete=models.PROTECT, related_name="findings", db_constraint=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    rule = models.CharField(max_length=16)
    severity = models.CharField(max_length=8)
    sheet = models.CharField(max_length=255)
    cell = models.CharField(max_length=16, blank=True)
    value = models.TextField(blank=True)
    message = models.JSONField()
    expected = models.TextField(blank=True)


class HeadingMeaning(models.Model):
    """What a heading means in the workbooks of a unit. Only added: the latest version of a heading counts."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    schema = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    """The heading without what does not tell headings apart."""
    heading = models.CharField(max_length=200)
    """As it was written."""
    column = models.CharField(max_length=64, blank=True)
    """The name of the column; empty for a heading to be ignored."""
    is_forgotten = models.BooleanField(default=False)
    """This version takes the meaning back."""
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "schema", "key", "-id"])]
