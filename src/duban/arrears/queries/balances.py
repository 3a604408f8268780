"""What the accounts of a claim hold, day by day."""

from collections.abc import Mapping
from datetime import date

from django.db import connection

from duban.arrears.rules.accounts import OF_PAYMENTS, Account
from duban.kernel.money import ZERO, Money

_LEAST = """
    WITH legs AS (
        SELECT leg.account, greatest(t.effective_on, %(since)s) AS day, sum(leg.signed) AS fen
        FROM arrears_transfer t
        CROSS JOIN LATERAL (VALUES (t.source, -t.amount), (t.destination, t.amount)) leg (account, signed)
        WHERE t.claim_id = %(claim)s AND NOT (%(by_hand)s AND t.settlement_id IS NOT NULL)
        GROUP BY 1, 2
    ), days AS (
        SELECT DISTINCT account, %(since)s::date AS day FROM legs UNION SELECT account, day FROM legs
    ), held AS (
        SELECT account, sum(coalesce(fen, 0)) OVER (PARTITION BY account ORDER BY day) AS fen
        FROM days LEFT JOIN legs USING (account, day)
    )
    SELECT account, min(fen)::bigint FROM held GROUP BY account
"""


def least_balances(claim_id: int, *, since: date) -> Mapping[Account, Money]:
    """The least that each account of a claim holds at the end of a day, from `since` on. One query.

    So much can leave the account on that day without a later day falling below zero.
    """
    return _least(claim_id, since=since, by_hand=False)


def free_balances(claim_id: int, *, since: date) -> Mapping[Account, Money]:
    """The least that the accounts of payments hold without what belongs to payments, which moves only with them."""
    by_hand = _least(claim_id, since=since, by_hand=True)
    return {account: max(by_hand.get(account, ZERO), ZERO) for account in OF_PAYMENTS}


def _least(claim_id: int, *, since: date, by_hand: bool) -> dict[Account, Money]:
    with connection.cursor() as cursor:
        cursor.execute(_LEAST, {"claim": claim_id, "since": since, "by_hand": by_hand})
        return {Account(account): Money(fen) for account, fen in cursor.fetchall()}
