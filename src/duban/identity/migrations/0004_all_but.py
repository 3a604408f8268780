import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from duban.identity.rowsecurity import DatabaseSQL, protect, sql_file


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_row_security")]

    operations = [
        migrations.CreateModel(
            name="AllBut",
            fields=[
                (
                    "appointment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="all_but",
                        serialize=False,
                        to="identity.appointment",
                    ),
                ),
                (
                    "unseen",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("may_post", models.BooleanField()),
            ],
        ),
        DatabaseSQL(sql_file(__file__, "all_but.sql"), reverse_sql=DatabaseSQL.noop),
        protect("identity_allbut", read="appointment_id = (SELECT identity.my_appointment())"),
    ]
