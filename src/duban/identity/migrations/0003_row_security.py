from django.db import migrations

from duban.identity.rowsecurity import protect

ENTERED = "(SELECT identity.my_appointment()) IS NOT NULL"
MANAGES_UNITS = "(SELECT identity.my_role()) IN ('operator', 'system_admin')"
MANAGES_PEOPLE = "(SELECT identity.my_role()) IN ('operator', 'security_admin')"


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_entry")]

    operations = [
        # The tree is known to everybody who entered.
        *(
            protect(table, read=ENTERED, add=MANAGES_UNITS, change=MANAGES_UNITS)
            for table in ("identity_line", "identity_unit", "identity_unitversion", "identity_unitalias")
        ),
        # Scopes and sight are written by the database's own functions alone.
        protect("identity_scope", read=ENTERED),
        protect("identity_sight", read="appointment_id = (SELECT identity.my_appointment())"),
        # People and appointments are changed by functions alone (end_appointment, set_active).
        protect("identity_person", read=f"id = (SELECT identity.my_person()) OR {MANAGES_PEOPLE}", add=MANAGES_PEOPLE),
        protect(
            "identity_appointment",
            read=f"person_id = (SELECT identity.my_person()) OR {MANAGES_PEOPLE}",
            # Nobody appoints themselves, and nobody a second local operator.
            add=f"{MANAGES_PEOPLE} AND person_id <> (SELECT identity.my_person()) AND role <> 'operator'"
            " AND revoked_at IS NULL",
        ),
    ]
