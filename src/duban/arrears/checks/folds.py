"""Folds are what the flows up to their last one add up to, by scope and account."""

from collections.abc import Iterator

from duban.arrears.checks.reading import counted, rows
from duban.audit.verify import Break, Check

TABLE = "arrears_foldedflow"
_WRONG = f"""
    WITH added AS (
        SELECT fold.last_flow AS fold_id, f.scope_id, f.account, sum(f.amount) AS amount, sum(f.claims) AS claims
        FROM arrears_fold fold JOIN arrears_flow f ON f.id <= fold.last_flow
        GROUP BY fold.last_flow, f.scope_id, f.account
    )
    SELECT fold_id, scope_id, account, coalesce(f.amount, 0) AS amount, coalesce(f.claims, 0) AS claims,
        coalesce(a.amount, 0) AS added_amount, coalesce(a.claims, 0) AS added_claims
    FROM {TABLE} f FULL JOIN added a USING (fold_id, scope_id, account)
    WHERE (coalesce(f.amount, 0), coalesce(f.claims, 0)) <> (coalesce(a.amount, 0), coalesce(a.claims, 0))
    ORDER BY fold_id, scope_id, account
"""  # noqa: S608 - names of ours


def breaks() -> Iterator[Break]:
    """Sums that differ from the flows they are made of."""
    for row in rows(_WRONG):
        column = "amount" if row.amount != row.added_amount else "claims"
        says = (
            f"Up to flow {row.fold_id}, {row.account} of scope {row.scope_id} is folded as {row[column]}, "
            f"and the flows add up to {row[f'added_{column}']}."
        )
        yield Break(TABLE, f"scope {row.scope_id}", column, says)


CHECK = Check("folded flows", lambda: counted(TABLE), breaks)
