import django.db.models.deletion
from django.db import migrations, models

import duban.postgres.fields
from duban.identity.rowsecurity import IN_SIGHT, DatabaseSQL, protect, sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("arrears", "0004_all_but"),
        ("audit", "0003_all_but"),
        ("identity", "0004_all_but"),
        ("register", "0002_row_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fold",
            fields=[
                ("last_flow", models.BigIntegerField(primary_key=True, serialize=False)),
                ("recorded_until", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FoldedFlow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "fold_id", "scope_id", "account", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "fold",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sums",
                        to="arrears.fold",
                    ),
                ),
                (
                    "scope",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.scope",
                    ),
                ),
                ("account", duban.postgres.fields.AccountField(max_length=12)),
                ("amount", models.BigIntegerField()),
                ("claims", models.BigIntegerField()),
            ],
        ),
        DatabaseSQL(sql_file(__file__, "folding.sql"), reverse_sql="DROP FUNCTION arrears.fold_flows"),
        protect("arrears_fold", read="(SELECT identity.is_business())"),
        protect("arrears_foldedflow", read=IN_SIGHT),
    ]
