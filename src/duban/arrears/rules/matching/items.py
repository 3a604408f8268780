"""What is matched, and what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from duban.arrears.rules.matching.amounts import Shown
from duban.kernel.words import N_, Sentence

Key = int | str


@dataclass(frozen=True, slots=True)
class Party:
    """A party as a row has it."""

    name: str
    uscc: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A row of this month, or what the last statement had.

    Args:
        key: of the caller, unique on its side; what comes out names rows by it.
        amount: what was first owed.
        state: what else a change of the claim would show in, such as what was cleared and each part, in one order in
            all items. It tells twins apart and counts for nothing else.
    """

    key: Key
    ledger_no: str
    debtor: Party
    creditor: Party
    amount: Shown
    contract_no: str = ""
    project: str = ""
    category: str = ""
    signed_on: date | None = None
    due_on: date | None = None
    state: tuple[Shown, ...] = ()


class Field(StrEnum):
    """What two rows may agree on, in the order in which it is named."""

    CREDITOR = "creditor"
    DEBTOR = "debtor"
    CONTRACT = "contract"
    AMOUNT = "amount"
    NUMBER = "number"
    PROJECT = "project"
    SIGNED = "signed"
    DUE = "due"
    CATEGORY = "category"
    STATE = "state"


FIELDS = tuple(Field)
_NAMES = {
    Field.CREDITOR: N_("creditor"),
    Field.DEBTOR: N_("debtor"),
    Field.CONTRACT: N_("contract number"),
    Field.AMOUNT: N_("amount as first owed"),
    Field.NUMBER: N_("ledger number"),
    Field.PROJECT: N_("project"),
    Field.SIGNED: N_("day of signing"),
    Field.DUE: N_("due day"),
    Field.CATEGORY: N_("category"),
    Field.STATE: N_("what was cleared and how the amount is divided"),
}


class Doubt(StrEnum):
    """Why a pair is asked and not taken."""

    UNLIKELY = "unlikely"
    PARTY = "party"
    RIVALS = "rivals"
    CROWD = "crowd"


DOUBTS = {
    Doubt.UNLIKELY: N_("Too little agrees to be sure. Say whether the two rows are the same claim."),
    Doubt.PARTY: N_("A party is not the same in both. Say whether the claim has another party now or is another one."),
    Doubt.RIVALS: N_("Other rows fit nearly as well. Say which belong together."),
    Doubt.CROWD: N_("Too many rows are alike to tell them apart. Say whether these two belong together."),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of this month and the row of the base that it continues.

    Args:
        confidence: in percent, never 100.
        agrees, differs: the fields that speak for the pair and against it. A field that one of the rows leaves blank
            is in neither.
    """

    theirs: Key
    base: Key
    confidence: int
    agrees: tuple[Field, ...]
    differs: tuple[Field, ...]

    @property
    def reason(self) -> Sentence:
        """Why the two are taken for one claim."""
        agree = {"confidence": self.confidence, "agree": _listed(self.agrees)}
        if not self.differs:
            return Sentence(N_("Certainty {confidence}%: {agree} agree, and nothing differs."), agree)
        return Sentence(
            N_("Certainty {confidence}%: {agree} agree; {differ} differ."), {**agree, "differ": _listed(self.differs)}
        )


def _listed(fields: Sequence[Field]) -> Sentence:
    if not fields:
        return Sentence(N_("nothing"))
    named = Sentence(_NAMES[fields[0]])
    for field in fields[1:]:
        named = Sentence(N_("{before}, {last}"), {"before": named, "last": Sentence(_NAMES[field])})
    return named


@dataclass(frozen=True, slots=True)
class Asked:
    """A pair that a person decides on.

    Args:
        rivals: other pairs with one of its two rows, the likeliest first; no more than a person can look at.
    """

    pair: Pair
    doubt: Doubt
    rivals: tuple[Pair, ...] = ()

    @property
    def why(self) -> Sentence:
        """Why it is asked."""
        return Sentence(DOUBTS[self.doubt])


class Numbers(StrEnum):
    """What ledger numbers are worth in this pair of ledgers."""

    CONFIRMED = "confirmed"
    """Rows that are the same without them have nearly all kept theirs."""
    UNKNOWN = "unknown"
    DENIED = "denied"
    """Rows that are the same without them have others: the ledger was numbered anew."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Every row of both sides, exactly once.

    Args:
        sure, asked: one-to-one, no row is in two of them.
        new, vanished: rows of this month without a base row, and the other way round.
        undecided_theirs, undecided_base: rows in no pair that turn out new or vanished, or take the place of another,
            by what is answered to a question.
    """

    sure: tuple[Pair, ...]
    asked: tuple[Asked, ...]
    new: tuple[Key, ...]
    vanished: tuple[Key, ...]
    undecided_theirs: tuple[Key, ...]
    undecided_base: tuple[Key, ...]
    numbers: Numbers
