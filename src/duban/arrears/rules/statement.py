"""What a row of a statement proposes, seen beside the ledger. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from duban.arrears.rules.accounts import COUNTED, Account, Balances, Rule
from duban.kernel.money import ZERO, Money


class Change(StrEnum):
    """What is different between a stated claim and the ledger."""

    NEW = "new"
    CLEARED = "cleared"
    DUE = "due"
    """What was not due when it was last stated has fallen due since, and nothing else."""
    SPLIT = "split"
    """The parts (undisputed, disputed, judicial …) divide the same amount differently."""
    AMOUNT = "amount"
    VANISHED = "vanished"
    """In the ledger and not in the statement."""
    WITHDRAWN = "withdrawn"
    """Less is stated as cleared than before."""
    CONFLICT = "conflict"
    """The ledger has this number for a claim between other parties."""
    NOTHING = ""


POSTED = frozenset({Change.NEW, Change.CLEARED, Change.DUE})
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


def compare(stated: Stated, ours: Balances, *, is_due: bool = False) -> Proposal:
    """What changed between the ledger and the statement.

    Args:
        ours: the claim's balances today, by account.
        is_due: whether the claim's due day has come by the day of the statement. Then what the ledger has as not due
            may stand in the statement as undisputed: time has moved it, and nobody needs to decide.
    """
    held = {account: amount for account, amount in ours.items() if amount != ZERO}
    recognised = sum(held.values(), ZERO) - held.get(Account.REDUCED, ZERO)
    if stated.amount != recognised:
        return Proposal(Change.AMOUNT, stated.amount - recognised)
    paid = stated.cleared - sum((held.get(account, ZERO) for account in COUNTED[Rule.C0]), ZERO)
    if paid < ZERO:
        return Proposal(Change.WITHDRAWN, -paid)
    open_parts = {part: held.get(part, ZERO) for part in _OPEN_PARTS}
    fell_due = open_parts[Account.NOT_DUE] - stated.parts.get(Account.NOT_DUE, ZERO) if is_due else ZERO
    moves = [
        Move(source, destination, amount)
        for source, destination, amount in (
            (Account.NOT_DUE, Account.UNDISPUTED, fell_due),
            (Account.UNDISPUTED, Account.REPORTED, paid),
        )
        if amount > ZERO
    ]
    expected = _after(moves, open_parts)
    if expected != stated.open_parts:
        return Proposal(Change.SPLIT, _moved(expected, stated.open_parts))
    if paid > ZERO:
        return Proposal(Change.CLEARED, paid, tuple(moves))
    return Proposal(Change.DUE, fell_due, tuple(moves)) if moves else Proposal(Change.NOTHING, ZERO)


_OPEN_PARTS = (Account.UNSETTLED, Account.NOT_DUE, Account.UNDISPUTED, Account.DISPUTED, Account.JUDICIAL)


def _after(moves: Iterable[Move], parts: Mapping[Account, Money]) -> dict[Account, Money]:
    """The open parts once the moves are made, without those that hold nothing."""
    left = dict(parts)
    for move in moves:
        left[move.source] -= move.amount
        if move.destination in left:
            left[move.destination] += move.amount
    return {part: amount for part, amount in left.items() if amount != ZERO}


def _moved(before: Mapping[Account, Money], after: Mapping[Account, Money]) -> Money:
    """How much stands in another part than before."""
    return sum((max(after.get(part, ZERO) - before.get(part, ZERO), ZERO) for part in _OPEN_PARTS), ZERO)
