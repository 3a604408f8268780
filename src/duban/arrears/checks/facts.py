"""Facts are all there, and say what the row of the statement said from which they came."""

from collections.abc import Iterator

from duban.arrears.checks.reading import counted, rows
from duban.arrears.rules.facts import FACTS
from duban.audit.verify import Break, Check

TABLE = "arrears_claimfact"
_PAIRS = ", ".join(f"('{name}', coalesce(f.{name}::text, ''), coalesce(r.values->>'{name}', ''))" for name in FACTS)

_GAPS = f"""
    SELECT c.uid, count(f.n) AS count, coalesce(max(f.n), 0) AS last
    FROM arrears_claim c LEFT JOIN {TABLE} f ON f.claim_id = c.id
    GROUP BY c.id, c.uid HAVING count(f.n) <> coalesce(max(f.n), 0) OR count(f.n) = 0 ORDER BY c.uid
"""  # noqa: S608 - names of ours
_ELSEWHERE = f"""
    SELECT coalesce(c.uid::text, 'claim ' || f.claim_id) AS uid, f.n, c.id IS NULL AS is_lost,
        c.scope_id IS DISTINCT FROM f.scope_id AS is_elsewhere
    FROM {TABLE} f
    LEFT JOIN arrears_claim c ON c.id = f.claim_id
    LEFT JOIN audit_posting p ON p.id = f.posting_id
    WHERE c.scope_id IS DISTINCT FROM f.scope_id OR p.recorded_at <> f.recorded_at ORDER BY uid, f.n
"""  # noqa: S608 - names of ours
# A row of a statement has a number of its own, so at most one row answers to a fact of the statement's posting.
_OTHERWISE = f"""
    WITH rows AS (
        SELECT s.posting_id, r.n, r.values FROM arrears_statementrow r JOIN arrears_statement s ON s.id = r.statement_id
        WHERE s.posting_id IS NOT NULL AND NOT r.has_error AND r.proposal = 'new'
    )
    SELECT c.uid, f.n, said.name, said.here, said.there, r.n AS row
    FROM {TABLE} f
    JOIN arrears_claim c ON c.id = f.claim_id
    JOIN arrears_claimnow now ON now.claim_id = f.claim_id
    JOIN rows r ON r.posting_id = f.posting_id AND r.values->>'ledger_no' IN (f.ledger_no, now.ledger_no)
    CROSS JOIN LATERAL (VALUES {_PAIRS}) said (name, here, there)
    WHERE f.n = 1 AND said.here <> said.there ORDER BY c.uid, f.n
"""  # noqa: S608 - names of ours


def breaks() -> Iterator[Break]:
    """What is wrong with the versions of what is said of a claim."""
    for row in rows(_GAPS):
        says = (
            f"Of {row.last} versions {row.count} are there." if row.last else "Nothing is said of the claim any more."
        )
        yield Break(TABLE, str(row.uid), "n", says)
    for row in rows(_ELSEWHERE):
        if row.is_lost:
            column, says = "claim_id", f"Version {row.n} belongs to a claim that is not there."
        elif row.is_elsewhere:
            column, says = "scope_id", f"Version {row.n} is in another scope than its claim."
        else:
            column, says = "recorded_at", f"Version {row.n} says another instant than its posting."
        yield Break(TABLE, f"{row.uid}/{row.n}", column, says)
    for row in rows(_OTHERWISE):
        says = (
            f"Version {row.n} says “{row.here}”; row {row.row} of the statement from which it came says “{row.there}”."
        )
        yield Break(TABLE, f"{row.uid}/{row.n}", row.name, says)


CHECK = Check("facts", lambda: counted(TABLE), breaks)
