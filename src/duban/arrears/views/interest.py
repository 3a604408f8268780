"""What delay has cost, for the page of a claim: an estimate for office and finance."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from duban.arrears.queries.interest import Estimated, estimate_interest
from duban.arrears.rules.interest import InterestPeriod
from duban.identity.models import Appointment
from duban.kernel.words import Sentence
from duban.ui import shown
from duban.ui.components import Fact


@dataclass(frozen=True, slots=True)
class InterestPanel:
    """The sums with their rate, and the spans of delay; or the sentence that says why there is no estimate.

    Args:
        spans: the first day and the last, how many, what was owed late, and what it has cost.
    """

    facts: list[Fact]
    spans: list[tuple[str, str, str, str, str]]
    remarks: tuple[Sentence, ...]
    missing: Sentence | None = None


def interest_panel(uid: UUID, *, as_of: date, actor: Appointment) -> InterestPanel:
    """The estimate up to and including a day."""
    found = estimate_interest(uid, as_of=as_of, actor=actor)
    if isinstance(found, Sentence):
        return InterestPanel([], [], (), missing=found)
    return InterestPanel(_facts(found), [_span(one) for one in found.stated.periods], found.remarks)


def _facts(found: Estimated) -> list[Fact]:
    return [
        Fact(_("Interest, as stated (yuan)"), shown.yuan(found.stated.total)),
        Fact(_("Interest, verified (yuan)"), shown.yuan(found.verified.total)),
        Fact(_("Delay counted after"), shown.day(found.due_on)),
        Fact(_("Rate"), found.rate.explained, wide=True),
    ]


def _span(period: InterestPeriod) -> tuple[str, str, str, str, str]:
    first, last = shown.day(period.first_day), shown.day(period.last_day)
    return first, last, shown.count(period.days), shown.yuan(period.principal), shown.yuan(period.amount)
