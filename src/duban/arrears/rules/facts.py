"""What is said of a claim: every fact, its type, and what it means. Pure.

The one list of them. The sheet fills it, rows keep it, the ledger stores it under the same names (`models.Facts`), a
correction changes it, and the law is applied to it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType, UnionType
from typing import Any, get_type_hints

from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.kernel.words import N_, Sentence


class FactKind(StrEnum):
    """What kind of thing a fact is; its value is the type of its column in the database."""

    TEXT = "text"
    DAY = "date"
    MONEY = "bigint"
    COUNT = "int"
    RATIO = "numeric"
    TRUTH = "boolean"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactValues:
    """One version of what is said of a claim. A text that nobody says is empty, anything else is None.

    Args:
        size_at_contract: of the creditor on the day of the contract (article 3), a code of `Grade`.
        sme_declared: whether the creditor told the payer that it is a small or medium firm (article 3).
        payment_basis: on what the contract makes payment depend, a code of `start.Basis`.
        agreed_acceptance_by: the last day of the agreed inspection or acceptance period.
        payer_delays_acceptance: whether it is the payer who lets or let that day pass.
        settlement_confirmed_on: when both sides confirmed the settled amount.
        agreed_term_days: the term of payment that the contract agrees, in calendar days.
        pays_when_paid: whether the contract makes payment wait for, or follow, what a third party pays.
        forced_noncash: whether the payer forces bills or other means that are no money on the creditor.
        agreed_rate: of interest for delay, a ratio for a year (0.0435).
        year_days: into how many days the contract divides the yearly rate.
        reviewed_from, reviewed_to: the fiscal review (财政评审).
        law_edition, law_reason: the edition that a person chose instead of the one of the day, and why.
        using_unit, funding_unit, territory, responsible_unit: names, as written, of the units that may have to answer
            for it beside the debtor and the competent department.
        funding_source, clue_source, dispute_cause: codes of the lists of the sheet.
    """

    ledger_no: str
    debtor_name: str
    creditor_name: str
    debtor_kind: str = ""
    creditor_kind: str = ""
    size_at_contract: str = ""
    sme_declared: bool | None = None
    category: str = ""
    project: str = ""
    contract_no: str = ""
    signed_on: date | None = None
    contract_amount: Money | None = None
    department: str = ""
    using_unit: str = ""
    funding_unit: str = ""
    territory: str = ""
    responsible_unit: str = ""
    payment_basis: str = ""
    delivered_on: date | None = None
    accepted_on: date | None = None
    agreed_acceptance_by: date | None = None
    payer_delays_acceptance: bool | None = None
    settlement_confirmed_on: date | None = None
    agreed_term_days: int | None = None
    pays_when_paid: bool | None = None
    forced_noncash: bool | None = None
    agreed_rate: Decimal | None = None
    year_days: int | None = None
    reviewed_from: date | None = None
    reviewed_to: date | None = None
    law_edition: str = ""
    law_reason: str = ""
    due_on: date | None = None
    planned_clear_on: date | None = None
    funding_source: str = ""
    clue_source: str = ""
    arrears_reason: str = ""
    dispute_cause: str = ""
    case_number: str = ""
    note: str = ""


_KINDS: Mapping[type | UnionType, FactKind] = {
    str: FactKind.TEXT,
    date | None: FactKind.DAY,
    Money | None: FactKind.MONEY,
    int | None: FactKind.COUNT,
    Decimal | None: FactKind.RATIO,
    bool | None: FactKind.TRUTH,
}
_HINTS = get_type_hints(FactValues)

FACTS: Mapping[str, FactKind] = MappingProxyType(
    {field.name: _KINDS[_HINTS[field.name]] for field in fields(FactValues)}
)
"""Every fact by its name, with its kind."""

RATE_PLACES = Decimal("0.000001")
"""How finely a yearly rate is kept: to the ten-thousandth of a per cent."""

_MOST_DAYS = 3650
_POSSIBLE: Mapping[str, Callable[[Any], bool]] = {
    "agreed_term_days": lambda days: 0 <= days <= _MOST_DAYS,
    "year_days": lambda days: days in {360, 365},
    "agreed_rate": lambda rate: 0 <= rate <= 1 and rate == rate.quantize(RATE_PLACES),
}
WANTED: Mapping[str, str] = MappingProxyType(
    {
        "agreed_term_days": N_("a whole number of days from 0 to 3,650"),
        "year_days": N_("360 or 365"),
        "agreed_rate": N_("a number of per cent a year from 0 to 100, with at most four decimals"),
    }
)
"""What a term, a rate and a division of the year can be; of other facts any value is possible."""


class FactImpossible(DomainError):
    """A fact is to be what it cannot be."""

    text = N_("{value} cannot have been agreed. Write {wanted}.")

    def __init__(self, *, name: str, value: object) -> None:
        shown = f"{value * 100:f} %" if isinstance(value, Decimal) else value
        super().__init__(value=shown, wanted=Sentence(WANTED[name]))


def is_possible(name: str, value: object) -> bool:
    """Whether a fact can be so; not being known always can."""
    return value is None or name not in _POSSIBLE or _POSSIBLE[name](value)


def plain_facts(values: FactValues) -> dict[str, object]:
    """What is said, as JSON: amounts in 分, days in ISO. What nobody says is left out."""
    said = {name: getattr(values, name) for name in FACTS}
    return {name: _json(value) for name, value in said.items() if value is not None and value != ""}


def _json(value: object) -> object:
    if isinstance(value, Money):
        return value.fen
    return value if isinstance(value, int | str) else str(value)


_READ: Mapping[FactKind, Any] = {
    FactKind.TEXT: str,
    FactKind.DAY: date.fromisoformat,
    FactKind.MONEY: Money,
    FactKind.COUNT: int,
    FactKind.RATIO: Decimal,
    FactKind.TRUTH: bool,
}


def facts_from(values: Mapping[str, Any]) -> FactValues:
    """Read back what `plain_facts` wrote, whatever else stands beside it."""
    said = {name: values.get(name) for name in FACTS}
    return FactValues(**{name: _READ[FACTS[name]](value) for name, value in said.items() if value is not None})
