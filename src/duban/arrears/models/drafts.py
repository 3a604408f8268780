"""Acts that were proposed by one person and wait for another. All rows are only ever added."""

import uuid

from django.db import models
from django.db.models import Q

from duban.arrears.models.ledger import Claim
from duban.arrears.models.settlements import codes
from duban.arrears.rules.drafting import Verdict
from duban.audit.models import Posting
from duban.identity.models import Scope


class Draft(models.Model):
    """An act on a claim as somebody proposed it; its papers are evidence of the same posting."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="drafts")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    act = models.CharField(max_length=24)
    """The act's name, as its form has it in its address."""
    given = models.JSONField()
    """What was typed into its form, by field."""
    effective_on = models.DateField()
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")


class DraftDecision(models.Model):
    """What another person decided on a proposal; there is one at most."""

    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, related_name="decision")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    verdict = models.CharField(max_length=12)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=codes(Verdict)), name="a_decision_is_a_known_verdict"),
        ]
