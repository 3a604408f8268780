"""Proposing an act on a claim, and deciding on what another proposed."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from duban.arrears.commands.claim.acting import (
    Act,
    Paper,
    check_second_person,
    hold,
    keep_papers,
    open_act,
    trace,
)
from duban.arrears.models import ClaimNow, Draft, DraftDecision, Evidence
from duban.arrears.rules.drafting import DecidedAlready, ReasonMissing, Verdict
from duban.evidence.commands import path_of
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.words import N_, Sentence


@transaction.atomic
def propose(*, claim_id: int, name: str, given: Mapping[str, str], act: Act, actor: Appointment) -> Draft:
    """Propose an act that somebody else has to decide on. Nothing moves; the papers are kept.

    Args:
        name: of the act.
        given: what was typed into its form, by field.

    Raises:
        PermissionDenied: `actor` may not act on the claim.
    """
    claim = hold(claim_id, actor)
    posting = open_act(claim, "arrears.proposed", act, actor)
    keep_papers(claim, act.papers, posting, actor)
    draft = Draft.objects.create(
        claim_id=claim_id, scope_id=claim.scope_id, act=name, given=dict(given), effective_on=act.effective_on,
        posting=posting,
    )  # fmt: skip
    _trace(claim, "arrears.proposed", name, act.reason, actor)
    return draft


@transaction.atomic
def accept_proposal(
    *, draft: UUID, run: Callable[[int, Act], object], reason: str, today: date, actor: Appointment
) -> None:
    """Agree to what another proposed, and do it: with the papers, the day and the reason that were given.

    Args:
        run: does the act on the claim; it refuses as it would without a proposal.
        reason: what the person who decides adds; it may be empty.

    Raises:
        PermissionDenied: `actor` may not decide on the claim.
        SamePerson: `actor` proposed it.
        DecidedAlready: somebody decided before.
    """
    found, claim = _waiting(draft, actor)
    papers = [
        Paper(row.role, row.file.name, [path_of(row.file.sha256).read_bytes()])
        for row in Evidence.objects.filter(posting_id=found.posting_id).select_related("file").order_by("pk")
    ]
    run(found.claim_id, Act(found.effective_on, today, found.posting.reason, papers=papers))
    _decide(found, claim, Verdict.ACCEPTED, Act(today, today, reason), actor)


@transaction.atomic
def return_proposal(*, draft: UUID, reason: str, today: date, actor: Appointment) -> None:
    """Return what another proposed, with the reason.

    Raises:
        PermissionDenied: `actor` may not decide on the claim.
        SamePerson: `actor` proposed it.
        DecidedAlready: somebody decided before.
        ReasonMissing: it is not said why.
    """
    found, claim = _waiting(draft, actor)
    if not reason:
        raise ReasonMissing
    _decide(found, claim, Verdict.RETURNED, Act(today, today, reason), actor)


def _waiting(uid: UUID, actor: Appointment) -> tuple[Draft, ClaimNow]:
    """A proposal on which nobody decided yet, and its claim, held: a second decision waits and finds the first."""
    draft = Draft.objects.select_related("posting").get(uid=uid)
    claim = hold(draft.claim_id, actor, Permission.ARREARS_DECIDE)
    check_second_person(draft.posting_id, actor)
    decided = DraftDecision.objects.filter(draft=draft).first()
    if decided:
        raise DecidedAlready(verdict=Verdict(decided.verdict))
    return draft, claim


def _decide(draft: Draft, claim: ClaimNow, verdict: Verdict, act: Act, actor: Appointment) -> None:
    posting = open_act(claim, "arrears.proposal_decided", act, actor)
    DraftDecision.objects.create(draft=draft, scope_id=claim.scope_id, verdict=verdict.value, posting=posting)
    _trace(claim, f"arrears.proposal_{verdict}", draft.act, act.reason, actor)


def _trace(claim: ClaimNow, kind: str, name: str, reason: str, actor: Appointment) -> None:
    values = {"number": claim.ledger_no, "act": name, "reason": reason}
    trace(claim, kind, Sentence(N_("Proposal on claim {number}: {act}. {reason}"), values), actor)
