"""Who a party is today: what people decided on duplicates, followed to the end."""

from collections.abc import Iterable

from duban.register.models import Alias


def survivors(ids: Iterable[int]) -> dict[int, int]:
    """For each party the one it counts as, which is itself unless somebody decided otherwise.

    One query, and one more for each step of the longest chain of decisions.
    """
    now = {id_: id_ for id_ in ids}
    step = _survivors_of(now)
    while step:
        now = {id_: step.get(at, at) for id_, at in now.items()}
        step = _survivors_of(set(step.values()))
    return now


def family(party_id: int) -> frozenset[int]:
    """All parties that are the same one today, itself among them: whose rows are to be read together."""
    members = {survivors([party_id])[party_id]}
    fresh = members
    while fresh:
        fresh = set(Alias.objects.filter(survivor_id__in=fresh).values_list("alias_id", flat=True))
        members = members | fresh
    return frozenset(members)


def _survivors_of(ids: Iterable[int]) -> dict[int, int]:
    return dict(Alias.objects.filter(alias_id__in=list(ids)).values_list("alias_id", "survivor_id"))
