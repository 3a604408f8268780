"""What is stored of parties."""

import uuid

from django.db import models
from django.db.models import F, Q

from duban.audit.models import Posting
from duban.register.rules.duplicates import Ground, Verdict
from duban.register.rules.kinds import Kind


class Party(models.Model):
    """Somebody who owes or is owed. Known by a unified social credit code, or by a temporary key made of its name."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    uscc = models.CharField(max_length=18, null=True, unique=True)
    name_key = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    """As first written; other names are `PartyName`s."""
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"],
                condition=Q(uscc__isnull=True),
                name="a_party_without_code_is_known_by_its_name_once",
            )
        ]
        indexes = [models.Index(fields=["name_key"])]

    def __str__(self) -> str:
        return self.name


class PartyName(models.Model):
    """A name by which a paper called a party, and since when the books know it."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "name"], name="a_name_is_recorded_once")]


class Renaming(models.Model):
    """The name of a party from a day on, by a paper. Written once; a later row for the same day stands in its place."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="renamings")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    since = models.DateField()
    paper = models.CharField(max_length=200)
    """What says so: the licence, the notice, its number."""
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["party", "since"]), models.Index(fields=["name_key"])]


class Pair(models.Model):
    """Two parties, the one with the lower id first."""

    first = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Proposal(Pair):
    """Two parties that may be the same, as the rules found; proposed once, whatever is decided on it."""

    ground = models.CharField(max_length=16, choices=[(ground.value, ground.value) for ground in Ground])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_parties_are_proposed_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="a_proposal_names_the_older_party_first"),
        ]


class Decision(Pair):
    """What a person decided on two parties. Written once; the latest one of a pair counts."""

    verdict = models.CharField(max_length=16, choices=[(verdict.value, verdict.value) for verdict in Verdict])
    survivor = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")
    """Which of the two goes on, when they are the same."""
    reason = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="a_decision_names_the_older_party_first"),
            models.CheckConstraint(
                condition=(
                    Q(verdict=Verdict.SAME.value) & (Q(survivor=F("first")) | Q(survivor=F("second")))
                    | ~Q(verdict=Verdict.SAME.value) & Q(survivor__isnull=True)
                ),
                name="one_of_two_that_are_the_same_goes_on",
            ),
        ]
        indexes = [models.Index(fields=["first", "second", "-id"])]


class Alias(models.Model):
    """A party that counts as another one today: what the decisions come to, kept by the database alone."""

    alias = models.OneToOneField(Party, on_delete=models.PROTECT, primary_key=True, related_name="counts_as")
    survivor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="aliases")


class KindVersion(models.Model):
    """What a party is from a day on. Written once; a later row for the same day stands in its place."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="kinds")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    head = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")
    """The body that a branch belongs to, or under whose licence one works."""
    since = models.DateField()
    paper = models.CharField(max_length=200)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(kind__in=[kind.value for kind in Kind if kind.has_head], head__isnull=False)
                    | Q(kind__in=[kind.value for kind in Kind if not kind.has_head], head__isnull=True)
                ),
                name="what_belongs_to_a_body_names_it",
            ),
            models.CheckConstraint(condition=~Q(head=F("party")), name="no_party_belongs_to_itself"),
        ]
        indexes = [models.Index(fields=["party", "since"])]


class SizeEvidence(models.Model):
    """The figures of a year by which a size is told. Written once; a later row for the same year counts instead."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="sizes")
    year = models.IntegerField()
    industry = models.CharField(max_length=8)
    staff = models.IntegerField(null=True)
    revenue_fen, assets_fen = models.BigIntegerField(null=True), models.BigIntegerField(null=True)
    """Exact, in 分; nothing is a figure that is not known."""
    paper = models.CharField(max_length=200)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(staff__isnull=False) | Q(revenue_fen__isnull=False) | Q(assets_fen__isnull=False),
                name="evidence_of_size_has_a_figure",
            ),
            models.CheckConstraint(
                condition=~Q(staff__lt=0) & ~Q(revenue_fen__lt=0) & ~Q(assets_fen__lt=0),
                name="no_figure_of_size_is_below_zero",
            ),
        ]
        indexes = [models.Index(fields=["party", "year"])]


class Verification(models.Model):
    """A check of who a party is, or its withdrawal. Written once; the latest one counts, and without one it is open."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="verifications")
    holds = models.BooleanField()
    paper = models.CharField(max_length=200)
    """The paper it was compared with; for a withdrawal, why."""
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["party", "-id"])]


class SuccessionEntry(models.Model):
    """From a day on one party stands in the place of another (合并、分立), or no more. The latest of a pair counts."""

    predecessor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    holds = models.BooleanField()
    paper = models.CharField(max_length=200)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="no_party_succeeds_itself")
        ]
