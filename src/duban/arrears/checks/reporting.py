"""What was said of who reports, and what was handed in beside workbooks, is still of the unit that said it."""

from collections.abc import Iterator

from duban.arrears.checks.reading import counted, rows
from duban.audit.verify import Break, Check

TABLES = ("arrears_reportingduty", "arrears_reportingdeadline")
# The posting of an act is in the scope in which it was done, and that scope is the unit's.
_ELSEWHERE = " UNION ALL ".join(
    f"""
    SELECT '{table}' AS name, r.id, u.code AS said, v.code AS unit
    FROM {table} r
    JOIN audit_posting p ON p.id = r.posting_id
    JOIN identity_scope s ON s.id = p.scope_id
    JOIN identity_unit v ON v.id = s.unit_id
    JOIN identity_unit u ON u.id = r.unit_id
    WHERE r.unit_id <> s.unit_id OR r.scope_id <> p.scope_id
    """  # noqa: S608 - names of ours
    for table in TABLES
)


def breaks() -> Iterator[Break]:
    """Rows that speak of another unit than the one for which they were posted."""
    for row in rows(f"{_ELSEWHERE} ORDER BY name, id"):
        yield Break(row.name, str(row.id), "unit_id", f"The row is of {row.said}; it was posted for {row.unit}.")


CHECK = Check("reporting", lambda: sum(map(counted, TABLES)), breaks)
