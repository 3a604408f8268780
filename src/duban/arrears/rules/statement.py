"""What a row of a statement proposes, seen beside the ledger. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from duban.arrears.rules.accounts import COUNTED, Account, Balances, Rule
from duban.kernel.money import ZERO, Money


class Change(StrEnum):
    """What is different between a stated claim and the ledger."""

    NEW = "new"
    CLEARED = "cleared"
    SPLIT = "split"
    """The parts (undisputed, disputed, judicial …) divide the same amount differently."""
    AMOUNT = "amount"
    VANISHED = "vanished"
    """In the ledger and not in the statement."""
    WITHDRAWN = "withdrawn"
    """Less is stated as cleared than before."""
    CONFLICT = "conflict"
    """The ledger has moved in a way that the statement does not know."""
    NOTHING = ""


POSTED = frozenset({Change.NEW, Change.CLEARED})
"""What accepting a statement posts; every other change needs a person's decision, claim by claim."""


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
    """

    parts: Mapping[Account, Money]
    cleared: Money

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
    """What accepting the row would do: the change, the amount it is about, and the moves that post it."""

    change: Change
    amount: Money
    moves: tuple[Move, ...] = ()


def opening(stated: Stated) -> Proposal:
    """Recognise a claim that the ledger does not have, part by part, and what was cleared of it as reported."""
    moves = [Move(Account.RECOGNISED, part, amount) for part, amount in stated.parts.items() if amount > ZERO]
    if stated.cleared > ZERO:
        moves.append(Move(Account.UNDISPUTED, Account.REPORTED, stated.cleared))
    return Proposal(Change.NEW, stated.amount, tuple(moves))


def compare(stated: Stated, ours: Balances) -> Proposal:
    """What changed between the ledger and the statement.

    Args:
        ours: the claim's balances today, by account.
    """
    held = {account: amount for account, amount in ours.items() if amount != ZERO}
    ours_cleared = sum((held.get(account, ZERO) for account in COUNTED[Rule.C0]), ZERO)
    recognised = sum(held.values(), ZERO) - held.get(Account.REDUCED, ZERO)
    if stated.amount != recognised:
        return Proposal(Change.AMOUNT, stated.amount - recognised)
    paid = stated.cleared - ours_cleared
    if paid < ZERO:
        return Proposal(Change.WITHDRAWN, -paid)
    expected = {account: amount for account, amount in held.items() if account in stated.parts or account in _OPEN_PARTS}
    expected[Account.UNDISPUTED] = expected.get(Account.UNDISPUTED, ZERO) - paid
    if {account: amount for account, amount in expected.items() if amount != ZERO} != stated.open_parts:
        return Proposal(Change.SPLIT, _moved(expected, stated.open_parts))
    if paid > ZERO:
        return Proposal(Change.CLEARED, paid, (Move(Account.UNDISPUTED, Account.REPORTED, paid),))
    return Proposal(Change.NOTHING, ZERO)


_OPEN_PARTS = (Account.UNSETTLED, Account.NOT_DUE, Account.UNDISPUTED, Account.DISPUTED, Account.JUDICIAL)


def _moved(before: Mapping[Account, Money], after: Mapping[Account, Money]) -> Money:
    """How much stands in another part than before."""
    return sum((max(after.get(part, ZERO) - before.get(part, ZERO), ZERO) for part in _OPEN_PARTS), ZERO)
