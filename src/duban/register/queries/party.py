"""One party."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from duban.register.models import Party, Renaming
from duban.register.queries.resolving import family, survivors
from duban.register.rules.naming import NameSince, in_force, name_on

MOST_WRITTEN = 50


@dataclass(frozen=True, slots=True)
class Relative:
    """A party that is the same one by a decision."""

    uid: UUID
    name: str
    uscc: str | None
    is_survivor: bool


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party on a day.

    Args:
        first_name: under which the register came to know it.
        names: its renamings by day, those that were corrected left out.
        written: the names by which papers called it, at most `MOST_WRITTEN`.
        relatives: the other parties that are the same one.
    """

    id: int
    uid: UUID
    name: str
    uscc: str | None
    first_name: str
    names: list[NameSince]
    written: list[str]
    relatives: list[Relative]

    @property
    def survivor(self) -> Relative | None:
        """Whom it counts as, if that is another party."""
        return next((relative for relative in self.relatives if relative.is_survivor), None)


def party_on(uid: UUID, *, on: date) -> PartyView:
    """A party with its names and whom it is the same as, or `Party.DoesNotExist`. Seven queries, more for a chain."""
    party = Party.objects.get(uid=uid)
    names = names_since(party.pk)
    written = party.names.order_by("name").values_list("name", flat=True)[:MOST_WRITTEN]
    return PartyView(
        party.pk, party.uid, name_on(on, names, first=party.name), party.uscc, party.name, in_force(names),
        list(written), _relatives(party),
    )  # fmt: skip


def _relatives(party: Party) -> list[Relative]:
    survivor = survivors([party.pk])[party.pk]
    others = Party.objects.filter(pk__in=family(party.pk)).exclude(pk=party.pk).order_by("pk")
    return [Relative(other.uid, other.name, other.uscc, other.pk == survivor) for other in others]


def name_as_of(uid: UUID, day: date) -> str:
    """What a party was called on a day. Two queries."""
    party = Party.objects.get(uid=uid)
    return name_on(day, names_since(party.pk), first=party.name)


def names_since(party_id: int) -> list[NameSince]:
    """The renamings of a party, as they were entered. One query."""
    rows = Renaming.objects.filter(party_id=party_id).values_list("pk", "name", "since", "paper")
    return [NameSince(*row) for row in rows]
