"""Transfers are all there, each is one that the ledger allows, and none was changed since it was projected."""

from collections.abc import Iterator

from duban.arrears.checks.flows import WRONG_FLOWS
from duban.arrears.checks.reading import LEGS, Row, counted, rows
from duban.arrears.rules.accounts import CARRIED, HELD, MOVES, Account
from duban.arrears.rules.acts import Ground
from duban.audit.verify import Break, Check

TABLE = "arrears_transfer"
_ALLOWED = ", ".join(
    f"('{source}', '{destination}')" for source, found in MOVES.items() for destination in sorted(found)
)
_CARRIED = ", ".join(f"'{account}'" for account in CARRIED)

_ON_ITS_OWN = f"""
    SELECT coalesce(c.uid::text, 'claim ' || t.claim_id) AS uid, t.n, t.amount, t.source, t.destination, t.recorded_at,
        p.recorded_at AS posted_at, c.id IS NULL AS is_lost, c.scope_id IS DISTINCT FROM t.scope_id AS is_elsewhere,
        t.amount <= 0 AS is_nothing, p.recorded_at <> t.recorded_at AS is_misdated,
        CASE WHEN t.reverses_id IS NULL THEN (t.source, t.destination) NOT IN ({_ALLOWED})
                  AND NOT coalesce(t.ground = '{Ground.MOVED}' AND t.source IN ({_CARRIED})
                                   AND t.destination = '{Account.RECOGNISED}', false)
             ELSE (o.claim_id, o.source, o.destination) IS DISTINCT FROM (t.claim_id, t.destination, t.source)
                  OR o.reverses_id IS NOT NULL
                  OR o.amount < (SELECT sum(r.amount) FROM {TABLE} r WHERE r.reverses_id = o.id)
             END AS is_forbidden
    FROM {TABLE} t
    LEFT JOIN arrears_claim c ON c.id = t.claim_id
    LEFT JOIN audit_posting p ON p.id = t.posting_id
    LEFT JOIN {TABLE} o ON o.id = t.reverses_id
"""  # noqa: S608 - names and values of ours
_WRONG_ALONE = f"""
    SELECT * FROM ({_ON_ITS_OWN}) t
    WHERE is_lost OR is_elsewhere OR is_nothing OR is_misdated OR is_forbidden ORDER BY uid, n
"""  # noqa: S608 - names and values of ours

# A count that was changed leaves the balances right; a transfer that is gone does not.
_SUMS = ", ".join(f"sum(CASE account WHEN '{account}' THEN signed ELSE 0 END) AS \"{account}\"" for account in HELD)
_DIFFER = " OR ".join(f'now."{account}" <> coalesce(t."{account}", 0)' for account in HELD)
_MISSING = f"""
    WITH held AS (
        SELECT claim_id, array_agg(DISTINCT n) AS numbers, count(DISTINCT n) AS count, max(n) AS last, {_SUMS}
        FROM ({LEGS}) legs GROUP BY claim_id
    )
    SELECT c.uid, now.transfers, coalesce(t.count, 0) AS count,
        (SELECT min(k) FROM generate_series(1, greatest(now.transfers, t.last)) k
         WHERE k <> ALL (coalesce(t.numbers, '{{}}'))) AS gap
    FROM arrears_claimnow now
    JOIN arrears_claim c ON c.id = now.claim_id
    LEFT JOIN held t ON t.claim_id = now.claim_id
    WHERE t.last IS DISTINCT FROM t.count OR (now.transfers > coalesce(t.count, 0) AND ({_DIFFER}))
    ORDER BY c.uid
"""  # noqa: S608 - names of ours

# A transfer was changed where both that is made of it differ: its claim's balances and the flows of its posting.
_CHANGED = f"""
    WITH flows AS ({WRONG_FLOWS}), wrong_claims AS (
        SELECT now.claim_id FROM arrears_claimnow now
        LEFT JOIN (SELECT claim_id, {_SUMS} FROM ({LEGS}) legs GROUP BY claim_id) t USING (claim_id) WHERE {_DIFFER}
    )
    SELECT c.uid, t.n, t.amount, s.off AS source_off, d.off AS destination_off
    FROM {TABLE} t
    JOIN arrears_claim c ON c.id = t.claim_id
    LEFT JOIN flows s ON (s.scope_id, s.posting_id, s.effective_on, s.account)
        = (t.scope_id, t.posting_id, t.effective_on, t.source)
    LEFT JOIN flows d ON (d.scope_id, d.posting_id, d.effective_on, d.account)
        = (t.scope_id, t.posting_id, t.effective_on, t.destination)
    WHERE t.claim_id IN (SELECT claim_id FROM wrong_claims) AND (s.off IS NOT NULL OR d.off IS NOT NULL)
    ORDER BY (s.off IS NOT NULL AND d.off IS NOT NULL) DESC, c.uid, t.n
"""  # noqa: S608 - names of ours

