from django.db import migrations

from duban.identity.rowsecurity import IN_SIGHT, MAY_POST, change_policy

MINE = "appointment_id = (SELECT identity.my_appointment())"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_row_security"), ("identity", "0004_all_but")]

    operations = [
        change_policy("evidence_file", "read", to=IN_SIGHT, was="scope_id IN (SELECT identity.my_scopes())"),
        change_policy(
            "evidence_file",
            "add",
            to=f"{MAY_POST} AND {MINE}",
            was=f"scope_id IN (SELECT identity.my_posting_scopes()) AND {MINE}",
        ),
    ]
