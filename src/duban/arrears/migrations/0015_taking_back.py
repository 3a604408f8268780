from django.db import migrations, models

from duban.identity.rowsecurity import DatabaseSQL, sql_file

KNOWN = "an_event_is_of_a_known_step"


def _function(name: str) -> str:
    """The function as a file of SQL defines it, in place of the present one."""
    text = sql_file(__file__, name)
    begin = text.index("FUNCTION arrears.after_events()")
    return "CREATE OR REPLACE " + text[begin : text.index("END $$;", begin)] + "END $$"


class Migration(migrations.Migration):
    dependencies = [("arrears", "0014_links_across_scopes")]

    operations = [
        migrations.RemoveConstraint(model_name="settlementevent", name=KNOWN),
        migrations.AddConstraint(
            model_name="settlementevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    step__in=["confirmed", "denied", "dishonoured", "evidenced", "reopened", "stated", "withdrawn"]
                ),
                name=KNOWN,
            ),
        ),
        DatabaseSQL(_function("taking_back.sql"), reverse_sql=_function("settlements.sql")),
    ]
