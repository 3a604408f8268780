"""Pairs of parties that may be the same, and what was decided on them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from duban.register.models import Alias, Decision, Party, Proposal
from duban.register.queries.signing import Signed, signed
from duban.register.rules.duplicates import Ground, Known, Verdict, survivor_of


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party as it is listed beside another one."""

    id: int
    uid: UUID
    name: str
    uscc: str | None


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two parties.

    Args:
        ground: None where a person put the two together by hand.
        verdict: the latest decision, or `OPEN`.
        survivor: the one that goes on; while nothing is decided, the one that would by default.
        signed: who decided and when; None for an open pair, and where the reader may not see that office's records.
    """

    first: PartyRow
    second: PartyRow
    ground: Ground | None
    verdict: Verdict
    survivor: PartyRow
    reason: str = ""
    signed: Signed | None = None

    @property
    def confidence(self) -> int | None:
        """How much speaks for it, in per cent."""
        return self.ground.confidence if self.ground else None

    @property
    def alias(self) -> PartyRow:
        """The other one than the survivor."""
        return self.second if self.survivor == self.first else self.first


_Key = tuple[int, int]


def open_pairs() -> list[PairRow]:
    """What is proposed and not decided, the likeliest first. Four queries.

    Pairs of a party that counts as another one by now are left out: the survivor is proposed instead.
    """
    grounds = _grounds(Proposal.objects.values_list("first_id", "second_id", "ground"))
    aliases = set(Alias.objects.values_list("alias_id", flat=True))
    decided = _latest()
    waiting = {
        pair: ground
        for pair, ground in grounds.items()
        if not aliases & set(pair) and (pair not in decided or decided[pair].verdict == Verdict.OPEN)
    }
    rows = _rows(waiting, waiting, {})
    return sorted(rows, key=lambda row: (-(row.confidence or 0), row.first.id, row.second.id))


def decided_pairs() -> list[PairRow]:
    """What is decided and not undone, the latest first. Four queries."""
    decided = {pair: latest for pair, latest in _latest().items() if latest.verdict != Verdict.OPEN}
    grounds = _grounds(Proposal.objects.values_list("first_id", "second_id", "ground"))
    order = sorted(decided, key=lambda pair: -decided[pair].pk)
    return _rows(order, grounds, decided)


def pair_of(first: UUID, second: UUID) -> PairRow:
    """Two parties, proposed or not, or `Party.DoesNotExist`. Six queries."""
    low, high = sorted(Party.objects.get(uid=uid).pk for uid in (first, second))
    grounds = _grounds(
        Proposal.objects.filter(first_id=low, second_id=high).values_list("first_id", "second_id", "ground")
    )
    return _rows([(low, high)], grounds, _latest())[0]


def _grounds(rows: Iterable[tuple[int, int, str]]) -> dict[_Key, Ground]:
    return {(first, second): Ground(ground) for first, second, ground in rows}


def _latest() -> dict[_Key, Decision]:
    latest = Decision.objects.order_by("first_id", "second_id", "-pk").distinct("first_id", "second_id")
    return {(decision.first_id, decision.second_id): decision for decision in latest}


def _rows(pairs: Iterable[_Key], grounds: Mapping[_Key, Ground], decided: Mapping[_Key, Decision]) -> list[PairRow]:
    pairs = list(pairs)
    ids = {id_ for pair in pairs for id_ in pair}
    found = Party.objects.filter(pk__in=ids).values_list("id", "uid", "name", "uscc")
    parties = {row[0]: PartyRow(*row) for row in found}
    who = signed(decided[pair].posting_id for pair in pairs if pair in decided)
    return [_row(parties[pair[0]], parties[pair[1]], grounds.get(pair), decided.get(pair), who) for pair in pairs]


def _row(
    first: PartyRow, second: PartyRow, ground: Ground | None, latest: Decision | None, who: Mapping[int, Signed]
) -> PairRow:
    default = survivor_of(*(Known(party.id, party.name, party.uscc) for party in (first, second)))
    goes_on = (latest.survivor_id if latest else None) or default.id
    survivor = first if first.id == goes_on else second
    if latest is None or latest.verdict == Verdict.OPEN:
        return PairRow(first, second, ground, Verdict.OPEN, survivor)
    return PairRow(first, second, ground, Verdict(latest.verdict), survivor, latest.reason, who.get(latest.posting_id))
