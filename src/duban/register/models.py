"""What is stored of parties."""

import uuid

from django.db import models
from django.db.models import Q

from duban.audit.models import Posting


class Party(models.Model):
    """Somebody who owes or is owed. Known by a unified social credit code, or by a temporary key made of its name."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    uscc = models.CharField(max_length=18, null=True, unique=True)
    name_key = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    """As first written; other names are `PartyName`s."""
    is_verified = models.BooleanField(default=False)
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
