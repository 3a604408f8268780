"""A row of a statement as it is kept: it is compared and posted from there, so what was shown is what is entered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from duban.arrears.commands.posting import FactValues
from duban.arrears.models import ClaimFact
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.settling import Method
from duban.arrears.rules.statement import Stated
from duban.arrears.sheet import PARTS, LedgerRow
from duban.kernel.money import ZERO, Money
from duban.register.commands import Named

TEXTS = (
    "ledger_no", "debtor_name", "creditor_name", "debtor_kind", "creditor_kind", "category", "project",
    "contract_no", "department", "note",
)  # fmt: skip
LONGEST: Mapping[str, int] = {
    field.name: field.max_length
    for field in ClaimFact._meta.fields  # noqa: SLF001 - Django's public way
    if field.max_length is not None
}
"""How many characters of a column the ledger keeps; a note may have any number."""


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


def plain(row: LedgerRow) -> dict[str, object]:
    """A clean row as JSON: amounts and the steps in which they are written in 分, days in ISO."""
    values = {name: _json(getattr(row, name)) for name in _SCALARS}
    accounts = {part: amount.fen for part, amount in row.accounts.items() if amount != ZERO}
    return {**values, "accounts": accounts, "steps": dict(row.steps), "extra": dict(row.extra)}


_NO_SCALARS = {"number", "findings", "accounts", "steps", "extra"}
_SCALARS = tuple(name for name in LedgerRow.__slots__ if name not in _NO_SCALARS)


def _json(value: object) -> object:
    if isinstance(value, Money):
        return value.fen
    return value if value is None or isinstance(value, int | str) else str(value)


def kept(number: int, values: Mapping[str, Any]) -> KeptRow:
    """Read back what `plain` wrote."""
    facts = FactValues(
        signed_on=_day(values["signed_on"]), due_on=_day(values["due_on"]),
        **{name: values[name] or "" for name in TEXTS},
    )  # fmt: skip
    parts = {Account(part): Money(values["accounts"].get(part, 0)) for part in PARTS}
    return KeptRow(
        number=number,
        debtor=Named(facts.debtor_name, values["debtor_uscc"]),
        creditor=Named(facts.creditor_name, values["creditor_uscc"]),
        facts=facts,
        stated=Stated(parts, Money(values["cleared"]), step=_coarsest(values["steps"])),
        method=_method(values["method"]),
    )


def _method(code: str | None) -> Method:
    """How the cleared part was paid; a reduction (核减) is no payment, so it says nothing of one."""
    return Method(code) if code in set(Method) else Method.UNKNOWN


def _coarsest(steps: Mapping[str, int]) -> int:
    """The coarsest step of what a claim is compared by."""
    return max((steps[name] for name in ("amount", "cleared", *PARTS) if name in steps), default=1)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
