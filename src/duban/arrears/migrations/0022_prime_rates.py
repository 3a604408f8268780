import django.db.models.deletion
from django.db import migrations, models

from duban.identity.rowsecurity import DatabaseSQL, protect

# A rate holds for everybody: it is added by the office of a unit at the top of the tree, or by the local operator.
OF_THE_WHOLE_CITY = (
    "(SELECT identity.my_role()) = 'operator' OR ((SELECT identity.my_role()) = 'office' AND EXISTS ("
    "SELECT FROM identity_appointment a JOIN identity_unit u ON u.id = a.unit_id"
    " WHERE a.id = (SELECT identity.my_appointment()) AND nlevel(u.path) <= 2))"
)
ONLY_ADDED = (
    "CREATE TRIGGER under_an_open_posting AFTER INSERT ON arrears_primerate REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();"
    "CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_primerate"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()"
)
UNDO = "DROP TRIGGER under_an_open_posting ON arrears_primerate; DROP TRIGGER only_added ON arrears_primerate"


class Migration(migrations.Migration):
    dependencies = [("arrears", "0021_facts_of_the_law"), ("audit", "0003_all_but")]

    operations = [
        migrations.CreateModel(
            name="PrimeRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("published_on", models.DateField()),
                ("n", models.IntegerField()),
                ("one_year", models.DecimalField(decimal_places=6, max_digits=9)),
                (
                    "posting",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="audit.posting",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("published_on", "n"), name="versions_of_a_prime_rate_are_numbered"),
                    models.CheckConstraint(
                        condition=models.Q(("one_year__gte", 0), ("one_year__lte", 1)),
                        name="a_prime_rate_is_a_ratio_for_a_year",
                    ),
                ]
            },
        ),
        DatabaseSQL(ONLY_ADDED, reverse_sql=UNDO),
        protect("arrears_primerate", read="(SELECT identity.is_business())", add=OF_THE_WHOLE_CITY),
    ]
