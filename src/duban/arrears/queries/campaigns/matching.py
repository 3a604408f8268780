"""Which claims a campaign takes in, for whole ledgers at once: `rules.campaigns.judge` in SQL.

Balances are those of the day asked for; what is said of a claim (its kind, category, due day) is said today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from duban.arrears.models import ClaimNow
from duban.arrears.queries.campaigns.campaign import managed, scopes_of
from duban.arrears.queries.earlier import balances_before, moved
from duban.arrears.rules.accounts import COUNTED, HELD, Account, Rule
from duban.arrears.rules.campaigns import COVERABLE, LASTING, Out, ScopeRule
from duban.identity.access import Scopes, in_sight, scopes_where
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import Money
from duban.postgres.bulk import bigints

# Every claim that was recognised by the day, with its balances: today's less what moved after that day, and less what
# the books learned after an instant where one is given.
_STANDING = sql.SQL("""
    SELECT n.claim_id, n.scope_id, n.debtor_kind, n.creditor_kind, n.category, n.due_on, {balances}
    FROM arrears_claimnow n LEFT JOIN (
        SELECT x.claim_id, count(*) AS count, {moved} FROM arrears_transfer x
        WHERE (x.effective_on > %(on)s{learned}) AND {seen_transfers} GROUP BY x.claim_id
    ) later ON later.claim_id = n.claim_id
    WHERE {seen_claims} AND n.transfers > coalesce(later.count, 0)
""")
_JUDGED = sql.SQL("""
    SELECT s.*, {amount} AS amount, {cleared} AS cleared, CASE
        WHEN NOT s.scope_id = ANY(%(places)s::bigint[]) THEN {place}
        WHEN {debtor} THEN {debtor_out} WHEN {creditor} THEN {creditor_out} WHEN {category} THEN {category_out}
        WHEN {due} THEN {due_out}
        WHEN {amount} > 0 THEN NULL
        WHEN {elsewhere} > 0 THEN {elsewhere_out} WHEN {cleared} > 0 THEN {cleared_out} ELSE {reduced_out}
    END AS out
    FROM ({standing}) s
""")
MEMBERS = sql.SQL("""
    SELECT DISTINCT ON (claim_id) claim_id, n, enters, by_hand FROM arrears_campaignmember
    WHERE campaign_id = %(campaign)s AND since <= %(on)s AND {seen}
    ORDER BY claim_id, n DESC
""")
"""The latest step of each claim that ever was a member."""


def total(accounts: Sequence[Account], of: str = "s") -> sql.Composed:
    """The sum of accounts, as columns of a query."""
    return sql.SQL(" + ").join([sql.SQL("0::bigint"), *(sql.Identifier(of, account.value) for account in accounts)])


def judged(
    rule: ScopeRule, scopes: Scopes, *, at_instant: bool = False, claims: Sequence[int] | None = None
) -> sql.Composed:
    """A query over claims on a day `%(on)s`: their balances, `amount`, `cleared`, and `out`, null for those in.

    Its value `%(places)s` is the list of the rule's scopes: see `asked`.

    Args:
        at_instant: as the books knew them at `%(known_at)s`, which has to be settled (`audit.commands.settle`).
        claims: only these.
    """
    standing = _STANDING.format(
        balances=balances_before(HELD), moved=moved(HELD),
        learned=sql.SQL(" OR x.recorded_at > %(known_at)s" if at_instant else ""),
        seen_transfers=_narrowed("x", scopes, claims), seen_claims=_narrowed("n", scopes, claims),
    )  # fmt: skip
    cleared = total(COUNTED[Rule.C0])
    amount = total(sorted(rule.accounts))
    outs = {f"{out.value}_out" if out is not Out.PLACE else "place": sql.Literal(out.value) for out in Out}
    return _JUDGED.format(
        standing=standing,
        amount=sql.SQL("{} + {}").format(amount, cleared) if rule.from_the_beginning else amount,
        cleared=cleared,
        elsewhere=total([account for account in COVERABLE if account not in rule.accounts]),
        debtor=_other("debtor_kind", rule.debtor_kinds),
        creditor=_other("creditor_kind", rule.creditor_kinds),
        category=_other("category", rule.categories),
        due=_not_due(rule),
        **outs,
    )


def _narrowed(table: str, scopes: Scopes, claims: Sequence[int] | None) -> sql.Composed:
    seen = scopes.having(f"{table}.scope_id")
    if claims is None:
        return seen
    of_these = sql.SQL("{} = ANY({}::bigint[])").format(sql.Identifier(table, "claim_id"), sql.Literal(bigints(claims)))
    return sql.SQL("{} AND {}").format(seen, of_these)


def _other(column: str, wanted: frozenset[str]) -> sql.Composable:
    if not wanted:
        return sql.SQL("false")
    return sql.SQL("NOT s.{} = ANY({})").format(sql.Identifier(column), sql.Literal(sorted(wanted)))


def _not_due(rule: ScopeRule) -> sql.Composable:
    if rule.due_before is None:
        return sql.SQL("false")
    missing = sql.SQL("s.due_on IS NULL OR" if rule.needs_due_day else "")
    return sql.SQL("({} s.due_on >= {})").format(missing, sql.Literal(rule.due_before))


@dataclass(frozen=True, slots=True)
class Change:
    """Claims of a scope that would enter, or leave for one reason.

    Args:
        out: None for those that enter.
    """

    unit_code: str
    out: Out | None
    claims: int
    amount: Money


CHANGES = sql.SQL("""
    SELECT j.claim_id, j.scope_id, j.amount, j.out, coalesce(m.n, 0) AS n
    FROM ({judged}) j LEFT JOIN ({members}) m USING (claim_id)
    WHERE (j.out IS NULL AND NOT coalesce(m.enters OR m.by_hand, false))
       OR (m.enters AND NOT m.by_hand AND j.out IN ({lasting}))
