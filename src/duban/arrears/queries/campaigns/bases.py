"""The base of a campaign, and the orders that made it what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from psycopg import sql

from duban.arrears.models import BaseDecision, BaseLine, BaseOrder
from duban.arrears.queries.campaigns.matching import MEMBERS, judged
from duban.arrears.rules.bases import OrderKind, OrderState
from duban.arrears.rules.campaigns import COVERABLE, ScopeRule
from duban.audit.queries import shown_by
from duban.identity.access import Scopes, in_sight
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import ZERO, Money
from duban.postgres.bulk import bigints

_BASE = sql.SQL("""
    SELECT DISTINCT ON (l.claim_id) l.claim_id, l.scope_id, l.after AS amount, l.settled,
        CASE WHEN l.by_hand THEN l.after ELSE l.undisputed + l.cleared END AS undisputed
    FROM arrears_baseline l WHERE l.order_id = ANY({orders}::bigint[]) AND {seen}
    ORDER BY l.claim_id, l.order_id DESC
""")


BATCH = 2_000
"""Lines of an export that are read at a time."""
PARTS = (*(account.value for account in COVERABLE), "cleared")
"""The columns into which a line is divided."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order, with what its lines come to where the reader sees them."""

    id: int
    uid: UUID
    number: int
    kind: OrderKind
    state: OrderState
    effective_on: date
    reason: str
    file_name: str
    file_sha256: str
    drafted_by: str
    drafted_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision: str
    claims: int
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class LineRow:
    """What an order makes of the base of one claim."""

    claim_id: int
    claim_uid: UUID
    ledger_no: str
    debtor_name: str
    creditor_name: str
    before: Money
    after: Money
    parts: dict[str, Money] | None
    """What it is made of, by account, and `cleared`; None where somebody gave the amount."""


def approved_orders(campaign_id: int, *, on: date | None = None) -> list[int]:
    """The orders by which the base stands on a day, in their order; of any day where none is given. One query."""
    found = BaseOrder.objects.filter(campaign_id=campaign_id, decision__is_approved=True)
    if on is not None:
        found = found.filter(effective_on__lte=on)
    return list(found.order_by("number").values_list("pk", flat=True))


def base_query(orders: Sequence[int], scopes: Scopes) -> sql.Composed:
    """A query of the base by claim, as those orders leave it: `amount`, `settled` and `undisputed`.

    The last is what of it was undisputed on its day, or had been when it was cleared.
    """
    return _BASE.format(orders=sql.Literal(bigints(orders)), seen=scopes.having("l.scope_id"))


_CHANGED = sql.SQL("""
    SELECT j.*, m.enters AS is_member, coalesce(b.amount, 0) AS before, coalesce(b.settled, 0) AS settled
    FROM ({judged}) j LEFT JOIN ({members}) m USING (claim_id) LEFT JOIN ({base}) b USING (claim_id)
    WHERE (m.enters AND coalesce(b.amount, 0) = 0 AND j.amount > 0)
       OR (NOT coalesce(m.enters, false) AND b.amount > 0)
""")
_LINES = sql.SQL("""
    SELECT c.claim_id, c.scope_id, false AS by_hand, c.before, CASE WHEN c.is_member THEN c.amount ELSE 0 END AS after,
        CASE WHEN c.is_member THEN {settled} ELSE c.settled END AS settled, {parts}
    FROM ({changed}) c
""")


def lines_query(rule: ScopeRule, orders: Sequence[int], scopes: Scopes) -> sql.Composed:
    """A query of the lines by which the base follows its members, with the columns of `BaseLine`.

    It is of a day `%(on)s` as the books knew it at `%(known_at)s`.

    Members without a base get one: what the rule covers of them that day. Claims with a base that are no members any
    more lose it. The first order of a campaign is this with no order before it.
    """
    members = MEMBERS.format(seen=scopes.having("scope_id"))
    changed = _CHANGED.format(
        judged=judged(rule, scopes, at_instant=True), members=members, base=base_query(orders, scopes)
    )
    parts = [_part(f"c.{account.value}", account.value, account in rule.accounts) for account in COVERABLE]
    parts.append(_part("c.cleared", "cleared", rule.from_the_beginning))
    settled = sql.SQL("0" if rule.from_the_beginning else "c.cleared")
    return _LINES.format(changed=changed, settled=settled, parts=sql.SQL(", ").join(parts))


