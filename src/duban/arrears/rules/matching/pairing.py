"""Matching two months of a ledger: what is unchanged first, then what is left by weight."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import nlargest
from math import inf

from duban.arrears.rules.matching.assignment import assign, margins
from duban.arrears.rules.matching.candidates import (
    LARGEST_BLOCK,
    Edge,
    candidates,
    compared,
    components,
    is_crowd,
)
from duban.arrears.rules.matching.items import Asked, Doubt, Item, Key, Matching, Pair
from duban.arrears.rules.matching.unchanged import Group, unchanged, worth_of_numbers
from duban.arrears.rules.matching.weighing import CERTAIN, MARGIN, Traits, has_same_parties, pair_of, traits_of, weigh

MOST_RIVALS = 5
"""How many other pairs a person is shown beside the one that is asked."""
_FINE = 10**6
"""The order of rows decides between assignments that are equally good; it never outweighs a bit."""


def match(theirs: Sequence[Item], base: Sequence[Item]) -> Matching:
    """Match the rows of this month with those of the base, one to one.

    The same comes out whatever the order of the rows, and with the two sides exchanged. The cost is near-linear in the
    number of rows: only what changed is weighed, in blocks of what could belong together.
    """
    return _Matcher(*traits_of(theirs, base)).run()


class _Matcher:
    """One run: the rows still without an answer, and the answers so far."""

    def __init__(self, theirs: Sequence[Traits], base: Sequence[Traits]) -> None:
        self.numbers = worth_of_numbers(theirs, base)
        self.theirs = {row.key: row for row in sorted(theirs, key=lambda row: row.order)}
        self.base = {row.key: row for row in sorted(base, key=lambda row: row.order)}
        self.places = [{key: at for at, key in enumerate(side)} for side in (self.theirs, self.base)]
        self.sure: list[Pair] = []
        self.asked: list[Asked] = []
        self.undecided: tuple[set[Key], set[Key]] = (set(), set())

    def run(self) -> Matching:
        for one, other in unchanged(list(self.theirs.values()), list(self.base.values()), self.numbers):
            self._take(one.key, other.key)
        edges, crowds = candidates(list(self.theirs.values()), list(self.base.values()), self.numbers)
        self._settle_all(edges)
        for crowd in crowds:
            self._settle_crowd(crowd)
        return self._answer()

    def _answer(self) -> Matching:
        undecided_theirs, undecided_base = self.undecided
        return Matching(
            sure=tuple(sorted(self.sure, key=_by_keys)),
            asked=tuple(sorted(self.asked, key=lambda one: _by_keys(one.pair))),
            new=tuple(key for key in self.theirs if key not in undecided_theirs),
            vanished=tuple(key for key in self.base if key not in undecided_base),
            undecided_theirs=tuple(key for key in self.theirs if key in undecided_theirs),
            undecided_base=tuple(key for key in self.base if key in undecided_base),
            numbers=self.numbers,
        )

    # -- Blocks of edges --------------------------------------------------------------------------------------------

    def _settle_all(self, edges: Sequence[Edge]) -> None:
        waiting = list(components(edges))
        while waiting:
            waiting.extend(self._settle(waiting.pop()))

    def _settle(self, edges: Sequence[Edge]) -> Iterator[list[Edge]]:
        """Take or ask the pairs of a component.

        Of one that is too large the clear pairs are taken, and the rest is returned; when none is clear all are asked.
        """
        theirs, base = self._rows(edges)
        if max(len(theirs), len(base)) <= LARGEST_BLOCK:
            self._assign(theirs, base, edges)
            return iter(())
        clear = [edge for edge in _clear(edges) if self._doubt(edge, inf) is None]
        for edge in clear:
            self._take(edge.theirs, edge.base)
        if not clear:
            self._ask([(edge, Doubt.CROWD) for edge in self._likeliest(edges)], edges)
        return components([edge for edge in edges if edge.theirs in self.theirs and edge.base in self.base])

    def _settle_crowd(self, crowd: Group) -> None:
        """What is left of a group that was too large to compare each row with each."""
        theirs = [row for row in crowd.theirs if row.key in self.theirs]
        base = [row for row in crowd.base if row.key in self.base]
        if is_crowd(Group(theirs, base)):
            self._ask_in_order([row.key for row in theirs], [row.key for row in base])
        else:
            self._settle_all(compared(Group(theirs, base), self.numbers))

    def _rows(self, edges: Sequence[Edge]) -> tuple[list[Key], list[Key]]:
        """The rows of either side, in their order."""
        of_theirs, of_base = self.places
        theirs = sorted({edge.theirs for edge in edges}, key=of_theirs.__getitem__)
        return theirs, sorted({edge.base for edge in edges}, key=of_base.__getitem__)

    def _assign(self, theirs: Sequence[Key], base: Sequence[Key], edges: Sequence[Edge]) -> None:
        """Assign the rows of a block, then take each pair that is sure by itself and against every other way."""
        found = {(edge.theirs, edge.base): edge for edge in edges}
        gains = _gains(theirs, base, found)
        columns = assign(gains)
        by_how_much = margins(gains, columns, harmless=self._harmless(theirs, base, columns))
        doubtful: list[tuple[Edge, Doubt]] = []
        for row, one in enumerate(theirs):
            edge = found.get((one, base[columns[row]])) if columns[row] < len(base) else None
            if edge is None:
                continue
            doubt = self._doubt(edge, by_how_much[row])
            if doubt is None:
                self._take(edge.theirs, edge.base)
            else:
                doubtful.append((edge, doubt))
        self._ask(doubtful, edges)

    def _harmless(self, theirs: Sequence[Key], base: Sequence[Key], columns: Sequence[int]) -> list[list[bool]]:
        """Where two rows may take each other's column and nobody would notice: either of them, or the columns."""
        size = len(columns)
        rows = [self.theirs[key].content for key in theirs] + [()] * (size - len(theirs))
        others = [self.base[key].content for key in base] + [()] * (size - len(base))
        at = [others[column] for column in columns]
        return [[rows[one] == rows[to] or at[one] == at[to] for to in range(size)] for one in range(size)]

    def _doubt(self, edge: Edge, margin: float) -> Doubt | None:
        """Why a pair is not sure."""
        if not has_same_parties(weigh(self.theirs[edge.theirs], self.base[edge.base], self.numbers)):
            return Doubt.PARTY
        if edge.score < CERTAIN:
            return Doubt.UNLIKELY
        return Doubt.RIVALS if margin < (MARGIN - 0.5) * _FINE else None

    def _likeliest(self, edges: Sequence[Edge]) -> Iterator[Edge]:
        """One edge for a row, the best first, and among equals the first of one side with the first of the other."""
        of_theirs, of_base = self.places
        passed: set[tuple[int, Key]] = set()
        for edge in sorted(edges, key=lambda edge: (-edge.gain, of_theirs[edge.theirs], of_base[edge.base])):
            rows = {(0, edge.theirs), (1, edge.base)}
            if passed.isdisjoint(rows):
                passed |= rows
                yield edge

    # -- Answers ----------------------------------------------------------------------------------------------------

    def _take(self, one: Key, other: Key) -> None:
        self.sure.append(pair_of(self.theirs.pop(one), self.base.pop(other), self.numbers))

    def _ask(self, doubtful: Sequence[tuple[Edge, Doubt]], edges: Sequence[Edge]) -> None:
        """Ask pairs, each with the other edges of its rows that no sure pair has settled."""
        of_rows: dict[tuple[int, Key], list[Edge]] = defaultdict(list)
        for edge in edges:
            if edge.theirs in self.theirs and edge.base in self.base:
                of_rows[0, edge.theirs].append(edge)
                of_rows[1, edge.base].append(edge)
        for asked, doubt in doubtful:
            rivals = [edge for edge in of_rows[0, asked.theirs] + of_rows[1, asked.base] if edge != asked]
            self.undecided[0].update(edge.theirs for edge in rivals)
            self.undecided[1].update(edge.base for edge in rivals)
            likeliest = sorted(rivals, key=lambda edge: (-edge.score, str(edge.theirs), str(edge.base)))[:MOST_RIVALS]
            self.asked.append(Asked(self._pair(asked), doubt, tuple(map(self._pair, likeliest))))
        for asked, _ in doubtful:
            del self.theirs[asked.theirs], self.base[asked.base]

    def _pair(self, edge: Edge) -> Pair:
        return pair_of(self.theirs[edge.theirs], self.base[edge.base], self.numbers)

    def _ask_in_order(self, theirs: Sequence[Key], base: Sequence[Key]) -> None:
        """Ask rows between the same two parties, first with first; whatever is left over depends on the answers."""
        self.undecided[0].update(theirs)
        self.undecided[1].update(base)
        for one, other in zip(theirs, base, strict=False):
            pair = pair_of(self.theirs.pop(one), self.base.pop(other), self.numbers)
            self.asked.append(Asked(pair, Doubt.CROWD))


