from django.db import migrations

from duban.identity.rowsecurity import IN_SIGHT, MAY_POST, DatabaseSQL, protect

TABLES = ("arrears_statedclaim", "arrears_question", "arrears_answer", "arrears_answerpaper")
ONLY_ADDED = "".join(
    f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();"
    for table in TABLES
)
IN_ITS_SCOPE = (
    "ALTER TABLE arrears_statedclaim ADD CONSTRAINT what_is_stated_is_in_its_claims_scope"
    " FOREIGN KEY (claim_id, scope_id) REFERENCES arrears_claim (id, scope_id);"
)
UNDO = "ALTER TABLE arrears_statedclaim DROP CONSTRAINT what_is_stated_is_in_its_claims_scope;" + "".join(
    f"DROP TRIGGER only_added ON {table};" for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("arrears", "0019_statements_are_merged")]

    operations = [
        DatabaseSQL(IN_ITS_SCOPE + ONLY_ADDED, reverse_sql=UNDO),
        *(protect(table, read=IN_SIGHT, add=MAY_POST) for table in TABLES),
    ]
