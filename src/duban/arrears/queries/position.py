"""Where the ledger stands: balances by account on any day, as known at any instant, along any of its dimensions.

Along unit, line and region the answer is a sum of flows, which the database keeps by scope, day and posting. Along
what is said of a claim (its kind, category, age, size) it is a sum of transfers beside the facts known at the instant.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from psycopg import sql

from duban.arrears.models import Fold
from duban.arrears.rules.accounts import HELD, Account
from duban.arrears.rules.acts import CARRYING
from duban.arrears.rules.position import Dimension
from duban.arrears.rules.reversing import REVERSED
from duban.audit import commands as audit
from duban.identity.access import Scopes, scopes_where
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.kernel.words import N_

__all__ = ["Dimension", "FutureInstant", "PositionRow", "added_up", "newly_recognised", "now", "position"]

NOT_NEW = sorted({"arrears.opening", REVERSED} | CARRYING)
"""Postings that recognise and are no 新增: openings (期初认定), what was taken back, what was carried over (划转)."""
OF_SCOPE = frozenset({Dimension.REGION, Dimension.UNIT, Dimension.LINE})


class FutureInstant(DomainError):
    """A position as known at an instant that has not come."""

    text = N_("What will be known at {instant} cannot be told; it is {now} now. Give an earlier instant, or none.")

    def __init__(self, *, instant: datetime, now: datetime) -> None:
        super().__init__(instant=instant.isoformat(timespec="seconds"), now=now.isoformat(timespec="seconds"))


@dataclass(frozen=True, slots=True)
class PositionRow:
    """Balances of one cell of the breakdown, in the order of the dimensions asked for.

    Args:
        claims: how many claims have something in the cell. Only along `method` can one be in several cells.
    """

    keys: Mapping[str, str]
    claims: int
    fen: Mapping[Account, int]

    @property
    def balances(self) -> Mapping[Account, Money]:
        """Every account that something can be held in, with what it holds."""
        held: tuple[Account, ...] = HELD
        return {account: Money.from_fen(self.fen.get(account, 0)) for account in held}


def position(
    *,
    actor: Appointment,
    as_of: date,
    known_at: datetime | None = None,
    by: Sequence[Dimension] = (),
) -> list[PositionRow]:
    """Balances on `as_of`, as known at `known_at` or now.

    An instant within the last minute, or one before which a posting is still open, waits until nothing recorded by
    then can change.

    Raises:
        FutureInstant: `known_at` has not come.
    """
    _settle(known_at)
    scopes = scopes_where(actor, Permission.ARREARS_VIEW)
    if set(by) <= OF_SCOPE:
        return _by_scope(scopes, as_of=as_of, known_at=known_at, by=by)
    return _by_claim(scopes, as_of=as_of, known_at=known_at, by=by)


def now() -> datetime:
    """This instant by the database's clock, which is the one that postings are recorded by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        instant: datetime = cursor.fetchone()[0]
    return instant


def _settle(known_at: datetime | None) -> None:
    if known_at is None:
        return
    if known_at > (present := now()):
        raise FutureInstant(instant=known_at, now=present)
    audit.settle(known_at)


# -- By scope: sums of flows ------------------------------------------------------------------------------------------

