"""Every row of the ledger belongs to a posting, and was recorded with it."""

from collections.abc import Iterator

from duban.arrears.checks.reading import counted, rows
from duban.audit.verify import Break, Check

# Whoever sees a claim along a line need not see its reporter's postings: only the operator can tell that one is gone.
_GONE = """
    SELECT used.posting_id, min(used.name) AS name, count(*) AS rows
    FROM (
        SELECT posting_id, 'arrears_transfer' AS name FROM arrears_transfer
        UNION ALL SELECT posting_id, 'arrears_claimfact' FROM arrears_claimfact
        UNION ALL SELECT posting_id, 'arrears_claim' FROM arrears_claim
        UNION ALL SELECT posting_id, 'arrears_contract' FROM arrears_contract
        UNION ALL SELECT posting_id, 'arrears_settlement' FROM arrears_settlement
        UNION ALL SELECT posting_id, 'arrears_settlementevent' FROM arrears_settlementevent
        UNION ALL SELECT posting_id, 'arrears_claimlink' FROM arrears_claimlink
        UNION ALL SELECT posting_id, 'arrears_evidence' FROM arrears_evidence
        UNION ALL SELECT posting_id, 'arrears_actdetail' FROM arrears_actdetail
        UNION ALL SELECT posting_id, 'arrears_primerate' FROM arrears_primerate
        UNION ALL SELECT posting_id, 'arrears_reportingduty' FROM arrears_reportingduty
        UNION ALL SELECT posting_id, 'arrears_reportingdeadline' FROM arrears_reportingdeadline
        UNION ALL SELECT posting_id, 'arrears_zeroreport' FROM arrears_zeroreport
        UNION ALL SELECT posting_id, 'arrears_zerowithdrawal' FROM arrears_zerowithdrawal
        UNION ALL SELECT posting_id, 'arrears_sealedsheet' FROM arrears_sealedsheet
        UNION ALL SELECT posting_id, 'register_party' FROM register_party
    ) used
    WHERE (SELECT identity.my_role()) = 'operator'
      AND NOT EXISTS (SELECT FROM audit_posting p WHERE p.id = used.posting_id)
    GROUP BY used.posting_id ORDER BY used.posting_id
"""
# The transfers of a posting and the flows made of them say the same; if the posting differs, it is the posting.
_OTHER_INSTANT = """
    SELECT p.uid, p.recorded_at, min(t.recorded_at) AS theirs
    FROM audit_posting p JOIN arrears_transfer t ON t.posting_id = p.id
    GROUP BY p.id, p.uid, p.recorded_at
    HAVING bool_and(t.recorded_at <> p.recorded_at)
"""


def breaks() -> Iterator[Break]:
    """Postings that are gone, or that say another instant than all that belongs to them."""
    for lost in rows(_GONE):
        says = f"Posting {lost.posting_id} is gone, and {lost.rows} rows ({lost.name} and others) belong to it."
        yield Break("audit_posting", str(lost.posting_id), "id", says)
    for moved in rows(_OTHER_INSTANT):
        says = f"The posting says {moved.recorded_at.isoformat()}, its transfers {moved.theirs.isoformat()}."
        yield Break("audit_posting", str(moved.uid), "recorded_at", says)


CHECK = Check("postings", lambda: counted("audit_posting"), breaks)
