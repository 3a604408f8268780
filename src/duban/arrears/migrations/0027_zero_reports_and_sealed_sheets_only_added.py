from django.db import migrations

from duban.identity.rowsecurity import IN_SIGHT, MAY_POST, DatabaseSQL, protect, sql_file

TABLES = ("arrears_zeroreport", "arrears_zerowithdrawal", "arrears_sealedsheet")
OF_ITS_UNIT = "scope_id IN (SELECT s.id FROM identity_scope s WHERE s.unit_id = arrears_zeroreport.unit_id)"

UNDO = """
    ALTER TABLE arrears_zerowithdrawal DROP CONSTRAINT a_withdrawal_is_in_its_reports_scope;
    ALTER TABLE arrears_zeroreport DROP CONSTRAINT a_zero_report_is_in_one_scope;
    DROP TRIGGER after_sealed_sheets ON arrears_sealedsheet;
    DROP TRIGGER after_zero_reports ON arrears_zeroreport;
    DROP FUNCTION arrears.after_sealed_sheets, arrears.after_zero_reports;
"""


class Migration(migrations.Migration):
    dependencies = [("arrears", "0026_zero_reports_and_sealed_sheets")]

    operations = [
        DatabaseSQL(sql_file(__file__, "reporting.sql"), reverse_sql=UNDO),
        *(
            DatabaseSQL(
                f"CREATE TRIGGER under_an_open_posting AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
                " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();"
                f" CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()",
                reverse_sql=f"DROP TRIGGER under_an_open_posting ON {table}; DROP TRIGGER only_added ON {table}",
            )
            for table in TABLES
        ),
        protect("arrears_zeroreport", read=IN_SIGHT, add=f"{MAY_POST} AND {OF_ITS_UNIT}"),
        protect("arrears_zerowithdrawal", read=IN_SIGHT, add=MAY_POST),
        protect("arrears_sealedsheet", read=IN_SIGHT, add=MAY_POST),
    ]