# The codes of a scope's region, unit and line, as they stood on the day.
_PLACES = sql.SQL(
    " JOIN identity_scope s ON s.id = b.scope_id JOIN identity_unit u ON u.id = s.unit_id"
    " LEFT JOIN identity_line l ON l.id = s.line_id LEFT JOIN identity_unitversion v ON v.unit_id = u.id"
    " AND v.valid_from <= %(as_of)s AND (v.valid_to IS NULL OR v.valid_to > %(as_of)s)"
)
_PLACE_KEYS: Mapping[Dimension, sql.Composable] = {
    Dimension.REGION: sql.SQL("coalesce(v.region_code, '')"),
    Dimension.UNIT: sql.SQL("u.code"),
    Dimension.LINE: sql.SQL("coalesce(l.code, '')"),
}
# Flows are added up by scope before anything is joined: there are many of them, and few scopes. Those in a fold are
# added up already: what of them takes effect after the day is taken out again, and later flows are put in.
_FLOWS = sql.SQL("""
    SELECT {keys}b.account, sum(b.fen)::bigint, sum(b.claims)::bigint
    FROM (
        SELECT scope_id, account, amount AS fen, claims FROM arrears_foldedflow
        WHERE {scopes} AND fold_id = %(fold)s
        UNION ALL
        SELECT scope_id, account, -sum(amount)::bigint, -sum(claims) FROM arrears_flow
        WHERE {scopes} AND id <= %(fold)s AND effective_on > %(as_of)s
        GROUP BY scope_id, account
        UNION ALL
        SELECT scope_id, account, sum(amount)::bigint, sum(claims) FROM arrears_flow
        WHERE {scopes} AND id > %(fold)s AND effective_on <= %(as_of)s
          AND (%(known_at)s::timestamptz IS NULL OR recorded_at <= %(known_at)s)
        GROUP BY scope_id, account
    ) b{places}
    GROUP BY {groups}
""")


_ACCOUNTS = {account.value: account for account in Account}


@dataclass(slots=True)
class _Sum:
    claims: int
    fen: dict[Account, int]

    def add(self, claims: int, fen: Mapping[Account, int]) -> None:
        self.claims += claims
        for account, amount in fen.items():
            self.fen[account] = self.fen.get(account, 0) + amount


def _by_scope(scopes: Scopes, *, as_of: date, known_at: datetime | None, by: Sequence[Dimension]) -> list[PositionRow]:
    query = _FLOWS.format(
        keys=_columns(_PLACE_KEYS[dimension] for dimension in by),
        places=_PLACES,
        groups=_first(len(by) + 1),
        scopes=scopes.having("scope_id"),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"as_of": as_of, "known_at": known_at, "fold": _fold(known_at)})
        flows = cursor.fetchall()
    sums: dict[tuple[str, ...], _Sum] = {}
    for *keys, account, fen, claims in flows:
        cell = sums.setdefault(tuple(keys), _Sum(0, {}))
        cell.claims += claims
        cell.fen[_ACCOUNTS[account]] = fen
    return _rows(sums, by)


def _fold(known_at: datetime | None) -> int:
    """The last flow of the latest fold that holds nothing recorded after the instant; 0 where there is none.

    It is asked for by itself, because the plan depends on it. The two latest folds are kept, so that it is still there.
    """
    folds = Fold.objects.filter(recorded_until__lte=known_at) if known_at else Fold.objects.all()
    return folds.order_by("-last_flow").values_list("last_flow", flat=True).first() or 0


