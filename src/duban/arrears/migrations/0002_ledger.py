from django.db import migrations

from duban.identity.rowsecurity import DatabaseSQL, sql_file


class Migration(migrations.Migration):
    dependencies = [("arrears", "0001_initial"), ("audit", "0002_only_added"), ("register", "0002_row_security")]

    operations = [
        DatabaseSQL(
            sql_file(__file__, "ledger.sql"),
            reverse_sql="DROP SCHEMA arrears CASCADE;"
            " ALTER TABLE arrears_claimfact DROP CONSTRAINT a_fact_is_in_its_claims_scope,"
            " DROP CONSTRAINT a_fact_is_recorded_with_its_posting;"
            " ALTER TABLE arrears_transfer DROP CONSTRAINT a_transfer_is_in_its_claims_scope,"
            " DROP CONSTRAINT a_transfer_is_recorded_with_its_posting",
        ),
    ]