def _gains(theirs: Sequence[Key], base: Sequence[Key], found: dict[tuple[Key, Key], Edge]) -> list[list[int]]:
    """What each pair gains, in a square with as many empty rows or columns as it takes.

    Between assignments that are equally good the one that keeps the order is best, so that twins come out the same
    every time.
    """
    size = max(len(theirs), len(base))
    gains = [[0] * size for _ in range(size)]
    for row, one in enumerate(theirs):
        for column, other in enumerate(base):
            if (edge := found.get((one, other))) is not None:
                gains[row][column] = edge.gain * _FINE - (row - column) ** 2
    return gains


def _clear(edges: Sequence[Edge]) -> list[Edge]:
    """Edges that are better by the margin than every other edge of their rows."""
    gains: dict[tuple[int, Key], list[int]] = defaultdict(list)
    for edge in edges:
        gains[0, edge.theirs].append(edge.gain)
        gains[1, edge.base].append(edge.gain)
    best = {row: nlargest(2, known) for row, known in gains.items()}

    def is_clear(edge: Edge) -> bool:
        of_both = best[0, edge.theirs], best[1, edge.base]
        return all(of[0] == edge.gain and (len(of) == 1 or of[1] + MARGIN <= edge.gain) for of in of_both)

    return [edge for edge in edges if is_clear(edge)]


def _by_keys(pair: Pair) -> tuple[str, str]:
    return str(pair.theirs), str(pair.base)
