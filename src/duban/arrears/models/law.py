"""What the law points at and somebody publishes: the loan prime rates that came after those shipped."""

from django.db import models
from django.db.models import Q

from duban.audit.models import Posting


class PrimeRate(models.Model):
    """A publication of the one-year loan prime rate. Written once; a mistake gets the next version of its day."""

    published_on = models.DateField()
    n = models.IntegerField()
    """Counts the versions of a day; the last one holds."""
    one_year = models.DecimalField(max_digits=9, decimal_places=6)
    """A ratio for a year (0.03)."""
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["published_on", "n"], name="versions_of_a_prime_rate_are_numbered"),
            models.CheckConstraint(
                condition=Q(one_year__gte=0) & Q(one_year__lte=1), name="a_prime_rate_is_a_ratio_for_a_year"
            ),
        ]
