"""Flows are what transfers add up to, by scope, posting, day and account."""

from collections.abc import Iterator

from duban.arrears.checks.reading import LEGS, counted, rows
from duban.audit.verify import Break, Check

TABLE = "arrears_flow"
WRONG_FLOWS = f"""
    SELECT scope_id, posting_id, effective_on, account,
        coalesce(f.amount, 0) AS stored, coalesce(t.amount, 0) AS summed,
        coalesce(f.amount, 0) - coalesce(t.amount, 0) AS off
    FROM (
        SELECT scope_id, posting_id, effective_on, account, sum(amount)::bigint AS amount
        FROM {TABLE} GROUP BY 1, 2, 3, 4
    ) f
    FULL JOIN (
        SELECT scope_id, posting_id, effective_on, account, sum(signed)::bigint AS amount
        FROM ({LEGS}) legs GROUP BY 1, 2, 3, 4
    ) t USING (scope_id, posting_id, effective_on, account)
    WHERE coalesce(f.amount, 0) <> coalesce(t.amount, 0)
"""  # noqa: S608 - names of ours
"""Sums that differ; `off` is what is stored beyond what the transfers add up to."""

_NAMED = f"""
    SELECT f.*, coalesce(p.uid::text, 'posting ' || f.posting_id) AS uid
    FROM ({WRONG_FLOWS}) f LEFT JOIN audit_posting p ON p.id = f.posting_id
    ORDER BY f.posting_id, f.effective_on, f.account
"""  # noqa: S608 - names of ours
_OTHER_POSTING = f"""
    SELECT p.uid, f.id, f.kind, p.kind AS posted_kind, f.recorded_at, p.recorded_at AS posted_at
    FROM {TABLE} f JOIN audit_posting p ON p.id = f.posting_id
    WHERE (f.kind, f.recorded_at) <> (p.kind, p.recorded_at) ORDER BY f.id
"""  # noqa: S608 - names of ours
# The count of a day is a plain sum, too: claims with something recognised by then.
_COUNTS = f"""
    WITH standing AS (
        SELECT claim_id, scope_id, effective_on,
            (sum(-sum(signed)) OVER (PARTITION BY claim_id ORDER BY effective_on) > 0)::int AS counts
        FROM ({LEGS}) legs WHERE account = 'recognised' GROUP BY claim_id, scope_id, effective_on
    ), steps AS (
        SELECT scope_id, effective_on, counts - lag(counts, 1, 0) OVER days AS step
        FROM standing WINDOW days AS (PARTITION BY claim_id ORDER BY effective_on)
    )
    SELECT coalesce(u.code, '') AS unit, scope_id, effective_on,
        coalesce(f.claims, 0) AS stored, coalesce(t.claims, 0) AS counted
    FROM (SELECT scope_id, effective_on, sum(claims) AS claims FROM {TABLE} GROUP BY 1, 2) f
    FULL JOIN (SELECT scope_id, effective_on, sum(step) AS claims FROM steps GROUP BY 1, 2) t
        USING (scope_id, effective_on)
    LEFT JOIN identity_scope s ON s.id = scope_id LEFT JOIN identity_unit u ON u.id = s.unit_id
    WHERE coalesce(f.claims, 0) <> coalesce(t.claims, 0) ORDER BY scope_id, effective_on
"""  # noqa: S608 - names of ours


def breaks() -> Iterator[Break]:
    """Flows that say something else than the transfers of their posting."""
    for row in rows(_NAMED):
        says = (
            f"On {row.effective_on}, {row.account} of scope {row.scope_id} moved by {row.stored} 分, "
            f"and the transfers of the posting add up to {row.summed}."
        )
        yield Break(TABLE, row.uid, "amount", says)
    for row in rows(_OTHER_POSTING):
        column, here, there = "kind", row.kind, row.posted_kind
        if here == there:
            column, here, there = "recorded_at", row.recorded_at.isoformat(), row.posted_at.isoformat()
        yield Break(TABLE, str(row.uid), column, f"Flow {row.id} says {here}, its posting {there}.")
    for row in rows(_COUNTS):
        says = f"On {row.effective_on} the count of claims of {row.unit} changes by {row.stored}; it is {row.counted}."
        yield Break(TABLE, f"scope {row.scope_id}", "claims", says)


CHECK = Check("flows", lambda: counted(TABLE), breaks)
