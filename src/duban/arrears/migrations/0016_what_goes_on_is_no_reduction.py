from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("arrears", "0015_taking_back"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="transfer",
            name="a_transfer_follows_an_allowed_move",
        ),
        migrations.RemoveConstraint(
            model_name="transfer",
            name="a_reduction_has_its_ground",
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reverses__isnull", False),
                    models.Q(
                        ("destination", "recognised"),
                        ("ground", "moved"),
                        ("ground__isnull", False),
                        ("reverses__isnull", True),
                        ("source__in", ["disputed", "judicial", "not_due", "undisputed", "unsettled"]),
                    ),
                    models.Q(
                        ("destination__in", ["disputed", "judicial", "not_due", "undisputed", "unsettled"]),
                        ("source", "recognised"),
                    ),
                    models.Q(
                        ("destination__in", ["disputed", "not_due", "reduced", "undisputed"]), ("source", "unsettled")
                    ),
                    models.Q(("destination__in", ["disputed", "reduced", "undisputed"]), ("source", "not_due")),
                    models.Q(
                        ("destination__in", ["disputed", "judicial", "reduced", "reported"]), ("source", "undisputed")
                    ),
                    models.Q(("destination__in", ["judicial", "reduced", "undisputed"]), ("source", "disputed")),
                    models.Q(
                        ("destination__in", ["court", "disputed", "reduced", "undisputed"]), ("source", "judicial")
                    ),
                    models.Q(
                        ("destination__in", ["cash", "instrument", "offset", "undisputed"]), ("source", "reported")
                    ),
                    models.Q(("destination__in", ["cash", "undisputed"]), ("source", "instrument")),
                    _connector="OR",
                ),
                name="a_transfer_follows_an_allowed_move",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("destination", "reduced"),
                        ("reverses__isnull", True),
                        ("ground__in", ["discount", "error", "stated_lower", "two_sided", "vanished"]),
                        ("ground__isnull", False),
                    ),
                    models.Q(
                        ("destination", "recognised"),
                        ("ground", "moved"),
                        ("ground__isnull", False),
                        ("reverses__isnull", True),
                        ("source__in", ["disputed", "judicial", "not_due", "undisputed", "unsettled"]),
                    ),
                    models.Q(
                        models.Q(("destination", "reduced"), ("reverses__isnull", True), _negated=True),
                        ("ground__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_reduction_has_its_ground",
            ),
        ),
    ]
