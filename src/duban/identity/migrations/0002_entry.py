from django.db import migrations

from duban.identity.rowsecurity import DatabaseSQL, sql_file

TABLES = (
    "identity_key, identity_credential, identity_session, identity_session_seen, identity_grant, "
    "identity_refused_sign_in, identity_entry, identity_reach, identity_security_rule"
)


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [
        DatabaseSQL(
            sql_file(__file__, "entry.sql"), reverse_sql=f"DROP SCHEMA identity CASCADE; DROP TABLE {TABLES} CASCADE"
        ),
        DatabaseSQL(sql_file(__file__, "sight.sql"), reverse_sql=DatabaseSQL.noop),
        DatabaseSQL(sql_file(__file__, "signing_in.sql"), reverse_sql=DatabaseSQL.noop),
    ]
