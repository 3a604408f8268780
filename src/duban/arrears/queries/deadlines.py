"""The days by which a reporter is to reach something, in whatever campaign."""

from datetime import date

from duban.arrears.models import CampaignTarget
from duban.identity.models import Unit


def deadlines_of(unit_id: int, *, since: date) -> list[date]:
    """The days of the staged targets of a unit and of those above it that hold, from a day on, the next first.

    Two queries. The reader's own sight applies: a target that somebody may not see is no deadline that they can name.
    """
    path = Unit.objects.values_list("path", flat=True).get(pk=unit_id)
    labels = path.split(".")
    above = [".".join(labels[: depth + 1]) for depth in range(len(labels))]
    latest: dict[tuple[object, ...], CampaignTarget] = {}
    for row in CampaignTarget.objects.filter(unit__path__in=above, due_on__gte=since).order_by("pk"):
        latest[row.campaign_id, row.unit_id, row.debtor_id, row.layer, row.metric, row.due_on] = row
    return sorted({row.due_on for row in latest.values() if row.holds})
