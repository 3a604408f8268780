"""The ledger (台账) as a list of claims, today's or of an earlier day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from duban.arrears.queries.earlier import balances_before, before, moved
from duban.arrears.rules.accounts import COUNTED, HELD, OPEN, OUTSIDE_RATES, Account, Rule
from duban.identity import queries as units
from duban.identity.access import Scopes, scopes_where
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import Money

COUNT_UP_TO = 10_000
"""Counting stops here: a page of a long list must not wait for its length."""
NAMED_UP_TO = 5_000
BATCH = 2_000
"""Rows of an export that are read at a time."""

PARTS: Mapping[str, tuple[Account, ...]] = {
    "open": OPEN,
    "undisputed": (Account.UNDISPUTED,),
    "disputed": (Account.DISPUTED,),
    "judicial": (Account.JUDICIAL,),
    "outside": OUTSIDE_RATES,
    "stated": COUNTED[Rule.C0],
    "counted": COUNTED[Rule.C1],
}
"""What a figure of the progress table is made of; asked for, only claims that are part of it are listed."""


@dataclass(frozen=True, slots=True)
class LedgerWish:
    """What is wanted of the ledger.

    Args:
        as_of: None for where it stands now.
        unit: the code of a unit, with everything under it.
        part: a key of `PARTS`.
    """

    as_of: date | None = None
    unit: str = ""
    part: str = ""
    text: str = ""
    sort: str = "due_on"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A claim in the list."""

    claim_id: int
    uid: UUID
    ledger_no: str
    debtor_name: str
    creditor_name: str
    category: str
    due_on: date | None
    recognised: Money
    open: Money
    undisputed: Money
    disputed: Money
    judicial: Money
    outside: Money
    stated: Money
    counted: Money


SORTS = {"ledger_no": "ledger_no", "due_on": "due_on", "open": "open", "recognised": "recognised", "stated": "stated"}


def _sum(accounts: Sequence[Account]) -> sql.Composed:
    return sql.SQL(" + ").join(sql.SQL("b.{}").format(sql.Identifier(account.value)) for account in accounts)


_NOW = sql.SQL("arrears_claimnow b")
# The same columns for an earlier day. What is said of a claim is today's; its balances are today's less what moved
# after that day, which is little beside all that ever moved.
_THEN = sql.SQL("""(
    SELECT n.claim_id, n.scope_id, n.debtor_id, n.creditor_id, n.ledger_no, n.debtor_name, n.creditor_name, n.category,
        n.due_on, {balances}, {open} AS open
    FROM arrears_claimnow n LEFT JOIN (
        SELECT x.claim_id, count(*) AS count, {moved} FROM arrears_transfer x
        WHERE x.effective_on > %(as_of)s AND {seen} GROUP BY x.claim_id
    ) later ON later.claim_id = n.claim_id
    WHERE n.transfers > coalesce(later.count, 0)
) b""")


def _then(actor: Appointment, scopes: Scopes) -> sql.Composed:
    of_scopes = scopes.having("x.scope_id")
    of_party = sql.SQL(
        "x.claim_id IN (SELECT id FROM arrears_claim WHERE debtor_id = %(party)s OR creditor_id = %(party)s)"
    )
    return _THEN.format(
        balances=balances_before(HELD),
        open=sql.SQL(" + ").join(map(before, OPEN)),
        moved=moved(HELD),
        seen=of_scopes if actor.party_id is None else sql.SQL("({} OR {})").format(of_scopes, of_party),
    )


def ledger_page(wish: LedgerWish, *, actor: Appointment, window: slice) -> list[LedgerRow]:
    """The claims of one page, in the order wished for. Two queries."""
    return list(_rows(wish, actor, limit=window.stop - window.start, offset=window.start))


def _order(wish: LedgerWish) -> sql.Composed:
    """Said as the indexes say it, or they do not serve: only a due day may be missing, and then it comes last."""
    column = SORTS.get(wish.sort, "due_on")
    last = " NULLS LAST" if column == "due_on" and wish.descending else ""
    return sql.SQL("{} {}, b.claim_id").format(sql.SQL(column), sql.SQL(("DESC" if wish.descending else "ASC") + last))


def ledger_after(wish: LedgerWish, actor: Appointment, last: LedgerRow | None) -> list[LedgerRow]:
    """The claims that follow `last` in the order wished for, a batch at a time: for an export of the whole list."""
    return list(_rows(wish, actor, limit=BATCH, offset=0, last=last))


