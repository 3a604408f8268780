"""Entries that hold from a day on, until the next one. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from duban.kernel.errors import DomainError
from duban.kernel.words import N_


class Dated(Protocol):
    """An entry: the order in which the register learned it, and the day from which it holds."""

    @property
    def id(self) -> int: ...  # noqa: D102 - said above
    @property
    def since(self) -> date: ...  # noqa: D102 - said above


Entry = TypeVar("Entry", bound=Dated)


class PaperMissing(DomainError):
    """An entry about a party that rests on nothing."""

    text = N_("An entry about {name} needs the paper it rests on. Name the paper, and its day or number.")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


class DayNotCome(DomainError):
    """An entry that is to hold from a day to come."""

    text = N_("{day} has not come yet; today is {today}. Enter it on its day, or give the day on which it began.")

    def __init__(self, *, day: date, today: date) -> None:
        super().__init__(day=day, today=today)


def check_entry(*, name: str, paper: str, since: date, today: date) -> None:
    """Let an entry about a party pass.

    Raises:
        PaperMissing: it rests on nothing.
        DayNotCome: it would hold from a day to come.
    """
    if not paper.strip():
        raise PaperMissing(name=name)
    if since > today:
        raise DayNotCome(day=since, today=today)


def in_force(entries: Iterable[Entry]) -> list[Entry]:
    """The entries in the order of their days. Of two for one day the later one counts: it corrects the earlier one."""
    by_day = {entry.since: entry for entry in sorted(entries, key=lambda entry: entry.id)}
    return sorted(by_day.values(), key=lambda entry: entry.since)


def holding_on(day: date, entries: Iterable[Entry]) -> Entry | None:
    """The entry that holds on a day; None before the first."""
    began = [entry for entry in in_force(entries) if entry.since <= day]
    return began[-1] if began else None
