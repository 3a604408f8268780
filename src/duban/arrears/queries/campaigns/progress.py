"""How far the base of a campaign is cleared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from duban.arrears.queries.campaigns.bases import approved_orders, base_query
from duban.arrears.queries.campaigns.campaign import CampaignView
from duban.arrears.queries.campaigns.matching import total
from duban.arrears.queries.earlier import balances_before, moved
from duban.arrears.rules.accounts import COUNTED, Account, Rule
from duban.arrears.rules.bases import Progress, progress_of
from duban.arrears.rules.position import Dimension
from duban.identity.access import scopes_where
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
_COUNTED = sql.SQL("least(greatest({} - b.settled, 0), b.amount)")
# `rules.bases.counted` claim by claim. A claim is small, against the threshold, by what of its base was undisputed.
_CLAIMS = sql.SQL("""
    SELECT b.*, {stated} AS stated, {verified} AS verified
    FROM (
        SELECT base.claim_id, base.amount, base.settled, base.scope_id, n.debtor_kind, n.category, {balances},
            base.amount > 0 AND base.undisputed BETWEEN 1 AND %(small)s - 1 AS is_small
        FROM ({base}) base JOIN arrears_claimnow n USING (claim_id) LEFT JOIN (
            SELECT x.claim_id, {moved} FROM arrears_transfer x
            WHERE x.effective_on > %(as_of)s AND {seen} GROUP BY x.claim_id
        ) later USING (claim_id)
        WHERE %(debtor)s::bigint IS NULL OR n.debtor_id = %(debtor)s
    ) b
""")
_PROGRESS = sql.SQL("""
    SELECT {key}, count(*) FILTER (WHERE b.amount > 0), coalesce(sum(b.amount), 0)::bigint,
        coalesce(sum(b.stated), 0)::bigint, coalesce(sum(b.verified), 0)::bigint,
        count(*) FILTER (WHERE b.is_small), count(*) FILTER (WHERE b.is_small AND b.undisputed = 0),
        coalesce(sum(b.undisputed) FILTER (WHERE b.is_small), 0)::bigint
    FROM ({claims}) b
    JOIN identity_scope s ON s.id = b.scope_id JOIN identity_unit u ON u.id = s.unit_id
    LEFT JOIN identity_line l ON l.id = s.line_id
    GROUP BY 1 ORDER BY 1
""")
_LISTED = sql.SQL("""
    SELECT c.uid, n.ledger_no, n.debtor_name, n.creditor_name, b.amount, b.stated, b.verified, b.is_small
    FROM (
        SELECT b.* FROM ({claims}) b JOIN identity_scope s ON s.id = b.scope_id JOIN identity_unit u ON u.id = s.unit_id
        WHERE b.amount > 0 AND (%(unit)s = '' OR u.code = %(unit)s)
        ORDER BY b.amount DESC, b.claim_id LIMIT %(limit)s OFFSET %(offset)s
    ) b
    JOIN arrears_claimnow n USING (claim_id) JOIN arrears_claim c ON c.id = b.claim_id
    ORDER BY b.amount DESC, b.claim_id
""")


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
    has_threshold = campaign.clauses.small is not None
    with connection.cursor() as cursor:
        cursor.execute(
            _PROGRESS.format(key=_KEYS[by], claims=_claims(signed, actor)),
            _values(campaign, as_of) | {"debtor": debtor_id},
        )
        return [_row(key, numbers, has_threshold=has_threshold) for key, *numbers in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class BaseClaimRow:
    """A claim of the base, with what counts of what was cleared of it."""

    uid: UUID
    ledger_no: str
    debtor_name: str
    creditor_name: str
    amount: Money
    stated: Money
    verified: Money
    is_small: bool


def base_claims(
    campaign: CampaignView, *, as_of: date, actor: Appointment, window: slice, unit: str = ""
) -> list[BaseClaimRow]:
    """The claims behind the progress of a unit, or of all, the largest first. Two queries."""
    signed = approved_orders(campaign.id, on=as_of)
    values = _values(campaign, as_of) | {"unit": unit, "limit": window.stop - window.start, "offset": window.start}
    with connection.cursor() as cursor:
        cursor.execute(_LISTED.format(claims=_claims(signed, actor)), values)
        rows = cursor.fetchall()
    return [
        BaseClaimRow(uid, number, debtor, creditor, Money(amount), Money(stated), Money(verified), is_small)
        for uid, number, debtor, creditor, amount, stated, verified, is_small in rows
    ]


def _claims(signed: Sequence[int], actor: Appointment) -> sql.Composed:
    scopes = scopes_where(actor, Permission.ARREARS_VIEW)
    return _CLAIMS.format(
        stated=_COUNTED.format(total(COUNTED[Rule.C0], "b")),
        verified=_COUNTED.format(total(COUNTED[Rule.C1], "b")),
        balances=balances_before(_USED),
        base=base_query(signed, scopes),
        moved=moved(_USED),
        seen=scopes.having("x.scope_id"),
    )


def _values(campaign: CampaignView, as_of: date) -> dict[str, Any]:
    small = campaign.clauses.small
    return {"as_of": as_of, "debtor": None, "small": small.fen if small else 0}


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
