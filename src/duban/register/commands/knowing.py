"""Getting to know parties."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import uuid4

from django.db.models import Exists, OuterRef, QuerySet

from duban.audit.models import Posting
from duban.register.models import Party, PartyName, Renaming
from duban.register.queries.resolving import survivors
from duban.register.rules import name_key


@dataclass(frozen=True, slots=True)
class Named:
    """A party as a paper gives it: a name, and a code if it has one."""

    name: str
    uscc: str | None = None

    @property
    def key(self) -> str:
        """What the party is known by: its code, or what its name comes to."""
        return self.uscc or name_key(self.name)


def know(parties: Iterable[Named], *, posting: Posting) -> dict[str, int]:
    """Find each party, or add it as unverified, and keep the name by which the paper called it.

    A code decides. Without a code the name's key does: a party of that key without a code, or the only one of that
    key with a code, or the only one that was named so. A fixed number of queries, however many parties.

    Returns:
        Ids by `Named.key`.
    """
    parties = list(dict.fromkeys(parties))
    wanted: dict[str, Named] = {}
    for party in parties:
        wanted.setdefault(party.key, party)
    ids = find(wanted.values())
    # Those with a code come first, so that one paper's mention without a code finds them.
    for has_code in (True, False):
        ids |= _add([party for party in wanted.values() if bool(party.uscc) is has_code], posting=posting)
    _keep_names({(ids[party.key], party.name) for party in parties}, posting=posting)
    return ids


def _add(parties: Sequence[Named], *, posting: Posting) -> dict[str, int]:
    """Add those parties that are still unknown."""
    ids = find(parties)
    # One order for everybody: two imports that add the same parties wait for each other and never in a circle. What
    # another one added meanwhile is passed over here, and found below.
    fresh = sorted((party for party in parties if party.key not in ids), key=lambda party: party.key)
    Party.objects.bulk_create(
        [
            Party(uid=uuid4(), uscc=party.uscc, name_key=name_key(party.name), name=party.name, posting=posting)
            for party in fresh
        ],
        ignore_conflicts=True,
        batch_size=5000,
    )
    return ids | find(fresh)


def _keep_names(names: Iterable[tuple[int, str]], *, posting: Posting) -> None:
    PartyName.objects.bulk_create(
        [PartyName(party_id=party_id, name=name, posting=posting) for party_id, name in sorted(names)],
        ignore_conflicts=True,
        batch_size=5000,
    )


def find(parties: Iterable[Named]) -> dict[str, int]:
    """The ids of those parties that the register knows, by `Named.key`.

    Where two were decided to be the same, it is the survivor's. Two queries; one more if a name is unknown, and one for
    each step of such decisions, if there are any among them.
    """
    parties = list(parties)
    codes = [party.uscc for party in parties if party.uscc]
    keys = {party.key for party in parties if not party.uscc}
    meant = {key: {found} for key, found in _by_code(codes)} if codes else {}
    if keys:
        meant |= _by_key(keys)
    steps = {found.survivor for several in meant.values() for found in several if found.survivor}
    ends = survivors(steps) if steps else {}
    ids: dict[str, int] = {}
    for key, several in meant.items():
        today = {ends[found.survivor] if found.survivor else found.id for found in several}
        if len(today) == 1:
            ids[key] = today.pop()
    return ids


class _Found(NamedTuple):
    """A party, and the one it was decided to be."""

    id: int
    survivor: int | None


def _by_code(codes: list[str]) -> Iterator[tuple[str, _Found]]:
    rows = Party.objects.filter(uscc__in=codes).values_list("uscc", "pk", "counts_as__survivor_id")
    return ((str(uscc), _Found(pk, survivor)) for uscc, pk, survivor in rows)


def _by_key(keys: set[str]) -> dict[str, set[_Found]]:
    """Whom each name may mean: the party without code of that name, or all those with a code, or who was named so."""
    found: dict[str, dict[bool, set[_Found]]] = {}
    rows = Party.objects.filter(name_key__in=keys).values_list("name_key", "uscc", "pk", "counts_as__survivor_id")
    for key, uscc, pk, survivor in rows:
        found.setdefault(key, {}).setdefault(uscc is not None, set()).add(_Found(pk, survivor))
    by_key = {key: kinds.get(False) or kinds[True] for key, kinds in found.items()}
    unknown = keys - by_key.keys()
    if unknown:
        renamed = _in_force().filter(name_key__in=unknown)
        for key, pk, survivor in renamed.values_list("name_key", "party_id", "party__counts_as__survivor_id"):
            by_key.setdefault(key, set()).add(_Found(pk, survivor))
    return by_key


def _in_force() -> QuerySet[Renaming]:
    """Renamings without those in whose place a later entry stands (`rules.dated.in_force` says the same)."""
    later = Renaming.objects.filter(party=OuterRef("party"), since=OuterRef("since"), pk__gt=OuterRef("pk"))
    return Renaming.objects.filter(~Exists(later))
