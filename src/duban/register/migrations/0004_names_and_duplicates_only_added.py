from django.db import migrations

from duban.identity.rowsecurity import DatabaseSQL, protect, sql_file

BUSINESS = "(SELECT identity.is_business())"
OWN = "party_id = (SELECT identity.my_party())"
KEEPS_THE_REGISTER = "(SELECT identity.my_role()) IN ('office', 'operator')"
TABLES = ("register_renaming", "register_proposal", "register_decision")

ONLY_ADDED = ";".join(
    f"CREATE TRIGGER under_an_open_posting AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();"
    f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()"
    for table in TABLES
)
UNDO = ";".join(
    f"DROP TRIGGER under_an_open_posting ON {table}; DROP TRIGGER only_added ON {table}" for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("register", "0003_names_and_duplicates"), ("audit", "0002_only_added")]

    operations = [
        DatabaseSQL(ONLY_ADDED, reverse_sql=UNDO),
        DatabaseSQL(
            sql_file(__file__, "aliases.sql"),
            reverse_sql="DROP TRIGGER keep_aliases ON register_decision; DROP SCHEMA register CASCADE",
        ),
        protect("register_renaming", read=f"{BUSINESS} OR {OWN}", add=KEEPS_THE_REGISTER),
        protect("register_proposal", read=BUSINESS, add=KEEPS_THE_REGISTER),
        protect("register_decision", read=BUSINESS, add=KEEPS_THE_REGISTER),
        # What the decisions come to is written by the database alone.
        protect("register_alias", read=BUSINESS),
    ]
