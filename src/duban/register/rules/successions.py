"""Which body took over from which, as units are merged, split and dissolved. Pure.

A body that went into another is not the same one: it was real, and what it owed passes on. Two records of one body
are duplicates instead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from duban.kernel.errors import DomainError
from duban.kernel.words import N_


@dataclass(frozen=True, slots=True)
class Succession:
    """From a day on one party stands in the place of another; a party that was split has several successors.

    Args:
        id: the order in which the register learned it.
        holds: False takes an earlier entry about the two back.
    """

    id: int
    predecessor: int
    successor: int
    since: date
    holds: bool = True
    paper: str = ""


class SucceedsItself(DomainError):
    """A party in its own place, by whatever chain."""

    text = N_("{successor} would come after {predecessor}, which comes after it already. Compare the papers.")

    def __init__(self, *, predecessor: str, successor: str) -> None:
        super().__init__(predecessor=predecessor, successor=successor)


class NothingSucceeded(DomainError):
    """A succession that is to be taken back and is none."""

    text = N_("{successor} does not come after {predecessor}, so there is nothing to take back.")

    def __init__(self, *, predecessor: str, successor: str) -> None:
        super().__init__(predecessor=predecessor, successor=successor)


def holding(entries: Iterable[Succession]) -> list[Succession]:
    """The successions that count: of each two parties the latest entry, unless it takes the others back.

    Two that were found to be one party since do not succeed each other.
    """
    latest = {(entry.predecessor, entry.successor): entry for entry in sorted(entries, key=lambda entry: entry.id)}
    return [entry for entry in latest.values() if entry.holds and entry.predecessor != entry.successor]


def successors_on(day: date, party: int, entries: Iterable[Succession]) -> frozenset[int]:
    """Who stands in a party's place on a day, followed to the end: itself, unless it went into others."""
    begun: dict[int, set[int]] = {}
    for entry in holding(entries):
        if entry.since <= day:
            begun.setdefault(entry.predecessor, set()).add(entry.successor)
    ends, seen, ahead = set[int](), set[int](), {party}
    while ahead:
        here = ahead.pop()
        seen.add(here)
        ahead |= begun.get(here, set()) - seen
        if here not in begun:
            ends.add(here)
    return frozenset(ends or {party})


def check_succession(
    predecessor: int, successor: int, entries: Iterable[Succession], *, names: tuple[str, str]
) -> None:
    """Let a succession pass, or raise `SucceedsItself`: it would lead back to where it began, on whatever day."""
    known = list(entries)
    reached, ahead = set[int](), {successor}
    while ahead:
        here = ahead.pop()
        reached.add(here)
        ahead |= {entry.successor for entry in holding(known) if entry.predecessor == here} - reached
    if predecessor in reached:
        raise SucceedsItself(predecessor=names[0], successor=names[1])
