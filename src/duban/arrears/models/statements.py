"""Workbooks that were handed in, one by one or many at once, and what was read from them."""

import uuid

from django.db import models

from duban.arrears.models.ledger import Claim
from duban.audit.models import Posting
from duban.evidence.models import File
from duban.identity.models import Appointment, Scope, Unit
from duban.postgres.fields import MoneyField


class Statement(models.Model):
    """A reporter's workbook of its ledger at a date (月报台账), and what became of it."""

    class Mode(models.TextChoices):
        """Whether it states the whole ledger, or only what changed."""

        FULL = "full"
        CHANGES = "changes"

    class State(models.TextChoices):
        """How far it is. After `received` and `accepting` it is the worker's turn."""

        RECEIVED = "received"
        CHECKED = "checked"
        SUBMITTED = "submitted"
        """Its reporter stands by it; it waits for whoever decides."""
        RETURNED = "returned"
        REFUSED = "refused"
        ACCEPTING = "accepting"
        ACCEPTED = "accepted"
        WITHDRAWN = "withdrawn"
        """Taken back; what it had entered was posted the opposite way."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.FULL)
    coverage = models.JSONField(default=dict)
    """Of which part of the ledger it is, as `{"line": …, "kind": …, "category": …}`; empty for the whole."""
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(auto_now_add=True)
    is_for_another = models.BooleanField(default=False)
    """Handed in by somebody of another unit (代传)."""
    summary = models.JSONField(default=dict)
    """Counts and sums of the preview, in the form of the command line."""
    refusal = models.JSONField(null=True)
    """The sentence for which the file was refused as a whole, returned or taken back."""
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, null=True, related_name="+")

    UNDECIDED = frozenset({State.CHECKED, State.SUBMITTED})
    """The states in which it waits for decisions."""

    class Meta:
        indexes = [models.Index(fields=["unit", "-as_of", "-id"])]


class Delivery(models.Model):
    """Several workbooks handed in at once. Each becomes a statement when a person has said whose and of when it is."""

    class State(models.TextChoices):
        """How far it is; while it waits, it is the worker's turn."""

        WAITING = "waiting"
        SORTED = "sorted"

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    """Of the unit of whoever handed it in."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["scope", "-id"])]


class DeliveredFile(models.Model):
    """A file of a delivery: as it was handed in, or out of an archive that was."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting"
        UNPACKED = "unpacked"
        """An archive whose workbooks stand in the delivery by themselves."""
        GUESSED = "guessed"
        REFUSED = "refused"
        HANDED_IN = "handed_in"

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="files")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    n = models.IntegerField()
    name = models.CharField(max_length=255)
    """With the folders in which it lay in its archive."""
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    guess = models.JSONField(default=dict)
    """Whose and of which day it seems to be, with the reasons; of an archive, what was passed over."""
    refusal = models.JSONField(null=True)
    """The sentence for which it cannot be read."""
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "n"], name="files_of_a_delivery_are_numbered")]


class StatementRow(models.Model):
    """A normalised row of a statement, kept as it was understood."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="rows", db_constraint=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    n = models.IntegerField()
    """The row number in the sheet, as the office sees it."""
    values = models.JSONField()
    has_error = models.BooleanField()
    proposal = models.CharField(max_length=12, blank=True)
    """The first `rules.statement.Change` of `changes`; empty where nothing changed."""
    changes = models.JSONField(default=dict)
    """Everything that changes, as a `rules.statement.Change` with its amount in fen."""
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "n"], name="a_row_is_kept_once")]


class Finding(models.Model):
    """Something the check found in a statement."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="findings")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    rule = models.CharField(max_length=16)
    severity = models.CharField(max_length=8)
    sheet = models.CharField(max_length=64)
    cell = models.CharField(max_length=16, blank=True)
    value = models.TextField(blank=True)
    message = models.JSONField()
    expected = models.TextField(blank=True)


class StatedClaim(models.Model):
    """What a reporter stated of a claim, as an accepted statement had it: the base of the next comparison.

    A row is added only where something else is stated than before, so the latest one of a claim holds.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="stated", db_index=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    n = models.IntegerField()
    """The row of the statement; 0 where the statement no longer has the claim."""
    step = models.BigIntegerField()
    """The smallest difference, in fen, that the sheet shows."""
    undisputed = MoneyField()
    """As first owed, what was cleared among it."""
    unsettled = MoneyField()
    not_due = MoneyField()
    disputed = MoneyField()
    judicial = MoneyField()
    cleared = MoneyField()
    facts = models.CharField(max_length=32)
    """The fingerprint of what the row said of the claim (`rules.renewing.fingerprint`)."""

    class Meta:
        indexes = [models.Index(fields=["claim", "-id"], name="arrears_statedclaim_latest")]


class Question(models.Model):
    """Something of a statement that a person has to decide before it can be entered."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="questions")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=12)
    """A `rules.asking.Asked`."""
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="+", db_index=False)
    n = models.IntegerField()
    """The row of the statement; 0 where it has none."""
    amount = MoneyField()
    message = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "kind", "claim", "n"], name="a_question_is_asked_once"),
        ]


class Answer(models.Model):
    """What a person decided on a question. A later answer replaces an earlier one; none is ever changed."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    verdict = models.CharField(max_length=8)
    """A `rules.asking.Verdict`."""
    reason = models.TextField()
    is_blanket = models.BooleanField()
    """One text for all questions of a statement, without papers."""
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+", db_index=False)
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="an_answer_has_its_reason"),
        ]


class AnswerPaper(models.Model):
    """A file that shows why an answer is right."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="papers")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    role = models.CharField(max_length=32)
    """What it proves: a key of `rules.acts.PAPERS`."""
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+", db_index=False)
