"""What a party was called when, and what an entry about it needs. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from duban.kernel.errors import DomainError
from duban.kernel.words import N_


@dataclass(frozen=True, slots=True)
class NameSince:
    """A name and the day from which a paper gives it.

    Args:
        id: the order in which the register learned it.
    """

    id: int
    name: str
    since: date
    paper: str = ""


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


class NameMissing(DomainError):
    """A renaming without a name."""

    text = N_("The new name of {name} is empty. Give it as it stands on the paper.")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


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


def in_force(names: Iterable[NameSince]) -> list[NameSince]:
    """The names in the order of their days. Of two for one day the later entry counts: it corrects the earlier one."""
    by_day = {known.since: known for known in sorted(names, key=lambda known: known.id)}
    return sorted(by_day.values(), key=lambda known: known.since)


def name_on(day: date, names: Iterable[NameSince], *, first: str) -> str:
    """The name on a day; before the first renaming it is the one under which the register came to know the party."""
    began = [known for known in in_force(names) if known.since <= day]
    return began[-1].name if began else first
