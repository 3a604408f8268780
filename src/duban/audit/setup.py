"""What `duban init` does for the books, once."""

from django.db import connections


def be_born(*, is_demo: bool) -> bool:
    """Say what this database is, if nothing has said it yet. It stays so for ever.

    Returns:
        Whether it is a demo, the only kind that may be told when something was recorded.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO audit_birth (is_demo) VALUES (%s) ON CONFLICT DO NOTHING", [is_demo])
        cursor.execute("SELECT is_demo FROM audit_birth")
        return bool(cursor.fetchone()[0])
