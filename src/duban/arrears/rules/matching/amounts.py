"""Amounts as a sheet shows them: a number and the smallest step it was displayed in. Everything is in fen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.kernel.words import N_

LARGEST_POWER = 8
"""Yuan and 亿元 are eight places apart."""
WRONG_UNIT_PERCENT = 30


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """An amount and its step: 12.50 in 万元 is 12,500,000 fen in steps of 10,000 fen."""

    fen: int
    step: int = 1


class WrongUnit(DomainError):
    """Too many rows changed by one and the same power of ten: the file is in another unit than it says."""

    text = N_(
        "{count} of the {matched} rows that were in the last statement differ from it by exactly {times} times, such "
        "as {before} yuan then and {after} yuan now. The unit of the amounts is wrong. Correct the unit in the file "
        "and import it again."
    )


def equal_as_shown(a: int, step_a: int, b: int, step_b: int) -> bool:
    """Whether two amounts may be the same one: within half a unit of the coarser step."""
    return 2 * abs(a - b) <= max(step_a, step_b, 1)


def finer(a: int, step_a: int, b: int, step_b: int) -> tuple[int, int]:
    """The amount to keep of two that are equal as shown, with its step: the finer one, or the first of two alike."""
    return (b, step_b) if step_b < step_a else (a, step_a)


def alike(a: Shown, b: Shown) -> bool:
    """`equal_as_shown` for two amounts with their steps."""
    return equal_as_shown(a.fen, a.step, b.fen, b.step)


def power_of_ten(before: Shown, after: Shown) -> int:
    """By how many places an amount moved and nothing else: 4 for ten thousand times more, -4 for less, else 0.

    An amount shown with a single figure is within half a step of too many others to say anything.
    """
    if before.fen * after.fen <= 0 or alike(before, after):
        return 0
    small, large = sorted((before, after), key=lambda amount: abs(amount.fen))
    if abs(small.fen) < 10 * small.step:
        return 0
    power = _places(small, large)
    return power if small is before else -power


def _places(small: Shown, large: Shown) -> int:
    for power in range(1, LARGEST_POWER + 1):
        times = 10**power
        if equal_as_shown(small.fen * times, small.step * times, large.fen, large.step):
            return power
    return 0


def changes_of_unit(pairs: Iterable[tuple[Shown, Shown]]) -> Counter[int]:
    """How many matched rows moved by each power of ten.

    Args:
        pairs: of each matched row its amount in the last statement and in this one.
    """
    return Counter(power for before, after in pairs if (power := power_of_ten(before, after)))


def check_unit(pairs: Sequence[tuple[Shown, Shown]]) -> None:
    """Let the amounts of matched rows through, or raise `WrongUnit`. Arguments as for `changes_of_unit`."""
    moved = changes_of_unit(pairs)
    if not moved:
        return
    power, count = min(moved.items(), key=lambda one: (-one[1], one[0]))
    if 100 * count >= WRONG_UNIT_PERCENT * len(pairs):
        before, after = next(pair for pair in pairs if power_of_ten(*pair) == power)
        raise WrongUnit(
            count=count, matched=len(pairs), times=f"{10 ** abs(power):,}",
            before=Money(before.fen).shown(), after=Money(after.fen).shown(),
        )  # fmt: skip
