"""Where an amount stands when it is first entered, and when an estimate is settled. Pure."""

from collections.abc import Iterator
from datetime import date

from duban.arrears.rules.accounts import Account, NotEnough
from duban.arrears.rules.statement import Move
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_


class NothingEntered(DomainError):
    """An amount that is nothing, or less, is to be entered or settled."""

    text = N_(
        "An amount of {amount} is nothing to enter. Give what is owed; a claim listed in error is reduced instead."
    )

    def __init__(self, *, amount: Money) -> None:
        super().__init__(amount=amount)


def stands_in(due_on: date | None, *, on: date) -> Account:
    """The account of an amount that nobody disputes: not due before its day, and due where no day is known."""
    return Account.NOT_DUE if due_on is not None and due_on > on else Account.UNDISPUTED


def entered(*, owed: Money, estimated: Money, due_on: date | None, on: date) -> tuple[Move, ...]:
    """Recognise what is owed, and an estimate that waits for its settlement.

    Raises:
        NothingEntered: both are nothing, or one is less.
    """
    if min(owed, estimated) < ZERO or owed + estimated == ZERO:
        raise NothingEntered(amount=min(owed, estimated))
    parts = {stands_in(due_on, on=on): owed, Account.UNSETTLED: estimated}
    return tuple(Move(Account.RECOGNISED, part, amount) for part, amount in parts.items() if amount > ZERO)


def settled(*, estimated: Money, confirmed: Money, due_on: date | None, on: date) -> tuple[Move, ...]:
    """What both sides confirmed takes the place of an estimate; its term begins (regulation of 2025, article 9).

    Less than was estimated reduces the claim, more is newly recognised.

    Raises:
        NothingEntered: nothing was confirmed.
        NotEnough: nothing was estimated.
    """
    if confirmed <= ZERO:
        raise NothingEntered(amount=confirmed)
    if estimated <= ZERO:
        raise NotEnough(moving=confirmed, account=Account.UNSETTLED, held=estimated)
    return tuple(_settled(estimated, confirmed, stands_in(due_on, on=on)))


def _settled(estimated: Money, confirmed: Money, account: Account) -> Iterator[Move]:
    yield Move(Account.UNSETTLED, account, min(estimated, confirmed))
    if confirmed < estimated:
        yield Move(Account.UNSETTLED, Account.REDUCED, estimated - confirmed)
    if confirmed > estimated:
        yield Move(Account.RECOGNISED, account, confirmed - estimated)
