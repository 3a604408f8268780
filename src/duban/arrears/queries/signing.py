"""Who wrote what, and why, as far as the reader may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from duban.audit.models import Posting
from duban.audit.queries import shown_by


@dataclass(frozen=True, slots=True)
class Signed:
    """A posting: its uid, what kind it is, who made it, when and why."""

    uid: UUID | None = None
    kind: str = ""
    who: str = ""
    at: datetime | None = None
    reason: str = ""


UNSEEN = Signed()
"""Of a posting that the reader does not see: a reporter's, for whoever sees a claim along a line or as a party."""


def signed(posting_ids: Iterable[int]) -> dict[int, Signed]:
    """The postings that the reader sees, by id. One query.

    A claim's rows are never joined with their postings: a row whose posting is out of sight would be lost with it.
    """
    rows = Posting.objects.filter(pk__in=set(posting_ids))
    return {row.pk: Signed(row.uid, row.kind, shown_by(row.who), row.recorded_at, row.reason) for row in rows}
