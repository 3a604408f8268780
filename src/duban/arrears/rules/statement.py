"""What a row of a statement says, and what entering it would do. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from duban.arrears.rules.accounts import Account
from duban.kernel.money import ZERO, Money
from duban.kernel.words import Sentence


class Change(StrEnum):
    """What is different between a stated claim and the ledger."""

    NEW = "new"
    CLEARED = "cleared"
    DUE = "due"
    """What was not due when it was last stated has fallen due since."""
    SPLIT = "split"
    """The parts (undisputed, disputed, judicial …) divide the amount differently."""
    AMOUNT = "amount"
    VANISHED = "vanished"
    """In the last statement and not in this one."""
    WITHDRAWN = "withdrawn"
    """Less is stated as cleared than before."""
    CONFLICT = "conflict"
    """A person has to say: which claim the row is, or which of two changes holds."""


@dataclass(frozen=True, slots=True)
class Move:
    """An amount between two accounts, before it is a transfer."""

    source: Account
    destination: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim as a statement has it.

    Args:
        parts: what was first owed, by part; `cleared` is inside the undisputed part.
        cleared: stated as cleared up to the statement's day.
        step: the coarsest unit, in fen, in which the sheet shows its amounts; 1,000,000 for 万元 without decimals.
    """

    parts: Mapping[Account, Money]
    cleared: Money
    step: int = 1

    @property
    def amount(self) -> Money:
        """What was first owed."""
        return sum(self.parts.values(), ZERO)

    @property
    def open_parts(self) -> dict[Account, Money]:
        """What is still owed, by part."""
        left = dict(self.parts)
        left[Account.UNDISPUTED] = left.get(Account.UNDISPUTED, ZERO) - self.cleared
        return {account: amount for account, amount in left.items() if amount != ZERO}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What entering a row would do.

    Args:
        changes: what changes, each with its amount; an amount that falls is below zero. Empty where nothing changes.
        moves: what posts it; also without a change, where the sheet shows a known amount more finely.
        relabelled: how much of what was undisputed, not due or unsettled would become disputed or go to a court.
        conflict: why nothing can be posted before a person decides.
        is_possible: of a conflict, whether the sheet's side can be posted at all.
    """

    changes: Mapping[Change, Money] = field(default_factory=lambda: MappingProxyType({}))
    moves: tuple[Move, ...] = ()
    relabelled: Money = ZERO
    conflict: Sentence | None = None
    is_possible: bool = True


def opening(stated: Stated) -> Proposal:
    """Recognise a claim that the ledger does not have, part by part, and what was cleared of it as reported."""
    moves = [Move(Account.RECOGNISED, part, amount) for part, amount in stated.parts.items() if amount > ZERO]
    if stated.cleared > ZERO:
        moves.append(Move(Account.UNDISPUTED, Account.REPORTED, stated.cleared))
    return Proposal({Change.NEW: stated.amount}, tuple(moves))
