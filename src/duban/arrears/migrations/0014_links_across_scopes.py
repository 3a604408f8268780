import django.db.models.deletion
from django.db import migrations, models

from duban.identity.rowsecurity import IN_SIGHT, MAY_POST, DatabaseSQL, change_policy

PARTY = "debtor_id = (SELECT identity.my_party()) OR creditor_id = (SELECT identity.my_party())"
MY_CLAIMS = f"(SELECT id FROM arrears_claim WHERE {PARTY})"


def there(condition: str) -> str:
    """A condition on the scope of a row, asked of the scope of the claim in which the amount goes on."""
    return condition.replace("scope_id ", "to_scope_id ")


class Migration(migrations.Migration):
    dependencies = [("arrears", "0013_act_details_only_added"), ("identity", "0005_forgetting")]

    operations = [
        # No link was ever made before this, so no row needs another scope than it has.
        migrations.AddField(
            model_name="claimlink",
            name="to_scope",
            field=models.ForeignKey(
                db_index=False,
                default=0,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.scope",
            ),
            preserve_default=False,
        ),
        DatabaseSQL(
            "ALTER TABLE arrears_claimlink DROP CONSTRAINT a_link_stays_in_its_scope,"
            " ADD CONSTRAINT a_link_names_the_scope_it_leads_to FOREIGN KEY (to_claim_id, to_scope_id)"
            " REFERENCES arrears_claim (id, scope_id)",
            reverse_sql="ALTER TABLE arrears_claimlink DROP CONSTRAINT a_link_names_the_scope_it_leads_to,"
            " ADD CONSTRAINT a_link_stays_in_its_scope FOREIGN KEY (to_claim_id, scope_id)"
            " REFERENCES arrears_claim (id, scope_id)",
        ),
        change_policy(
            "arrears_claimlink",
            "read",
            to=f"{IN_SIGHT} OR {there(IN_SIGHT)} OR from_claim_id IN {MY_CLAIMS} OR to_claim_id IN {MY_CLAIMS}",
            was=f"{IN_SIGHT} OR from_claim_id IN {MY_CLAIMS}",
        ),
        change_policy("arrears_claimlink", "add", to=f"{MAY_POST} AND {there(MAY_POST)}", was=MAY_POST),
    ]