# A day was changed where the flows of a posting and account are right in sum and wrong day by day.
_OTHER_DAY = f"""
    WITH flows AS ({WRONG_FLOWS}), shifted AS (
        SELECT scope_id, posting_id, account FROM flows GROUP BY 1, 2, 3 HAVING sum(off) = 0
    )
    SELECT DISTINCT ON (c.uid, t.n) c.uid, t.n, t.effective_on, other.effective_on AS theirs
    FROM {TABLE} t
    JOIN arrears_claim c ON c.id = t.claim_id
    JOIN shifted s ON (s.scope_id, s.posting_id, s.account) = (t.scope_id, t.posting_id, t.destination)
    JOIN flows here ON (here.scope_id, here.posting_id, here.account, here.effective_on)
        = (t.scope_id, t.posting_id, t.destination, t.effective_on) AND -here.off >= t.amount
    JOIN flows other ON (other.scope_id, other.posting_id, other.account)
        = (t.scope_id, t.posting_id, t.destination) AND other.off >= t.amount
    ORDER BY c.uid, t.n, other.effective_on
"""  # noqa: S608 - names of ours

_BELOW_ZERO = f"""
    SELECT c.uid, days.account, days.effective_on, days.running
    FROM (
        SELECT claim_id, account, effective_on,
            sum(sum(signed)) OVER (PARTITION BY claim_id, account ORDER BY effective_on) AS running
        FROM ({LEGS}) legs WHERE account <> 'recognised' GROUP BY claim_id, account, effective_on
    ) days JOIN arrears_claim c ON c.id = days.claim_id
    WHERE days.running < 0 ORDER BY c.uid, days.effective_on
"""  # noqa: S608 - names of ours


def breaks() -> Iterator[Break]:
    """What is wrong with transfers, first things first."""
    for row in rows(_WRONG_ALONE):
        yield _alone(row)
    for row in rows(_MISSING):
        says = f"Transfer {row.gap} of the claim is gone: {row.transfers} were added, and {row.count} are there."
        yield Break(TABLE, f"{row.uid}/{row.gap}", "n", says)
    for row in rows(_CHANGED):
        yield _changed(row)
    for row in rows(_OTHER_DAY):
        says = f"Transfer {row.n} says {row.effective_on}, and the flow made of it {row.theirs}."
        yield Break(TABLE, f"{row.uid}/{row.n}", "effective_on", says)
    for row in rows(_BELOW_ZERO):
        says = f"{row.account} would hold {row.running} 分 at the end of {row.effective_on}."
        yield Break(TABLE, str(row.uid), "effective_on", says)


def _alone(row: Row) -> Break:
    uid = f"{row.uid}/{row.n}"
    if row.is_lost:
        return Break(TABLE, uid, "claim_id", f"Transfer {row.n} belongs to a claim that is not there.")
    if row.is_elsewhere:
        return Break(TABLE, uid, "scope_id", f"Transfer {row.n} is in another scope than its claim.")
    if row.is_nothing:
        return Break(TABLE, uid, "amount", f"Transfer {row.n} moves {row.amount} 分; an amount is above zero.")
    if row.is_forbidden:
        says = f"Transfer {row.n} goes from {row.source} to {row.destination}, which is no allowed move or reversal."
        return Break(TABLE, uid, "source", says)
    says = f"Transfer {row.n} says {row.recorded_at.isoformat()}, its posting {row.posted_at.isoformat()}."
    return Break(TABLE, uid, "recorded_at", says)


def _changed(row: Row) -> Break:
    uid = f"{row.uid}/{row.n}"
    if row.source_off is None:
        return Break(TABLE, uid, "destination", f"Transfer {row.n} goes elsewhere than when it was added.")
    if row.destination_off is None:
        return Break(TABLE, uid, "source", f"Transfer {row.n} comes from elsewhere than when it was added.")
    was = row.amount + row.destination_off
    says = f"Transfer {row.n} moves {row.amount} 分; what was made of it when it was added says {was}."
    return Break(TABLE, uid, "amount", says)


CHECK = Check("transfers", lambda: counted(TABLE), breaks)
