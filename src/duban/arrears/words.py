"""Names of the codes of a ledger, for people (domain.md §2.3)."""

from datetime import date

from django.utils.translation import gettext as _

from duban.arrears.sheet import LEDGER
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
        "refused": N_("Refused"),
        "accepting": N_("Being entered"),
        "accepted": N_("Entered"),
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
    """The name of a column of facts in the reader's language; where it has none, as the ledger's sheet calls it."""
    if name in FACTS:
        return _(FACTS[name])
    return next((column.label for column in LEDGER.columns if column.name == name), name)


def fact_value(name: str, said: object) -> str:
    """What is said of a claim in one column, as people read it."""
    value = getattr(said, name)
    if isinstance(value, date):
        return shown.day(value)
    return (label(name, value) if name in _NAMES else str(value)) if value else "—"


def choices(of: str) -> list[tuple[str, str]]:
    """The codes of a column with their names, and none; empty where the column takes any text."""
    names = _NAMES.get(of, {})
    return [("", "—"), *((code, _(name)) for code, name in names.items())] if names else []


def label(of: str, code: str) -> str:
    """The name of a code of `of` (a column, a state, a change) in the reader's language; the code where it has none."""
    name = _NAMES[of].get(code)
    return _(name) if name else code
