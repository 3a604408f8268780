from django.db import migrations

from duban.identity.rowsecurity import DatabaseSQL, protect

TABLE = "register_successionentry"


class Migration(migrations.Migration):
    dependencies = [("register", "0007_successions")]

    operations = [
        DatabaseSQL(
            f"CREATE TRIGGER under_an_open_posting AFTER INSERT ON {TABLE} REFERENCING NEW TABLE AS fresh"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();"
            f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()",
            reverse_sql=f"DROP TRIGGER under_an_open_posting ON {TABLE}; DROP TRIGGER only_added ON {TABLE}",
        ),
        # Which body went into which is published.
        protect(
            TABLE,
            read="(SELECT identity.is_business())",
            add="(SELECT identity.my_role()) IN ('office', 'operator')",
        ),
    ]
