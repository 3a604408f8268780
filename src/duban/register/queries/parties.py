"""The list of parties."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from duban.register.models import Alias, KindVersion, Party, PartyName, Renaming, Verification
from duban.register.rules import name_key
from duban.register.rules.kinds import Kind
from duban.register.rules.naming import NameSince, name_on


class State(StrEnum):
    """What a list of parties may be narrowed to."""

    WITHOUT_CODE = "without_code"
    UNVERIFIED = "unverified"
    ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class PartiesWish:
    """What to list.

    Args:
        text: a part of any name, or the beginning of a code.
        state, kind: empty for all; the kind is that of the day.
        on: the day of the names.
    """

    on: date
    text: str = ""
    state: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party as it is listed.

    Args:
        name: of the day asked for.
        known_as: the first name, where it is another one.
        counts_as: the name of the party that it was decided to be.
        kind: on the day asked for.
    """

    uid: UUID
    name: str
    uscc: str | None
    known_as: str = ""
    counts_as: str = ""
    kind: Kind | None = None
    is_verified: bool = False


def party_count(wish: PartiesWish) -> int:
    """How many there are. One query."""
    return _wished(wish).count()


def party_page(wish: PartiesWish, *, window: slice) -> list[PartyLine]:
    """A page of them by name. Two queries."""
    wished = _wished(wish).annotate(kind_now=_kind_on(wish.on), is_checked=_is_verified())
    found = list(wished.select_related("counts_as__survivor").order_by("name", "pk")[window])
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
        kind=Kind(party.kind_now) if party.kind_now else None,  # type: ignore[attr-defined]  # annotated above
        is_verified=bool(party.is_checked),  # type: ignore[attr-defined]  # annotated above
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
    if wish.state == State.UNVERIFIED:
        checked = parties.annotate(checked=_is_verified())
        parties = checked.filter(Q(checked=False) | Q(checked__isnull=True))
    if wish.kind:
        parties = parties.annotate(wished_kind=_kind_on(wish.on)).filter(wished_kind=wish.kind)
    return parties


def _kind_on(day: date) -> Subquery:
    """The kind on a day; `rules.dated.holding_on` says the same of the entries of one party."""
    entries = KindVersion.objects.filter(party=OuterRef("pk"), since__lte=day).order_by("-since", "-pk")
    return Subquery(entries.values("kind")[:1])


def _is_verified() -> Subquery:
    return Subquery(Verification.objects.filter(party=OuterRef("pk")).order_by("-pk").values("holds")[:1])
