from django.db import migrations

from duban.identity.rowsecurity import DatabaseSQL


class Migration(migrations.Migration):
    dependencies = [("arrears", "0008_deliveries_row_security")]

    operations = [
        DatabaseSQL(
            "UPDATE arrears_statement s SET is_for_another = true FROM identity_appointment a"
            " WHERE a.id = s.appointment_id AND a.unit_id <> s.unit_id",
            reverse_sql="",
        ),
    ]
