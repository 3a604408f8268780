"""Campaigns, and what holds in them on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from duban.arrears.models import Campaign, CampaignClause
from duban.arrears.rules.campaigns import Clause, Clauses, ScopeRule, read_clauses
from duban.audit.queries import shown_by
from duban.identity import queries as units
from duban.identity.access import Scopes, may, scopes_where
from duban.identity.models import Appointment, Scope
from duban.identity.queries import UnitView
from duban.identity.rules import Permission, Reach


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as it stands on a day."""

    id: int
    uid: UUID
    code: str
    name: str
    source: str
    began_on: date
    keeper: str
    scope_id: int
    clauses: Clauses
    may_manage: bool


@dataclass(frozen=True, slots=True)
class ClauseVersion:
    """One version of a dated clause."""

    clause: Clause
    since: date
    value: Mapping[str, Any]
    source: str
    who: str
    recorded_at: datetime


def campaigns(*, actor: Appointment, on: date) -> list[CampaignView]:
    """The campaigns kept by who `actor` sees, or by whom stands over it; the latest first. Four queries.

    An enterprise sees none: what a campaign asks for is not its matter.
    """
    if not may(actor, Permission.ARREARS_VIEW) or actor.powers.reach is Reach.NOTHING:
        return []
    tree = units.units_on(on)
    by_id = {unit.id: unit for unit in tree}
    seen = scopes_where(actor, Permission.ARREARS_VIEW)
    mine = by_id.get(actor.unit_id)
    rows = [
        row
        for row in Campaign.objects.select_related("unit").order_by("-began_on", "-pk")
        if row.scope_id in seen or _stands_over(by_id.get(row.unit_id), mine, tree)
    ]
    found = clauses_of([row.pk for row in rows], on=on)
    return [_view(row, found[row.pk], by_id, actor) for row in rows]


def campaign(uid: UUID, *, actor: Appointment, on: date) -> CampaignView:
    """One campaign.

    Raises:
        Campaign.DoesNotExist: there is none where `actor` can see it.
    """
    for found in campaigns(actor=actor, on=on):
        if found.uid == uid:
            return found
    raise Campaign.DoesNotExist


def clauses_of(campaign_ids: Sequence[int], *, on: date) -> dict[int, Clauses]:
    """What holds for each campaign on a day. One query."""
    latest = CampaignClause.objects.filter(campaign_id__in=campaign_ids, since__lte=on).order_by("since", "pk")
    found: dict[int, dict[Clause, tuple[date, Mapping[str, Any]]]] = {pk: {} for pk in campaign_ids}
    for row in latest:
        found[row.campaign_id][Clause(row.clause)] = (row.since, row.value)
    return {pk: read_clauses(versions) for pk, versions in found.items()}


def clause_versions(campaign_id: int) -> list[ClauseVersion]:
    """All that ever held or will hold, the latest first. One query."""
    rows = CampaignClause.objects.filter(campaign_id=campaign_id).select_related("posting").order_by("-since", "-pk")
    return [
        ClauseVersion(
            Clause(row.clause), row.since, row.value, row.source, shown_by(row.posting.who), row.posting.recorded_at
        )
        for row in rows
    ]


def territory_of(unit_id: int, *, on: date) -> str:
    """The code of the region that a unit answers for: itself, or the nearest one above it; its own where none is."""
    tree = units.units_on(on)
    own = next(unit for unit in tree if unit.id == unit_id)
    return _territory(own, tree).code


def scopes_of(rule: ScopeRule) -> list[int]:
    """The scopes that a rule takes in: of its units and all under them, in its lines. One query a unit, and one."""
    ids = {scope_id for code in rule.units for scope_id in units.scopes_under(code)}
    if rule.lines:
        ids = set(Scope.objects.filter(pk__in=ids, line__code__in=rule.lines).values_list("pk", flat=True))
    return sorted(ids)


def managed(actor: Appointment) -> Scopes:
    """Where `actor` may enter claims into a campaign, and change their base."""
    return scopes_where(actor, Permission.CAMPAIGNS_MANAGE)


def _territory(unit: UnitView, tree: Sequence[UnitView]) -> UnitView:
    above = [other for other in tree if other.is_territory and f"{unit.path}.".startswith(f"{other.path}.")]
    return max(above, key=lambda other: len(other.path), default=unit)


def _stands_over(keeper: UnitView | None, mine: UnitView | None, tree: Sequence[UnitView]) -> bool:
    if keeper is None or mine is None:
        return False
    return f"{mine.path}.".startswith(f"{_territory(keeper, tree).path}.")


def _view(row: Campaign, clauses: Clauses, by_id: Mapping[int, UnitView], actor: Appointment) -> CampaignView:
    keeper = by_id.get(row.unit_id)
    return CampaignView(
        id=row.pk,
        uid=row.uid,
        code=row.code,
        name=row.name,
        source=row.source,
        began_on=row.began_on,
        keeper=keeper.name if keeper else row.unit.code,
        scope_id=row.scope_id,
        clauses=clauses,
        may_manage=row.scope_id in managed(actor),
    )
