"""Who made an entry, and when, as far as the reader may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from duban.audit.models import Posting


@dataclass(frozen=True, slots=True)
class Signed:
    """Who, and when."""

    who: str
    at: datetime


def signed(posting_ids: Iterable[int]) -> dict[int, Signed]:
    """Who wrote each of these postings; those of an office that the reader does not see are left out. One query."""
    rows = Posting.objects.filter(pk__in=set(posting_ids)).values_list("pk", "who", "recorded_at")
    return {pk: Signed(who, at) for pk, who, at in rows}
