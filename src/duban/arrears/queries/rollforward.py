"""What was open on one day, what changed it, and what is open on another: for a reporter and everything under it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from duban.arrears.rules.accounts import CARRIED, MOVES, OPEN, OUTSIDE_RATES, Account
from duban.arrears.rules.rollforward import Moved, RollForward, Term, View, effect, rolled, term_of
from duban.identity import queries as units
from duban.identity.access import Scopes, scopes_where
from duban.identity.models import Appointment
from duban.identity.queries import UnitView
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_


class EmptySpan(DomainError):
    """A span that ends before it begins."""

    text = N_("The span from {start} to {end} has no day. Give a first day that is not after the last.")

    def __init__(self, *, start: date, end: date) -> None:
        super().__init__(start=start, end=end)


@dataclass(frozen=True, slots=True)
class Rolled:
    """The roll-forward of a unit.

    Args:
        start, end: both days belong to the span; it opens at the end of the day before `start`.
        outside: what is not due or not settled, at the opening and at the closing: in no term and in no rate.
    """

    unit: UnitView
    start: date
    end: date
    views: Mapping[View, RollForward]
    outside: Mapping[Account, tuple[Money, Money]]


@dataclass(frozen=True, slots=True)
class TermClaim:
    """A claim behind a term, with what it adds to the term's figure."""

    uid: UUID
    ledger_no: str
    debtor_name: str
    creditor_name: str
    amount: Money


def _listed(accounts: Iterable[Account]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Literal(account.value) for account in accounts)


_BEFORE_OPEN = (Account.RECOGNISED, *OUTSIDE_RATES)
# What decides the term of a transfer, and of a reversal what the reversed one was. Whoever sees a claim along a line
# need not see its postings; their flows carry the posting's kind.
_MOVED = sql.SQL("""
    SELECT {keys}o.source, o.destination, o.id <> t.id AS is_reversal,
        EXISTS (
            SELECT FROM arrears_claimlink l
            WHERE l.posting_id = o.posting_id AND o.claim_id IN (l.from_claim_id, l.to_claim_id)
        ) AS is_linked,
        {opening} AS is_opening,
        CASE WHEN o.source IN ({before}) AND o.destination IN ({open}) AND NOT {opening} THEN o.effective_on = (
            SELECT min(e.effective_on) FROM arrears_transfer e
            WHERE e.claim_id = o.claim_id AND e.reverses_id IS NULL AND {known_e}
              AND e.source IN ({before}) AND e.destination IN ({open})
        ) ELSE false END AS is_first,
        CASE WHEN (o.source, o.destination) = ('undisputed', 'reported') THEN EXISTS (
            SELECT FROM arrears_transfer w
            WHERE w.claim_id = o.claim_id AND w.posting_id = o.posting_id AND w.reverses_id IS NULL
              AND (w.source, w.destination) = ('reported', 'undisputed')
        ) ELSE false END AS is_restated,
        sum(t.amount)::bigint AS fen
    FROM arrears_transfer t JOIN arrears_transfer o ON o.id = coalesce(t.reverses_id, t.id)
    WHERE {of_transfers} AND t.effective_on BETWEEN %(start)s AND %(end)s AND {known_t}
      AND (o.source IN ({open}) OR o.destination IN ({open}))
    GROUP BY {groups}
""")
_OPENING = sql.SQL(
    "(o.posting_id IN (SELECT f.posting_id FROM arrears_flow f WHERE f.kind = 'arrears.opening' AND {of_flows}))"
)
# The claims whose moves are of one term: `kinds` is every kind of move that is, each with its sign. What moved is added
# up once; the planner would do it again for each kind.
_CLAIMS = sql.SQL("""
    WITH moved AS MATERIALIZED ({moved}), summed AS MATERIALIZED (
        SELECT claim_id, sum(fen * sign)::bigint AS fen FROM moved
        JOIN (VALUES {kinds}) kinds (
            source, destination, is_linked, is_opening, is_first, is_reversal, is_restated, sign
        ) USING (source, destination, is_linked, is_opening, is_first, is_reversal, is_restated)
        GROUP BY claim_id HAVING sum(fen * sign) <> 0
    )
    SELECT c.uid, n.ledger_no, n.debtor_name, n.creditor_name, summed.fen
    FROM summed JOIN arrears_claim c ON c.id = claim_id JOIN arrears_claimnow n USING (claim_id)
    ORDER BY abs(summed.fen) DESC, n.ledger_no
""")
_HELD = sql.SQL("""
    SELECT f.account, coalesce(sum(f.amount) FILTER (WHERE f.effective_on < %(start)s), 0)::bigint AS opening,
        sum(f.amount)::bigint AS closing
    FROM arrears_flow f WHERE {of_flows} AND f.effective_on <= %(end)s AND {known_f} GROUP BY f.account
""")


