"""Rates over a position, and why one cannot be given. Pure.

Formulas: domain.md §2.5. A rate is a ratio (0.5234), exact until it is shown; nothing owed gives no rate, never 0 %.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from duban.arrears.rules.accounts import COUNTED, HELD, OPEN, Account, Rule
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence

Balances = Mapping[Account, Money]


class Dimension(StrEnum):
    """Along what a position is broken down."""

    REGION = "region"
    UNIT = "unit"
    LINE = "line"
    KIND = "kind"
    CATEGORY = "category"
    AGE = "age"
    SIZE = "size"
    METHOD = "method"


class UnknownDimension(DomainError):
    """A breakdown that there is not."""

    text = N_("The position cannot be broken down by {name}. Choose among: {names}.")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name, names=", ".join(dimension.value for dimension in Dimension))


def breakdown(names: str) -> list[Dimension]:
    """Dimensions from a comma-separated text.

    Raises:
        UnknownDimension: one of them is not known.
    """
    asked = [name.strip() for name in names.split(",") if name.strip()]
    for name in asked:
        if name not in set(Dimension):
            raise UnknownDimension(name=name)
    return [Dimension(name) for name in asked]


NOTHING_OWED = Sentence(N_("Nothing is owed here, so there is no rate."))
NOT_VERIFIED = Sentence(N_("Nothing stated as paid has been verified yet, so there is no verified rate."))
NO_THRESHOLD = Sentence(N_("No campaign has set the threshold for small claims yet."))
NO_PLAN = Sentence(N_("There is no plan for this period yet."))
NO_BASE = Sentence(N_("No base has been signed yet; the rate is over the ledger's own total."))


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates under one counting rule. None where there is none, with the reason in `reasons`."""

    progress: Decimal | None
    """清偿进度: cleared over everything due, judicial and disputed included."""
    undisputed_rate: Decimal | None
    """无分歧清偿率: cleared without enforcement, over that and what is undisputed."""
    due_rate: Decimal | None
    """应还尽还率: cleared over everything due less what is disputed or before a court."""
    small_zero_rate: Decimal | None = None
    plan_rate: Decimal | None = None
    reasons: Mapping[str, Sentence] = field(default_factory=dict)


def cleared(balances: Balances, rule: Rule) -> Money:
    """What counts as cleared under `rule`."""
    return sum((balances.get(account, ZERO) for account in COUNTED[rule]), ZERO)


def due(balances: Balances) -> Money:
    """Everything that was or is due: outside are what is unsettled, not due, or reduced."""
    outside = (Account.UNSETTLED, Account.NOT_DUE, Account.REDUCED)
    return sum((balances.get(account, ZERO) for account in HELD if account not in outside), ZERO)


def recognised(balances: Balances) -> Money:
    """Everything ever recognised: the contra of all balances."""
    return sum((balances.get(account, ZERO) for account in HELD), ZERO)


def still_open(balances: Balances) -> Money:
    """Due and open, including what is before a court."""
    return sum((balances.get(account, ZERO) for account in OPEN), ZERO)


def rates(balances: Balances, rule: Rule) -> Rates:
    """The rates of a position under `rule`. Where nothing was verified yet there is no verified rate, not 0 %."""
    paid = cleared(balances, rule)
    if rule is Rule.C1 and paid == ZERO and due(balances) > ZERO:
        names = ("progress", "undisputed_rate", "due_rate", "small_zero_rate", "plan_rate")
        return Rates(None, None, None, reasons=dict.fromkeys(names, NOT_VERIFIED))
    enforced = balances.get(Account.COURT, ZERO)
    all_due = due(balances)
    contested = balances.get(Account.DISPUTED, ZERO) + balances.get(Account.JUDICIAL, ZERO)
    without_dispute = all_due - contested - enforced
    found = {
        "progress": ratio(paid, all_due),
        "undisputed_rate": ratio(paid - enforced, without_dispute),
        "due_rate": ratio(paid, all_due - contested),
    }
    reasons = {name: NOTHING_OWED for name, rate in found.items() if rate is None}
    return Rates(**found, reasons={**reasons, "small_zero_rate": NO_THRESHOLD, "plan_rate": NO_PLAN})


def ratio(part: Money, whole: Money) -> Decimal | None:
    """`part` over `whole`, or None where the whole is nothing."""
    return Decimal(part.fen) / Decimal(whole.fen) if whole > ZERO else None
