"""What a row of a statement proposes, seen beside the ledger. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from duban.arrears.rules.accounts import COUNTED, Account, Balances, Rule
from duban.arrears.rules.matching import equal_as_shown
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
    """It is not sure which claim of the ledger the row is."""
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

    Equal means equal as shown: within half a unit of the sheet's step. The ledger keeps its own, which is finer.

    Args:
        ours: the claim's balances today, by account.
        is_due: whether the claim's due day has come by the day of the statement. Then what the ledger has as not due
            may stand in the statement as undisputed: time has moved it, and nobody needs to decide.
    """
    held = {account: amount for account, amount in ours.items() if amount != ZERO}
    recognised = sum(held.values(), ZERO) - held.get(Account.REDUCED, ZERO)
    if not _are_equal(stated.amount, recognised, stated.step):
        return Proposal(Change.AMOUNT, stated.amount - recognised)
    counted = sum((held.get(account, ZERO) for account in COUNTED[Rule.C0]), ZERO)
    paid = ZERO if _are_equal(stated.cleared, counted, stated.step) else stated.cleared - counted
    if paid < ZERO:
        return Proposal(Change.WITHDRAWN, -paid)
    open_parts = {part: held.get(part, ZERO) for part in _OPEN_PARTS}
    moves = tuple(_moves_of_time_and_money(stated, open_parts, paid, is_due=is_due))
    expected = _after(moves, open_parts)
    # What is undisputed is what all the others leave of the amount, so it needs no look of its own.
    if not all(
        _are_near(stated.parts.get(part, ZERO), expected.get(part, ZERO), stated.step)
        for part in _OPEN_PARTS
        if part is not Account.UNDISPUTED
    ):
        return Proposal(Change.SPLIT, _moved(expected, stated.open_parts))
    if not moves:
        return Proposal(Change.NOTHING, ZERO)
    change = Change.CLEARED if moves[-1].destination is Account.REPORTED else Change.DUE
    return Proposal(change, moves[-1].amount, moves)


def _moves_of_time_and_money(
    stated: Stated, open_parts: Mapping[Account, Money], paid: Money, *, is_due: bool
) -> Iterator[Move]:
    """What fell due, then what was paid: at most all that is undisputed, where the sheet shows no more exactly."""
    not_due, stated_not_due = open_parts[Account.NOT_DUE], stated.parts.get(Account.NOT_DUE, ZERO)
    fell_due = ZERO
    if is_due and stated_not_due < not_due and not _are_near(stated_not_due, not_due, stated.step):
        fell_due = not_due - stated_not_due
        yield Move(Account.NOT_DUE, Account.UNDISPUTED, fell_due)
    undisputed = open_parts[Account.UNDISPUTED] + fell_due
    if paid > undisputed and _are_near(paid, undisputed, stated.step):
        paid = undisputed
    if paid > ZERO:
        yield Move(Account.UNDISPUTED, Account.REPORTED, paid)


def _are_equal(stated: Money, ours: Money, step: int) -> bool:
    return equal_as_shown(stated.fen, step, ours.fen, 1)


def _are_near(stated: Money, ours: Money, step: int) -> bool:
    """Whether two parts may be the same. A part takes the rounding of the others, so it may be a whole unit off."""
    return abs(stated.fen - ours.fen) <= step if step > 1 else stated == ours


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
