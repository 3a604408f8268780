from django.db import migrations

from duban.identity.rowsecurity import MAY_POST, protect

MINE = "appointment_id = (SELECT identity.my_appointment())"


class Migration(migrations.Migration):
    dependencies = [("arrears", "0007_deliveries")]

    operations = [
        # Until a file is handed in for a unit it is a draft, which those who read alone do not see.
        protect("arrears_delivery", read=MAY_POST, add=f"{MAY_POST} AND {MINE}", change=MAY_POST),
        protect("arrears_deliveredfile", read=MAY_POST, add=MAY_POST, change=MAY_POST),
    ]
