from typing import Any

from django.db import migrations, models

from duban.identity.rowsecurity import DatabaseSQL, sql_file
from duban.postgres.fields import OptionalMoneyField


def text(length: int) -> "models.CharField[str, str]":
    return models.CharField(blank=True, db_default="", max_length=length)


def prose() -> "models.TextField[str, str]":
    return models.TextField(blank=True, db_default="")


LEFT_OUT = {
    "debtor_kind": text(16),
    "creditor_kind": text(16),
    "category": text(16),
    "project": text(300),
    "contract_no": text(200),
    "department": text(128),
    "note": prose(),
}
"""Facts that a version may leave out from now on."""
ADDED: dict[str, Any] = {
    **dict.fromkeys(
        ("size_at_contract", "payment_basis", "law_edition", "funding_source", "clue_source", "dispute_cause"), text(16)
    ),
    **dict.fromkeys(
        (
            "using_unit",
            "funding_unit",
            "territory",
            "responsible_unit",
            "law_reason",
            "arrears_reason",
            "case_number",
        ),
        prose(),
    ),
    **dict.fromkeys(
        (
            "delivered_on",
            "accepted_on",
            "agreed_acceptance_by",
            "settlement_confirmed_on",
            "reviewed_from",
            "reviewed_to",
            "planned_clear_on",
        ),
        models.DateField(null=True),
    ),
    **dict.fromkeys(
        ("sme_declared", "payer_delays_acceptance", "pays_when_paid", "forced_noncash"), models.BooleanField(null=True)
    ),
    **dict.fromkeys(("agreed_term_days", "year_days"), models.IntegerField(null=True)),
    "agreed_rate": models.DecimalField(decimal_places=6, max_digits=9, null=True),
    "contract_amount": OptionalMoneyField(null=True),
}
TABLES = ("claimfact", "claimnow")


def after_facts_before() -> str:
    """What `arrears.after_facts` was until now."""
    ledger = sql_file(__file__, "ledger.sql")
    begin = ledger.index("FUNCTION arrears.after_facts()")
    return "CREATE OR REPLACE " + ledger[begin : ledger.index("END $$;", begin)] + "END $$;"


class Migration(migrations.Migration):
    dependencies = [("arrears", "0020_statements_keep_what_was_said")]

    operations = [
        *(migrations.AddField(table, name, field.clone()) for table in TABLES for name, field in ADDED.items()),
        *(migrations.AlterField(table, name, field.clone()) for table in TABLES for name, field in LEFT_OUT.items()),
        DatabaseSQL(sql_file(__file__, "facts.sql"), reverse_sql=after_facts_before()),
    ]
