"""What is stored of acts: the trail, and the postings to which every write of business data belongs."""

import uuid

from django.db import models

from duban.identity.models import Appointment, Scope


class Event(models.Model):
    """One act: who, under which appointment, did what, on what, from where. Written once."""

    at = models.DateTimeField()
    """Set by the database."""
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, related_name="+")
    who = models.CharField(max_length=200)
    """Name, role and unit as they were then."""
    action = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64, blank=True)
    subject_uid = models.CharField(max_length=64, blank=True)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    """The English sentence; with `values` it is shown in the reader's language."""
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    """Rows of what, before and after, in words."""
    via = models.CharField(max_length=16)
    address = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"]),
            models.Index(fields=["scope", "-at"]),
            models.Index(fields=["subject_kind", "subject_uid"]),
        ]


class Posting(models.Model):
    """One write of business data: who, why, with what evidence, and when the books knew it.

    `recorded_at` is set by the database under a shared lock held to the end of the transaction, so an instant that was
    signed can never gain a posting afterwards (`migrations/sql/posting.sql`).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=32)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=200)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "recorded_at"], name="a_posting_is_recorded_at_one_instant")
        ]
        indexes = [models.Index(fields=["recorded_at"])]


class Progress(models.Model):
    """How far a long piece of work is; see `duban.audit.progress`."""

    subject = models.UUIDField(primary_key=True)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    done = models.IntegerField()
    total = models.IntegerField()
