import uuid

import django.db.models.deletion
from django.db import migrations, models

from duban.identity.rowsecurity import IN_SIGHT, MAY_POST, DatabaseSQL, protect

ONLY_ADDED = "".join(
    f"CREATE TRIGGER under_an_open_posting AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_past_posting();"
    f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();"
    for table in ("arrears_draft", "arrears_draftdecision")
)
UNDO = "".join(
    f"DROP TRIGGER under_an_open_posting ON {table}; DROP TRIGGER only_added ON {table};"
    for table in ("arrears_draft", "arrears_draftdecision")
)


class Migration(migrations.Migration):
    dependencies = [
        ("arrears", "0017_vouchers_across_ledgers"),
        ("audit", "0003_all_but"),
        ("identity", "0005_forgetting"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("act", models.CharField(max_length=24)),
                ("given", models.JSONField()),
                ("effective_on", models.DateField()),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="arrears.claim"
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.posting"
                    ),
                ),
                (
                    "scope",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.scope",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verdict", models.CharField(max_length=12)),
                (
                    "draft",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="arrears.draft"
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.posting"
                    ),
                ),
                (
                    "scope",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.scope",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["accepted", "returned"])),
                        name="a_decision_is_a_known_verdict",
                    )
                ],
            },
        ),
        DatabaseSQL(
            "ALTER TABLE arrears_draft ADD CONSTRAINT a_proposal_is_in_its_claims_scope"
            " FOREIGN KEY (claim_id, scope_id) REFERENCES arrears_claim (id, scope_id),"
            " ADD CONSTRAINT a_proposal_is_in_one_scope UNIQUE (id, scope_id);"
            " ALTER TABLE arrears_draftdecision ADD CONSTRAINT a_decision_is_in_its_proposals_scope"
            " FOREIGN KEY (draft_id, scope_id) REFERENCES arrears_draft (id, scope_id);" + ONLY_ADDED,
            reverse_sql=UNDO
            + " ALTER TABLE arrears_draftdecision DROP CONSTRAINT a_decision_is_in_its_proposals_scope;"
            " ALTER TABLE arrears_draft DROP CONSTRAINT a_proposal_is_in_its_claims_scope,"
            " DROP CONSTRAINT a_proposal_is_in_one_scope",
        ),
        protect("arrears_draft", read=IN_SIGHT, add=MAY_POST),
        protect("arrears_draftdecision", read=IN_SIGHT, add=MAY_POST),
    ]
