from django.db import migrations

from duban.identity.rowsecurity import DatabaseSQL

TABLES = "procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers, procrastinate_workers"


class Migration(migrations.Migration):
    """Lets the application use the queue. Jobs hold no business data: a number, and a grant that opens nothing by itself."""

    dependencies = [("procrastinate", "0041_post_retry_failed_job"), ("identity", "0002_entry")]

    operations = [
        DatabaseSQL(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLES} TO {{application}};"
            " GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {application}",
            reverse_sql=f"REVOKE ALL ON {TABLES} FROM {{application}}",
        ),
    ]
