"""Which rows may belong together at all: what is weighed, and what hangs together by it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from duban.arrears.rules.matching.items import FIELDS, Field, Key, Numbers
from duban.arrears.rules.matching.unchanged import Group, by_amount, grouped
from duban.arrears.rules.matching.weighing import LEAST, Traits, score, weigh

LARGEST_BLOCK = 30
"""Rows of a side that are assigned together."""
MOST_COMPARISONS = LARGEST_BLOCK**2


@dataclass(frozen=True, slots=True)
class Edge:
    """Two rows that may be one claim.

    Args:
        score: what speaks for it.
        gain: the same with the state, above what is least: what an assignment gains by it, at least 1.
    """

    theirs: Key
    base: Key
    score: int
    gain: int


def candidates(theirs: Sequence[Traits], base: Sequence[Traits], numbers: Numbers) -> tuple[list[Edge], list[Group]]:
    """The edges, and the groups between the same two parties that are too large to compare each with each.

    In those, rows are compared only where they share an amount, a contract, a project or a confirmed number.
    """
    together: dict[tuple[Key, Key], Edge | None] = {}
    for group in _groups(theirs, base, numbers):
        if not is_crowd(group):
            _compare(group, numbers, together)
    crowds = [group for group in grouped(theirs, base, _parties) if is_crowd(group)]
    return [edge for edge in together.values() if edge], crowds


def compared(group: Group, numbers: Numbers) -> list[Edge]:
    """The edges within a group, each row compared with each."""
    together: dict[tuple[Key, Key], Edge | None] = {}
    _compare(group, numbers, together)
    return [edge for edge in together.values() if edge]


def is_crowd(group: Group) -> bool:
    """Whether there are too many rows to compare each with each."""
    return len(group.theirs) * len(group.base) > MOST_COMPARISONS


def components(edges: Sequence[Edge]) -> Iterator[list[Edge]]:
    """The edges that hang together by their rows, component by component."""
    of_theirs, of_base = defaultdict(list), defaultdict(list)
    for edge in edges:
        of_theirs[edge.theirs].append(edge)
        of_base[edge.base].append(edge)
    reached: set[Key] = set()
    for start in of_theirs:
        if start not in reached:
            yield _reach(start, of_theirs, of_base, reached)


_Edges = Mapping[Key, Sequence[Edge]]


def _reach(start: Key, of_theirs: _Edges, of_base: _Edges, reached: set[Key]) -> list[Edge]:
    """The component of a row of theirs; what is reached is added to `reached`."""
    reached.add(start)
    waiting, passed, found = [start], set(), []
    while waiting:
        for edge in of_theirs[waiting.pop()]:
            found.append(edge)
            if edge.base in passed:
                continue
            passed.add(edge.base)
            fresh = [back.theirs for back in of_base[edge.base] if back.theirs not in reached]
            reached.update(fresh)
            waiting.extend(fresh)
    return found


def _compare(group: Group, numbers: Numbers, together: dict[tuple[Key, Key], Edge | None]) -> None:
    """Weigh the rows of a group that were not weighed yet."""
    for one in group.theirs:
        for other in group.base:
            keys = one.key, other.key
            if keys in together:
                continue
            weights = weigh(one, other, numbers)
            worth = score(weights)
            is_edge = worth >= LEAST and (_may_be_renumbered(one, other, numbers) or _is_about_the_same(weights))
            together[keys] = Edge(*keys, worth, worth + weights[-1] - LEAST + 1) if is_edge else None


_SUBJECT = tuple(FIELDS.index(field) for field in (Field.CONTRACT, Field.AMOUNT, Field.PROJECT))


def _may_be_renumbered(one: Traits, other: Traits, numbers: Numbers) -> bool:
    """Whether the numbers of two rows do not tell them apart."""
    return numbers is Numbers.DENIED or not (one.number and other.number) or one.number == other.number


def _is_about_the_same(weights: Sequence[int]) -> bool:
    """Whether contract, amount or project speak for a pair. Two parties have many claims between them."""
    return any(weights[place] > 0 for place in _SUBJECT)


def _groups(theirs: Sequence[Traits], base: Sequence[Traits], numbers: Numbers) -> Iterator[Group]:
    """Whatever two rows of a pair can share: a pair that shares none of it weighs too little."""
    for by in _SHARED:
        yield from grouped(theirs, base, by)
    if numbers is Numbers.CONFIRMED:
        # Otherwise a number would bring two rows of a crowd together, and leave out others that are as likely.
        yield from grouped(theirs, base, lambda row: row.number or None)
    for by in (_parties, lambda row: row.debtor or None):
        for group in grouped(theirs, base, by):
            yield from by_amount(group)


def _parties(row: Traits) -> object:
    return (row.creditor, row.debtor) if row.creditor and row.debtor else None


def _both(*fields: str) -> Callable[[Traits], object]:
    of = attrgetter(*fields)

    def shared(row: Traits) -> object:
        values = of(row)
        return values if all(values) else None

    return shared


_SHARED = (
    _parties,
    _both("creditor", "debtor", "contract"),
    _both("creditor", "debtor", "project"),
    _both("creditor", "project"),
    _both("debtor", "project"),
    lambda row: row.contract or None,
)
