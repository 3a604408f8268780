"""One party."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from duban.register.models import Party, Renaming
from duban.register.queries.known import Verified, kind_on, sizes_shown, verified
from duban.register.queries.resolving import family, survivors
from duban.register.queries.succeeding import who_is
from duban.register.rules.dated import in_force
from duban.register.rules.evidence_of_size import SizeOn, size_on
from duban.register.rules.kinds import KindSince
from duban.register.rules.naming import NameSince, name_on

MOST_WRITTEN = 50


@dataclass(frozen=True, slots=True)
class Relative:
    """Another party that this one is the same as, belongs to, or went into."""

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
        head: the body it belongs to.
        successors: who stands in its place on the day, if others do.
        sizes: for contracts of the year after each year of which figures were shown, the latest first.
    """

    id: int
    uid: UUID
    name: str
    uscc: str | None
    first_name: str
    names: list[NameSince]
    written: list[str]
    relatives: list[Relative]
    kind: KindSince | None
    head: Relative | None
    verified: Verified | None
    sizes: list[SizeOn]
    successors: list[Relative]

    @property
    def survivor(self) -> Relative | None:
        """Whom it counts as, if that is another party."""
        return next((relative for relative in self.relatives if relative.is_survivor), None)


def party_on(uid: UUID, *, on: date) -> PartyView:
    """A party with its names and whom it is the same as, or `Party.DoesNotExist`. Some fifteen queries."""
    party = Party.objects.get(uid=uid)
    names = names_since(party.pk)
    written = party.names.order_by("name").values_list("name", flat=True)[:MOST_WRITTEN]
    kind = kind_on(party.pk, on)
    return PartyView(
        party.pk, party.uid, name_on(on, names, first=party.name), party.uscc, party.name, in_force(names),
        list(written), _relatives(party), kind, _head(kind), verified(party.pk), _sizes(party.pk),
        _successors(party.pk, on),
    )  # fmt: skip


def _relatives(party: Party) -> list[Relative]:
    survivor = survivors([party.pk])[party.pk]
    others = Party.objects.filter(pk__in=family(party.pk)).exclude(pk=party.pk).order_by("pk")
    return [Relative(other.uid, other.name, other.uscc, other.pk == survivor) for other in others]


def _head(kind: KindSince | None) -> Relative | None:
    if kind is None or kind.head_id is None:
        return None
    head = Party.objects.get(pk=survivors([kind.head_id])[kind.head_id])
    return Relative(head.uid, head.name, head.uscc, is_survivor=False)


def _successors(party_id: int, on: date) -> list[Relative]:
    others = who_is(party_id, on) - family(party_id)
    found = Party.objects.filter(pk__in=others).order_by("pk")
    return [Relative(other.uid, other.name, other.uscc, is_survivor=False) for other in found]


def _sizes(party_id: int) -> list[SizeOn]:
    shown = sizes_shown(party_id)
    years = sorted({evidence.year for evidence in shown}, reverse=True)
    return [size_on(date(year + 1, 1, 1), shown) for year in years]


def name_as_of(uid: UUID, day: date) -> str:
    """What a party was called on a day. Two queries."""
    party = Party.objects.get(uid=uid)
    return name_on(day, names_since(party.pk), first=party.name)


def names_since(party_id: int) -> list[NameSince]:
    """The renamings of a party, as they were entered. One query."""
    rows = Renaming.objects.filter(party_id=party_id).values_list("pk", "name", "since", "paper")
    return [NameSince(*row) for row in rows]
