"""What a county means by two columns whose headings do not say it, decided by which sums agree.

无分歧, 有分歧 and the like divide the amount as first owed, or what is still owed. 已清偿 is what was cleared in all,
or in this month. No heading tells; where something was cleared the sums do, and last month's state beside them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Generic, TypeVar

from duban.arrears.rules.matching.amounts import Shown, alike
from duban.kernel.words import N_, Sentence

DECIDED_PERCENT = 90
"""So many of the rows that can tell must say the same."""


class Divided(StrEnum):
    """What the parts of a row add up to."""

    ORIGINAL = "original"
    BALANCE = "balance"


class Cleared(StrEnum):
    """What the cleared amount of a row counts."""

    IN_ALL = "in_all"
    THIS_MONTH = "this_month"


@dataclass(frozen=True, slots=True)
class Sums:
    """The amounts of a row that its meaning shows in; None where the row gives none.

    Args:
        parts: what the parts add up to.
        balance: what is still owed, as the row states it.
    """

    amount: Shown
    cleared: Shown | None = None
    parts: Shown | None = None
    balance: Shown | None = None


Meant = TypeVar("Meant", Divided, Cleared)


@dataclass(frozen=True, slots=True)
class Choice(Generic[Meant]):
    """What a column means: `chosen`, or None when a person must say.

    Args:
        votes: how many rows agree with this meaning and not with the other.
        neither: rows in which the sums agree with no meaning at all.
    """

    chosen: Meant | None
    votes: Mapping[Meant, int]
    neither: int

    @property
    def matters(self) -> bool:
        """Whether any row reads differently by what is chosen; if none does, nobody need be asked."""
        return self.neither > 0 or any(self.votes.values())

    @property
    def reason(self) -> Sentence:
        """The decision with its counts."""
        (first, ones), (second, others) = self.votes.items()
        values = {
            "first": Sentence(_NAMES[first]), "ones": ones, "second": Sentence(_NAMES[second]), "others": others,
            "neither": self.neither,
        }  # fmt: skip
        return Sentence(_DECIDED if self.chosen else _ASK if self.matters else _EQUAL, values)


_NAMES: Mapping[Divided | Cleared, str] = {
    Divided.ORIGINAL: N_("the parts divide the amount as first owed"),
    Divided.BALANCE: N_("the parts divide what is still owed"),
    Cleared.IN_ALL: N_("the cleared amount is the total so far"),
    Cleared.THIS_MONTH: N_("the cleared amount is that of this month"),
}
_DECIDED = N_("{ones} rows agree only if {first}, {others} only if {second}, {neither} in neither way.")
_ASK = N_(
    "{ones} rows agree only if {first}, {others} only if {second}, {neither} in neither way. "
    "Say which of the two is meant."
)
_EQUAL = N_("Every row reads the same whether {first} or {second}.")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the two columns mean in a file."""

    divided: Choice[Divided]
    cleared: Choice[Cleared]


_Way = tuple[Divided, Cleared]
_WAYS: Sequence[_Way] = tuple(product(Divided, Cleared))


def meanings(rows: Iterable[tuple[Sums, Shown | None]]) -> Meaning:
    """Decide by the rows that agree in one way only.

    Args:
        rows: each with what had been cleared in all by the last statement; None for a row that is new.
    """
    divided, cleared = dict.fromkeys(Divided, 0), dict.fromkeys(Cleared, 0)
    neither = 0
    for sums, before in rows:
        ways = _ways(sums, before)
        neither += not ways
        _vote(divided, {way[0] for way in ways})
        _vote(cleared, {way[1] for way in ways})
    return Meaning(Choice(_decided(divided), divided, neither), Choice(_decided(cleared), cleared, neither))


def _vote(votes: dict[Meant, int], agreeing: set[Meant]) -> None:
    if len(agreeing) == 1:
        votes[agreeing.pop()] += 1


def _decided(votes: Mapping[Meant, int]) -> Meant | None:
    """The meaning that nearly all votes are for."""
    best = max(votes, key=lambda meant: votes[meant])
    total = sum(votes.values())
    return best if total and 100 * votes[best] >= DECIDED_PERCENT * total else None


def _ways(sums: Sums, before: Shown | None) -> list[_Way]:
    """The ways in which all sums of a row agree."""
    known = before or Shown(0)
    ways = [way for way in _WAYS if _agrees(sums, known, *way)]
    if len({way[1] for way in ways}) == 2 and (told := _told_by_last_month(sums, known)):
        return [way for way in ways if way[1] is told]
    return ways


def _agrees(sums: Sums, before: Shown, divided: Divided, cleared: Cleared) -> bool:
    terms = [sums.amount, sums.cleared or Shown(0)]
    if cleared is Cleared.THIS_MONTH:
        terms.append(before)
    left = 2 * sums.amount.fen - sum(term.fen for term in terms)
    if sums.balance is not None and not _add_up(left, sums.balance, terms):
        return False
    if left < 0 and not _add_up(left, Shown(0), terms):
        return False
    # Of a claim that is all cleared nothing is left to divide, whatever the parts mean.
    if sums.parts is None or sums.parts.fen == left == 0:
        return True
    return alike(sums.parts, sums.amount) if divided is Divided.ORIGINAL else _add_up(left, sums.parts, terms)


def _add_up(reached: int, stated: Shown, terms: Sequence[Shown]) -> bool:
    """Whether a sum of terms is what is stated: each may be half a step off, unless it is given to the fen."""
    steps = [shown.step for shown in (stated, *terms) if shown.step > 1]
    return 2 * abs(reached - stated.fen) <= sum(steps)


def _told_by_last_month(sums: Sums, before: Shown) -> Cleared | None:
    """Where the sums agree both ways: a total does not fall, and it stays when nothing is paid."""
    if sums.cleared is None or before.fen <= 0:
        return None
    if alike(sums.cleared, before):
        return Cleared.IN_ALL
    return Cleared.THIS_MONTH if sums.cleared.fen < before.fen else None
