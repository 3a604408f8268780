"""An accepted statement left its row in the trail, and what it posted is there."""

from collections.abc import Iterator

from duban.arrears.checks.reading import counted, rows
from duban.audit.verify import Break, Check

TABLE = "arrears_statement"
_UNTOLD = f"""
    SELECT s.uid FROM {TABLE} s
    WHERE s.state = 'accepted' AND NOT EXISTS (
        SELECT FROM audit_event e
        WHERE e.subject_kind = 'arrears.statement' AND e.subject_uid = s.uid::text
          AND e.action = 'arrears.statement_accepted'
    ) ORDER BY s.uid
"""  # noqa: S608 - names of ours
_LOST_ROWS = f"""
    SELECT s.uid, s.summary->>'rows' AS stated, count(r.id) AS kept
    FROM {TABLE} s LEFT JOIN arrears_statementrow r ON r.statement_id = s.id
    WHERE s.state IN ('checked', 'accepting', 'accepted')
    GROUP BY s.id HAVING (s.summary->>'rows')::int <> count(r.id) ORDER BY s.uid
"""  # noqa: S608 - names of ours


def breaks() -> Iterator[Break]:
    """Statements without a trail, or without all their rows."""
    for row in rows(_UNTOLD):
        yield Break(TABLE, str(row.uid), "state", "The trail does not tell that this statement was accepted.")
    for row in rows(_LOST_ROWS):
        says = f"The statement had {row.stated} rows, and {row.kept} are kept."
        yield Break(TABLE, str(row.uid), "summary", says)


CHECK = Check("statements", lambda: counted(TABLE), breaks)
