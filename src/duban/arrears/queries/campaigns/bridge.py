"""From the base of one campaign to that of the next (衔接表): what left, changed and entered, by unit, to the cent."""

from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from duban.arrears.queries.campaigns.bases import approved_orders, base_query
from duban.arrears.queries.campaigns.campaign import CampaignView, scopes_of
from duban.arrears.queries.campaigns.matching import judged
from duban.arrears.rules.bases import Bridge, bridge
from duban.arrears.rules.campaigns import Out
from duban.identity.access import scopes_where
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.kernel.words import N_
from duban.postgres.bulk import bigints

OLD, NEW, LEFT, RAISED, LOWERED, ENTERED = "old", "new", "left", "raised", "lowered", "entered"
CELLS = (OLD, NEW, LEFT, RAISED, LOWERED, ENTERED)
"""The cells of a bridge, each made of claims; `left` also by reason, as `left-due`."""


class BaseNotLocked(DomainError):
    """A bridge between campaigns of which one has no base on the day."""

    text = N_("Campaign {code} has no approved base on {day}. Approve its order first, or give a later day.")

    def __init__(self, *, code: str, day: date) -> None:
        super().__init__(code=code, day=day)


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """The bridge of a unit."""

    unit_code: str
    bridge: Bridge


@dataclass(frozen=True, slots=True)
class BridgeTable:
    """The rows, and what they add up to."""

    rows: list[BridgeRow]
    total: Bridge

    @property
    def reasons(self) -> list[Out]:
        """Why claims left, those that occur."""
        return [out for out in Out if out.value in self.total.left]


@dataclass(frozen=True, slots=True)
class BridgeClaim:
    """A claim behind a cell."""

    uid: UUID
    ledger_no: str
    debtor_name: str
    creditor_name: str
    before: Money
    after: Money
    out: Out | None


# Why a claim is not in the new base is what the new rule says of it that day; where the rule would take it in, somebody
# decided otherwise.
_CLAIMS = sql.SQL("""
    SELECT claim_id, coalesce(o.scope_id, n.scope_id) AS scope_id, coalesce(o.amount, 0) AS before,
        coalesce(n.amount, 0) AS after, CASE WHEN n.claim_id IS NULL THEN coalesce(j.out, {by_hand}) END AS out
    FROM (SELECT * FROM ({old}) b WHERE b.amount > 0) o
    FULL JOIN (SELECT * FROM ({new}) b WHERE b.amount > 0) n USING (claim_id)
    LEFT JOIN ({judged}) j USING (claim_id)
""")
_GROUPS = sql.SQL("""
    SELECT u.code, coalesce(c.out, ''), c.before > 0, c.after > c.before, sum(c.before)::bigint, sum(c.after)::bigint
    FROM ({claims}) c JOIN identity_scope s ON s.id = c.scope_id JOIN identity_unit u ON u.id = s.unit_id
    GROUP BY 1, 2, 3, 4 ORDER BY 1
""")
_LISTED = sql.SQL("""
    SELECT k.uid, n.ledger_no, n.debtor_name, n.creditor_name, c.before, c.after, c.out
    FROM (
        SELECT c.* FROM ({claims}) c JOIN identity_scope s ON s.id = c.scope_id JOIN identity_unit u ON u.id = s.unit_id
        WHERE {cell} AND (%(unit)s = '' OR u.code = %(unit)s)
        ORDER BY greatest(c.before, c.after) DESC, c.claim_id LIMIT %(limit)s OFFSET %(offset)s
    ) c
    JOIN arrears_claimnow n USING (claim_id) JOIN arrears_claim k ON k.id = c.claim_id
    ORDER BY greatest(c.before, c.after) DESC, c.claim_id
""")
_CELLS = {
    OLD: sql.SQL("c.before > 0"),
    NEW: sql.SQL("c.after > 0"),
    LEFT: sql.SQL("c.after = 0"),
    RAISED: sql.SQL("c.before > 0 AND c.after > c.before"),
    LOWERED: sql.SQL("c.after > 0 AND c.after < c.before"),
    ENTERED: sql.SQL("c.before = 0"),
}


def bridge_table(old: CampaignView, new: CampaignView, *, on: date, actor: Appointment) -> BridgeTable:
    """How the base of `old` becomes that of `new`, both as they stand on a day, where `actor` sees them. Five queries.

    Args:
        new: as of that day.

    Raises:
        BaseNotLocked: one of the two has no approved base by then.
    """
    claims, values = _claims(old, new, on, actor)
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS.format(claims=claims), values)
        groups = cursor.fetchall()
    by_unit: dict[str, list[tuple[Money, Money, str]]] = {}
    for code, out, _, _, before, after in groups:
        by_unit.setdefault(code, []).append((Money(before), Money(after), out))
    rows = [BridgeRow(code, bridge(cells)) for code, cells in by_unit.items()]
    return BridgeTable(rows, bridge(chain.from_iterable(by_unit.values())))


def bridge_claims(
    old: CampaignView, new: CampaignView, cell: str, *, on: date, actor: Appointment, window: slice, unit: str = ""
) -> list[BridgeClaim]:
    """The claims behind a cell, the largest first; none for a cell that there is not.

    Args:
        cell: one of `CELLS`, or `left-` with a reason.
        unit: the code of a unit; all of them without one.
    """
    name, _, reason = cell.partition("-")
    if name not in _CELLS:
        return []
    claims, values = _claims(old, new, on, actor)
    condition: sql.Composable = _CELLS[name]
    if reason:
        condition = sql.SQL("{} AND c.out = {}").format(condition, sql.Literal(reason))
    values |= {"unit": unit, "limit": window.stop - window.start, "offset": window.start}
    with connection.cursor() as cursor:
        cursor.execute(_LISTED.format(claims=claims, cell=condition), values)
        rows = cursor.fetchall()
    return [
        BridgeClaim(uid, number, debtor, creditor, Money(before), Money(after), Out(out) if out else None)
        for uid, number, debtor, creditor, before, after, out in rows
    ]


def _claims(old: CampaignView, new: CampaignView, on: date, actor: Appointment) -> tuple[sql.Composed, dict[str, Any]]:
    scopes = scopes_where(actor, Permission.ARREARS_VIEW)
    bases = []
    for campaign in (old, new):
        signed = approved_orders(campaign.id, on=on)
        if not signed or campaign.clauses.scope is None:
            raise BaseNotLocked(code=campaign.code, day=on)
        bases.append(base_query(signed, scopes))
    rule = new.clauses.scope
    assert rule is not None  # noqa: S101 - asked for above
    claims = _CLAIMS.format(
        old=bases[0], new=bases[1], judged=judged(rule, scopes), by_hand=sql.Literal(Out.BY_HAND.value)
    )
    return claims, {"on": on, "places": bigints(scopes_of(rule))}
