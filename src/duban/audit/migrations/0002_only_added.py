from django.db import migrations

from duban.identity.rowsecurity import DatabaseSQL, protect, sql_file

ENTERED = "(SELECT identity.my_appointment()) IS NOT NULL"
MINE = "appointment_id = (SELECT identity.my_appointment())"
IN_SIGHT = "scope_id IN (SELECT identity.my_scopes())"
IN_MY_TRAIL = f"(SELECT identity.my_role()) IN ('office', 'auditor') AND {IN_SIGHT}"
KEEPS_THE_TRAIL = "(SELECT identity.my_role()) IN ('operator', 'audit_admin')"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("identity", "0003_row_security")]

    operations = [
        DatabaseSQL(
            sql_file(__file__, "posting.sql"),
            reverse_sql="DROP SCHEMA audit CASCADE; DROP TABLE audit_birth;"
            " ALTER TABLE audit_posting DROP COLUMN written_in",
        ),
        protect(
            "audit_event",
            read=f"{MINE} OR ({IN_MY_TRAIL}) OR {KEEPS_THE_TRAIL}",
            # Refused sign-ins are written by nobody: there is no appointment yet.
            add=f"{MINE} OR (appointment_id IS NULL AND action = 'identity.sign_in_refused'"
            " AND subject_kind = '' AND subject_uid = '' AND scope_id IS NULL AND changes = '[]')",
        ),
        protect(
            "audit_posting",
            read=f"{MINE} OR {IN_SIGHT} OR {KEEPS_THE_TRAIL}",
            add=f"{MINE} AND scope_id IN (SELECT identity.my_posting_scopes())",
        ),
        # How far a piece of work is says nothing of what is in it.
        protect("audit_progress", read=ENTERED, add=MINE, change=ENTERED),
    ]
