"""Where the ledger stands: balances by account on any day, as known at any instant, along any of its dimensions.

Along unit, line and region the answer is a sum of flows, which the database keeps by scope, day and posting. Along
what is said of a claim (its kind, category, age, size) it is a sum of transfers beside the facts known at the instant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import connection

from duban.arrears.rules.accounts import HELD, Account
from duban.audit import commands as audit
from duban.identity import queries as units
from duban.identity.access import scopes_where
from duban.identity.models import Appointment, Line, Scope
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_


class Dimension(StrEnum):
    """Along what a position is broken down."""

    REGION = "region"
    UNIT = "unit"
    LINE = "line"
    KIND = "kind"
    CATEGORY = "category"
    AGE = "age"
    SIZE = "size"
    METHOD = "method"


OF_SCOPE = frozenset({Dimension.REGION, Dimension.UNIT, Dimension.LINE})


class UnknownDimension(DomainError):
    """A breakdown that there is not."""

    text = N_("The position cannot be broken down by {name}. Choose among: {names}.")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name, names=", ".join(dimension.value for dimension in Dimension))


@dataclass(frozen=True, slots=True)
class PositionRow:
    """Balances of one cell of the breakdown, in the order of the dimensions asked for."""

    keys: Mapping[str, str]
    claims: int
    balances: Mapping[Account, Money]


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
    """
    if known_at is not None:
        audit.settle(known_at)
    scopes = scopes_where(actor, Permission.ARREARS_VIEW)
    if set(by) <= OF_SCOPE:
        return _by_scope(scopes, as_of=as_of, known_at=known_at, by=by)
    return _by_claim(scopes, as_of=as_of, known_at=known_at, by=by)


# -- By scope: sums of flows ------------------------------------------------------------------------------------------

_FLOWS = """
    SELECT scope_id, account, sum(amount)::bigint, sum(claims)::bigint
    FROM arrears_flow
    WHERE scope_id = ANY(%s) AND effective_on <= %s AND (%s::timestamptz IS NULL OR recorded_at <= %s)
    GROUP BY scope_id, account
"""


@dataclass(slots=True)
class _Sum:
    claims: int
    fen: dict[Account, int]


def _by_scope(
    scopes: list[int], *, as_of: date, known_at: datetime | None, by: Sequence[Dimension]
) -> list[PositionRow]:
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS, [scopes, as_of, known_at, known_at])
        flows = cursor.fetchall()
    names = _scope_keys({row[0] for row in flows}, on=as_of, by=by)
    sums: dict[tuple[str, ...], _Sum] = {}
    for scope_id, account, fen, claims in flows:
        cell = sums.setdefault(names[scope_id], _Sum(0, {}))
        cell.claims += claims
        cell.fen[Account(account)] = cell.fen.get(Account(account), 0) + fen
    return _rows(sums, by)


def _scope_keys(scope_ids: set[int], *, on: date, by: Sequence[Dimension]) -> dict[int, tuple[str, ...]]:
    """The cell of each scope: codes of region, unit and line, as they stood on a day."""
    of_unit = {unit.id: unit for unit in units.units_on(on)}
    lines = dict(Line.objects.values_list("pk", "code"))
    cells = {}
    for pk, unit_id, line_id, code in Scope.objects.filter(pk__in=scope_ids).values_list(
        "pk", "unit_id", "line_id", "unit__code"
    ):
        unit = of_unit.get(unit_id)
        values = {
            Dimension.REGION: unit.region_code if unit else "",
            Dimension.UNIT: code,
            Dimension.LINE: lines.get(line_id, "") if line_id else "",
        }
        cells[pk] = tuple(values[dimension] for dimension in by)
    return cells


# -- By claim: sums of transfers beside facts -------------------------------------------------------------------------

