"""Acts that were proposed, and what was decided on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from duban.arrears.models import Draft
from duban.arrears.queries.signing import UNSEEN, Signed, signed
from duban.arrears.rules.drafting import Verdict
from duban.identity.access import in_sight
from duban.identity.models import Appointment
from duban.identity.rules import Permission

MOST = 200


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A proposal.

    Args:
        act: the name of the act.
        given: what was typed into its form.
        verdict, decided: None and nobody while it waits.
    """

    uid: UUID
    claim: UUID
    claim_number: str
    act: str
    given: Mapping[str, str]
    effective_on: date
    by: Signed
    verdict: Verdict | None
    decided: Signed


def draft(uid: UUID, *, actor: Appointment) -> DraftRow:
    """One proposal, or `Draft.DoesNotExist` where `actor` sees none."""
    return _rows([_seen(actor, Permission.ARREARS_VIEW).get(uid=uid)])[0]


def drafts_of(claim: UUID, *, actor: Appointment) -> list[DraftRow]:
    """All proposals on a claim, the newest first. Two queries."""
    return _rows(list(_seen(actor, Permission.ARREARS_VIEW).filter(claim__uid=claim).order_by("-pk")))


def waiting_drafts(*, actor: Appointment) -> list[DraftRow]:
    """Proposals that wait where `actor` may act, the oldest first. Two queries."""
    waiting = _seen(actor, Permission.ARREARS_POST).filter(decision__isnull=True)
    return _rows(list(waiting.order_by("pk")[:MOST]))


def _seen(actor: Appointment, permission: Permission) -> QuerySet[Draft]:
    return Draft.objects.filter(in_sight(actor, permission)).select_related("claim__now", "decision")


def _rows(drafts: list[Draft]) -> list[DraftRow]:
    decisions = {draft.pk: getattr(draft, "decision", None) for draft in drafts}
    by = signed({draft.posting_id for draft in drafts} | {one.posting_id for one in decisions.values() if one})
    return [
        DraftRow(
            draft.uid, draft.claim.uid, draft.claim.now.ledger_no, draft.act, draft.given, draft.effective_on,
            by.get(draft.posting_id, UNSEEN), Verdict(decided.verdict) if (decided := decisions[draft.pk]) else None,
            by.get(decided.posting_id, UNSEEN) if decided else UNSEEN,
        )
        for draft in drafts
    ]  # fmt: skip
