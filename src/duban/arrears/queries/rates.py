"""The loan prime rates that are known: those shipped, and those loaded since."""

from duban.arrears.models import PrimeRate
from duban.kernel.rates import LoanPrimeRate, LoanPrimeRates


def prime_rates() -> LoanPrimeRates:
    """All of them; what was loaded last of a day holds. One query."""
    return LoanPrimeRates.shipped().corrected(
        LoanPrimeRate(row.published_on, row.one_year) for row in PrimeRate.objects.order_by("published_on", "n")
    )


def last_version(rate: LoanPrimeRate) -> int:
    """How many versions of a day were loaded. One query."""
    return PrimeRate.objects.filter(published_on=rate.published_on).count()