def _follows(wish: LedgerWish, last: LedgerRow | None) -> sql.Composable:
    """Rows after `last`, by what the list is sorted by and then by claim; a missing due day comes last either way."""
    if last is None:
        return sql.SQL("true")
    column = SORTS.get(wish.sort, "due_on")
    same = sql.SQL("{0} IS NOT DISTINCT FROM %(last)s AND b.claim_id > %(last_claim)s").format(sql.SQL(column))
    if getattr(last, column) is None:
        return same
    beyond = sql.SQL("{} {} %(last)s").format(sql.SQL(column), sql.SQL("<" if wish.descending else ">"))
    missing = sql.SQL(" OR {} IS NULL").format(sql.SQL(column))
    return sql.SQL("({}{} OR ({}))").format(beyond, missing, same)


def _rows(
    wish: LedgerWish, actor: Appointment, *, limit: int, offset: int, last: LedgerRow | None = None
) -> Iterator[LedgerRow]:
    source, conditions, values = _asked(wish, actor)
    order = _order(wish)
    query = sql.SQL(
        """
        SELECT b.claim_id, c.uid, b.ledger_no, b.debtor_name, b.creditor_name, b.category, b.due_on,
            b.recognised, b.open, b.undisputed, b.disputed, b.judicial, b.outside, b.stated, b.counted
        FROM (
            SELECT b.* FROM (
                SELECT b.*, {recognised} AS recognised, {outside} AS outside, {stated} AS stated, {counted} AS counted
                FROM {source} WHERE {conditions}
            ) b
            WHERE {follows} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
        ) b
        JOIN arrears_claim c ON c.id = b.claim_id ORDER BY {order}
        """
    ).format(
        follows=_follows(wish, last),
        recognised=_sum(HELD),
        outside=_sum(OUTSIDE_RATES),
        stated=_sum(COUNTED[Rule.C0]),
        counted=_sum(COUNTED[Rule.C1]),
        source=source,
        conditions=conditions,
        order=order,
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {**values, **_key(wish, last), "limit": limit, "offset": offset})
        for row in cursor:
            yield LedgerRow(*row[:7], *(Money.from_fen(fen) for fen in row[7:]))


def _key(wish: LedgerWish, last: LedgerRow | None) -> dict[str, Any]:
    if last is None:
        return {}
    value = getattr(last, SORTS.get(wish.sort, "due_on"))
    return {"last": value.fen if isinstance(value, Money) else value, "last_claim": last.claim_id}


def ledger_count(wish: LedgerWish, *, actor: Appointment) -> tuple[int, bool]:
    """How many claims there are, and whether counting stopped at `COUNT_UP_TO`."""
    source, conditions, values = _asked(wish, actor)
    query = sql.SQL("SELECT count(*) FROM (SELECT FROM {} WHERE {} LIMIT {}) counted").format(
        source, conditions, sql.Literal(COUNT_UP_TO + 1)
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        count = int(cursor.fetchone()[0])
    return min(count, COUNT_UP_TO), count > COUNT_UP_TO


def ledger_totals(wish: LedgerWish, *, actor: Appointment) -> Mapping[str, Money]:
    """Sums over everything that the wish is about, by column."""
    source, conditions, values = _asked(wish, actor)
    columns = {"recognised": HELD, "open": OPEN, "stated": COUNTED[Rule.C0], "counted": COUNTED[Rule.C1]}
    sums = sql.SQL(", ").join(
        sql.SQL("coalesce(sum({}), 0)::bigint").format(_sum(accounts)) for accounts in columns.values()
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {} FROM {} WHERE {}").format(sums, source, conditions), values)
        return dict(zip(columns, map(Money.from_fen, cursor.fetchone()), strict=True))


def _asked(wish: LedgerWish, actor: Appointment) -> tuple[sql.Composable, sql.Composable, dict[str, Any]]:
    scopes = scopes_where(actor, Permission.ARREARS_VIEW)
    if wish.unit:
        scopes = scopes.among(units.scopes_under(wish.unit))
    conditions: list[sql.Composable] = [_narrowed(actor, scopes)]
    values: dict[str, Any] = {"party": actor.party_id, "as_of": wish.as_of}
    if wish.part in PARTS:
        conditions.append(sql.SQL("{} > 0").format(_sum(PARTS[wish.part])))
    if wish.text:
        conditions.append(
            sql.SQL("(b.ledger_no = %(text)s OR b.claim_id IN (SELECT arrears.claims_named(%(text)s, %(named)s)))")
        )
        values |= {"text": wish.text, "named": NAMED_UP_TO}
    return (_then(actor, scopes) if wish.as_of else _NOW), sql.SQL(" AND ").join(conditions), values


def _narrowed(actor: Appointment, scopes: Scopes) -> sql.Composed:
    """What the actor may see: scopes, and for a party its own."""
    of_scopes = scopes.having("b.scope_id")
    if actor.party_id is None:
        return of_scopes
    return sql.SQL("({} OR b.debtor_id = %(party)s OR b.creditor_id = %(party)s)").format(of_scopes)
