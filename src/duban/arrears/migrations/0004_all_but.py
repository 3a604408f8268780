from django.db import migrations

from duban.identity.rowsecurity import IN_SIGHT, MAY_POST, change_policy

SEEN_BEFORE = "scope_id IN (SELECT identity.my_scopes())"
POSTED_BEFORE = "scope_id IN (SELECT identity.my_posting_scopes())"
PARTY = " OR debtor_id = (SELECT identity.my_party()) OR creditor_id = (SELECT identity.my_party())"
OF_MY_CLAIM = f" OR claim_id IN (SELECT id FROM arrears_claim WHERE {PARTY.removeprefix(' OR ')})"

ALSO_READ = {
    "arrears_contract": PARTY,
    "arrears_part": "",
    "arrears_claim": PARTY,
    "arrears_claimfact": OF_MY_CLAIM,
    "arrears_transfer": OF_MY_CLAIM,
    "arrears_claimnow": PARTY,
    "arrears_flow": "",
    "arrears_closedmonth": "",
    "arrears_statement": "",
    "arrears_statementrow": "",
    "arrears_finding": "",
}
"""By table, who else reads a row than those who see its scope."""

PROJECTIONS = {"arrears_claimnow", "arrears_flow"}


class Migration(migrations.Migration):
    dependencies = [("arrears", "0003_row_security"), ("identity", "0004_all_but")]

    operations = [
        *(
            change_policy(table, "read", to=IN_SIGHT + others, was=SEEN_BEFORE + others)
            for table, others in ALSO_READ.items()
        ),
        *(
            change_policy(table, "add", to=MAY_POST, was=POSTED_BEFORE)
            for table in ALSO_READ
            if table not in PROJECTIONS
        ),
        change_policy("arrears_statement", "change", to=MAY_POST, was=POSTED_BEFORE),
    ]
