from django.db import migrations

from duban.identity.rowsecurity import DatabaseSQL, protect

BUSINESS = "(SELECT identity.is_business())"
OWN = "party_id = (SELECT identity.my_party())"
KEEPS_THE_REGISTER = "(SELECT identity.my_role()) IN ('office', 'operator')"
TABLES = ("register_kindversion", "register_sizeevidence", "register_verification")

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
    dependencies = [("register", "0005_kinds_sizes_and_verifications")]

    operations = [
        DatabaseSQL(ONLY_ADDED, reverse_sql=UNDO),
        protect("register_kindversion", read=f"{BUSINESS} OR {OWN}", add=KEEPS_THE_REGISTER),
        protect("register_verification", read=f"{BUSINESS} OR {OWN}", add=KEEPS_THE_REGISTER),
        # Staff and revenue are the enterprise's own: whoever owes it money does not read them here.
        protect(
            "register_sizeevidence",
            read=f"({BUSINESS} AND (SELECT identity.my_role()) <> 'debtor') OR {OWN}",
            add=KEEPS_THE_REGISTER,
        ),
    ]
