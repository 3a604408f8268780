"""Campaigns (口径批次) with what holds in them, who is in, what their base is. All rows are only ever added."""

import uuid

from django.db import models
from django.db.models import Q

from duban.arrears.models.ledger import Claim
from duban.arrears.models.settlements import codes
from duban.arrears.rules.bases import OrderKind
from duban.arrears.rules.campaigns import Clause
from duban.arrears.rules.targets import Layer, Metric
from duban.audit.models import Posting
from duban.evidence.models import File
from duban.identity.models import Scope, Unit
from duban.postgres.fields import MoneyField
from duban.register.models import Party


class Campaign(models.Model):
    """A campaign: its name, the paper that began it, and the unit that keeps it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=128)
    source = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    """Of the unit that keeps it."""
    began_on = models.DateField()
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "scope"], name="a_campaign_is_in_one_scope")]


class OfCampaign(models.Model):
    """What belongs to a campaign and to a posting."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class CampaignClause(OfCampaign):
    """One version of something dated: the scope rule, the counting rule, a threshold. The latest of a day counts."""

    clause = models.CharField(max_length=12)
    since = models.DateField()
    value = models.JSONField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(clause__in=codes(Clause)), name="a_clause_is_of_a_known_kind"),
            models.CheckConstraint(condition=~Q(source=""), name="a_clause_names_its_source"),
        ]
        indexes = [models.Index(fields=["campaign", "clause", "since"])]


class CampaignTarget(OfCampaign):
    """What a unit, or a debtor in it, is to reach by a day. The latest row of the same target counts."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")
    layer = models.CharField(max_length=8)
    metric = models.CharField(max_length=12)
    due_on = models.DateField()
    buffer_days = models.IntegerField(default=0)
    rate = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    amount = MoneyField(default=0)
    holds = models.BooleanField(default=True)
    """False for a target that was set and is no more."""
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(layer__in=codes(Layer)), name="a_target_is_of_a_known_layer"),
            models.CheckConstraint(
                condition=(
                    Q(metric=Metric.PROGRESS.value, rate__gt=0, rate__lte=1, rate__isnull=False, amount=0)
                    | Q(metric=Metric.AMOUNT.value, amount__gt=0, rate__isnull=True)
                    | Q(metric=Metric.SMALL_ZERO.value, rate__isnull=True, amount=0)
                ),
                name="a_target_has_the_number_of_its_metric",
            ),
            models.CheckConstraint(
                condition=Q(buffer_days__gte=0, buffer_days__lte=365), name="a_buffer_is_at_most_a_year"
            ),
        ]


class CampaignMember(OfCampaign):
    """A claim enters a campaign, or leaves it again. Its rows are numbered: odd ones enter."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+", db_index=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="memberships", db_constraint=False)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    n = models.IntegerField()
    since = models.DateField()
    enters = models.BooleanField()
    by_hand = models.BooleanField()
    """An exception that a person made; the scope rule does not undo it."""
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "claim", "n"], name="steps_of_a_member_are_numbered"),
            models.CheckConstraint(condition=Q(by_hand=False) | ~Q(reason=""), name="an_exception_has_its_reason"),
        ]


class BaseOrder(OfCampaign):
    """A numbered order that establishes or changes the base (基数核定单、基数调整单)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    number = models.IntegerField()
    """Counts the campaign's orders without a gap."""
    kind = models.CharField(max_length=12)
    effective_on = models.DateField()
    known_at = models.DateTimeField()
    """Its amounts are those of that day as the books knew them at this instant."""
    reason = models.CharField(max_length=500)
    file = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    """The evidence; amounts are corrected only with some."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="orders_of_a_campaign_are_numbered"),
            models.UniqueConstraint(fields=["id", "posting"], name="an_order_is_of_one_posting"),
            models.CheckConstraint(condition=Q(kind__in=codes(OrderKind)), name="an_order_is_of_a_known_kind"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_order_has_its_reason"),
            models.CheckConstraint(
                condition=~Q(kind=OrderKind.CORRECTED.value) | Q(file__isnull=False), name="a_correction_has_evidence"
            ),
        ]


class BaseLine(models.Model):
    """What an order makes of the base of one claim."""

    order = models.ForeignKey(BaseOrder, on_delete=models.PROTECT, related_name="lines", db_index=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+", db_index=False)
    """The order's."""
    before = MoneyField()
    after = MoneyField()
    settled = MoneyField()
    """Cleared before and outside the base: no progress is made of it."""
    unsettled = MoneyField(default=0)
    not_due = MoneyField(default=0)
    undisputed = MoneyField(default=0)
    disputed = MoneyField(default=0)
    judicial = MoneyField(default=0)
    cleared = MoneyField(default=0)
    """The parts of `after` as the ledger held them on the order's day."""
    by_hand = models.BooleanField(default=False)
    """Somebody gave the amount, so it has no parts."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "claim"], name="an_order_says_a_claim_once"),
            models.CheckConstraint(
                condition=Q(before__gte=0, after__gte=0, settled__gte=0), name="no_base_is_below_zero"
            ),
        ]


class BaseDecision(models.Model):
    """What the second person decided on an order."""

    order = models.OneToOneField(BaseOrder, on_delete=models.PROTECT, related_name="decision")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_approved = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")
