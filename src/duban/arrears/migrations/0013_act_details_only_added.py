from django.db import migrations

from duban.identity.rowsecurity import IN_SIGHT, MAY_POST, DatabaseSQL, protect


class Migration(migrations.Migration):
    dependencies = [("arrears", "0012_act_details")]

    operations = [
        DatabaseSQL(
            "ALTER TABLE arrears_actdetail ADD CONSTRAINT an_act_is_in_its_claims_scope"
            " FOREIGN KEY (claim_id, scope_id) REFERENCES arrears_claim (id, scope_id);"
            " CREATE TRIGGER under_an_open_posting AFTER INSERT ON arrears_actdetail REFERENCING NEW TABLE AS fresh"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();"
            " CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON arrears_actdetail"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()",
            reverse_sql="ALTER TABLE arrears_actdetail DROP CONSTRAINT an_act_is_in_its_claims_scope;"
            " DROP TRIGGER under_an_open_posting ON arrears_actdetail;"
            " DROP TRIGGER only_added ON arrears_actdetail",
        ),
        protect("arrears_actdetail", read=IN_SIGHT, add=MAY_POST),
    ]
