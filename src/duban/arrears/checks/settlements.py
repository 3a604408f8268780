"""Stated payments have all their events, in an order that may be, and moved what they say."""

from collections.abc import Iterator

from duban.arrears.checks.reading import counted, rows
from duban.arrears.rules.reversing import REVERSED, TAKES_BACK
from duban.arrears.rules.settling import NEXT, SETTLES_AS, TAKEN_BACK, WAITING, Step
from duban.audit.verify import Break, Check

TABLE = "arrears_settlement"
EVENTS = "arrears_settlementevent"
_FOLLOWS = ", ".join(f"('{step}', '{wanted}')" for step, found in NEXT.items() for wanted in sorted(found))
_BACK = ", ".join(f"('{step}', '{back}')" for step, back in TAKEN_BACK.items())
_ACCOUNTS = " ".join(f"WHEN '{method}' THEN '{account}'" for method, account in SETTLES_AS.items())
_WAITING = ", ".join(f"'{step}'" for step in sorted(WAITING))

_GAPS = f"""
    SELECT s.uid, count(e.n) AS count, coalesce(max(e.n), 0) AS last
    FROM {TABLE} s LEFT JOIN {EVENTS} e ON e.settlement_id = s.id
    GROUP BY s.id, s.uid HAVING count(e.n) <> coalesce(max(e.n), 0) OR count(e.n) = 0 ORDER BY s.uid
"""  # noqa: S608 - names of ours
_ORDER = f"""
    SELECT s.uid, e.n, e.step, b.step AS before
    FROM {EVENTS} e JOIN {TABLE} s ON s.id = e.settlement_id
    JOIN {EVENTS} b ON b.settlement_id = e.settlement_id AND b.n = e.n - 1
    LEFT JOIN audit_posting p ON p.id = e.posting_id
    WHERE (b.step, e.step) NOT IN ({_FOLLOWS})
      AND NOT (coalesce(p.kind, '{REVERSED}') IN {TAKES_BACK} AND (b.step, e.step) IN ({_BACK})) ORDER BY s.uid, e.n
"""  # noqa: S608 - names and values of ours
_AMOUNT = f"""
    SELECT s.uid, s.amount, t.amount AS moved
    FROM {TABLE} s JOIN arrears_transfer t ON t.settlement_id = s.id AND t.reverses_id IS NULL
    WHERE t.amount <> s.amount ORDER BY s.uid
"""  # noqa: S608 - names of ours
# Where a payment stands, and where its transfers left its amount, say the same.
_STANDS = f"""
    WITH last AS (
        SELECT DISTINCT ON (settlement_id) settlement_id, step FROM {EVENTS} ORDER BY settlement_id, n DESC
    ), expected AS (
        SELECT s.id, s.uid, s.amount, last.step, CASE
            WHEN last.step IN ({_WAITING}) THEN 'reported'
            WHEN last.step = '{Step.CONFIRMED}' THEN CASE s.method {_ACCOUNTS} END
        END AS account
        FROM {TABLE} s JOIN last ON last.settlement_id = s.id
    ), legs AS (
        SELECT t.settlement_id, leg.account, sum(leg.signed) AS fen
        FROM arrears_transfer t
        CROSS JOIN LATERAL (VALUES (t.source, -t.amount), (t.destination, t.amount)) leg (account, signed)
        WHERE t.settlement_id IS NOT NULL AND leg.account <> 'undisputed'
        GROUP BY t.settlement_id, leg.account HAVING sum(leg.signed) <> 0
    )
    SELECT e.uid, e.step, e.account, e.amount, legs.account AS held, coalesce(legs.fen, 0) AS fen
    FROM expected e LEFT JOIN legs ON legs.settlement_id = e.id
    WHERE (e.account, e.amount) IS DISTINCT FROM (legs.account, legs.fen)
      AND NOT (e.account IS NULL AND legs.account IS NULL)
    ORDER BY e.uid
"""  # noqa: S608 - names and values of ours


def breaks() -> Iterator[Break]:
    """What is wrong with stated payments."""
    for row in rows(_GAPS):
        says = f"Of {row.last} events {row.count} are there." if row.last else "The payment has no event any more."
        yield Break(EVENTS, str(row.uid), "n", says)
    for row in rows(_ORDER):
        says = f"Event {row.n} says {row.step}, which cannot follow {row.before}."
        yield Break(EVENTS, f"{row.uid}/{row.n}", "step", says)
    for row in rows(_AMOUNT):
        says = f"The payment says {row.amount} 分; a transfer of it moved {row.moved}."
        yield Break(TABLE, str(row.uid), "amount", says)
    for row in rows(_STANDS):
        says = f"It is at {row.step}; its transfers left {row.fen} of {row.amount} 分 in {row.held or 'no account'}."
        yield Break(TABLE, str(row.uid), "step", says)


CHECK = Check("settlements", lambda: counted(TABLE), breaks)
