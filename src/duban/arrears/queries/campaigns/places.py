"""Units and lines as the pages of campaigns name them, and offer them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from duban.arrears.queries.campaigns.campaign import CampaignView, managed, scopes_of, territory_of
from duban.arrears.queries.position import position
from duban.arrears.rules.position import Dimension
from duban.identity import queries as units
from duban.identity.models import Appointment, Line, Scope
from duban.identity.queries import UnitView

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Places:
    """Units of a day, in official order, and lines."""

    units: list[UnitView]
    lines: Choices

    @property
    def names(self) -> Mapping[str, str]:
        """Of units and lines, by code."""
        return {unit.code: unit.name for unit in self.units} | dict(self.lines)

    def order(self, code: str) -> int:
        """Where a unit stands in official order."""
        codes = {unit.code: number for number, unit in enumerate(self.units)}
        return codes.get(code, len(codes))


def places(*, on: date) -> Places:
    """Two queries."""
    return Places(units.units_on(on), list(Line.objects.order_by("code").values_list("code", "name")))


def keepers(*, actor: Appointment, on: date) -> Choices:
    """The units for which `actor` may keep a campaign, their own first. Two queries."""
    scopes = managed(actor)
    own = Scope.objects.filter(line__isnull=True).values_list("pk", "unit_id")
    mine = {unit_id for pk, unit_id in own if pk in scopes}
    found = [unit for unit in units.units_on(on) if unit.id in mine]
    return [(unit.code, unit.name) for unit in sorted(found, key=lambda unit: unit.id != actor.unit_id)]


def coverable(campaign: CampaignView, *, on: date) -> Choices:
    """The region of who keeps a campaign, and the units just under it. Three queries."""
    keeper = Scope.objects.values_list("unit_id", flat=True).get(pk=campaign.scope_id)
    tree = units.units_on(on)
    region = next(unit for unit in tree if unit.code == territory_of(keeper, on=on))
    return [(unit.code, unit.name) for unit in (region, *(unit for unit in tree if unit.parent_id == region.id))]


def reporters_of(campaign: CampaignView, *, as_of: date, actor: Appointment) -> list[str]:
    """The units of a campaign's places that have something in the ledger, as far as `actor` sees. Four queries."""
    if campaign.clauses.scope is None:
        return []
    inside = set(Scope.objects.filter(pk__in=scopes_of(campaign.clauses.scope)).values_list("unit__code", flat=True))
    found = position(actor=actor, as_of=as_of, by=[Dimension.UNIT])
    return [cell.keys["unit"] for cell in found if cell.keys["unit"] in inside]
