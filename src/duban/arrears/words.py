"""Names of the codes of a ledger, for people (domain.md §2.3)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from duban.arrears.rules.acts import Cause
from duban.arrears.rules.law import VERSIONS
from duban.kernel.money import Money
from duban.kernel.words import N_
from duban.ui import shown

_NAMES = {
    "debtor_kind": {
        "agency": N_("Agency"),
        "institution": N_("Public institution"),
        "soe_central": N_("State firm, central"),
        "soe_provincial": N_("State firm, provincial"),
        "soe_local": N_("State firm, local"),
        "platform": N_("Government platform company"),
        "private_large": N_("Large private firm"),
        "park": N_("Park committee"),
        "township": N_("Township or street office"),
    },
    "creditor_kind": {
        "private": N_("Private firm"),
        "medium": N_("Medium-sized"),
        "small": N_("Small"),
        "micro": N_("Micro"),
        "individual": N_("Individual business"),
    },
    "category": {
        "works": N_("Works"),
        "goods": N_("Goods"),
        "services": N_("Services"),
        "deposit": N_("Deposit"),
        "rent": N_("Rent, water and power"),
        "other": N_("Other payments"),
    },
    "state": {
        "received": N_("Waiting to be checked"),
        "checked": N_("Checked, waiting for a decision"),
        "submitted": N_("Submitted, waiting for a decision"),
        "returned": N_("Returned to its unit"),
        "refused": N_("Refused"),
        "accepting": N_("Being entered"),
        "accepted": N_("Entered"),
        "withdrawn": N_("Withdrawn"),
    },
    "change": {
        "new": N_("New claims"),
        "cleared": N_("Cleared"),
        "due": N_("Fell due"),
        "split": N_("Parts changed"),
        "amount": N_("Amount changed"),
        "vanished": N_("No longer stated"),
        "withdrawn": N_("Clearing taken back"),
        "conflict": N_("Conflicts"),
    },
    "term": {
        "opening": N_("Owed now"),
        "new": N_("New"),
        "raised": N_("Raised"),
        "returned": N_("Taken back"),
        "cleared": N_("Cleared"),
        "reduced": N_("Reduced"),
        "closing": N_("Owed afterwards"),
    },
    "size_at_contract": {
        "large": N_("Large"),
        "medium": N_("Medium-sized"),
        "small": N_("Small"),
        "micro": N_("Micro"),
    },
    "payment_basis": {
        "delivery": N_("Delivery"),
        "acceptance": N_("Acceptance"),
        "settlement": N_("Settlement by progress or period"),
    },
    "funding_source": {
        "budget": N_("Budget"),
        "assets": N_("Sale of state assets"),
        "bonds": N_("Bonds"),
        "bank": N_("Bank loans"),
        "upper": N_("Funds of the level above"),
        "savings": N_("Savings on general spending"),
        "own": N_("Its own money"),
    },
    "clue_source": {
        "self": N_("Own check"),
        "platform": N_("National platform"),
        "internet": N_("Internet + inspection of the State Council"),
        "province": N_("Provincial platform"),
        "hotline": N_("Hotline 12345"),
        "audit": N_("Audit"),
        "petition": N_("Letters and visits"),
        "media": N_("Media"),
    },
    "dispute_cause": {cause.value: cause.label.text for cause in Cause},
    "law_edition": {version.edition.value: version.name for version in VERSIONS},
    "severity": {"error": N_("Error"), "warning": N_("Warning")},
}

FACTS = {
    "ledger_no": N_("Ledger number"),
    "debtor_name": N_("Debtor"),
    "creditor_name": N_("Creditor"),
    "debtor_kind": N_("Kind of debtor"),
    "creditor_kind": N_("Kind of creditor"),
    "category": N_("Category"),
    "project": N_("Project"),
    "contract_no": N_("Contract"),
    "department": N_("Competent department"),
    "signed_on": N_("Contract signed on"),
    "due_on": N_("Due on"),
    "note": N_("Note"),
}
"""What is said of a claim, by its column."""


def fact_label(name: str) -> str:
    """The name of a fact of `rules/facts.py` in the reader's language."""
    return _(_FACTS[name])


def fact_value(name: str, value: object) -> str:
    """What is said of a claim in one fact, as people read it."""
    if value is None or value == "":
        return "—"
    return label(name, str(value)) if name in _NAMES else _shown(value)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return shown.day(value)
    if isinstance(value, Money):
        return shown.yuan(value)
    if isinstance(value, Decimal):
        return f"{(value * 100).normalize():f} %"
    return str(value)


def choices(of: str) -> list[tuple[str, str]]:
    """The codes of a column with their names, and none; empty where the column takes any text."""
    names = _NAMES.get(of, {})
    return [("", "—"), *((code, _(name)) for code, name in names.items())] if names else []


def label(of: str, code: str) -> str:
    """The name of a code of `of` (a column, a state, a change) in the reader's language; the code where it has none."""
    name = _NAMES[of].get(code)
    return _(name) if name else code


_FACTS = {
    "ledger_no": N_("Ledger number"),
    "debtor_name": N_("Debtor"),
    "creditor_name": N_("Creditor"),
    "debtor_kind": N_("Kind of debtor"),
    "creditor_kind": N_("Kind of creditor"),
    "size_at_contract": N_("Size on the day of the contract"),
    "sme_declared": N_("Told the payer that it is a small or medium firm"),
    "category": N_("Category"),
    "project": N_("Project"),
    "contract_no": N_("Contract"),
    "signed_on": N_("Signed on"),
    "contract_amount": N_("Amount of the contract (yuan)"),
    "department": N_("Competent department"),
    "using_unit": N_("Unit that uses the money"),
    "funding_unit": N_("Unit that provides the money"),
    "territory": N_("Territory"),
    "responsible_unit": N_("Responsible unit"),
    "payment_basis": N_("Payment depends on"),
    "delivered_on": N_("Delivered on"),
    "accepted_on": N_("Accepted on"),
    "agreed_acceptance_by": N_("Acceptance agreed by"),
    "payer_delays_acceptance": N_("The payer delays acceptance"),
    "settlement_confirmed_on": N_("Settled amount confirmed on"),
    "agreed_term_days": N_("Agreed term (days)"),
    "pays_when_paid": N_("Payment waits for a third party's"),
    "forced_noncash": N_("Means other than money are forced on the creditor"),
    "agreed_rate": N_("Agreed rate for delay, a year"),
    "year_days": N_("Days of the year of the rate"),
    "reviewed_from": N_("Fiscal review from"),
    "reviewed_to": N_("Fiscal review until"),
    "law_edition": N_("Edition chosen"),
    "law_reason": N_("Why this edition"),
    "due_on": N_("Due on"),
    "planned_clear_on": N_("Planned to be cleared on"),
    "funding_source": N_("Source of the money"),
    "clue_source": N_("Source of the clue"),
    "arrears_reason": N_("Why it is not paid"),
    "dispute_cause": N_("Why it is disputed"),
    "case_number": N_("Case number"),
    "note": N_("Note"),
}


def offered(of: str) -> Callable[[], list[tuple[str, str]]]:
    """The codes of `of` with their names, for a form: asked for when it is shown, in the reader's language."""
    return lambda: [(code, _(name)) for code, name in _NAMES[of].items()]
