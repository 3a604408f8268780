from django.db import migrations

from duban.identity.rowsecurity import DatabaseSQL, sql_file


class Migration(migrations.Migration):
    dependencies = [("arrears", "0016_what_goes_on_is_no_reduction")]

    operations = [
        DatabaseSQL(sql_file(__file__, "vouchers.sql"), reverse_sql="DROP FUNCTION arrears.stated_on_voucher"),
    ]
