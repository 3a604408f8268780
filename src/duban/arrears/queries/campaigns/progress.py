"""How far the base of a campaign is cleared, and where its targets stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg import sql

from duban.arrears.models import CampaignTarget
from duban.arrears.queries.campaigns.bases import approved_orders, base_query
from duban.arrears.queries.campaigns.campaign import CampaignView
from duban.arrears.queries.campaigns.matching import balances_before, moved_after, total
from duban.arrears.rules import targets as rules
from duban.arrears.rules.accounts import COUNTED, Account, Rule
from duban.arrears.rules.bases import Progress, progress_of
from duban.arrears.rules.position import Dimension
from duban.arrears.rules.targets import Figures, Layer, Metric, Reached, Target
from duban.identity import queries as units
from duban.identity.access import in_sight, scopes_where
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """A cell of the base.

    Args:
        key: of the dimension asked for: the code of a unit or a line, a kind, a category.
        small_claims, small_zero: how many claims are small and undisputed, and of how many nothing undisputed is left;
            with `small_left`, what is left of them. None where the campaign has no threshold.
    """

    key: str
    claims: int
    progress: Progress
    small_claims: int | None
    small_zero: int | None
    small_left: Money | None

    @property
    def small_rate(self) -> Decimal | None:
        """小额清零率, by number of claims."""
        return Decimal(self.small_zero or 0) / Decimal(self.small_claims) if self.small_claims else None


_KEYS: Mapping[Dimension | None, sql.SQL] = {
    None: sql.SQL("''"),
    Dimension.UNIT: sql.SQL("u.code"),
    Dimension.LINE: sql.SQL("coalesce(l.code, '')"),
    Dimension.KIND: sql.SQL("b.debtor_kind"),
    Dimension.CATEGORY: sql.SQL("b.category"),
}
_USED = tuple(dict.fromkeys((Account.UNDISPUTED, *COUNTED[Rule.C0], *COUNTED[Rule.C1])))
_COUNTED = sql.SQL("coalesce(sum(least(greatest({} - b.settled, 0), b.amount)), 0)::bigint")
_PROGRESS = sql.SQL("""
    SELECT {key}, count(*) FILTER (WHERE b.amount > 0), coalesce(sum(b.amount), 0)::bigint, {stated}, {verified},
        count(*) FILTER (WHERE b.is_small), count(*) FILTER (WHERE b.is_small AND b.undisputed = 0),
        coalesce(sum(b.undisputed) FILTER (WHERE b.is_small), 0)::bigint
    FROM (
        SELECT base.amount, base.settled, base.scope_id, n.debtor_kind, n.category, {balances},
            base.amount > 0 AND base.undisputed BETWEEN 1 AND %(small)s - 1 AS is_small
        FROM ({base}) base JOIN arrears_claimnow n USING (claim_id) LEFT JOIN (
            SELECT x.claim_id, {moved} FROM arrears_transfer x
            WHERE x.effective_on > %(as_of)s AND {seen} GROUP BY x.claim_id
        ) later USING (claim_id)
        WHERE %(debtor)s::bigint IS NULL OR n.debtor_id = %(debtor)s
    ) b
    JOIN identity_scope s ON s.id = b.scope_id JOIN identity_unit u ON u.id = s.unit_id
    LEFT JOIN identity_line l ON l.id = s.line_id
    GROUP BY 1 ORDER BY 1
""")
"""`rules.bases.counted` over a whole base. A base is small against its threshold by what of it was undisputed."""


def campaign_progress(
    campaign: CampaignView,
    *,
    as_of: date,
    actor: Appointment,
    by: Dimension | None = Dimension.UNIT,
    debtor_id: int | None = None,
) -> list[ProgressRow]:
    """清偿进度 over the base as it stands on a day, under both counting rules, where `actor` sees it. Three queries.

    Args:
        campaign: as of that day: its threshold is the one in force then.
        by: unit, line, kind or category; None for all in one row.
        debtor_id: only the claims on this debtor.

    Returns:
        No row where no base is signed: `rules.bases.BASE_NOT_SIGNED` says so. A cell whose base is nothing has no rate
        and says that it is not assessed.
    """
    signed = approved_orders(campaign.id, on=as_of)
    if not signed:
        return []
    scopes = scopes_where(actor, Permission.ARREARS_VIEW)
    query = _PROGRESS.format(
        key=_KEYS[by],
        stated=_COUNTED.format(total(COUNTED[Rule.C0], "b")),
        verified=_COUNTED.format(total(COUNTED[Rule.C1], "b")),
        balances=balances_before(_USED),
        base=base_query(signed, scopes),
        moved=moved_after(_USED),
        seen=scopes.having("x.scope_id"),
    )
    small = campaign.clauses.small
    values: dict[str, Any] = {"as_of": as_of, "debtor": debtor_id, "small": small.fen if small else 0}
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [_row(key, numbers, has_threshold=small is not None) for key, *numbers in cursor.fetchall()]


def _row(key: str, numbers: Sequence[int], *, has_threshold: bool) -> ProgressRow:
    claims, base, stated, verified, small, zero, left = numbers
    found = progress_of(base=Money(base), stated=Money(stated), verified=Money(verified))
    if not has_threshold:
        return ProgressRow(key, claims, found, None, None, None)
    return ProgressRow(key, claims, found, small, zero, Money(left))


def added_up(rows: Sequence[ProgressRow], *, is_signed: bool = True) -> ProgressRow:
    """All rows as one; with none of them the base is nothing, or not signed."""
    whole = progress_of(
        base=sum((row.progress.base for row in rows), ZERO),
        stated=sum((row.progress.stated for row in rows), ZERO),
        verified=sum((row.progress.verified for row in rows), ZERO),
        is_signed=is_signed,
    )
    small = [row for row in rows if row.small_left is not None]
    if not small:
        return ProgressRow("", sum(row.claims for row in rows), whole, None, None, None)
    return ProgressRow(
        "",
        sum(row.claims for row in rows),
        whole,
        sum(row.small_claims or 0 for row in small),
        sum(row.small_zero or 0 for row in small),
        sum((row.small_left or ZERO for row in small), ZERO),
    )


# -- Targets ----------------------------------------------------------------------------------------------------------


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
