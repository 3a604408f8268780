"""Names of the codes of a ledger, for people (domain.md §2.3)."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from duban.kernel.words import N_

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


def label(of: str, code: str) -> str:
    """The name of a code of `of` (a column, a state, a change) in the reader's language; the code where it has none."""
    name = _NAMES[of].get(code)
    return _(name) if name else code


def choices(of: str) -> Callable[[], list[tuple[str, str]]]:
    """The codes of `of` with their names, for a form: asked for when it is shown, in the reader's language."""
    return lambda: [(code, _(name)) for code, name in _NAMES[of].items()]
