"""How checks read the books: one query, and each of its rows by the names of its columns."""

from collections.abc import Iterator
from typing import Any

from django.db import connection


class Row(dict[str, Any]):
    """A row of a query; `row.name` is its column `name`."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a column may hold anything
        return self[name]


def rows(query: str) -> Iterator[Row]:
    """The rows of a query. What a check looks for is rare, so they are few."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = [column.name for column in cursor.description or ()]
        found = cursor.fetchall()
    for values in found:
        yield Row(zip(names, values, strict=True))


def counted(table: str) -> int:
    """How many rows of a table the reader sees."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of ours
        return int(cursor.fetchone()[0])


LEGS = """
    SELECT t.id, t.claim_id, t.scope_id, t.posting_id, t.n, t.effective_on, t.recorded_at, leg.account, leg.signed
    FROM arrears_transfer t
    CROSS JOIN LATERAL (VALUES (t.source, -t.amount), (t.destination, t.amount)) leg (account, signed)
"""
"""Every transfer as its two sides."""
