from django.db import migrations

from duban.identity.rowsecurity import IN_SIGHT, MAY_POST, DatabaseSQL, protect

MINE = "appointment_id = (SELECT identity.my_appointment())"


def only_added(table: str) -> DatabaseSQL:
    return DatabaseSQL(
        f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()",
        reverse_sql=f"DROP TRIGGER only_added ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("identity", "0004_all_but"), ("audit", "0002_only_added")]

    operations = [
        # What somebody only looks at is a draft: those who read alone, leaders and auditors, do not see it.
        protect("intake_look", read=MAY_POST, add=f"{MAY_POST} AND {MINE}", change=MAY_POST),
        protect("intake_lookrow", read=MAY_POST, add=MAY_POST),
        protect("intake_lookfinding", read=MAY_POST, add=MAY_POST),
        protect("intake_headingmeaning", read=IN_SIGHT, add=f"{MAY_POST} AND {MINE}"),
        only_added("intake_lookrow"),
        only_added("intake_lookfinding"),
        only_added("intake_headingmeaning"),
    ]
