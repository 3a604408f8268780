from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("arrears", "0022_prime_rates")]

    operations = [
        migrations.AddConstraint(
            model_name="claimfact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("law_edition", ""), ("law_reason", "")),
                    models.Q(
                        ("law_edition__in", ["2020", "2025", "pre-2020"]), models.Q(("law_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="an_edition_is_chosen_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimfact",
            constraint=models.CheckConstraint(
                condition=models.Q(("year_days__isnull", True), ("year_days__in", [360, 365]), _connector="OR"),
                name="a_year_of_a_rate_is_a_known_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimfact",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreed_rate__isnull", True), ("agreed_rate__range", (0, 1)), _connector="OR"),
                name="an_agreed_rate_is_a_ratio_for_a_year",
            ),
        ),
    ]
