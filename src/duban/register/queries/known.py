"""What was learned of a party: its kind, the figures of its size, and whether it was checked."""

from dataclasses import dataclass
from datetime import date

from duban.kernel.money import Money
from duban.register.models import KindVersion, SizeEvidence, Verification
from duban.register.queries.resolving import family
from duban.register.queries.signing import Signed, signed
from duban.register.rules import evidence_of_size as sizes
from duban.register.rules.dated import holding_on
from duban.register.rules.evidence_of_size import SizeOn, SizeShown
from duban.register.rules.kinds import Kind, KindSince
from duban.register.rules.sizes import Figures


@dataclass(frozen=True, slots=True)
class Verified:
    """The check of a party that counts.

    Args:
        signed: who and when; None where the reader may not see that office's records.
    """

    paper: str
    signed: Signed | None


def kind_on(party_id: int, on: date) -> KindSince | None:
    """What a party is on a day; None before the first entry. One query."""
    rows = KindVersion.objects.filter(party_id=party_id).values_list("pk", "kind", "since", "paper", "head_id")
    return holding_on(on, [KindSince(pk, Kind(kind), since, paper, head) for pk, kind, since, paper, head in rows])


def size_on(party_id: int, on: date) -> SizeOn:
    """The size of an enterprise on the day of a contract, with its evidence or the reason why there is none.

    Evidence that was entered under another record of the same party counts, too. Four queries.
    """
    return sizes.size_on(on, sizes_shown(party_id))


def sizes_shown(party_id: int) -> list[SizeShown]:
    """All evidence of size, as it was entered, under any record of the party."""
    rows = SizeEvidence.objects.filter(party_id__in=family(party_id)).order_by("pk")
    return [
        SizeShown(
            row.pk,
            row.year,
            row.industry,
            Figures(staff=row.staff, revenue=_money(row.revenue_fen), assets=_money(row.assets_fen)),
            row.paper,
        )
        for row in rows
    ]


def verified(party_id: int) -> Verified | None:
    """The check that counts, or nothing while the party is unverified. Two queries."""
    latest = Verification.objects.filter(party_id=party_id).order_by("-pk").first()
    if latest is None or not latest.holds:
        return None
    return Verified(latest.paper, signed([latest.posting_id]).get(latest.posting_id))


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money.from_fen(fen)
