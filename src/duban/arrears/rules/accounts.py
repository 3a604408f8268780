"""The accounts of a claim, and between which of them an amount may move.

The table of moves is design data of the ledger; the database repeats it as a check constraint, made from it.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence


class Account(StrEnum):
    """Where a part of a claim stands. `recognised` is the contra: what all the others add up to."""

    RECOGNISED = "recognised"
    UNSETTLED = "unsettled"
    NOT_DUE = "not_due"
    UNDISPUTED = "undisputed"
    DISPUTED = "disputed"
    JUDICIAL = "judicial"
    REPORTED = "reported"
    CASH = "cash"
    INSTRUMENT = "instrument"
    OFFSET = "offset"
    COURT = "court"
    REDUCED = "reduced"

    @property
    def label(self) -> Sentence:
        """The account's name in the reader's language."""
        return Sentence(_LABELS[self])


_LABELS = {
    Account.RECOGNISED: N_("Recognised"),
    Account.UNSETTLED: N_("Unsettled"),
    Account.NOT_DUE: N_("Not due"),
    Account.UNDISPUTED: N_("Undisputed"),
    Account.DISPUTED: N_("Disputed"),
    Account.JUDICIAL: N_("Judicial"),
    Account.REPORTED: N_("Reported paid"),
    Account.CASH: N_("Paid in money"),
    Account.INSTRUMENT: N_("Bill or e-voucher"),
    Account.OFFSET: N_("Set off"),
    Account.COURT: N_("Enforced"),
    Account.REDUCED: N_("Reduced"),
}

HELD = tuple(account for account in Account if account is not Account.RECOGNISED)
"""The accounts that hold a balance, never below zero on any day."""
OPEN = (Account.UNDISPUTED, Account.DISPUTED, Account.JUDICIAL)
"""Due and open: what is overdue, including what is before a court."""
OUTSIDE_RATES = (Account.UNSETTLED, Account.NOT_DUE)
CARRIED = (*OUTSIDE_RATES, *OPEN)
"""What is still owed, due or not. From here an amount goes back to `recognised` where it goes on in another claim."""
OF_PAYMENTS = frozenset({Account.REPORTED, Account.INSTRUMENT})
"""Where stated payments stand until something is said of them; they come and go through these."""

_A = Account
MOVES: Mapping[Account, frozenset[Account]] = MappingProxyType(
    {
        _A.RECOGNISED: frozenset({_A.UNSETTLED, _A.NOT_DUE, _A.UNDISPUTED, _A.DISPUTED, _A.JUDICIAL}),
        _A.UNSETTLED: frozenset({_A.NOT_DUE, _A.UNDISPUTED, _A.DISPUTED, _A.REDUCED}),
        _A.NOT_DUE: frozenset({_A.UNDISPUTED, _A.DISPUTED, _A.REDUCED}),
        _A.UNDISPUTED: frozenset({_A.DISPUTED, _A.JUDICIAL, _A.REPORTED, _A.REDUCED}),
        _A.DISPUTED: frozenset({_A.UNDISPUTED, _A.JUDICIAL, _A.REDUCED}),
        _A.JUDICIAL: frozenset({_A.UNDISPUTED, _A.DISPUTED, _A.COURT, _A.REDUCED}),
        _A.REPORTED: frozenset({_A.CASH, _A.INSTRUMENT, _A.OFFSET, _A.UNDISPUTED}),
        _A.INSTRUMENT: frozenset({_A.CASH, _A.UNDISPUTED}),
    }
)
"""Allowed directions; any other only as the reversal of an earlier transfer."""


class Rule(StrEnum):
    """Which accounts count as cleared (口径); printed with every figure."""

    C0 = "C0"
    """填报口径: what debtors state."""
    C1 = "C1"
    """核实口径: money that arrived, enforcement, and set-off signed by the creditor."""


COUNTED: Mapping[Rule, tuple[Account, ...]] = MappingProxyType(
    {
        Rule.C0: (_A.REPORTED, _A.CASH, _A.INSTRUMENT, _A.OFFSET, _A.COURT),
        # Set-off is reached only by a payment that the creditor confirmed with a signature, so all of it counts.
        Rule.C1: (_A.CASH, _A.OFFSET, _A.COURT),
    }
)


class MoveNotAllowed(DomainError):
    """An amount would move between two accounts that do not lead to each other."""

    text = N_(
        "An amount cannot move from {source} to {destination}. If an earlier entry was wrong, reverse that entry."
    )

    def __init__(self, *, source: Account, destination: Account) -> None:
        super().__init__(source=source.label, destination=destination.label)


class NotEnough(DomainError):
    """More would leave an account than it holds."""

    text = N_(
        "{moving} cannot leave {account}, which holds {held}. Enter {held} or less, or correct the account first."
    )

    def __init__(self, *, moving: Money, account: Account, held: Money) -> None:
        super().__init__(moving=moving, account=account.label, held=held)


Balances = Mapping[Account, Money]


def check_move(source: Account, destination: Account, amount: Money, *, balances: Balances) -> None:
    """Let an amount move, or refuse.

    Raises:
        MoveNotAllowed: the two accounts do not lead to each other.
        NotEnough: the source holds less.
    """
    if destination not in MOVES.get(source, frozenset()):
        raise MoveNotAllowed(source=source, destination=destination)
    check_enough(source, amount, balances=balances)


def check_enough(source: Account, amount: Money, *, balances: Balances) -> None:
    """Let an amount leave an account that holds it, or raise `NotEnough`. The contra account holds any amount."""
    if source is not Account.RECOGNISED and amount > balances.get(source, ZERO):
        raise NotEnough(moving=amount, account=source, held=balances.get(source, ZERO))
