"""Getting to know parties."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from duban.audit.models import Posting
from duban.register.models import Party, PartyName
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
    key with a code. A handful of queries, however many parties.

    Returns:
        Ids by `Named.key`.
    """
    wanted = {party.key: party for party in parties}
    ids = find(wanted.values())
    unknown = [party for key, party in wanted.items() if key not in ids]
    Party.objects.bulk_create(
        [
            Party(uid=uuid4(), uscc=party.uscc, name_key=name_key(party.name), name=party.name, posting=posting)
            for party in unknown
        ],
        ignore_conflicts=True,  # another import may have added one meanwhile; it is found below
        batch_size=5000,
    )
    ids |= find(unknown)
    PartyName.objects.bulk_create(
        [PartyName(party_id=ids[key], name=party.name, posting=posting) for key, party in wanted.items()],
        ignore_conflicts=True,
        batch_size=5000,
    )
    return ids


def find(parties: Iterable[Named]) -> dict[str, int]:
    """The ids of those parties that the register knows, by `Named.key`. Two queries."""
    parties = list(parties)
    codes = [party.uscc for party in parties if party.uscc]
    keys = [party.key for party in parties if not party.uscc]
    ids: dict[str, int] = {}
    if codes:
        ids.update(
            (uscc, pk) for uscc, pk in Party.objects.filter(uscc__in=codes).values_list("uscc", "pk") if uscc is not None
        )
    if keys:
        by_key: dict[str, list[tuple[str | None, int]]] = {}
        for key, uscc, pk in Party.objects.filter(name_key__in=keys).values_list("name_key", "uscc", "pk"):
            by_key.setdefault(key, []).append((uscc, pk))
        for key, found in by_key.items():
            without_code = [pk for uscc, pk in found if uscc is None]
            if without_code or len(found) == 1:
                ids[key] = (without_code or [found[0][1]])[0]
    return ids
