from django.db import migrations

from duban.identity.rowsecurity import IN_SIGHT, MAY_POST, DatabaseSQL, protect, sql_file

TABLES = (
    "arrears_campaign",
    "arrears_campaignclause",
    "arrears_campaigntarget",
    "arrears_campaignmember",
    "arrears_baseorder",
    "arrears_baseline",
    "arrears_basedecision",
)
# What a campaign asks for is published to all who work in it; no administrator and no enterprise reads it.
INSIDE = "(SELECT identity.is_business())"
# Who adds to a campaign keeps it; a clerk who may post where the claim is does not yet move its base.
KEPT_BY_ME = f"campaign_id IN (SELECT id FROM arrears_campaign WHERE {MAY_POST})"
ORDERED_BY_ME = f"order_id IN (SELECT id FROM arrears_baseorder WHERE {MAY_POST})"

GUARDS = ";\n".join(
    f"CREATE TRIGGER under_an_open_posting AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
    f" FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();"
    f" CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()"
    for table in TABLES
)
UNDO = (
    "DROP TRIGGER after_members ON arrears_campaignmember; DROP TRIGGER after_orders ON arrears_baseorder;"
    " DROP TRIGGER after_decisions ON arrears_basedecision;"
    " DROP FUNCTION arrears.after_members, arrears.after_orders, arrears.after_decisions, arrears.approved_orders,"
    " arrears.hold_campaign;"
    " ALTER TABLE arrears_campaignclause DROP CONSTRAINT a_clause_is_in_its_campaigns_scope;"
    " ALTER TABLE arrears_campaignmember DROP CONSTRAINT a_member_is_in_its_claims_scope,"
    " DROP CONSTRAINT odd_steps_of_a_member_enter;"
    " ALTER TABLE arrears_baseline DROP CONSTRAINT a_base_is_in_its_claims_scope,"
    " DROP CONSTRAINT a_base_is_posted_with_its_order, DROP CONSTRAINT parts_of_a_base_add_up;"
    " ALTER TABLE arrears_baseorder DROP CONSTRAINT an_order_is_in_its_campaigns_scope"
)
UNGUARD = "; ".join(
    f"DROP TRIGGER under_an_open_posting ON {table}; DROP TRIGGER only_added ON {table}" for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("arrears", "0028_campaigns")]

    operations = [
        DatabaseSQL(sql_file(__file__, "campaigns.sql"), reverse_sql=UNDO),
        DatabaseSQL(GUARDS, reverse_sql=UNGUARD),
        protect("arrears_campaign", read=INSIDE, add=MAY_POST),
        protect("arrears_campaignclause", read=INSIDE, add=MAY_POST),
        protect("arrears_campaigntarget", read=IN_SIGHT, add=f"{MAY_POST} AND {KEPT_BY_ME}"),
        protect("arrears_campaignmember", read=IN_SIGHT, add=f"{MAY_POST} AND {KEPT_BY_ME}"),
        protect("arrears_baseorder", read=INSIDE, add=MAY_POST),
        protect("arrears_baseline", read=IN_SIGHT, add=f"{MAY_POST} AND {ORDERED_BY_ME}"),
        protect("arrears_basedecision", read=INSIDE, add=MAY_POST),
    ]
