from django.db import migrations

from duban.identity.rowsecurity import IN_SIGHT, MAY_POST, DatabaseSQL, protect

BUSINESS = "(SELECT identity.is_business())"
TABLES = ("arrears_reportingduty", "arrears_reportingdeadline")


def of_its_unit(table: str) -> str:
    """The row's scope is one of the unit it speaks of: nobody says anything of another's."""
    return f"scope_id IN (SELECT s.id FROM identity_scope s WHERE s.unit_id = {table}.unit_id)"


class Migration(migrations.Migration):
    dependencies = [("arrears", "0024_reporters")]

    operations = [
        *(
            DatabaseSQL(
                f"CREATE TRIGGER under_an_open_posting AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
                " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();"
                f" CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()",
                reverse_sql=f"DROP TRIGGER under_an_open_posting ON {table}; DROP TRIGGER only_added ON {table}",
            )
            for table in TABLES
        ),
        protect("arrears_reportingduty", read=IN_SIGHT, add=f"{MAY_POST} AND {of_its_unit('arrears_reportingduty')}"),
        # A county reads the day that its city set.
        protect(
            "arrears_reportingdeadline",
            read=BUSINESS,
            add=f"{MAY_POST} AND {of_its_unit('arrears_reportingdeadline')}",
        ),
    ]
