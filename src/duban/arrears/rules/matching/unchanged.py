"""The rows that are the same in both ledgers but for their numbers, found without weighing anything."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from duban.arrears.rules.matching.amounts import Shown, alike
from duban.arrears.rules.matching.items import Numbers
from duban.arrears.rules.matching.weighing import Traits

CONFIRMED_PERCENT = 90
FEWEST_TO_CONFIRM = 3

Match = tuple[Traits, Traits]
_COLUMNS: tuple[Callable[[Traits], object], ...] = (
    lambda row: row.contract,
    lambda row: row.project,
    lambda row: row.category,
    lambda row: row.signed,
    lambda row: row.due,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of both sides that agree on something."""

    theirs: list[Traits]
    base: list[Traits]


def grouped(theirs: Iterable[Traits], base: Iterable[Traits], by: Callable[[Traits], object]) -> Iterator[Group]:
    """Rows of both sides by what `by` makes of them, where both sides have some; None groups nothing."""
    of_theirs: dict[object, list[Traits]] = defaultdict(list)
    of_base: dict[object, list[Traits]] = defaultdict(list)
    for side, groups in ((theirs, of_theirs), (base, of_base)):
        for row in side:
            groups[by(row)].append(row)
    return (Group(rows, of_base[value]) for value, rows in of_theirs.items() if value is not None and value in of_base)


def by_amount(group: Group) -> Iterator[Group]:
    """The rows of a group that hang together by amounts equal as shown; in nearly all groups each to each."""
    if len(group.theirs) == len(group.base) == 1:  # as nearly everywhere
        if alike(group.theirs[0].amount, group.base[0].amount):
            yield group
        return
    base = sorted(group.base, key=lambda row: row.amount)
    fens = [row.amount.fen for row in base]
    widest = max(row.amount.step for row in (*group.theirs, *base))
    reached: list[tuple[int, int, Traits]] = []
    for row in sorted(group.theirs, key=lambda row: row.amount):
        first = bisect_left(fens, row.amount.fen - widest // 2)
        last = bisect_right(fens, row.amount.fen + widest // 2)
        while first < last and not alike(row.amount, base[first].amount):
            first += 1
        while first < last and not alike(row.amount, base[last - 1].amount):
            last -= 1
        if first < last:
            reached.append((first, last, row))
    yield from _joined(reached, base)


def _joined(reached: Sequence[tuple[int, int, Traits]], base: Sequence[Traits]) -> Iterator[Group]:
    """Join what reaches into the same stretch of `base`."""
    theirs: list[Traits] = []
    begin = end = 0
    for first, last, row in sorted(reached, key=lambda one: one[:2]):
        if theirs and first >= end:
            yield Group(theirs, list(base[begin:end]))
            theirs = []
        if not theirs:
            begin, end = first, last
        end = max(end, last)
        theirs.append(row)
    if theirs:
        yield Group(theirs, list(base[begin:end]))


def worth_of_numbers(theirs: Sequence[Traits], base: Sequence[Traits]) -> Numbers:
    """Whether rows that are unique by parties, contract and amount have kept their ledger numbers."""
    kept = known = 0
    for group in grouped(theirs, base, lambda row: (row.creditor, row.debtor, row.contract) if row.creditor else None):
        for same in by_amount(group):
            if len(same.theirs) == len(same.base) == 1 and same.theirs[0].number and same.base[0].number:
                known += 1
                kept += same.theirs[0].number == same.base[0].number
    if 100 * kept < CONFIRMED_PERCENT * known:
        return Numbers.DENIED
    return Numbers.CONFIRMED if known >= FEWEST_TO_CONFIRM else Numbers.UNKNOWN


def unchanged(theirs: Sequence[Traits], base: Sequence[Traits], numbers: Numbers) -> list[Match]:
    """Pairs that agree on all that both ledgers give.

    Where numbers are confirmed, only rows that kept theirs: another row of that number may be the better one.
    """
    columns = [of for of in _COLUMNS if any(map(of, theirs)) and any(map(of, base))]
    keeps = numbers is Numbers.CONFIRMED

    def signature(row: Traits) -> object:
        if not row.creditor or not row.debtor:
            return None
        return row.creditor, row.debtor, row.number if keeps else "", *(of(row) for of in columns)

    found = grouped(theirs, base, signature)
    return [match for group in found for same in by_amount(group) for match in _twins(same)]


def _twins(same: Group) -> list[Match]:
    """Pairs of rows that nothing but their state tells apart: nothing when it would matter which belongs to which."""
    if len(same.theirs) == len(same.base) == 1:
        return [(same.theirs[0], same.base[0])]
    step = max(row.amount.step for row in (*same.theirs, *same.base))
    steps = max((part.step for row in (*same.theirs, *same.base) for part in row.state), default=1)

    def place(row: Traits) -> tuple[object, ...]:
        amounts = _rounded(row.amount, step), *(_rounded(part, steps) for part in row.state)
        return amounts, row.order

    matches = list(zip(sorted(same.theirs, key=place), sorted(same.base, key=place), strict=False))
    states_are_the_same = len(same.theirs) == len(same.base) and all(_have_same_state(*match) for match in matches)
    return matches if states_are_the_same or _does_not_matter(same) else []


def _rounded(amount: Shown, step: int) -> int:
    return (amount.fen + step // 2) // step


def _have_same_state(one: Traits, other: Traits) -> bool:
    return alike(one.amount, other.amount) and all(map(alike, one.state, other.state))


def _does_not_matter(same: Group) -> bool:
    """Whether any pairing comes to the same: all rows of a side are alike, and there are enough for the other side."""
    few, many = sorted((same.theirs, same.base), key=len)
    sides = (few, many) if len(few) == len(many) else (many,)
    are_alike = any(all(row.content == side[0].content for row in side) for side in sides)
    return are_alike and all(alike(one.amount, other.amount) for one in few for other in many[:1] + many[-1:])
