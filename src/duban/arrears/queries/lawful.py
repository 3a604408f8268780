"""What the law makes of a claim as it stands."""

from datetime import date

from django.conf import settings

from duban.arrears.models import Facts
from duban.arrears.rules.facts import FACTS, FactValues
from duban.arrears.rules.lawful import Lawful, NotApplied, lawful
from duban.kernel.calendar import WorkCalendar
from duban.kernel.errors import DomainError


def facts_of(said: Facts) -> FactValues:
    """One version of what is said of a claim, as the rules take it."""
    return FactValues(**{name: getattr(said, name) for name in FACTS})


def lawful_of(said: Facts, *, as_of: date) -> Lawful | NotApplied:
    """Which edition holds for a claim, and on which day it is due by it. No query.

    Facts that contradict themselves apply to nothing, and the sentence says what to correct.
    """
    try:
        return lawful(
            facts_of(said), as_of=as_of, calendar=WorkCalendar.shipped(), holiday_shift=settings.HOLIDAY_SHIFT
        )
    except DomainError as refusal:
        return NotApplied(refusal.sentence)
