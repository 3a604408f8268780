"""What was said of a claim, version by version, and the papers that were handed in with acts on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from duban.arrears.models import Claim, ClaimFact, DraftDecision, Evidence, Facts
from duban.arrears.queries.sight import seen_by
from duban.arrears.queries.signing import UNSEEN, Signed, signed
from duban.arrears.rules.drafting import Verdict
from duban.identity.access import in_sight
from duban.identity.models import Appointment
from duban.identity.rules import Permission


@dataclass(frozen=True, slots=True)
class Version:
    """One version of what is said of a claim.

    Args:
        before: what was said until then; None for the first version.
        changed: the columns in which the two differ.
    """

    n: int
    said: ClaimFact
    before: ClaimFact | None
    changed: tuple[str, ...]
    recorded_at: datetime
    by: Signed


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that was handed in with an act."""

    id: int
    role: str
    name: str
    sha256: str
    claim_number: str
    by: Signed


def versions_of(uid: UUID, *, actor: Appointment) -> list[Version]:
    """All versions of what is said of a claim, the newest first. Three queries.

    Raises:
        Claim.DoesNotExist: there is no such claim where `actor` can see it.
    """
    claim = Claim.objects.filter(seen_by(actor)).get(uid=uid)
    facts = list(ClaimFact.objects.filter(claim=claim).order_by("n"))
    by = signed(fact.posting_id for fact in facts)
    pairs = zip(facts, [None, *facts], strict=False)
    return [
        Version(said.n, said, before, _changed(said, before), said.recorded_at, by.get(said.posting_id, UNSEEN))
        for said, before in reversed(list(pairs))
    ]


def _changed(said: ClaimFact, before: ClaimFact | None) -> tuple[str, ...]:
    if before is None:
        return ()
    columns = [column.name for column in Facts._meta.fields]  # noqa: SLF001 - Django's public way
    return tuple(name for name in columns if getattr(said, name) != getattr(before, name))


def papers_of(uid: UUID, *, actor: Appointment) -> list[PaperRow]:
    """The papers of a claim's acts, the newest first, or `Claim.DoesNotExist`. Four queries.

    What one side handed in is not shown to the other: parties see none of them. The papers of a proposal to which
    somebody agreed are those of the act, and listed once.
    """
    agreed = DraftDecision.objects.filter(draft__claim__uid=uid, verdict=Verdict.ACCEPTED.value)
    doubled = set(agreed.values_list("draft__posting__uid", flat=True))
    return [row for row in _papers(uid, actor) if row.by.uid not in doubled]


def paper_of(uid: UUID, paper_id: int, *, actor: Appointment) -> PaperRow:
    """One of them, or `Claim.DoesNotExist` or `Evidence.DoesNotExist`."""
    found = _papers(uid, actor, paper_id)
    if not found:
        raise Evidence.DoesNotExist
    return found[0]


def _papers(uid: UUID, actor: Appointment, paper_id: int | None = None) -> list[PaperRow]:
    claim = Claim.objects.filter(seen_by(actor)).select_related("now").get(uid=uid)
    mine = Evidence.objects.filter(in_sight(actor, Permission.ARREARS_VIEW), claim=claim)
    wanted = mine if paper_id is None else mine.filter(pk=paper_id)
    rows = list(wanted.select_related("file").order_by("-pk"))
    by = signed(row.posting_id for row in rows)
    return [
        PaperRow(row.pk, row.role, row.file.name, row.file.sha256, claim.now.ledger_no, by.get(row.posting_id, UNSEEN))
        for row in rows
    ]
