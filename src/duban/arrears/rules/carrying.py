"""An amount that goes on in another claim (划转): what moves, and what stays. Pure.

What is still owed moves, account by account, so that what is disputed or before a court stays so. What was paid stays
with the claim on which it was paid: that debtor paid it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from duban.arrears.rules.accounts import CARRIED, COUNTED, Account, Balances, Rule
from duban.arrears.rules.acts import Link
from duban.arrears.rules.statement import Move
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_

NEEDED: Mapping[Link, tuple[str, ...]] = MappingProxyType(
    {
        Link.REASSIGNED: ("creditor_consent",),
        Link.SPLIT: ("reconciliation",),
        Link.MERGED: ("reconciliation",),
        Link.DUPLICATE: ("comparison",),
    }
)
"""The papers that each kind of link needs. A debt goes to another debtor only with the creditor's consent (Civil Code,
article 551; domain.md §2.6, F8)."""


class NothingOwed(DomainError):
    """Nothing of a claim is owed any more, so nothing can go on in another one."""

    text = N_("Nothing of this claim is owed any more, so there is nothing to carry over. What was paid stays with it.")


class NothingLeft(DomainError):
    """A split that would take the whole."""

    text = N_("All {owed} still owed would go. Split off less; to rename the claim, correct what is said of it.")

    def __init__(self, *, owed: Money) -> None:
        super().__init__(owed=owed)


class SameDebtor(DomainError):
    """A claim would be reassigned to whoever owes it already."""

    text = N_("{debtor} owes this claim already. Give another debtor, or correct the name as it is written.")

    def __init__(self, *, debtor: str) -> None:
        super().__init__(debtor=debtor)


class OtherParties(DomainError):
    """Two claims that are not between the same parties."""

    text = N_(
        "Claim {number} is between other parties: {debtor} owes {creditor}. If they are the same bodies, "
        "decide so in the register of parties first."
    )

    def __init__(self, *, number: str, debtor: str, creditor: str) -> None:
        super().__init__(number=number, debtor=debtor, creditor=creditor)


class PaidHere(DomainError):
    """A claim is called a duplicate on which payments are counted."""

    text = N_(
        "Payments of {paid} are counted on this claim, and a duplicate has none. Deny or reverse them here, "
        "and state them on the claim that stays."
    )

    def __init__(self, *, paid: Money) -> None:
        super().__init__(paid=paid)


def still_owed(held: Balances) -> dict[Account, Money]:
    """What is still owed of a claim, by account, or raise `NothingOwed`."""
    parts = {account: held[account] for account in CARRIED if held.get(account, ZERO) > ZERO}
    if not parts:
        raise NothingOwed
    return parts


def check_split(parts: Mapping[Account, Money], held: Balances) -> None:
    """Let a part be split off, or raise `NothingLeft`."""
    owed = sum(still_owed(held).values(), ZERO)
    if sum(parts.values(), ZERO) >= owed:
        raise NothingLeft(owed=owed)


def check_duplicate(held: Balances) -> None:
    """Let a claim be called a duplicate on which nothing was paid, or raise `PaidHere`."""
    paid = sum((held.get(account, ZERO) for account in COUNTED[Rule.C0]), ZERO)
    if paid > ZERO:
        raise PaidHere(paid=paid)


def taken_out(parts: Mapping[Account, Money]) -> tuple[Move, ...]:
    """The moves on the claim that an amount leaves: it is no longer recognised there, which reduces nothing."""
    return tuple(Move(account, Account.RECOGNISED, amount) for account, amount in parts.items())


def brought_in(parts: Mapping[Account, Money]) -> tuple[Move, ...]:
    """The moves on the claim in which it goes on."""
    return tuple(Move(Account.RECOGNISED, account, amount) for account, amount in parts.items())
