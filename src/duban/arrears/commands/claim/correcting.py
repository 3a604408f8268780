"""Correcting what is said of a claim: the next version of its facts."""

from collections.abc import Mapping

from django.db import transaction

from duban.arrears.commands.claim.acting import Act, hold, keep_papers, open_act
from duban.arrears.commands.claim.recognising import check_number
from duban.arrears.commands.statement import hold_reporter
from duban.arrears.models import ClaimFact, ClaimNow
from duban.arrears.rules.facts import FACTS
from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.identity.models import Appointment
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class NoSuchFact(DomainError):
    """Something is to be corrected that is not said of claims."""

    text = N_("“{name}” is not said of a claim. An amount is moved, and a party is changed by reassigning the claim.")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


class NothingCorrected(DomainError):
    """A correction that says what is said already, or does not say why."""

    text = N_(
        "The claim says this already, or the reason is missing. Change what is wrong, and say from where you know."
    )


@transaction.atomic
def correct_facts(*, claim_id: int, facts: Mapping[str, object], act: Act, actor: Appointment) -> ClaimFact:
    """Say something else of a claim from now on; what was said before stays, with its number.

    Args:
        facts: the facts that change, and their new values.

    Raises:
        PermissionDenied: `actor` may not act on the claim.
        NoSuchFact: it is not in the list of facts.
        NothingCorrected: nothing changes, or there is no reason.
        NumberTaken: another claim of the ledger has the number.
    """
    if "ledger_no" in facts:
        # Before the claim is held, as whoever enters a ledger does it: the other way round the two could block.
        hold_reporter(ClaimNow.objects.values_list("scope__unit_id", flat=True).get(pk=claim_id))
    claim = hold(claim_id, actor)
    for name in facts:
        if name not in FACTS:
            raise NoSuchFact(name=name)
    last, changed = latest_facts(claim_id), changed_facts(claim_id, facts)
    if not changed or not act.reason:
        raise NothingCorrected
    if "ledger_no" in changed:
        check_number(claim.scope.unit_id, str(changed["ledger_no"]))
    posting = open_act(claim, "arrears.corrected", act, actor)
    keep_papers(claim, act.papers, posting, actor)
    version = add_version(claim, changed, posting)
    words = Sentence(
        N_("Corrected claim {number}: {count} facts, version {n}"),
        {"number": claim.ledger_no, "count": len(changed), "n": version.n},
    )
    changes = [(name, str(getattr(last, name) or ""), str(value or "")) for name, value in changed.items()]
    subject = ("arrears.claim", str(claim.claim.uid))
    audit.record(
        actor=actor, action="arrears.corrected", subject=subject, scope_id=claim.scope_id, words=words, changes=changes
    )
    return version


def latest_facts(claim_id: int) -> ClaimFact:
    """What is said of a claim now."""
    return ClaimFact.objects.filter(claim_id=claim_id).latest("n")


def changed_facts(claim_id: int, facts: Mapping[str, object]) -> dict[str, object]:
    """Those facts that would say something else of a claim than is said now."""
    last = latest_facts(claim_id)
    return {name: value for name, value in facts.items() if value != getattr(last, name)}


def add_version(claim: ClaimNow, changed: Mapping[str, object], posting: Posting) -> ClaimFact:
    """Add the next version of a claim's facts, in which some are changed."""
    last = latest_facts(claim.claim_id)
    said = {name: getattr(last, name) for name in FACTS} | dict(changed)
    return ClaimFact.objects.create(
        claim_id=claim.claim_id, scope_id=claim.scope_id, posting=posting, recorded_at=posting.recorded_at,
        n=last.n + 1, **said,
    )  # fmt: skip
