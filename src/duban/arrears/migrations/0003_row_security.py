from django.db import migrations

from duban.identity.rowsecurity import protect

IN_SIGHT = "scope_id IN (SELECT identity.my_scopes())"
MAY_POST = "scope_id IN (SELECT identity.my_posting_scopes())"
PARTY = "debtor_id = (SELECT identity.my_party()) OR creditor_id = (SELECT identity.my_party())"
OF_MY_CLAIM = f"claim_id IN (SELECT id FROM arrears_claim WHERE {PARTY})"


class Migration(migrations.Migration):
    dependencies = [("arrears", "0002_ledger")]

    operations = [
        protect("arrears_contract", read=f"{IN_SIGHT} OR {PARTY}", add=MAY_POST),
        protect("arrears_part", read=IN_SIGHT, add=MAY_POST),
        protect("arrears_claim", read=f"{IN_SIGHT} OR {PARTY}", add=MAY_POST),
        protect("arrears_claimfact", read=f"{IN_SIGHT} OR {OF_MY_CLAIM}", add=MAY_POST),
        protect("arrears_transfer", read=f"{IN_SIGHT} OR {OF_MY_CLAIM}", add=MAY_POST),
        # Projections are written by the database alone.
        protect("arrears_claimnow", read=f"{IN_SIGHT} OR {PARTY}"),
        protect("arrears_flow", read=IN_SIGHT),
        protect("arrears_closedmonth", read=IN_SIGHT, add=MAY_POST),
        protect("arrears_statement", read=IN_SIGHT, add=MAY_POST, change=MAY_POST),
        protect("arrears_statementrow", read=IN_SIGHT, add=MAY_POST),
        protect("arrears_finding", read=IN_SIGHT, add=MAY_POST),
    ]
