"""Where the targets of a campaign stand."""

from dataclasses import dataclass
from datetime import date

from duban.arrears.models import CampaignTarget
from duban.arrears.queries.campaigns.bases import approved_orders
from duban.arrears.queries.campaigns.campaign import CampaignView
from duban.arrears.queries.campaigns.progress import added_up, campaign_progress
from duban.arrears.rules import targets as rules
from duban.arrears.rules.accounts import Rule
from duban.arrears.rules.targets import Figures, Layer, Metric, Reached, Target
from duban.identity import queries as units
from duban.identity.access import in_sight
from duban.identity.models import Appointment
from duban.identity.rules import Permission


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target that holds, and where it stands on a day."""

    unit_code: str
    unit_name: str
    debtor_name: str
    target: Target
    figures: Figures
    standing: Reached
    source: str


def targets(campaign: CampaignView, *, as_of: date, actor: Appointment) -> list[TargetRow]:
    """The targets of the units that `actor` sees, by day. Three queries, and three for each debtor that has one."""
    by_unit = campaign_progress(campaign, as_of=as_of, actor=actor)
    is_signed = bool(approved_orders(campaign.id, on=as_of))
    tree = {unit.id: unit for unit in units.units_on(as_of)}
    paths = {unit.code: unit.path for unit in tree.values()}
    rows = []
    for row in _in_force(campaign.id, actor):
        unit = tree.get(row.unit_id)
        path = f"{unit.path if unit else ''}."
        cells = by_unit
        if row.debtor_id is not None:
            cells = campaign_progress(campaign, as_of=as_of, actor=actor, debtor_id=row.debtor_id)
        whole = added_up(
            [cell for cell in cells if f"{paths.get(cell.key, '')}.".startswith(path)], is_signed=is_signed
        )
        target = Target(Layer(row.layer), Metric(row.metric), row.due_on, row.buffer_days, row.rate, row.amount)
        figures = Figures(whole.progress, whole.small_left, is_strict=campaign.clauses.counting is Rule.C1)
        rows.append(
            TargetRow(
                unit_code=unit.code if unit else "",
                unit_name=unit.name if unit else "",
                debtor_name=row.debtor.name if row.debtor else "",
                target=target,
                figures=figures,
                standing=rules.standing(target, figures, as_of=as_of),
                source=row.source,
            )
        )
    return sorted(rows, key=lambda row: (row.target.due_on, row.unit_code, row.target.layer))


def _in_force(campaign_id: int, actor: Appointment) -> list[CampaignTarget]:
    """The latest version of each target, without those taken back."""
    latest: dict[tuple[object, ...], CampaignTarget] = {}
    found = CampaignTarget.objects.filter(in_sight(actor, Permission.ARREARS_VIEW), campaign_id=campaign_id)
    for row in found.select_related("debtor").order_by("pk"):
        latest[row.unit_id, row.debtor_id, row.layer, row.metric, row.due_on] = row
    return [row for row in latest.values() if row.holds]
