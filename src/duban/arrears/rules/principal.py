"""What interest is counted on: how much of a claim was owed late, day by day, made of what moved on it. Pure.

The ledger hears of a claim long after it fell due, so what is owed counts as owed from the due day, whenever it was
entered. A payment counts from its own day.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from duban.arrears.rules.accounts import COUNTED, HELD, OUTSIDE_RATES, Account, Rule
from duban.arrears.rules.acts import Ground
from duban.arrears.rules.interest import Change
from duban.kernel.money import ZERO, Money

NEVER_OWED = frozenset({Ground.LISTED_IN_ERROR, Ground.MOVED, Ground.STATED_LOWER, Ground.VANISHED})
"""Grounds that say that an amount was not owed in this claim at all; the others are given up on a day."""
_NOT_LATE = frozenset({Account.RECOGNISED, *OUTSIDE_RATES})


@dataclass(frozen=True, slots=True)
class Moved:
    """An amount that moved between two accounts of a claim.

    Args:
        on: the day on which it was paid or given up, as far as is known; a payment that was denied or undone has the
            day on which it was stated to have been made, for it was never made.
        with_opening: whether the claim was entered with it; then nobody said on which day it was.
    """

    source: Account
    destination: Account
    amount: Money
    on: date
    ground: Ground | None = None
    with_opening: bool = False

    def added_to(self, accounts: Collection[Account]) -> Money:
        """By how much it made what stands in `accounts` more; below zero where it made it less."""
        added = self.amount if self.destination in accounts else ZERO
        return added - self.amount if self.source in accounts else added


def owed_under(rule: Rule) -> frozenset[Account]:
    """The accounts in which an amount is late: due, and not counted as paid by the rule."""
    return frozenset(HELD) - {*COUNTED[rule], *OUTSIDE_RATES, Account.REDUCED}


def principal(moves: Iterable[Moved], *, rule: Rule, due_on: date) -> list[Change]:
    """How what is owed late became more and less, by the day of each change."""
    owed = owed_under(rule)
    return [Change(_day(move, due_on), amount) for move in moves if (amount := move.added_to(owed)) != ZERO]


def paid_on_no_day(moves: Iterable[Moved]) -> Money:
    """How much the claim was entered with as paid; on which day, nobody said, so no interest is counted on it."""
    owed = owed_under(Rule.C0)
    opening = [move for move in moves if move.with_opening and not _NOT_LATE & {move.source, move.destination}]
    return sum((-move.added_to(owed) for move in opening), ZERO)


def _day(move: Moved, due_on: date) -> date:
    changes_what_was_due = bool(_NOT_LATE & {move.source, move.destination}) or move.ground in NEVER_OWED
    return due_on if changes_what_was_due or move.with_opening else move.on
