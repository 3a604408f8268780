"""What was carried over (划转) left one claim and came to the other in one posting, by the amount of the link."""

from collections.abc import Iterator

from duban.arrears.checks.reading import LEGS, counted, rows
from duban.arrears.rules.accounts import CARRIED
from duban.arrears.rules.acts import Ground, Link
from duban.audit.verify import Break, Check

TABLE = "arrears_claimlink"
_OWED = ", ".join(f"'{account.value}'" for account in CARRIED)

# Of a duplicate only one side moves: the amount stands on the other claim already. Taken back, it comes back there.
# Who sees only one of the two claims can tell nothing of the link.
_SIDES = f"""
    WITH moved AS (
        SELECT leg.posting_id, leg.claim_id, sum(leg.signed) AS fen FROM ({LEGS}) leg
        WHERE leg.account IN ({_OWED}) AND leg.posting_id IN (SELECT posting_id FROM {TABLE})
        GROUP BY leg.posting_id, leg.claim_id
    )
    SELECT l.id, l.amount, coalesce(-a.fen, 0) AS gone, coalesce(b.fen, 0) AS come
    FROM {TABLE} l
    JOIN arrears_claim old ON old.id = l.from_claim_id JOIN arrears_claim new ON new.id = l.to_claim_id
    LEFT JOIN moved a ON a.posting_id = l.posting_id AND a.claim_id = l.from_claim_id
    LEFT JOIN moved b ON b.posting_id = l.posting_id AND b.claim_id = l.to_claim_id
    WHERE CASE l.kind WHEN '{Link.DUPLICATE}' THEN coalesce(-a.fen, 0) + coalesce(b.fen, 0) <> l.amount
        ELSE a.fen IS DISTINCT FROM -l.amount OR b.fen IS DISTINCT FROM l.amount END
    ORDER BY l.id
"""  # noqa: S608 - names and values of ours
_ALONE = f"""
    SELECT c.uid, t.n, t.amount FROM arrears_transfer t JOIN arrears_claim c ON c.id = t.claim_id
    WHERE t.ground = '{Ground.MOVED}' AND NOT EXISTS (
        SELECT FROM {TABLE} l WHERE l.posting_id = t.posting_id AND l.from_claim_id = t.claim_id
    )
    ORDER BY c.uid, t.n
"""  # noqa: S608 - names and values of ours


def breaks() -> Iterator[Break]:
    """Links that the transfers do not bear out, and amounts that went nowhere."""
    for row in rows(_SIDES):
        says = f"The link says {row.amount} 分; {row.gone} left the one claim and {row.come} came to the other."
        yield Break(TABLE, str(row.id), "amount", says)
    for row in rows(_ALONE):
        says = f"{row.amount} 分 left for another claim, and no link says which."
        yield Break("arrears_transfer", f"{row.uid}/{row.n}", "ground", says)


CHECK = Check("links", lambda: counted(TABLE), breaks)
