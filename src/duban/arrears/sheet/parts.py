"""How an amount owed is divided: what the parts of a file describe, and the opening accounts that follow.

Some offices divide the amount as first owed, others what is still owed; no heading says which. Where something was
cleared the two differ, and the sums of the rows tell: parts = 欠款金额, or parts + 累计已清偿 = 欠款金额.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from duban.arrears.sheet.checks import (
    CLEARED_MOVED,
    CLEARED_UNPLACED,
    PARTS_DISAGREE,
    PARTS_MISFIT,
    PARTS_ROUNDED,
)
from duban.arrears.sheet.rows import PARTS, Basis
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence
from duban.workbook.findings import Fault, Severity, SheetRow


@dataclass(frozen=True, slots=True)
class Division:
    """One row's amount, the part of it that was cleared, and the parts as stated.

    Args:
        stated: whether any part is.
        step: the coarsest unit, in fen, that the sheet shows of them; half of it makes no difference to a sum.
    """

    amount: Money
    cleared: Money
    parts: dict[str, Money]
    stated: bool
    step: int = 1

    @property
    def sum(self) -> Money:
        """What the parts add up to."""
        return Money(sum(part.fen for part in self.parts.values()))

    @property
    def fits(self) -> frozenset[Basis]:
        """On which bases the parts add up. A claim without parts, or all cleared and nothing left, fits both."""
        total = self.sum
        if not self.stated or (total == ZERO and self.cleared == self.amount):
            return frozenset(Basis)
        sums = {Basis.ORIGINAL: total, Basis.BALANCE: total + self.cleared}
        return frozenset(basis for basis, reached in sums.items() if self._is_the_amount(reached))

    def _is_the_amount(self, reached: Money) -> bool:
        off = abs(reached.fen - self.amount.fen)
        return off == 0 or 2 * off <= self.step > 1

    def rounding(self, basis: Basis | None) -> Money:
        """By how much the amount exceeds what the parts reach, where they fit it only as far as the sheet shows."""
        if not self.fits or not self.stated or self.sum == ZERO:
            return ZERO
        reached = self.sum + self.cleared if basis is Basis.BALANCE else self.sum
        return self.amount - reached if self._is_the_amount(reached) else ZERO


def division(row: SheetRow) -> Division:
    """The division that a row without errors states."""
    values = row.values
    return Division(
        amount=values["amount"],
        cleared=values["cleared"] or ZERO,
        parts={part: values[part] or ZERO for part in PARTS},
        stated=any(values[part] is not None for part in PARTS),
        step=max(row.step(name) or 1 for name in ("amount", "cleared", *PARTS)),
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file's parts describe, and how many rows say so by adding up in one way only; None when they balance."""

    basis: Basis | None
    votes: dict[Basis, int]


def judge(divisions: Sequence[Division]) -> Verdict:
    """Let the rows that fit one basis only decide; as many on either side decide nothing."""
    votes = dict.fromkeys(Basis, 0)
    for stated in divisions:
        if len(stated.fits) == 1:
            votes[next(iter(stated.fits))] += 1
    if votes[Basis.ORIGINAL] == votes[Basis.BALANCE]:
        return Verdict(None, votes)
    return Verdict(max(votes, key=lambda basis: votes[basis]), votes)


_MEANING = {Basis.ORIGINAL: N_("the amount as first owed"), Basis.BALANCE: N_("what is still owed")}


def misfit(stated: Division, verdict: Verdict) -> Iterator[Fault]:
    """L05, L06: the parts add up, and in the way of the file."""
    if not stated.fits:
        text = N_(
            "The parts add up to {parts} yuan, with the {cleared} already cleared to {both}; "
            "neither is the {amount} owed. Divide either the amount as first owed or what is still owed, completely."
        )
        values = {"parts": stated.sum, "cleared": stated.cleared, "both": stated.sum + stated.cleared}
        yield Fault(
            PARTS_MISFIT, "amount", Sentence(text, {**values, "amount": stated.amount}), expected=str(stated.amount)
        )
    elif len(stated.fits) == 1 and verdict.basis not in stated.fits:
        own = next(iter(stated.fits))
        other = Basis.BALANCE if own is Basis.ORIGINAL else Basis.ORIGINAL
        text = N_(
            "The parts of this row divide {own}, as in {own_rows} rows; "
            "in {other_rows} rows of the file they divide {other}. Divide the same in every row."
        )
        meanings = {"own": Sentence(_MEANING[own]), "other": Sentence(_MEANING[other])}
        counts = {"own_rows": verdict.votes[own], "other_rows": verdict.votes[other]}
        yield Fault(PARTS_DISAGREE, "amount", Sentence(text, {**meanings, **counts}))


def opening_accounts(stated: Division, basis: Basis | None, *, is_due: bool) -> dict[str, Money]:
    """The accounts to open a claim with, adding up to its amount; what was cleared is inside `undisputed`.

    Only what is due and undisputed is paid, so money that was cleared out of another part makes that much of it
    undisputed. Call it for a row that fits `basis`, and that `unplaced` lets pass.
    """
    accounts = dict(stated.parts)
    if stated.sum == ZERO:
        accounts["undisputed" if is_due else "not_due"] = stated.amount - stated.cleared
        accounts["undisputed"] += stated.cleared
    elif basis is Basis.BALANCE:
        accounts["undisputed"] += stated.cleared
    elif stated.cleared > accounts["undisputed"]:
        beyond = stated.cleared - accounts["undisputed"]
        accounts[_other_parts(stated)[0]] -= beyond
        accounts["undisputed"] += beyond
    largest = max(accounts, key=lambda name: accounts[name])
    accounts[largest] += stated.rounding(basis)
    return accounts


def rounded(stated: Division, basis: Basis | None) -> Iterator[Fault]:
    """L18: the parts miss the amount by less than the sheet shows; the largest part takes the difference."""
    rounding = stated.rounding(basis)
    if rounding != ZERO:
        text = N_(
            "The parts miss the {amount} yuan owed by {difference}, which is less than the sheet shows; "
            "the largest part takes the difference."
        )
        values = {"amount": stated.amount, "difference": abs(rounding)}
        yield Fault(PARTS_ROUNDED, "amount", Sentence(text, values), Severity.WARNING)


def unplaced(stated: Division, basis: Basis | None) -> Iterator[Fault]:
    """L07, L17: more was cleared than the undisputed part of the amount as first owed; from where did it come?"""
    undisputed = stated.parts["undisputed"]
    if basis is not Basis.ORIGINAL or stated.sum == ZERO or stated.cleared <= undisputed:
        return
    values = {"cleared": stated.cleared, "undisputed": undisputed, "beyond": stated.cleared - undisputed}
    if len(_other_parts(stated)) == 1:
        text = N_(
            "{cleared} yuan were cleared and only {undisputed} of the amount are undisputed; "
            "the {beyond} beyond it are taken from the one other part."
        )
        yield Fault(CLEARED_MOVED, "cleared", Sentence(text, values), Severity.WARNING)
    else:
        text = N_(
            "{cleared} yuan were cleared and only {undisputed} of the amount are undisputed. "
            "Move the {beyond} beyond it from the part that was paid to the undisputed one."
        )
        yield Fault(CLEARED_UNPLACED, "cleared", Sentence(text, values))


def _other_parts(stated: Division) -> list[str]:
    return [name for name, part in stated.parts.items() if part > ZERO and name != "undisputed"]


def is_due(due_on: date | None, *, as_of: date) -> bool:
    """Whether an amount is due; without a day it is, for it would not be in the ledger otherwise."""
    return due_on is None or due_on <= as_of
