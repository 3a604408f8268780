"""Stated payments have all their events, in an order that may be, and moved what they say."""

from collections.abc import Iterator

from duban.arrears.checks.reading import counted, rows
from duban.arrears.rules.settling import NEXT
from duban.audit.verify import Break, Check

TABLE = "arrears_settlement"
EVENTS = "arrears_settlementevent"
_FOLLOWS = ", ".join(f"('{step}', '{wanted}')" for step, found in NEXT.items() for wanted in sorted(found))

_GAPS = f"""
    SELECT s.uid, count(e.n) AS count, coalesce(max(e.n), 0) AS last
    FROM {TABLE} s LEFT JOIN {EVENTS} e ON e.settlement_id = s.id
    GROUP BY s.id, s.uid HAVING count(e.n) <> coalesce(max(e.n), 0) OR count(e.n) = 0 ORDER BY s.uid
"""  # noqa: S608 - names of ours
_ORDER = f"""
    SELECT s.uid, e.n, e.step, b.step AS before
    FROM {EVENTS} e JOIN {TABLE} s ON s.id = e.settlement_id
    JOIN {EVENTS} b ON b.settlement_id = e.settlement_id AND b.n = e.n - 1
    WHERE (b.step, e.step) NOT IN ({_FOLLOWS}) ORDER BY s.uid, e.n
"""  # noqa: S608 - names and values of ours
_AMOUNT = f"""
    SELECT s.uid, s.amount, t.amount AS moved
    FROM {TABLE} s JOIN arrears_transfer t ON t.settlement_id = s.id AND t.reverses_id IS NULL
    WHERE t.amount <> s.amount ORDER BY s.uid
"""  # noqa: S608 - names of ours


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


CHECK = Check("settlements", lambda: counted(TABLE), breaks)