def _part(column: str, name: str, is_covered: bool) -> sql.Composed:
    covered = sql.SQL("CASE WHEN c.is_member THEN {} ELSE 0 END") if is_covered else sql.SQL("0::bigint")
    return sql.SQL("{} AS {}").format(covered.format(sql.Identifier(*column.split("."))), sql.Identifier(name))


# -- Orders -----------------------------------------------------------------------------------------------------------


def orders(campaign_id: int, *, actor: Appointment) -> list[OrderRow]:
    """The orders of a campaign, the latest first. Two queries."""
    found = list(_orders().filter(campaign_id=campaign_id).order_by("-number"))
    sums = _sums([order.pk for order in found], actor)
    return [_row(order, sums.get(order.pk, (0, ZERO, ZERO))) for order in found]


def order(uid: UUID, *, actor: Appointment) -> tuple[OrderRow, UUID]:
    """One order, and the uid of its campaign. Two queries.

    Raises:
        BaseOrder.DoesNotExist: there is none.
    """
    found = _orders().select_related("campaign").get(uid=uid)
    return _row(found, _sums([found.pk], actor).get(found.pk, (0, ZERO, ZERO))), found.campaign.uid


def order_lines(order_id: int, *, actor: Appointment, window: slice) -> list[LineRow]:
    """The lines of an order that `actor` sees, in the order in which their claims came into the ledger. One query."""
    return [_line(line) for line in _lines(order_id, actor)[window]]


def order_lines_after(order_id: int, actor: Appointment, last: LineRow | None) -> list[LineRow]:
    """The lines that follow `last`, a batch at a time: for an export of the whole order."""
    lines = _lines(order_id, actor)
    return [_line(line) for line in (lines.filter(claim_id__gt=last.claim_id) if last else lines)[:BATCH]]


def _lines(order_id: int, actor: Appointment) -> "QuerySet[BaseLine]":
    seen = BaseLine.objects.filter(in_sight(actor, Permission.ARREARS_VIEW), order_id=order_id)
    return seen.select_related("claim__now").order_by("claim_id")


def _line(line: BaseLine) -> LineRow:
    now = line.claim.now
    held = {name: amount for name in PARTS if (amount := getattr(line, name)) > ZERO}
    return LineRow(
        line.claim_id, line.claim.uid, now.ledger_no, now.debtor_name, now.creditor_name, line.before, line.after,
        None if line.by_hand else held,
    )  # fmt: skip


def _orders() -> "QuerySet[BaseOrder]":
    return BaseOrder.objects.select_related("posting", "file", "decision__posting")


def _sums(order_ids: Sequence[int], actor: Appointment) -> dict[int, tuple[int, Money, Money]]:
    lines = BaseLine.objects.filter(in_sight(actor, Permission.ARREARS_VIEW), order_id__in=order_ids)
    rows = lines.values("order_id").annotate(claims=Count("pk"), was=Sum("before"), becomes=Sum("after"))
    return {row["order_id"]: (row["claims"], _money(row["was"]), _money(row["becomes"])) for row in rows}


def _money(summed: Any) -> Money:  # noqa: ANN401 - the ORM gives a Money or a number, by its version
    return summed if isinstance(summed, Money) else Money(int(summed))


def _row(order: BaseOrder, sums: tuple[int, Money, Money]) -> OrderRow:
    decision: BaseDecision | None = getattr(order, "decision", None)
    state = OrderState.WAITING
    if decision is not None:
        state = OrderState.APPROVED if decision.is_approved else OrderState.REFUSED
    return OrderRow(
        id=order.pk,
        uid=order.uid,
        number=order.number,
        kind=OrderKind(order.kind),
        state=state,
        effective_on=order.effective_on,
        reason=order.reason,
        file_name=order.file.name if order.file else "",
        file_sha256=order.file.sha256 if order.file else "",
        drafted_by=shown_by(order.posting.who),
        drafted_at=order.posting.recorded_at,
        decided_by=shown_by(decision.posting.who) if decision else "",
        decided_at=decision.posting.recorded_at if decision else None,
        decision=decision.reason if decision else "",
        claims=sums[0],
        before=sums[1],
        after=sums[2],
    )
