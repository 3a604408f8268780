"""The base of a campaign (基数): how it changes, what progress is counted over it, how two of them meet. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from duban.arrears.rules.position import ratio
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence


class OrderKind(StrEnum):
    """What a numbered order does to the base."""

    ESTABLISHED = "established"
    """基数核定: the first one, over all members on a day."""
    MEMBERS = "members"
    """调整: claims that entered or left since."""
    CORRECTED = "corrected"
    """调整: amounts that were wrong, each given with its evidence."""

    @property
    def label(self) -> Sentence:
        """The kind's name in the reader's language."""
        return Sentence(_KIND_LABELS[self])


_KIND_LABELS = {
    OrderKind.ESTABLISHED: N_("Order establishing the base"),
    OrderKind.MEMBERS: N_("Order for claims that entered or left"),
    OrderKind.CORRECTED: N_("Order correcting amounts"),
}


class OrderState(StrEnum):
    """Where an order stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"

    @property
    def label(self) -> Sentence:
        """The state's name in the reader's language."""
        return Sentence(_STATE_LABELS[self])


_STATE_LABELS = {
    OrderState.WAITING: N_("Waiting for the second person"),
    OrderState.APPROVED: N_("Approved"),
    OrderState.REFUSED: N_("Refused"),
}

BASE_NOT_SIGNED = Sentence(N_("The base is not locked: no order that establishes it has been approved."))
NOT_ASSESSED = Sentence(N_("Nothing is owed here, so this unit is not assessed."))


class OrderWaits(DomainError):
    """A second order is drafted while one waits."""

    text = N_(
        "Order {number} of this campaign still waits to be decided. Decide on it first: orders follow each other."
    )

    def __init__(self, *, number: int) -> None:
        super().__init__(number=number)


class NothingInOrder(DomainError):
    """An order would change nothing."""

    text = N_("On {day} there is nothing to enter in such an order. Enter the members first, or give another day.")

    def __init__(self, *, day: date) -> None:
        super().__init__(day=day)


class BaseOutOfOrder(DomainError):
    """A base is established twice, or changed before it was established."""

    text = N_("{kind}: {why}")

    def __init__(self, *, kind: OrderKind, is_established: bool) -> None:
        why = (
            N_("the base is established already. Draft an order that changes it.")
            if is_established
            else N_("there is no base yet. Draft the order that establishes it first.")
        )
        super().__init__(kind=kind.label, why=Sentence(why))


class DayBeforeLast(DomainError):
    """Something would take effect before what the campaign already did."""

    text = N_("{day} is before {last}, the day of what was entered last. Give {last} or a later day.")

    def __init__(self, *, day: date, last: date) -> None:
        super().__init__(day=day, last=last)


def check_order(kind: OrderKind, *, is_established: bool, waiting: int | None, on: date, last: date | None) -> None:
    """Let an order be drafted.

    Args:
        is_established: an order that establishes the base was approved.
        waiting: the number of an order that nobody has decided on.
        last: the day of the latest approved order.

    Raises:
        OrderWaits, BaseOutOfOrder, DayBeforeLast.
    """
    if waiting is not None:
        raise OrderWaits(number=waiting)
    if (kind is OrderKind.ESTABLISHED) is is_established:
        raise BaseOutOfOrder(kind=kind, is_established=is_established)
    if last is not None and on < last:
        raise DayBeforeLast(day=on, last=last)


# -- Progress ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BaseClaim:
    """A claim of a base on a day.

    Args:
        amount: its base amount.
        settled: what had been cleared by the day of the base and is not in it.
        stated, verified: cleared by the day looked at, under C0 and C1.
    """

    amount: Money
    settled: Money
    stated: Money
    verified: Money


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a base is cleared, under both counting rules.

    `stated_rate` and `verified_rate` are None where there is no rate, and `why_none` says why.
    """

    base: Money
    stated: Money
    verified: Money
    stated_rate: Decimal | None
    verified_rate: Decimal | None
    why_none: Sentence | None


def counted(claim: BaseClaim, cleared: Money) -> Money:
    """What of a claim's cleared amount counts for the base: what came after its day, and never more than the base.

    Of what is verified, too, all that was *stated* by the day of the base is taken off: otherwise a payment stated
    before and confirmed after would be progress of the strict rule that the other one does not have.
    """
    return min(max(cleared - claim.settled, ZERO), claim.amount)


def progress(claims: Iterable[BaseClaim]) -> Progress:
    """清偿进度 = Σ min(counted, base amount) ÷ Σ base (domain.md §2.5)."""
    base = stated = verified = ZERO
    for claim in claims:
        base += claim.amount
        stated += counted(claim, claim.stated)
        verified += counted(claim, claim.verified)
    return progress_of(base=base, stated=stated, verified=verified)


def progress_of(*, base: Money, stated: Money, verified: Money, is_signed: bool = True) -> Progress:
    """Progress from sums: no rate without a signed base, and none where nothing is owed; never a division by zero.

    Where nothing was verified yet there is no verified rate, not 0 %, as with the rates of the ledger.
    """
    if not is_signed:
        return Progress(ZERO, ZERO, ZERO, None, None, BASE_NOT_SIGNED)
    why_none = NOT_ASSESSED if base == ZERO else None
    verified_rate = ratio(verified, base) if verified > ZERO else None
    return Progress(base, stated, verified, ratio(stated, base), verified_rate, why_none)


# -- From one campaign to the next ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bridge:
    """How the base of one campaign becomes that of the next: `old` − `left` + `raised` − `lowered` + `entered` = `new`.

    Args:
        left: by what keeps the claim out of the new campaign.
    """

    old: Money
    left: Mapping[str, Money]
    raised: Money
    lowered: Money
    entered: Money
    new: Money

    @property
    def adds_up(self) -> bool:
        """To the cent."""
        gone = sum(self.left.values(), ZERO)
        return self.old - gone + self.raised - self.lowered + self.entered == self.new


def bridge(claims: Iterable[tuple[Money, Money, str]]) -> Bridge:
    """The bridge over claims, each given by its old base, its new base, and what keeps it out of the new one.

    A base is nothing where the claim is not in it.
    """
    old = raised = lowered = entered = new = ZERO
    left: dict[str, Money] = {}
    for before, after, out in claims:
        old, new = old + before, new + after
        if before > ZERO and after > ZERO:
            raised, lowered = raised + max(after - before, ZERO), lowered + max(before - after, ZERO)
        elif after > ZERO:
            entered += after
        elif before > ZERO:
            left[out] = left.get(out, ZERO) + before
    return Bridge(old, left, raised, lowered, entered, new)
