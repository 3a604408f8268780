"""The engine of `duban audit verify`: contexts register what they can recompute, and it reports the first break."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Break:
    """A row that does not say what the rest of the books says."""

    table: str
    uid: str
    column: str
    says: str


@dataclass(frozen=True, slots=True)
class Check:
    """Something that can be recomputed.

    Args:
        name: what is counted, such as "transfers".
        count: how many rows there are to check.
        breaks: yields what is wrong, first things first.
    """

    name: str
    count: Callable[[], int]
    breaks: Callable[[], Iterator[Break]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found."""

    checked: dict[str, int]
    first: Break | None

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return self.first is None


_checks: list[Check] = []


def register(check: Check) -> None:
    """Add a check; contexts call this once, at start."""
    _checks.append(check)


def verify() -> Verdict:
    """Recompute everything that is registered, as far as the caller sees it."""
    checked = {check.name: check.count() for check in _checks}
    first = next((broken for check in _checks for broken in check.breaks()), None)
    return Verdict(checked, first)
