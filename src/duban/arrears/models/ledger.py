"""Claims and what moved on them. What the ledger forbids, the database forbids too: see `migrations/sql/ledger.sql`."""

import uuid

from django.db import models
from django.db.models import F, Q

from duban.arrears.rules.accounts import CARRIED, MOVES, Account
from duban.arrears.rules.acts import Ground
from duban.arrears.rules.law import Edition
from duban.audit.models import Posting
from duban.identity.models import Scope
from duban.postgres.fields import AccountField, MoneyField, OptionalMoneyField
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


def a_known_edition() -> Q:
    """Nobody chose an edition of the law, or it is one of the table and the reason is there."""
    known = Q(law_edition__in=sorted(edition.value for edition in Edition))
    return Q(law_edition="", law_reason="") | (known & ~Q(law_reason=""))


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


def _text(length: int) -> "models.CharField[str, str]":
    """A fact that need not be said: whoever adds a version may leave it out, and the database fills it in."""
    return models.CharField(max_length=length, blank=True, db_default="")


def _prose() -> "models.TextField[str, str]":
    return models.TextField(blank=True, db_default="")


class Facts(models.Model):
    """What is said of a claim, shared by each version and by the current one. `rules/facts.py` says what each means."""

    ledger_no = models.CharField(max_length=64)
    debtor_name = models.CharField(max_length=200)
    creditor_name = models.CharField(max_length=200)
    debtor_kind = _text(16)
    creditor_kind = _text(16)
    size_at_contract = _text(16)
    sme_declared = models.BooleanField(null=True)
    category = _text(16)
    project = _text(300)
    contract_no = _text(200)
    signed_on = models.DateField(null=True)
    contract_amount = OptionalMoneyField(null=True)
    department = _text(128)
    using_unit = _prose()
    funding_unit = _prose()
    territory = _prose()
    responsible_unit = _prose()
    payment_basis = _text(16)
    delivered_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    agreed_acceptance_by = models.DateField(null=True)
    payer_delays_acceptance = models.BooleanField(null=True)
    settlement_confirmed_on = models.DateField(null=True)
    agreed_term_days = models.IntegerField(null=True)
    pays_when_paid = models.BooleanField(null=True)
    forced_noncash = models.BooleanField(null=True)
    agreed_rate = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    year_days = models.IntegerField(null=True)
    reviewed_from = models.DateField(null=True)
    reviewed_to = models.DateField(null=True)
    law_edition = _text(16)
    law_reason = _prose()
    due_on = models.DateField(null=True)
    planned_clear_on = models.DateField(null=True)
    funding_source = _text(16)
    clue_source = _text(16)
    arrears_reason = _prose()
    dispute_cause = _text(16)
    case_number = _prose()
    note = _prose()

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
        constraints = [
            models.UniqueConstraint(fields=["claim", "n"], name="versions_of_a_claim_are_numbered"),
            models.CheckConstraint(condition=a_known_edition(), name="an_edition_is_chosen_with_a_reason"),
            models.CheckConstraint(
                condition=Q(year_days__isnull=True) | Q(year_days__in=[360, 365]),
                name="a_year_of_a_rate_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=Q(agreed_rate__isnull=True) | Q(agreed_rate__range=(0, 1)),
                name="an_agreed_rate_is_a_ratio_for_a_year",
            ),
        ]


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