""")
"""Who enters and who leaves on a day; what was decided by hand stays as it is."""


def changes_query(rule: ScopeRule, scopes: Scopes) -> sql.Composed:
    """The query of who enters and leaves; its values are those of `asked`."""
    return CHANGES.format(
        judged=judged(rule, scopes),
        members=MEMBERS.format(seen=scopes.having("scope_id")),
        lasting=sql.SQL(", ").join(sql.Literal(out.value) for out in LASTING),
    )


def asked(campaign_id: int, rule: ScopeRule, on: date) -> dict[str, Any]:
    """The values of the queries here."""
    return {"campaign": campaign_id, "on": on, "places": bigints(scopes_of(rule))}


def changes(campaign_id: int, rule: ScopeRule, *, on: date, actor: Appointment) -> list[Change]:
    """Who would enter and leave on a day, by unit and reason. One query over the claims where `actor` manages."""
    query = sql.SQL(
        "SELECT u.code, c.out, count(*), sum(c.amount)::bigint FROM ({}) c"
        " JOIN identity_scope s ON s.id = c.scope_id JOIN identity_unit u ON u.id = s.unit_id"
        " GROUP BY u.code, c.out ORDER BY u.code, c.out NULLS FIRST"
    ).format(changes_query(rule, managed(actor)))
    with connection.cursor() as cursor:
        cursor.execute(query, asked(campaign_id, rule, on))
        return [
            Change(code, Out(out) if out else None, claims, Money(fen)) for code, out, claims, fen in cursor.fetchall()
        ]


def members_count(campaign_id: int, *, on: date, actor: Appointment) -> int:
    """How many claims that `actor` sees are members on a day. One query."""
    members = MEMBERS.format(seen=scopes_where(actor, Permission.ARREARS_VIEW).having("scope_id"))
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT count(*) FROM ({}) m WHERE m.enters").format(members), {"campaign": campaign_id, "on": on}
        )
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Judgement:
    """A claim before the scope rule of a campaign.

    Args:
        out: what keeps it out; None where the rule takes it in.
        is_member: where it stands, which a person may have decided otherwise (`by_hand`, with a `reason`).
    """

    claim_uid: UUID
    ledger_no: str
    creditor_name: str
    amount: Money
    out: Out | None
    is_member: bool
    by_hand: bool
    reason: str
    due_on: date | None
    codes: Mapping[str, str]
    held: Mapping[Account, Money]
    """What stands open, not due or unsettled."""


MOST_OF_A_NUMBER = 20
"""So many claims of one ledger number are explained; each reporter numbers its own."""
_ASKED = sql.SQL("""
    SELECT c.uid, n.ledger_no, n.creditor_name, j.amount, j.out, coalesce(m.enters, false), coalesce(m.by_hand, false),
        coalesce(r.reason, ''), j.due_on, j.debtor_kind, j.creditor_kind, j.category, {held}
    FROM ({judged}) j
    JOIN arrears_claimnow n USING (claim_id) JOIN arrears_claim c ON c.id = j.claim_id
    LEFT JOIN ({members}) m USING (claim_id)
    LEFT JOIN arrears_campaignmember r ON r.campaign_id = %(campaign)s AND r.claim_id = j.claim_id AND r.n = m.n
    ORDER BY c.uid
""")


def judgements(campaign_id: int, rule: ScopeRule, number: str, *, on: date, actor: Appointment) -> list[Judgement]:
    """The claims of a ledger number before the rule, so that each can be told why it is in or out. Two queries."""
    numbered = ClaimNow.objects.filter(in_sight(actor, Permission.ARREARS_VIEW), ledger_no=number)
    claims = list(numbered.order_by("claim_id").values_list("claim_id", flat=True)[:MOST_OF_A_NUMBER])
    return judgements_of(campaign_id, rule, claims, on=on, actor=actor)


def judgements_of(
    campaign_id: int, rule: ScopeRule, claims: Sequence[int], *, on: date, actor: Appointment
) -> list[Judgement]:
    """Claims before the rule, those of them that `actor` sees and that were recognised by the day. One query."""
    scopes = scopes_where(actor, Permission.ARREARS_VIEW)
    held = sql.SQL(", ").join(sql.Identifier("j", account.value) for account in COVERABLE)
    query = _ASKED.format(
        judged=judged(rule, scopes, claims=claims), held=held, members=MEMBERS.format(seen=scopes.having("scope_id"))
    )
    with connection.cursor() as cursor:
        cursor.execute(query, asked(campaign_id, rule, on))
        rows = cursor.fetchall()
    return [
        Judgement(
            uid, ledger_no, creditor, Money(fen), Out(out) if out else None, is_member, by_hand, reason, due_on,
            dict(zip(("debtor_kind", "creditor_kind", "category"), rest, strict=False)),
            {account: Money(fen) for account, fen in zip(COVERABLE, rest[3:], strict=True) if fen},
        )
        for uid, ledger_no, creditor, fen, out, is_member, by_hand, reason, due_on, *rest in rows
    ]  # fmt: skip
