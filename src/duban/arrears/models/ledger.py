"""Claims and what moved on them. What the ledger forbids, the database forbids too: see `migrations/sql/ledger.sql`."""

import uuid

from django.db import models
from django.db.models import F, Q

from duban.arrears.rules.accounts import CARRIED, MOVES, Account
from duban.arrears.rules.acts import Ground
from duban.audit.models import Posting
from duban.identity.models import Scope
from duban.postgres.fields import AccountField, MoneyField
from duban.register.models import Party


def allowed_moves() -> Q:
    """The table of moves as a condition; anything else must reverse an earlier transfer, or go on in another claim."""
    condition = Q(reverses__isnull=False) | _goes_on()
    for source, destinations in MOVES.items():
        condition |= Q(source=source.value, destination__in=sorted(destination.value for destination in destinations))
    return condition


def reduced_on_a_ground() -> Q:
    """A move into `reduced` says why, what goes on in another claim says so, and nothing else has a ground."""
    reduces = Q(destination=Account.REDUCED.value, reverses__isnull=True)
    grounds = sorted(ground.value for ground in Ground if ground is not Ground.MOVED)
    others = ~reduces & Q(ground__isnull=True)
    return (reduces & Q(ground__in=grounds, ground__isnull=False)) | _goes_on() | others


def _goes_on() -> Q:
    return Q(
        source__in=sorted(account.value for account in CARRIED), destination=Account.RECOGNISED.value,
        reverses__isnull=True, ground=Ground.MOVED.value, ground__isnull=False,
    )  # fmt: skip


class Contract(models.Model):
    """An agreement from which claims come; without a number it is known by its parties and project."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    creditor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=200, blank=True)
    project = models.CharField(max_length=300, blank=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "debtor", "creditor", "number", "project"], name="a_contract_is_recorded_once"
            )
        ]


class Part(models.Model):
    """A part of a contract's price (期次): advance, progress, settlement, warranty; or the whole."""

    class Kind(models.TextChoices):
        """What the part is for."""

        WHOLE = "whole"
        ADVANCE = "advance"
        PROGRESS = "progress"
        SETTLEMENT = "settlement"
        WARRANTY = "warranty"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="parts")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.WHOLE)
    number = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "kind", "number"], name="a_part_is_recorded_once")]


class Claim(models.Model):
    """Identity only: who is owed by whom for what, and who reports it. Everything that can change is a `ClaimFact`."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    debtor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    creditor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="claims")
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "scope"], name="a_claim_is_in_one_scope")]


class Facts(models.Model):
    """What is said of a claim, shared by each version and by the current one."""

    ledger_no = models.CharField(max_length=64)
    debtor_name = models.CharField(max_length=200)
    creditor_name = models.CharField(max_length=200)
    debtor_kind = models.CharField(max_length=16, blank=True)
    creditor_kind = models.CharField(max_length=16, blank=True)
    category = models.CharField(max_length=16, blank=True)
    project = models.CharField(max_length=300, blank=True)
    contract_no = models.CharField(max_length=200, blank=True)
    department = models.CharField(max_length=128, blank=True)
    signed_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True


class ClaimFact(Facts):
    """One version of what is said of a claim. Written once; a correction is the next version."""

    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="facts", db_constraint=False, db_index=False
    )
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    recorded_at = models.DateTimeField()
    n = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "n"], name="versions_of_a_claim_are_numbered")]


class Transfer(models.Model):
    """An amount moved between two accounts of a claim. Written once; a mistake gets an opposite transfer."""

    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="transfers", db_constraint=False, db_index=False
    )
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    recorded_at = models.DateTimeField()
    """The posting's instant; the database holds the two together."""
    n = models.IntegerField()
    """Counts the claim's transfers without a gap."""
    source = AccountField()
    destination = AccountField()
    amount = MoneyField()
    value_on = models.DateField(null=True)
    """The day of the bank or of the event, where it is known."""
    effective_on = models.DateField()
    """The day of the ledger."""
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversals", db_index=False)
    settlement = models.ForeignKey(
        "Settlement", on_delete=models.PROTECT, null=True, related_name="transfers", db_index=False
    )
    """The stated payment that it belongs to."""
    ground = models.CharField(max_length=12, null=True)
    """Why it reduces the claim, or that it goes on in another one; nothing else has one."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_transfer_moves_a_positive_amount"),
            models.CheckConstraint(condition=allowed_moves(), name="a_transfer_follows_an_allowed_move"),
            models.CheckConstraint(condition=~Q(source=F("destination")), name="a_transfer_has_two_accounts"),
            models.CheckConstraint(condition=reduced_on_a_ground(), name="a_reduction_has_its_ground"),
            models.UniqueConstraint(fields=["claim", "n"], name="transfers_of_a_claim_are_numbered"),
        ]
        indexes = [
            # What moved in a scope after a day; an earlier ledger is today's less that.
            models.Index(fields=["scope", "effective_on"]),
            models.Index(fields=["reverses"], condition=Q(reverses__isnull=False), name="arrears_transfer_reversed"),
            models.Index(fields=["settlement"], condition=Q(settlement__isnull=False), name="arrears_transfer_settled"),
        ]


class ClosedMonth(models.Model):
    """A month that was signed for a scope: nothing takes effect in it or before it any more."""

    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    """Its first day."""
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "month"], name="a_month_closes_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_month_is_named_by_its_first_day"),
        ]
