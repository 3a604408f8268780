from itertools import permutations
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules.matching.assignment import assign, margins


@st.composite
def squares(draw: st.DrawFn) -> list[list[int]]:
    size = draw(st.integers(1, 5))
    return draw(st.lists(st.lists(st.integers(0, 6), min_size=size, max_size=size), min_size=size, max_size=size))


def total(gains: list[list[int]], columns: tuple[int, ...] | list[int]) -> int:
    return sum(gains[row][column] for row, column in enumerate(columns))


@given(squares())
def test_no_other_assignment_gains_more(gains: list[list[int]]) -> None:
    best = assign(gains)
    assert sorted(best) == list(range(len(gains)))
    assert total(gains, best) == max(total(gains, other) for other in permutations(range(len(gains))))


@given(squares())
def test_a_margin_is_what_the_best_other_way_for_a_row_costs(gains: list[list[int]]) -> None:
    best, size = assign(gains), len(gains)
    found = margins(gains, best, harmless=[[False] * size for _ in range(size)])
    for row in range(size):
        others = [total(gains, other) for other in permutations(range(size)) if other[row] != best[row]]
        assert found[row] == (total(gains, best) - max(others) if others else inf)


def test_a_change_of_places_that_nobody_notices_costs_nothing_and_does_not_count() -> None:
    gains = [[5, 5], [5, 5]]
    assert margins(gains, [0, 1], harmless=[[False, False], [False, False]]) == [0, 0]
    assert margins(gains, [0, 1], harmless=[[False, True], [True, False]]) == [inf, inf]


def test_a_large_block_is_solved_exactly() -> None:
    size = 50
    gains = [
        [(row * 7 + column * 13) % 31 + 100 * (column == (row + 3) % size) for column in range(size)]
        for row in range(size)
    ]
    assert assign(gains) == [(row + 3) % size for row in range(size)]