def _columns(expressions: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL("").join(expression + sql.SQL(", ") for expression in expressions)


def _first(count: int) -> sql.Composed:
    """The first columns of a query, to group by."""
    return sql.SQL(", ").join(sql.SQL(str(column)) for column in range(1, count + 1))


# -- By claim: sums of transfers beside facts -------------------------------------------------------------------------

_METHODS = (Account.REPORTED, Account.CASH, Account.INSTRUMENT, Account.OFFSET, Account.COURT, Account.REDUCED)

# Bands are those of domain.md §2.3: age from the due day by anniversaries, size of the amount recognised.
_KEYS: Mapping[Dimension, sql.Composable] = {
    **_PLACE_KEYS,
    Dimension.KIND: sql.SQL("coalesce(f.debtor_kind, '')"),
    Dimension.CATEGORY: sql.SQL("coalesce(f.category, '')"),
    Dimension.AGE: sql.SQL(
        "CASE WHEN f.due_on IS NULL THEN '' WHEN f.due_on > %(as_of)s THEN 'not_due'"
        " WHEN f.due_on + interval '1 year' >= %(as_of)s THEN '<=1'"
        " WHEN f.due_on + interval '3 years' >= %(as_of)s THEN '1-3'"
        " WHEN f.due_on + interval '5 years' >= %(as_of)s THEN '3-5' ELSE '>5' END"
    ),
    Dimension.SIZE: sql.SQL(
        "CASE WHEN b.recognised < 50000000 THEN '<50' WHEN b.recognised < 500000000 THEN '50-500' ELSE '>=500' END"
    ),
    Dimension.METHOD: sql.SQL("CASE WHEN b.account IN ({}) THEN b.account ELSE '' END").format(
        sql.SQL(", ").join(sql.Literal(account.value) for account in _METHODS)
    ),
}
_CLAIMS = sql.SQL("""
    WITH facts AS (
        SELECT DISTINCT ON (claim_id) claim_id, debtor_kind, category, due_on
        FROM arrears_claimfact
        WHERE {of_facts}
          AND (%(known_at)s::timestamptz IS NULL OR recorded_at <= %(known_at)s)
        ORDER BY claim_id, n DESC
    ), legs AS (
        SELECT t.claim_id, t.scope_id, leg.account, sum(leg.signed) AS fen
        FROM arrears_transfer t
        CROSS JOIN LATERAL (VALUES (t.source, -t.amount), (t.destination, t.amount)) leg (account, signed)
        WHERE {of_transfers} AND t.effective_on <= %(as_of)s
          AND (%(known_at)s::timestamptz IS NULL OR t.recorded_at <= %(known_at)s)
        GROUP BY t.claim_id, t.scope_id, leg.account
    ), b AS (
        SELECT *, -min(fen) FILTER (WHERE account = 'recognised') OVER (PARTITION BY claim_id) AS recognised FROM legs
    )
    SELECT {keys}count(DISTINCT b.claim_id), {sums}
    FROM b LEFT JOIN facts f USING (claim_id){places}
    WHERE b.account <> 'recognised' AND b.fen > 0
    GROUP BY {groups}
""")
_SUMS = sql.SQL(", ").join(
    sql.SQL("coalesce(sum(b.fen) FILTER (WHERE b.account = {}), 0)::bigint").format(sql.Literal(account.value))
    for account in HELD
)


def _by_claim(scopes: Scopes, *, as_of: date, known_at: datetime | None, by: Sequence[Dimension]) -> list[PositionRow]:
    query = _CLAIMS.format(
        keys=_columns(_KEYS[dimension] for dimension in by),
        sums=_SUMS,
        places=_PLACES,
        groups=_first(len(by)),
        of_facts=scopes.having("scope_id"),
        of_transfers=scopes.having("t.scope_id"),
    )
    rows: list[tuple[Any, ...]]
    with connection.cursor() as cursor:
        cursor.execute(query, {"as_of": as_of, "known_at": known_at})
        rows = cursor.fetchall()
    sums: dict[tuple[str, ...], _Sum] = {}
    for row in rows:
        keys, (claims, *fen) = row[: len(by)], row[len(by) :]
        sums.setdefault(keys, _Sum(0, {})).add(claims, dict(zip(HELD, fen, strict=True)))
    return _rows(sums, by)


def _rows(sums: Mapping[tuple[str, ...], _Sum], by: Sequence[Dimension]) -> list[PositionRow]:
    names = [dimension.value for dimension in by]
    return [
        PositionRow(dict(zip(names, keys, strict=True)), cell.claims, cell.fen)
        for keys, cell in sorted(sums.items())
        if cell.claims or any(cell.fen.values())
    ]


def added_up(rows: Sequence[PositionRow]) -> PositionRow:
    """All rows as one. Rows along `method` may hold the same claim, so of those no count of claims comes of it."""
    whole = _Sum(0, {})
    for row in rows:
        whole.add(row.claims, row.fen)
    return PositionRow({}, whole.claims, whole.fen)


def newly_recognised(*, actor: Appointment, since: date, as_of: date, known_at: datetime | None = None) -> Money:
    """What entered the ledger from `since` to `as_of`, apart from the kinds of postings in `NOT_NEW`."""
    _settle(known_at)
    scopes = scopes_where(actor, Permission.ARREARS_VIEW)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT coalesce(-sum(amount), 0)::bigint FROM arrears_flow WHERE {}"
                " AND account = 'recognised' AND effective_on BETWEEN %s AND %s"
                " AND kind <> ALL (%s) AND (%s::timestamptz IS NULL OR recorded_at <= %s)"
            ).format(scopes.having("scope_id")),
            [since, as_of, NOT_NEW, known_at, known_at],
        )
        return Money.from_fen(cursor.fetchone()[0])
