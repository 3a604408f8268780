from django.db import migrations

from duban.identity.rowsecurity import DatabaseSQL, sql_file


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_all_but")]

    operations = [
        DatabaseSQL(sql_file(__file__, "forgetting.sql"), reverse_sql="DROP FUNCTION identity.forget_spent"),
    ]
