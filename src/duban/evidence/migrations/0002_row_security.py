from django.db import migrations

from duban.identity.rowsecurity import DatabaseSQL, protect


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial"), ("identity", "0003_row_security"), ("audit", "0002_only_added")]

    operations = [
        protect(
            "evidence_file",
            read="scope_id IN (SELECT identity.my_scopes())",
            add="scope_id IN (SELECT identity.my_posting_scopes())"
            " AND appointment_id = (SELECT identity.my_appointment())",
        ),
        DatabaseSQL(
            "CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_file"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()",
            reverse_sql="DROP TRIGGER only_added ON evidence_file",
        ),
    ]
