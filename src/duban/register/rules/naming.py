"""What a party was called when. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from duban.kernel.errors import DomainError
from duban.kernel.words import N_
from duban.register.rules.dated import holding_on


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


class NameMissing(DomainError):
    """A renaming without a name."""

    text = N_("The new name of {name} is empty. Give it as it stands on the paper.")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


def name_on(day: date, names: Iterable[NameSince], *, first: str) -> str:
    """The name on a day; before the first renaming it is the one under which the register came to know the party."""
    known = holding_on(day, names)
    return known.name if known else first
