from django.db import migrations

from duban.identity.rowsecurity import IN_SIGHT, MAY_POST, DatabaseSQL, protect, sql_file

PARTY = "debtor_id = (SELECT identity.my_party()) OR creditor_id = (SELECT identity.my_party())"
MY_CLAIMS = f"(SELECT id FROM arrears_claim WHERE {PARTY})"
MY_PAYMENTS = f"(SELECT id FROM arrears_settlement WHERE claim_id IN {MY_CLAIMS})"

UNDO = """
    DROP TRIGGER after_events ON arrears_settlementevent;
    DROP FUNCTION arrears.after_events;
    ALTER TABLE arrears_transfer DROP CONSTRAINT a_transfer_pays_its_own_claim;
    ALTER TABLE arrears_settlementevent DROP CONSTRAINT an_event_is_in_its_payments_scope;
    ALTER TABLE arrears_settlement DROP CONSTRAINT a_payment_is_in_its_claims_scope,
        DROP CONSTRAINT a_payment_is_of_one_claim, DROP CONSTRAINT a_payment_is_in_one_scope;
    ALTER TABLE arrears_claimlink DROP CONSTRAINT a_link_is_in_its_claims_scope,
        DROP CONSTRAINT a_link_stays_in_its_scope;
    ALTER TABLE arrears_evidence DROP CONSTRAINT evidence_is_in_its_claims_scope;
""" + "".join(
    f"DROP TRIGGER under_an_open_posting ON {table}; DROP TRIGGER only_added ON {table};"
    for table in ("arrears_settlement", "arrears_settlementevent", "arrears_claimlink", "arrears_evidence")
)


class Migration(migrations.Migration):
    dependencies = [("arrears", "0010_settlements_and_links")]

    operations = [
        DatabaseSQL(sql_file(__file__, "settlements.sql"), reverse_sql=UNDO),
        protect("arrears_settlement", read=f"{IN_SIGHT} OR claim_id IN {MY_CLAIMS}", add=MAY_POST),
        protect("arrears_settlementevent", read=f"{IN_SIGHT} OR settlement_id IN {MY_PAYMENTS}", add=MAY_POST),
        protect("arrears_claimlink", read=f"{IN_SIGHT} OR from_claim_id IN {MY_CLAIMS}", add=MAY_POST),
        # What one side said is not shown to the other by the ledger: only those who see the scope read it.
        protect("arrears_evidence", read=IN_SIGHT, add=MAY_POST),
    ]
