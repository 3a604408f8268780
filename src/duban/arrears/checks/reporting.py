"""What was said of who reports, and what was handed in beside workbooks, is still of the unit that said it."""

from collections.abc import Iterator

from duban.arrears.checks.reading import counted, rows
from duban.audit.verify import Break, Check

TABLES = ("arrears_reportingduty", "arrears_reportingdeadline", "arrears_zeroreport")
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
# What was handed in is kept as evidence of its own posting.
SEALED = "arrears_sealedsheet"
_OTHER_FILE = " UNION ALL ".join(
    f"""
    SELECT '{table}' AS name, z.id, f.name AS file FROM {table} z
    JOIN audit_posting p ON p.id = z.posting_id JOIN evidence_file f ON f.id = z.file_id
    WHERE f.sha256 <> p.evidence_sha256
    """  # noqa: S608 - names of ours
    for table in ("arrears_zeroreport", SEALED)
)
_GAPS = """
    SELECT z.uid, z.n FROM arrears_zeroreport z
    WHERE z.n > 1 AND NOT EXISTS (
        SELECT FROM arrears_zeroreport b JOIN arrears_zerowithdrawal w ON w.report_id = b.id
        WHERE b.unit_id = z.unit_id AND b.month = z.month AND b.n = z.n - 1
    ) ORDER BY z.uid
"""


def breaks() -> Iterator[Break]:
    """Rows that speak of another unit than the one for which they were posted."""
    for row in rows(f"{_ELSEWHERE} ORDER BY name, id"):
        yield Break(row.name, str(row.id), "unit_id", f"The row is of {row.said}; it was posted for {row.unit}.")
    for row in rows(f"{_OTHER_FILE} ORDER BY name, id"):
        yield Break(row.name, str(row.id), "file_id", f"The posting was made with another file than {row.file}.")
    for row in rows(_GAPS):
        says = f"It is zero report {row.n} of its month, and the one before it was not withdrawn."
        yield Break("arrears_zeroreport", str(row.uid), "n", says)


CHECK = Check("reporting", lambda: sum(map(counted, (*TABLES, SEALED))), breaks)