def rollforward(
    unit_code: str,
    start: date,
    end: date,
    actor: Appointment,
    *,
    own_only: bool = False,
    known_at: datetime | None = None,
) -> Rolled:
    """Roll what is open forward over a span, both days included; of what `actor` sees of the unit. Three queries.

    Args:
        own_only: leaves out what stands under the unit in the tree, as its own statement does.
        known_at: as the books knew it at an instant, which nothing recorded before can still change (`audit.settle`).

    Raises:
        EmptySpan: `end` is before `start`.
        UnknownUnit: there is no such unit on the last day.
    """
    unit, scopes = _asked(unit_code, start, end, actor)
    if own_only:
        scopes = scopes.among(units.own_scopes(unit.id))
    # One statement, so that what was held and what moved are of the same state of the books.
    query = sql.SQL(
        "SELECT (SELECT coalesce(jsonb_agg(h), '[]') FROM ({}) h), (SELECT coalesce(jsonb_agg(m), '[]') FROM ({}) m)"
    ).format(_HELD.format(of_flows=scopes.having("f.scope_id"), known_f=_known("f")), _moved(scopes))
    with connection.cursor() as cursor:
        cursor.execute(query, {"start": start, "end": end, "known_at": known_at})
        held_rows, moved_rows = map(json.loads, cursor.fetchone())
    held = {Account(row["account"]): (Money(row["opening"]), Money(row["closing"])) for row in held_rows}
    moves = [(_as_moved(row), Money(row["fen"])) for row in moved_rows]
    views = {
        view: rolled(
            opening=sum((held.get(part, (ZERO, ZERO))[0] for part in view.parts), ZERO),
            closing=sum((held.get(part, (ZERO, ZERO))[1] for part in view.parts), ZERO),
            moves=moves,
            view=view,
        )
        for view in View
    }
    return Rolled(unit, start, end, views, {part: held.get(part, (ZERO, ZERO)) for part in OUTSIDE_RATES})


def claims_of_term(
    unit_code: str, start: date, end: date, actor: Appointment, *, term: Term, view: View
) -> list[TermClaim]:
    """The claims behind a term, the largest first. Three queries; see `rollforward` for what is refused."""
    _, scopes = _asked(unit_code, start, end, actor)
    kinds = list(_kinds(term, view))
    if not kinds:  # such as what goes to court, where the judicial part is left in
        return []
    query = _CLAIMS.format(moved=_moved(scopes, by_claim=True), kinds=sql.SQL(", ").join(kinds))
    with connection.cursor() as cursor:
        cursor.execute(query, {"start": start, "end": end, "known_at": None})
        return [
            TermClaim(uid, ledger_no, debtor, creditor, Money(fen))
            for uid, ledger_no, debtor, creditor, fen in cursor.fetchall()
        ]


def _kinds(term: Term, view: View) -> Iterator[sql.Composed]:
    """Every kind of move that is of a term, with the sign it has in the term's figure."""
    pairs = [(source, destination) for source, found in MOVES.items() for destination in sorted(found)]
    pairs += [(source, Account.RECOGNISED) for source in CARRIED]  # what goes on in another claim leaves the contra way
    for (source, destination), said in product(pairs, product((False, True), repeat=5)):
        moved = Moved(source, destination, *said)
        if term_of(moved, view) is term:
            sign = effect(moved, Money(1), view).fen * (-1 if term.is_subtracted else 1)
            values = map(sql.Literal, (source.value, destination.value, *said, sign))
            yield sql.SQL("({})").format(sql.SQL(", ").join(values))


def _asked(unit_code: str, start: date, end: date, actor: Appointment) -> tuple[UnitView, Scopes]:
    if end < start:
        raise EmptySpan(start=start, end=end)
    unit = units.unit_on(unit_code, end)
    return unit, scopes_where(actor, Permission.ARREARS_VIEW).among(units.scopes_under(unit.code))


def _known(table: str) -> sql.Composed:
    return sql.SQL("(%(known_at)s::timestamptz IS NULL OR {}.recorded_at <= %(known_at)s)").format(
        sql.Identifier(table)
    )


def _moved(scopes: Scopes, *, by_claim: bool = False) -> sql.Composed:
    """The query of what moved, by what decides its term, and by claim where asked."""
    return _MOVED.format(
        keys=sql.SQL("t.claim_id, " if by_claim else ""),
        before=_listed(_BEFORE_OPEN),
        open=_listed(OPEN),
        opening=_OPENING.format(of_flows=scopes.having("f.scope_id")),
        of_transfers=scopes.having("t.scope_id"),
        known_e=_known("e"),
        known_t=_known("t"),
        groups=sql.SQL(", ").join(sql.SQL(str(column)) for column in range(1, 9 if by_claim else 8)),
    )


def _as_moved(row: Mapping[str, Any]) -> Moved:
    return Moved(
        source=Account(row["source"]),
        destination=Account(row["destination"]),
        is_linked=row["is_linked"],
        is_opening=row["is_opening"],
        is_first=row["is_first"],
        is_reversal=row["is_reversal"],
        is_restated=row["is_restated"],
    )
