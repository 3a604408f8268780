"""What is said of a claim, as lists for its page."""

from django.utils.translation import gettext as _

from duban.arrears.queries.claim import ClaimView
from duban.arrears.words import fact_label, fact_value, label
from duban.ui import shown
from duban.ui.components import Fact

FURTHER = (
    "size_at_contract", "sme_declared", "contract_amount", "payment_basis", "delivered_on", "accepted_on",
    "agreed_acceptance_by", "payer_delays_acceptance", "settlement_confirmed_on", "agreed_term_days", "pays_when_paid",
    "forced_noncash", "agreed_rate", "year_days", "reviewed_from", "reviewed_to", "planned_clear_on", "funding_source",
    "clue_source", "dispute_cause", "case_number", "using_unit", "funding_unit", "territory", "responsible_unit",
    "arrears_reason",
)  # fmt: skip
"""Facts that are shown where somebody has said them. The edition that a person chose stands with the due day."""
_WIDE = frozenset({"arrears_reason"})


def identity_of(found: ClaimView) -> list[Fact]:
    """Who owes whom for what."""
    said = found.facts
    return [
        Fact(_("Ledger number"), said.ledger_no),
        Fact(_("Reported by"), found.unit_name, note=found.line_name),
        Fact(_("Debtor"), said.debtor_name, note=label("debtor_kind", said.debtor_kind)),
        Fact(_("Creditor"), said.creditor_name, note=label("creditor_kind", said.creditor_kind)),
        Fact(_("Competent department"), said.department or "—"),
        Fact(_("Category"), label("category", said.category) or "—"),
        Fact(_("Project"), said.project or "—", wide=True),
        Fact(_("Contract"), said.contract_no or "—", note=shown.day(said.signed_on) if said.signed_on else ""),
        Fact(_("Due on"), shown.day(said.due_on)),
        Fact(_("Note"), said.note or "—", wide=True),
        Fact(_("Version"), str(found.versions)),
    ]


def said_further(found: ClaimView) -> list[Fact]:
    """What else is said of it; nothing for what nobody said."""
    said = {name: getattr(found.facts, name) for name in FURTHER}
    return [
        Fact(fact_label(name), fact_value(name, value), wide=name in _WIDE)
        for name, value in said.items()
        if value is not None and value != ""
    ]
