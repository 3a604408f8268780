"""Members enter and leave in turn; orders follow each other, are approved by another, and say what the ledger said."""

from collections.abc import Iterator

from duban.arrears.checks.reading import LEGS, counted, rows
from duban.arrears.queries.campaigns.bases import PARTS
from duban.arrears.rules.accounts import COUNTED, Rule
from duban.arrears.rules.campaigns import COVERABLE
from duban.audit.verify import Break, Check

MEMBERS, ORDERS, LINES = "arrears_campaignmember", "arrears_baseorder", "arrears_baseline"

_STEPS = f"""
    SELECT k.code, c.uid, m.n
    FROM {MEMBERS} m
    JOIN arrears_campaign k ON k.id = m.campaign_id JOIN arrears_claim c ON c.id = m.claim_id
    LEFT JOIN {MEMBERS} b ON b.campaign_id = m.campaign_id AND b.claim_id = m.claim_id AND b.n = m.n - 1
    WHERE m.n > 1 AND (b.since <= m.since) IS NOT TRUE ORDER BY k.code, c.uid, m.n
"""  # noqa: S608 - names of ours
_GAPS = f"""
    SELECT k.code, count(*) AS count, max(o.number) AS last
    FROM {ORDERS} o JOIN arrears_campaign k ON k.id = o.campaign_id
    GROUP BY k.code HAVING count(*) <> max(o.number) ORDER BY k.code
"""  # noqa: S608 - names of ours
_SAME_PERSON = f"""
    SELECT k.code, o.number, drafted.who
    FROM {ORDERS} o
    JOIN arrears_campaign k ON k.id = o.campaign_id
    JOIN arrears_basedecision d ON d.order_id = o.id AND d.is_approved
    JOIN audit_posting drafted ON drafted.id = o.posting_id JOIN audit_posting decided ON decided.id = d.posting_id
    JOIN identity_appointment one ON one.id = drafted.appointment_id
    JOIN identity_appointment two ON two.id = decided.appointment_id
    WHERE one.person_id = two.person_id ORDER BY k.code, o.number
"""  # noqa: S608 - names of ours
_BEFORE = f"""
    WITH lines AS (
        SELECT o.campaign_id, o.number, l.claim_id, l.before, coalesce(lag(l.after) OVER (
            PARTITION BY o.campaign_id, l.claim_id ORDER BY o.number), 0) AS was
        FROM {LINES} l JOIN {ORDERS} o ON o.id = l.order_id JOIN arrears_basedecision d ON d.order_id = o.id
        WHERE d.is_approved
    )
    SELECT k.code, l.number, c.uid, l.before, l.was
    FROM lines l JOIN arrears_campaign k ON k.id = l.campaign_id JOIN arrears_claim c ON c.id = l.claim_id
    WHERE l.before <> l.was ORDER BY k.code, l.number, c.uid
"""  # noqa: S608 - names of ours
_SUMS = ", ".join(f"sum(signed) FILTER (WHERE account = '{account}') AS \"{account}\"" for account in COVERABLE)
_CLEARED = ", ".join(f"'{account}'" for account in COUNTED[Rule.C0])
_SAID = ", ".join(f"('{part}', l.{part}, coalesce(t.{part}, 0))" for part in PARTS)
# What is not covered stands as nothing in a line, whatever the ledger held of it.
_LEDGER = f"""
    WITH asked AS (
        SELECT o.id, o.campaign_id, o.number, o.effective_on, o.known_at FROM {ORDERS} o
    ), t AS (
        SELECT l.order_id, l.claim_id, {_SUMS}, sum(signed) FILTER (WHERE account IN ({_CLEARED})) AS cleared
        FROM {LINES} l JOIN asked o ON o.id = l.order_id JOIN ({LEGS}) legs ON legs.claim_id = l.claim_id
        WHERE legs.effective_on <= o.effective_on AND legs.recorded_at <= o.known_at AND NOT l.by_hand
        GROUP BY l.order_id, l.claim_id
    )
    SELECT k.code, o.number, c.uid, found.part, found.said, found.held
    FROM {LINES} l
    JOIN asked o ON o.id = l.order_id JOIN arrears_campaign k ON k.id = o.campaign_id
    JOIN arrears_claim c ON c.id = l.claim_id
    LEFT JOIN t ON t.order_id = l.order_id AND t.claim_id = l.claim_id
    CROSS JOIN LATERAL (VALUES {_SAID}) found (part, said, held)
    WHERE NOT l.by_hand AND found.said NOT IN (0, found.held) ORDER BY k.code, o.number, c.uid, found.part
"""  # noqa: S608 - names of ours


def breaks() -> Iterator[Break]:
    """What is wrong with campaigns and their bases."""
    for row in rows(_STEPS):
        says = f"Step {row.n} does not follow the one before it: a claim enters and leaves in turn."
        yield Break(MEMBERS, f"{row.code}/{row.uid}/{row.n}", "n", says)
    for row in rows(_GAPS):
        yield Break(ORDERS, row.code, "number", f"Of {row.last} orders {row.count} are there.")
    for row in rows(_SAME_PERSON):
        says = f"The order was approved by the person who drafted it: {row.who}."
        yield Break("arrears_basedecision", f"{row.code}/{row.number}", "posting_id", says)
    for row in rows(_BEFORE):
        says = f"The order says {row.before} 分 before it; the base was {row.was}."
        yield Break(LINES, f"{row.code}/{row.number}/{row.uid}", "before", says)
    for row in rows(_LEDGER):
        says = f"The base has {row.said} 分 of {row.part}; the ledger held {row.held} on that day, as known then."
        yield Break(LINES, f"{row.code}/{row.number}/{row.uid}", row.part, says)


CHECK = Check("campaigns", lambda: counted(LINES), breaks)
