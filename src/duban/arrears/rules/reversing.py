"""Taking a whole posting back: every transfer by its opposite, or nothing. Pure."""

from collections.abc import Iterable

from duban.arrears.rules.accounts import OF_PAYMENTS, Account, Balances
from duban.arrears.rules.statement import Move
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_


class NothingMoved(DomainError):
    """A posting without transfers is to be taken back."""

    text = N_(
        "That entry moved nothing, so there is nothing to take back. What was said is corrected by saying it anew."
    )


class IsAReversal(DomainError):
    """A reversal is to be taken back."""

    text = N_("That entry takes another one back, and is not taken back itself. Make the first entry anew.")


class PartTakenBack(DomainError):
    """A posting of which a part was taken back already."""

    text = N_("{amount} of that entry was taken back already. Take back the rest entry by entry, or leave it.")

    def __init__(self, *, amount: Money) -> None:
        super().__init__(amount=amount)


class FromAWorkbook(DomainError):
    """A posting that came from a ledger, with all that the ledger said."""

    text = N_(
        "That entry came from a ledger that was handed in, with all its rows. Correct this claim by an act of its own, "
        "or hand in the ledger as it should be."
    )


class MovedOn(DomainError):
    """What a posting brought has moved on since."""

    text = N_(
        "{amount} would leave {account} on claim {number}, which holds {held} from that day on: it has moved on since. "
        "Take back the later entries first."
    )

    def __init__(self, *, number: str, amount: Money, account: Account, held: Money) -> None:
        super().__init__(number=number, amount=amount, account=account.label, held=held)


class PaymentWentOn(DomainError):
    """Something was said of a payment after the posting that is to be taken back."""

    text = N_(
        "The payment of {amount} has gone on since that entry; it is at: {now}. "
        "Take back what was said of it later first."
    )

    def __init__(self, *, amount: Money, now: object) -> None:
        super().__init__(amount=amount, now=now)


class TakenBackAsAWhole(DomainError):
    """One transfer is to be reversed that says the truth only together with others."""

    text = N_(
        "This entry belongs to a payment, or to an amount carried over from one claim to another. "
        "Take back the whole of it, so that both sides still agree."
    )


class OfPayments(DomainError):
    """An amount is to leave by hand that belongs to a stated payment."""

    text = N_(
        "{moving} cannot leave {account} by hand: {free} of it belongs to no stated payment. "
        "Confirm, deny or take back the payment, and its amount moves along."
    )

    def __init__(self, *, moving: Money, account: Account, free: Money) -> None:
        super().__init__(moving=moving, account=account.label, free=free)


REVERSED = "arrears.reversed"
"""The kind of every posting that takes another one back."""
FROM_A_WORKBOOK = frozenset({"arrears.opening", "arrears.statement"})
TAKES_BACK = (REVERSED, "arrears.statement")
"""The kinds of posting under which a payment goes back to an earlier step."""


def opposite(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Each move the other way round, the last one first."""
    return tuple(Move(move.destination, move.source, move.amount) for move in reversed(list(moves)))


def check_opposite(moves: Iterable[Move], *, balances: Balances, number: str) -> None:
    """Let opposite moves be made on one day, or raise `MovedOn`.

    Args:
        balances: the least that each account holds from that day on.
        number: of the claim, for the sentence.
    """
    leaving: dict[Account, Money] = {}
    for move in moves:
        leaving[move.source] = leaving.get(move.source, ZERO) + move.amount
        leaving[move.destination] = leaving.get(move.destination, ZERO) - move.amount
    for account, amount in leaving.items():
        held = balances.get(account, ZERO)
        if account is not Account.RECOGNISED and amount > held:
            raise MovedOn(number=number, amount=amount, account=account, held=held)


def check_by_hand(moves: Iterable[Move], *, free: Balances) -> None:
    """Let moves be made that belong to no payment, or raise `OfPayments`.

    Args:
        free: the least that the accounts of payments hold from that day on without what belongs to payments.
    """
    for move in moves:
        if move.source in OF_PAYMENTS and move.amount > free.get(move.source, ZERO):
            raise OfPayments(moving=move.amount, account=move.source, free=free.get(move.source, ZERO))
