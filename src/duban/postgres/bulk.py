"""Many rows in one statement, so that statement-level triggers see them together."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg import sql

Columns = Mapping[str, tuple[str, Sequence[object]]]
"""Column name → its SQL type and its values, one a row; all of one length."""


def insert(table: str, columns: Columns, *, returning: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """Insert rows given column by column.

    Args:
        table: its name in the database.
        returning: columns whose values are wanted back. Rows come back in no promised order: ask for one that tells
            them apart.

    Returns:
        A tuple of the `returning` columns for each row; empty when none was asked for.
    """
    if not next(iter(columns.values()))[1]:
        return []
    arrays = sql.SQL(", ").join(sql.SQL(f"%s::{kind}[]") for kind, _ in columns.values())
    statement = sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({})").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)), arrays
    )
    if returning:
        statement += sql.SQL(" RETURNING ") + sql.SQL(", ").join(map(sql.Identifier, returning))
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(values) for _, values in columns.values()])
        return cursor.fetchall() if returning else []
