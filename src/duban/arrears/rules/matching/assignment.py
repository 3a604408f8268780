"""The best one-to-one assignment, exactly, and by how much each of its pairs is better than doing without it."""

from collections.abc import Sequence
from math import inf

Matrix = Sequence[Sequence[int]]


def assign(gains: Matrix) -> list[int]:
    """The column of each row of a square matrix so that the gains add up to the most.

    The Hungarian method with shortest augmenting paths (Kuhn; Munkres; Jonker and Volgenant): n³ steps, in whole
    numbers, so two assignments are equal only if they are.
    """
    size = len(gains)
    of_rows, of_columns = [0] * (size + 1), [0] * (size + 1)
    row_at = [0] * (size + 1)  # the row assigned to each column; rows, columns from 1, and 0 is none
    for row in range(1, size + 1):
        _augment(gains, row, of_rows, of_columns, row_at)
    columns = [0] * size
    for column in range(1, size + 1):
        columns[row_at[column] - 1] = column - 1
    return columns


def _augment(gains: Matrix, row: int, of_rows: list[int], of_columns: list[int], row_at: list[int]) -> None:
    """Give one more row a column, along the path that costs least; potentials are kept so that no cost is negative."""
    size = len(gains)
    row_at[0] = row
    distance: list[float] = [inf] * (size + 1)
    before = [0] * (size + 1)
    done = [False] * (size + 1)
    column = 0
    while row_at[column]:
        done[column] = True
        here = row_at[column]
        costs, potential = gains[here - 1], of_rows[here]
        nearest, step = 0, inf
        for to in range(1, size + 1):
            if done[to]:
                continue
            cost = -costs[to - 1] - potential - of_columns[to]
            if cost < distance[to]:
                distance[to], before[to] = cost, column
            if distance[to] < step:
                nearest, step = to, distance[to]
        for to in range(size + 1):
            if done[to]:
                of_rows[row_at[to]] += int(step)
                of_columns[to] -= int(step)
            else:
                distance[to] -= step
        column = nearest
    while column:
        row_at[column] = row_at[before[column]]
        column = before[column]


def margins(gains: Matrix, columns: Sequence[int], *, harmless: Sequence[Sequence[bool]]) -> list[float]:
    """By how much the best assignment beats the best one in which a row has another column; infinite without another.

    Args:
        columns: the best assignment.
        harmless: whether it changes nothing for anybody when one row takes the column of another.

    Every other assignment moves rows around in circles, each to the column of the next. So the answer for a row is
    the cheapest circle through it (Floyd and Warshall).
    """
    size = len(gains)
    loss: list[list[float]] = [
        [
            inf if row == to or harmless[row][to] else gains[row][columns[row]] - gains[row][columns[to]]
            for to in range(size)
        ]
        for row in range(size)
    ]
    for through in range(size):
        onward = loss[through]
        for row in range(size):
            first = loss[row][through]
            if first < inf:
                loss[row] = [min(known, first + then) for known, then in zip(loss[row], onward, strict=True)]
    return [loss[row][row] for row in range(size)]
