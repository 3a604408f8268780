"""What `duban init` does for the books, once."""

from django.db import connections


def be_born(*, is_demo: bool) -> bool:
    """Say what this database is. Only one born as a demo may be told when something was recorded, for ever.

    Returns:
        Whether it was born just now.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO audit_birth (is_demo) VALUES (%s) ON CONFLICT DO NOTHING RETURNING true", [is_demo])
        return cursor.fetchone() is not None
