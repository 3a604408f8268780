"""`claim_now` is what the claim's transfers and latest facts come to."""

from collections.abc import Iterator

from duban.arrears.checks.reading import LEGS, counted, rows
from duban.arrears.rules.accounts import HELD
from duban.arrears.rules.facts import FACTS
from duban.audit.verify import Break, Check

TABLE = "arrears_claimnow"
_COLUMNS = [
    *((f'coalesce(t."{account}", 0)', account.value) for account in HELD),
    ("coalesce(t.count, 0)", "transfers"),
    ("t.last_on", "last_effective_on"),
    ("t.last_at", "last_recorded_at"),
    ("f.n", "versions"),
    *((f"f.{name}", name) for name in FACTS),
    *((f"c.{name}", name) for name in ("scope_id", "debtor_id", "creditor_id")),
]
_PAIRS = ", ".join(f"('{name}', now.\"{name}\"::text, ({value})::text)" for value, name in _COLUMNS)
_SUMS = ", ".join(f"sum(signed) FILTER (WHERE account = '{account}') AS \"{account}\"" for account in HELD)
_WRONG = f"""
    WITH t AS (
        SELECT claim_id, count(*) / 2 AS count, max(effective_on) AS last_on, max(recorded_at) AS last_at, {_SUMS}
        FROM ({LEGS}) legs GROUP BY claim_id
    ), f AS (
        SELECT DISTINCT ON (claim_id) * FROM arrears_claimfact ORDER BY claim_id, n DESC
    )
    SELECT c.uid, found.name, found.stored, found.computed
    FROM arrears_claim c
    LEFT JOIN {TABLE} now ON now.claim_id = c.id
    LEFT JOIN t ON t.claim_id = c.id
    LEFT JOIN f ON f.claim_id = c.id
    CROSS JOIN LATERAL (VALUES {_PAIRS}) found (name, stored, computed)
    WHERE found.stored IS DISTINCT FROM found.computed
    ORDER BY c.uid
"""  # noqa: S608 - names of ours
_ORPHANS = f"SELECT claim_id FROM {TABLE} n WHERE NOT EXISTS (SELECT FROM arrears_claim c WHERE c.id = n.claim_id)"  # noqa: S608 - names of ours


def breaks() -> Iterator[Break]:
    """Columns of `claim_now` that say something else than what it is made of."""
    for row in rows(_WRONG):
        says = f"{row.name} is {row.stored}; the claim's own rows come to {row.computed}."
        yield Break(TABLE, str(row.uid), row.name, says)
    for row in rows(_ORPHANS):
        yield Break(TABLE, f"claim {row.claim_id}", "claim_id", "There is no such claim any more.")


CHECK = Check("claims", lambda: counted("arrears_claim"), breaks)
