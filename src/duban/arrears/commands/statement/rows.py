"""A row of a statement as it is kept: it is compared and posted from there, so what was shown is what is entered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField

from duban.arrears.models import Facts
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.facts import FactValues, facts_from, plain_facts
from duban.arrears.rules.renewing import fingerprint
from duban.arrears.rules.settling import Method
from duban.arrears.rules.statement import Stated
from duban.arrears.sheet import PARTS, LedgerRow
from duban.kernel.money import ZERO, Money
from duban.register.commands import Named

LONGEST: Mapping[str, int] = {
    field.name: field.max_length
    for field in Facts._meta.get_fields()  # noqa: SLF001 - Django's public way
    if isinstance(field, CharField) and field.max_length is not None
}
"""How many characters of a fact the ledger keeps; a note may have any number."""


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A clean row, ready to be compared with the ledger and to be posted.

    Args:
        number: of the row, as the sheet shows it.
    """

    number: int
    debtor: Named
    creditor: Named
    facts: FactValues
    stated: Stated
    method: Method
    fingerprint: str
    """Of what it says beside its amounts."""


def plain(row: LedgerRow) -> dict[str, object]:
    """A clean row as JSON: amounts and the steps in which they are written in 分, days in ISO."""
    accounts = {part: amount.fen for part, amount in row.accounts.items() if amount != ZERO}
    return {
        **plain_facts(row),
        "debtor_uscc": row.debtor_uscc and str(row.debtor_uscc),
        "creditor_uscc": row.creditor_uscc and str(row.creditor_uscc),
        "amount": row.amount.fen,
        "cleared": row.cleared.fen,
        "method": row.method,
        "accounts": accounts,
        "steps": dict(row.steps),
        "extra": dict(row.extra),
    }


def kept(number: int, values: Mapping[str, Any]) -> KeptRow:
    """Read back what `plain` wrote."""
    facts = facts_from(values)
    parts = {Account(part): Money(values["accounts"].get(part, 0)) for part in PARTS}
    return KeptRow(
        number=number,
        debtor=Named(facts.debtor_name, values["debtor_uscc"]),
        creditor=Named(facts.creditor_name, values["creditor_uscc"]),
        facts=facts,
        stated=Stated(parts, Money(values["cleared"]), step=_coarsest(values["steps"])),
        method=_method(values["method"]),
        fingerprint=fingerprint(facts),
    )


def _method(code: str | None) -> Method:
    """How the cleared part was paid; a reduction (核减) is no payment, so it says nothing of one."""
    return Method(code) if code in set(Method) else Method.UNKNOWN


def _coarsest(steps: Mapping[str, int]) -> int:
    """The coarsest step of what a claim is compared by."""
    return max((steps[name] for name in ("amount", "cleared", *PARTS) if name in steps), default=1)
