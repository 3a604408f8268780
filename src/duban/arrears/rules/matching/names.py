"""Whether two names mean the same party, and which part of them differs.

A name is read as region, trade name, business and legal form, as the register reads it.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache

from duban.kernel.words import N_, Sentence
from duban.register.rules.names import spelling, trade_name, without_form

_SUFFIXES = "省市县区州"
_LONGEST_REGION = 12
_LONGEST_PLACE = 3
_NEAR = 0.8
_NEAR_TRADE = 0.6


class Kind(IntEnum):
    """How near two names are, the farthest first."""

    OTHER = 0
    NEAR = 1
    """A typing error would explain it; so would another firm."""
    REGION = 2
    """One writes 市, 省 or 县 after a place, the other leaves it out."""
    FORM = 3
    """Only the legal form differs: 有限公司, 有限责任公司, 股份有限公司."""
    SAME = 4


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near two names are, and what is different, each as it stands in its name."""

    kind: Kind
    first: str = ""
    second: str = ""

    @property
    def reason(self) -> Sentence:
        """The difference, for people."""
        return Sentence(_REASONS[self.kind], {"first": self.first or "—", "second": self.second or "—"})


_REASONS = {
    Kind.SAME: N_("The names are the same."),
    Kind.FORM: N_("Only the legal form differs: {first}, {second}."),
    Kind.REGION: N_("Only the word after the place differs: {first}, {second}."),
    Kind.NEAR: N_("The names are near to each other; what differs is {first} and {second}."),
    Kind.OTHER: N_("The names are different: {first}, {second}."),
}


@lru_cache(maxsize=2**18)
def likeness(first: str, second: str) -> Likeness:
    """Compare two names."""
    if spelling(first) == spelling(second):
        return Likeness(Kind.SAME)
    bare_first, bare_second = without_form(first), without_form(second)
    if bare_first == bare_second:
        return Likeness(Kind.FORM, *_difference(spelling(first), spelling(second)))
    difference = _difference(bare_first, bare_second)
    if _only_suffixes(bare_first, bare_second):
        return Likeness(Kind.REGION, *difference)
    kind = Kind.NEAR if _are_near(bare_first, bare_second, trade_name(first), trade_name(second)) else Kind.OTHER
    return Likeness(kind, *difference)


def _difference(first: str, second: str) -> tuple[str, str]:
    """The parts between what two texts begin and end with."""
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    end = 0
    while end < min(len(first), len(second)) - start and first[-1 - end] == second[-1 - end]:
        end += 1
    return first[start : len(first) - end], second[start : len(second) - end]


def _only_suffixes(first: str, second: str) -> bool:
    """Whether the shorter text is the longer one without some of 省市县区州 after places at its beginning.

    A suffix in place of another (吉林省, 吉林市) is another place.
    """
    short, long = sorted((first, second), key=len)
    at = 0
    for position, letter in enumerate(long):
        if at < len(short) and short[at] == letter:
            at += 1
        elif letter not in _SUFFIXES or not 2 <= position < _LONGEST_REGION:
            return False
    return at == len(short)


def _are_near(first: str, second: str, trade_first: str, trade_second: str) -> bool:
    """Whether most letters are the same, and most of the trade name: 甲建筑 and 乙建筑 share all but who they are."""
    if _alike(trade_first, trade_second) < _NEAR_TRADE or _differ_behind_a_place(trade_first, trade_second):
        return False
    return _alike(first, second) >= _NEAR or _holds(first, second)


def _differ_behind_a_place(first: str, second: str) -> bool:
    """Whether all is different but two or three letters at the beginning, which are a place: 昆明甲, 昆明乙."""
    one, other = _difference(first, second)
    shared = len(first) - len(one)
    return bool(one and other) and shared <= _LONGEST_PLACE and first.endswith(one) and second.endswith(other)


def _holds(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    return len(short) >= 4 and short in long


def _alike(first: str, second: str) -> float:
    # The matcher prefers one order of its texts to the other; sorted, the answer is the same both ways.
    low, high = sorted((first, second))
    return float(SequenceMatcher(None, low, high, autojunk=False).ratio())
