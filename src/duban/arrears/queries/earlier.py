"""Balances of an earlier day, as columns of a query: today's, less what moved after that day."""

from collections.abc import Iterable

from psycopg import sql

from duban.arrears.rules.accounts import Account


def moved(accounts: Iterable[Account]) -> sql.Composed:
    """By how much each account rose, of a query over transfers `x` that is grouped by claim."""
    return sql.SQL(", ").join(
        sql.SQL(
            "sum(CASE WHEN x.destination = {0} THEN x.amount"
            " WHEN x.source = {0} THEN -x.amount ELSE 0 END)::bigint AS {1}"
        ).format(sql.Literal(account.value), sql.Identifier(account.value))
        for account in accounts
    )


def before(account: Account) -> sql.Composed:
    """What an account of the claim `n` held before what `later` says has moved."""
    return sql.SQL("n.{0} - coalesce(later.{0}, 0)").format(sql.Identifier(account.value))


def balances_before(accounts: Iterable[Account]) -> sql.Composed:
    """The same of several accounts, each under its own name."""
    return sql.SQL(", ").join(
        before(account) + sql.SQL(" AS {}").format(sql.Identifier(account.value)) for account in accounts
    )
