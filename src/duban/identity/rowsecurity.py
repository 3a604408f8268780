"""Migration operations for row security: one way to say who may read and add rows of a table.

Migrations depend on what these produce, so an operation here is never changed; a new need gets a new one.
"""

from pathlib import Path

from django.conf import settings
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.special import RunSQL
from django.db.migrations.state import ProjectState

APPLICATION = "{application}"
"""Stands in SQL for the quoted name of the application role, which is known only where the migration runs."""


IN_SIGHT = (
    "(scope_id <> ALL ((SELECT identity.my_unseen_scopes())::bigint[]) OR scope_id IN (SELECT identity.my_scopes()))"
)
"""The row's scope is one that the appointment sees. Where the short list of what it does not see answers, the long one
is never read."""

MAY_POST = (
    "(scope_id <> ALL ((SELECT identity.my_unposted_scopes())::bigint[])"
    " OR scope_id IN (SELECT identity.my_posting_scopes()))"
)
"""The row's scope is one in which the appointment may add rows."""


class DatabaseSQL(RunSQL):
    """SQL in which `{application}` stands for the application role."""

    def _run_sql(self, schema_editor: BaseDatabaseSchemaEditor, sqls: str) -> None:
        role = schema_editor.quote_name(str(settings.DATABASES["default"]["USER"]))
        if sqls:
            schema_editor.execute(sqls.replace(APPLICATION, role), params=None)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing that models know of changes."""


def sql_file(migration: str, name: str) -> str:
    """The SQL beside a migration, in its folder `sql`.

    Args:
        migration: the migration's `__file__`.
        name: the file's name.
    """
    return (Path(migration).parent / "sql" / name).read_text(encoding="utf-8")


def protect(table: str, *, read: str, add: str | None = None, change: str | None = None) -> DatabaseSQL:
    """Turn row security on for `table` and say who may read, add and change its rows.

    Args:
        table: its name in the database.
        read, add, change: conditions on a row, in SQL. Without `add` or `change` the application may not do it at
            all; erasing is never allowed this way.
    """
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"GRANT SELECT ON {table} TO {APPLICATION}",
        f"CREATE POLICY read ON {table} FOR SELECT USING ({read})",
    ]
    if add is not None:
        statements += [
            f"GRANT INSERT ON {table} TO {APPLICATION}",
            f"CREATE POLICY add ON {table} FOR INSERT WITH CHECK ({add})",
        ]
    if change is not None:
        statements += [
            f"GRANT UPDATE ON {table} TO {APPLICATION}",
            f"CREATE POLICY change ON {table} FOR UPDATE USING ({change}) WITH CHECK ({change})",
        ]
    undo = [f"DROP POLICY IF EXISTS {policy} ON {table}" for policy in ("read", "add", "change")]
    undo += [f"REVOKE ALL ON {table} FROM {APPLICATION}", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"]
    return DatabaseSQL(";\n".join(statements), reverse_sql=";\n".join(undo))


def change_policy(table: str, policy: str, *, to: str, was: str) -> DatabaseSQL:
    """Give a policy of `protect` another condition.

    Args:
        table: its name in the database.
        policy: "read", "add" or "change".
        to, was: the condition from now on, and the one until now.
    """
    return DatabaseSQL(_condition(table, policy, to), reverse_sql=_condition(table, policy, was))


def _condition(table: str, policy: str, condition: str) -> str:
    asked = [] if policy == "add" else [f"USING ({condition})"]
    written = [] if policy == "read" else [f"WITH CHECK ({condition})"]
    return f"ALTER POLICY {policy} ON {table} {' '.join(asked + written)}"