_CLAIMS = """
    WITH facts AS (
        SELECT DISTINCT ON (claim_id) claim_id, scope_id, debtor_kind, category, due_on
        FROM arrears_claimfact
        WHERE scope_id = ANY(%(scopes)s) AND (%(known_at)s::timestamptz IS NULL OR recorded_at <= %(known_at)s)
        ORDER BY claim_id, n DESC
    ), balances AS (
        SELECT t.claim_id, leg.account, sum(leg.signed)::bigint AS fen
        FROM arrears_transfer t
        CROSS JOIN LATERAL (VALUES (t.source, -t.amount), (t.destination, t.amount)) leg (account, signed)
        WHERE t.scope_id = ANY(%(scopes)s) AND t.effective_on <= %(as_of)s
          AND (%(known_at)s::timestamptz IS NULL OR t.recorded_at <= %(known_at)s)
        GROUP BY t.claim_id, leg.account
    ), owed AS (
        SELECT claim_id, -fen AS fen FROM balances WHERE account = 'recognised'
    )
    SELECT f.scope_id, f.debtor_kind, f.category,
        CASE WHEN f.due_on IS NULL THEN '' WHEN f.due_on > %(as_of)s THEN 'not_due'
             WHEN f.due_on + interval '1 year' >= %(as_of)s THEN '<=1'
             WHEN f.due_on + interval '3 years' >= %(as_of)s THEN '1-3'
             WHEN f.due_on + interval '5 years' >= %(as_of)s THEN '3-5' ELSE '>5' END AS age,
        CASE WHEN o.fen < 50000000 THEN '<50' WHEN o.fen < 500000000 THEN '50-500' ELSE '>=500' END AS size,
        b.account, sum(b.fen)::bigint, count(*) FILTER (WHERE b.account = 'recognised')
    FROM balances b JOIN facts f USING (claim_id) JOIN owed o USING (claim_id)
    GROUP BY 1, 2, 3, 4, 5, 6
"""
_METHODS = frozenset(
    {Account.REPORTED, Account.CASH, Account.INSTRUMENT, Account.OFFSET, Account.COURT, Account.REDUCED}
)


def _by_claim(
    scopes: list[int], *, as_of: date, known_at: datetime | None, by: Sequence[Dimension]
) -> list[PositionRow]:
    """Bands are those of domain.md §2.3: age from the due day by anniversaries, size of the amount recognised, 万元."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS, {"scopes": scopes, "as_of": as_of, "known_at": known_at})
        rows = cursor.fetchall()
    of_scope = [dimension for dimension in by if dimension in OF_SCOPE]
    names = _scope_keys({row[0] for row in rows}, on=as_of, by=of_scope)
    sums: dict[tuple[str, ...], _Sum] = {}
    for scope_id, kind, category, age, size, account, fen, claims in rows:
        values = dict(zip(of_scope, names[scope_id], strict=True)) | {
            Dimension.KIND: kind,
            Dimension.CATEGORY: category,
            Dimension.AGE: age,
            Dimension.SIZE: size,
            Dimension.METHOD: account if account in _METHODS else "",
        }
        cell = sums.setdefault(tuple(values[dimension] for dimension in by), _Sum(0, {}))
        cell.claims += claims
        cell.fen[Account(account)] = cell.fen.get(Account(account), 0) + fen
    return _rows(sums, by)


def _rows(sums: Mapping[tuple[str, ...], _Sum], by: Sequence[Dimension]) -> list[PositionRow]:
    names = [dimension.value for dimension in by]
    return [
        PositionRow(
            dict(zip(names, keys, strict=True)),
            cell.claims,
            {account: Money.from_fen(cell.fen.get(account, 0)) for account in HELD},
        )
        for keys, cell in sorted(sums.items())
    ]


def added_up(rows: Sequence[PositionRow]) -> PositionRow:
    """All rows as one."""
    balances = {account: sum((row.balances[account] for row in rows), ZERO) for account in HELD}
    return PositionRow({}, sum(row.claims for row in rows), balances)


def newly_recognised(*, actor: Appointment, since: date, as_of: date) -> Money:
    """What entered the ledger from `since` to `as_of`, apart from openings (期初认定)."""
    scopes = scopes_where(actor, Permission.ARREARS_VIEW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(-sum(f.amount), 0)::bigint FROM arrears_flow f JOIN audit_posting p ON p.id = f.posting_id"
            " WHERE f.scope_id = ANY(%s) AND f.account = 'recognised' AND f.effective_on BETWEEN %s AND %s"
            " AND p.kind <> 'arrears.opening'",
            [scopes, since, as_of],
        )
        return Money.from_fen(cursor.fetchone()[0])
