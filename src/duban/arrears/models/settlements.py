"""Stated payments with what became of them, and links between claims. All rows are only ever added."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from duban.arrears.models.ledger import Claim
from duban.arrears.models.statements import Statement
from duban.arrears.rules.acts import Cause, Link
from duban.arrears.rules.settling import Method, Step
from duban.audit.models import Posting
from duban.evidence.models import File
from duban.identity.models import Scope
from duban.postgres.fields import MoneyField


def codes(kinds: type[StrEnum]) -> list[str]:
    """The codes of an enumeration, in the order of the alphabet: a constraint made of them stays the same text."""
    return sorted(kind.value for kind in kinds)


class Settlement(models.Model):
    """One payment as it was stated. What became of it is its latest event."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="settlements")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    method = models.CharField(max_length=16)
    amount = MoneyField()
    voucher_number = models.CharField(max_length=100, blank=True)
    voucher_total = MoneyField(default=0)
    """What the whole voucher is worth, or nothing where nobody said; asked for where it stands on several claims."""
    payee_name = models.CharField(max_length=200, blank=True)
    value_on = models.DateField(null=True)
    """The day of the bank, where it is known."""
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_is_of_a_positive_amount"),
            models.CheckConstraint(condition=Q(method__in=codes(Method)), name="a_payment_is_by_a_known_method"),
            models.CheckConstraint(
                condition=Q(voucher_total=0) | Q(voucher_total__gte=F("amount")),
                name="a_voucher_is_worth_what_is_stated_against_it",
            ),
        ]
        indexes = [
            models.Index(fields=["voucher_number"], condition=~Q(voucher_number=""), name="arrears_settlement_voucher"),
        ]


class SettlementEvent(models.Model):
    """Something that happened to a stated payment."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="events", db_index=False)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    n = models.IntegerField()
    """Counts the payment's events without a gap; the first says that it was stated."""
    step = models.CharField(max_length=12)
    file = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    """The voucher, or what the creditor signed."""
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["settlement", "n"], name="events_of_a_payment_are_numbered"),
            models.CheckConstraint(condition=Q(step__in=codes(Step)), name="an_event_is_of_a_known_step"),
            models.CheckConstraint(
                condition=Q(n=1, step=Step.STATED.value) | (Q(n__gt=1) & ~Q(step=Step.STATED.value)),
                name="the_first_event_says_that_it_was_stated",
            ),
            models.CheckConstraint(
                condition=~Q(step=Step.EVIDENCED.value) | Q(file__isnull=False), name="a_voucher_shown_is_a_file"
            ),
        ]


class ClaimLink(models.Model):
    """An amount that went from one claim to another: neither new nor reduced (划转).

    A duplicate brings nothing to the other claim, on which the amount stands already. A link that is taken back has an
    opposite link.
    """

    kind = models.CharField(max_length=12)
    from_claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="links_out")
    to_claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="links_in")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    """Of the claim that it left."""
    to_scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    """Of the claim in which it goes on, which may be another reporter's."""
    amount = MoneyField()
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_link_carries_a_positive_amount"),
            models.CheckConstraint(condition=Q(kind__in=codes(Link)), name="a_link_is_of_a_known_kind"),
            models.CheckConstraint(condition=~Q(from_claim=F("to_claim")), name="a_link_joins_two_claims"),
        ]


class Evidence(models.Model):
    """A file that belongs to an act on a claim: what both sides said, a judgment, an agreement."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="evidence")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=32)
    """What it proves, as the act calls it: "debtor_statement", "judgment"."""
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")


class ActDetail(models.Model):
    """What an act on a claim says beside its transfers: for a dispute why and until when, for a court the case."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="acts")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = MoneyField()
    cause = models.CharField(max_length=16, blank=True)
    """Why it is disputed; empty for a court."""
    expires_on = models.DateField(null=True)
    """The day by which the dispute is to be resolved."""
    case_number = models.CharField(max_length=100, blank=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(cause__in=codes(Cause)) & Q(expires_on__isnull=False) & Q(case_number=""))
                | (Q(cause="") & Q(expires_on__isnull=True) & ~Q(case_number="")),
                name="an_act_names_its_cause_or_its_case",
            ),
        ]
