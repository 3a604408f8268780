"""Where else a party is met: contexts above the register tell it, so that it need not know them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A page on which a party's rows are listed."""

    label: str
    url: str


Provider = Callable[[str], Place]
"""Makes the place for a party of that name."""

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Add a place to the page of every party; called once for each context, at start."""
    _providers.append(provider)


def places(names: Iterable[str]) -> list[Place]:
    """Where rows of a party are listed, under each of its names."""
    return [provider(name) for name in dict.fromkeys(names) for provider in _providers]
