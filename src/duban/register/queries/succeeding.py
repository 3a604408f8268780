"""Who stands in a party's place after mergers and splits."""

from datetime import date

from duban.register.models import SuccessionEntry
from duban.register.queries.resolving import survivors
from duban.register.rules.successions import Succession, successors_on


def successions() -> list[Succession]:
    """All entries, by whom the two parties count as today. Two queries; mergers are few."""
    rows = list(SuccessionEntry.objects.values_list("pk", "predecessor_id", "successor_id", "since", "holds", "paper"))
    now = survivors({id_ for row in rows for id_ in row[1:3]}) if rows else {}
    return [
        Succession(pk, now[before], now[after], since, holds, paper) for pk, before, after, since, holds, paper in rows
    ]


def who_is(party_id: int, on: date) -> frozenset[int]:
    """Who a party is on a day: whom it counts as, or who came after that one; several after a split. Four queries."""
    return successors_on(on, survivors([party_id])[party_id], successions())
