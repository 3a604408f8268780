"""The list of parties."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from duban.register.models import Alias, Party, PartyName, Renaming
from duban.register.rules import name_key
from duban.register.rules.naming import NameSince, name_on


class State(StrEnum):
    """What a list of parties may be narrowed to."""

    WITHOUT_CODE = "without_code"
    ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class PartiesWish:
    """What to list.

    Args:
        text: a part of any name, or the beginning of a code.
        state: empty for all.
        on: the day of the names.
    """

    on: date
    text: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party as it is listed.

    Args:
        name: of the day asked for.
        known_as: the first name, where it is another one.
        counts_as: the name of the party that it was decided to be.
    """

    uid: UUID
    name: str
    uscc: str | None
    known_as: str = ""
    counts_as: str = ""


def party_count(wish: PartiesWish) -> int:
    """How many there are. One query."""
    return _wished(wish).count()


def party_page(wish: PartiesWish, *, window: slice) -> list[PartyLine]:
    """A page of them by name. Two queries."""
    found = list(_wished(wish).select_related("counts_as__survivor").order_by("name", "pk")[window])
    renamings: dict[int, list[NameSince]] = {}
    for row in Renaming.objects.filter(party__in=found):
        renamings.setdefault(row.party_id, []).append(NameSince(row.pk, row.name, row.since, row.paper))
    return [_line(party, renamings.get(party.pk, []), wish.on) for party in found]


def _line(party: Party, names: list[NameSince], on: date) -> PartyLine:
    name = name_on(on, names, first=party.name)
    alias: Alias | None = getattr(party, "counts_as", None)
    return PartyLine(
        party.uid,
        name,
        party.uscc,
        known_as=party.name if party.name != name else "",
        counts_as=alias.survivor.name if alias else "",
    )


def _wished(wish: PartiesWish) -> QuerySet[Party]:
    parties = Party.objects.all()
    if wish.text:
        key = name_key(wish.text)
        named = PartyName.objects.filter(name__icontains=wish.text).values("party_id")
        renamed = Renaming.objects.filter(name_key__contains=key).values("party_id")
        parties = parties.filter(
            Q(name_key__contains=key) | Q(uscc__startswith=key.upper()) | Q(pk__in=named) | Q(pk__in=renamed)
        )
    if wish.state == State.WITHOUT_CODE:
        parties = parties.filter(uscc__isnull=True)
    if wish.state == State.ALIAS:
        parties = parties.filter(Exists(Alias.objects.filter(alias=OuterRef("pk"))))
    return parties
