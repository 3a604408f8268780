"""How what is open came from one day to another: each move that changes it is of one term (收支余恒等式). Pure.

期初＋期初认定＋新增＋调增＋司法转回＋冲回－清偿－核减－转司法±划转＝期末, with and without what is before a court.
What is not due or not settled stands beside it and is in no term: it becomes 新增 or 调增 on the day it falls due.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from duban.arrears.rules.accounts import OPEN, Account
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence


class View(StrEnum):
    """Whether what is before a court counts as open."""

    WITH_JUDICIAL = "with_judicial"
    WITHOUT_JUDICIAL = "without_judicial"

    @property
    def parts(self) -> frozenset[Account]:
        """The accounts whose sum is rolled forward."""
        return frozenset(OPEN) - ({Account.JUDICIAL} if self is View.WITHOUT_JUDICIAL else set())

    @property
    def label(self) -> Sentence:
        """Its name in the reader's language."""
        return Sentence(_VIEW_LABELS[self])


_VIEW_LABELS = {
    View.WITH_JUDICIAL: N_("Judicial part included"),
    View.WITHOUT_JUDICIAL: N_("Judicial part left out"),
}


class Term(StrEnum):
    """A term of the identity, in the order in which it is written."""

    OPENING = "opening_recognised"
    """期初认定: what a first statement brought in, net of what it stated as cleared before."""
    NEW = "new"
    RAISED = "raised"
    """调增: more of a claim that had something open before."""
    FROM_COURT = "from_court"
    GIVEN_BACK = "given_back"
    """冲回: a clearing that did not hold."""
    CLEARED = "cleared"
    REDUCED = "reduced"
    """核减: never payment."""
    TO_COURT = "to_court"
    MOVED = "moved"
    """划转: went from one claim to another; neither new nor reduced."""

    @property
    def label(self) -> Sentence:
        """The term's name in the reader's language."""
        return Sentence(_TERM_LABELS[self])

    @property
    def is_subtracted(self) -> bool:
        """Whether it is written with a minus: its own figure is what went out."""
        return self in {Term.CLEARED, Term.REDUCED, Term.TO_COURT}


_TERM_LABELS = {
    Term.OPENING: N_("Recognised at opening"),
    Term.NEW: N_("Newly owed"),
    Term.RAISED: N_("Raised"),
    Term.FROM_COURT: N_("Back from court"),
    Term.GIVEN_BACK: N_("Clearing reversed"),
    Term.CLEARED: N_("Cleared in the span"),
    Term.REDUCED: N_("Reduced in the span"),
    Term.TO_COURT: N_("Gone to court"),
    Term.MOVED: N_("Moved between claims"),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """What of a transfer decides its term; of a reversal, what the reversed transfer was.

    Args:
        is_linked: a `ClaimLink` says that the amount came from another claim, or went on in one.
        is_opening: it was entered with the reporter's first statement.
        is_first: on that day something of the claim came into the open accounts for the first time.
        is_reversal: the amount goes back from `destination` to `source`.
        is_restated: it is what was left of a payment that the same posting took back, stated anew.
    """

    source: Account
    destination: Account
    is_linked: bool = False
    is_opening: bool = False
    is_first: bool = False
    is_reversal: bool = False
    is_restated: bool = False


def term_of(moved: Moved, view: View) -> Term | None:
    """The term that a transfer is of; None where what is open does not change."""
    enters, leaves = moved.destination in view.parts, moved.source in view.parts
    if enters == leaves:
        return None
    if moved.is_linked:
        return Term.MOVED
    if moved.is_reversal and leaves and _left_as(moved.destination) is Term.CLEARED:
        return Term.GIVEN_BACK
    if moved.is_opening:
        return Term.OPENING
    if moved.is_restated:
        return Term.GIVEN_BACK
    return _entered_as(moved) if enters else _left_as(moved.destination)


def _entered_as(moved: Moved) -> Term:
    if moved.source in {Account.REPORTED, Account.INSTRUMENT}:
        return Term.GIVEN_BACK
    if moved.source is Account.JUDICIAL:
        return Term.FROM_COURT
    return Term.NEW if moved.is_first else Term.RAISED


def _left_as(destination: Account) -> Term:
    if destination is Account.REDUCED:
        return Term.REDUCED
    return Term.TO_COURT if destination is Account.JUDICIAL else Term.CLEARED


def effect(moved: Moved, amount: Money, view: View) -> Money:
    """By how much a transfer changes what is open."""
    into = (moved.destination in view.parts) - (moved.source in view.parts)
    return amount * (-into if moved.is_reversal else into)


@dataclass(frozen=True, slots=True)
class RollForward:
    """What was open, how that changed by term, and what is open.

    Args:
        changes: the signed effect of every term, also where it is nothing.
    """

    opening: Money
    changes: Mapping[Term, Money]
    closing: Money

    @property
    def difference(self) -> Money:
        """What the terms leave unexplained; nothing, or the books are wrong."""
        return self.closing - sum(self.changes.values(), self.opening)

    def figure(self, term: Term) -> Money:
        """The figure of a term as the identity writes it, before its sign."""
        return -self.changes[term] if term.is_subtracted else self.changes[term]


def rolled(*, opening: Money, moves: Iterable[tuple[Moved, Money]], closing: Money, view: View) -> RollForward:
    """Put every move into its term."""
    changes = dict.fromkeys(Term, ZERO)
    for moved, amount in moves:
        term = term_of(moved, view)
        if term is not None:
            changes[term] += effect(moved, amount, view)
    return RollForward(opening, changes, closing)
