"""Correcting what is said of a claim: the next version of its facts."""

from collections.abc import Mapping

from django.db import transaction

from duban.arrears.commands.claim.acting import Act, hold, keep_papers, open_act
from duban.arrears.commands.claim.recognising import check_number
from duban.arrears.commands.statement.steps import hold_reporter
from duban.arrears.models import ClaimFact, ClaimNow
from duban.arrears.rules.facts import FACTS, FactImpossible, is_possible
from duban.arrears.rules.law import Edition, version_of
from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.identity.models import Appointment
from duban.identity.rules import Permission
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


class ChosenByAnAct(DomainError):
    """The edition of the law is to be corrected like a fact."""

    text = N_(
        "Which edition of the law holds is not corrected like a fact: whoever decides as the second person chooses it, "
        "with a reason."
    )


CHOSEN = frozenset({"law_edition", "law_reason"})
"""What `choose_edition` alone says of a claim."""


@transaction.atomic
def correct_facts(*, claim_id: int, facts: Mapping[str, object], act: Act, actor: Appointment) -> ClaimFact:
    """Say something else of a claim from now on; what was said before stays, with its number.

    Args:
        facts: the facts that change, and their new values.

    Raises:
        PermissionDenied: `actor` may not act on the claim.
        NoSuchFact: it is not in the list of facts.
        ChosenByAnAct: it is the edition of the law.
        FactImpossible: it cannot be so.
        NothingCorrected: nothing changes, or there is no reason.
        NumberTaken: another claim of the ledger has the number.
    """
    if "ledger_no" in facts:
        # Before the claim is held, as whoever enters a ledger does it: the other way round the two could block.
        hold_reporter(ClaimNow.objects.values_list("scope__unit_id", flat=True).get(pk=claim_id))
    claim = hold(claim_id, actor)
    for name, value in facts.items():
        if name not in FACTS:
            raise NoSuchFact(name=name)
        if name in CHOSEN:
            raise ChosenByAnAct
        if not is_possible(name, value):
            raise FactImpossible(name=name, value=value)
    number = facts.get("ledger_no", claim.ledger_no)
    if number != claim.ledger_no:
        check_number(claim.scope.unit_id, str(number))
    version, changes = _say(claim, facts, "arrears.corrected", act, actor)
    words = Sentence(
        N_("Corrected claim {number}: {count} facts, version {n}"),
        {"number": claim.ledger_no, "count": len(changes), "n": version.n},
    )
    _trace(claim, "arrears.corrected", words, changes, actor)
    return version


@transaction.atomic
def choose_edition(*, claim_id: int, edition: Edition | None, act: Act, actor: Appointment) -> ClaimFact:
    """Let another edition of the law hold for a claim than that of its day; None takes the choice back.

    Raises:
        PermissionDenied: `actor` may not decide on the claim.
        NothingCorrected: it is chosen already, or there is no reason.
    """
    claim = hold(claim_id, actor, Permission.ARREARS_DECIDE)
    chosen = {"law_edition": edition.value, "law_reason": act.reason} if edition else dict.fromkeys(CHOSEN, "")
    version, changes = _say(claim, chosen, "arrears.edition", act, actor)
    if edition:
        text = N_("Chose {law} for claim {number}: {reason}")
        values = {"law": version_of(edition).label, "number": claim.ledger_no, "reason": act.reason}
    else:
        text = N_("Took back the choice of an edition for claim {number}: {reason}")
        values = {"number": claim.ledger_no, "reason": act.reason}
    _trace(claim, "arrears.edition", Sentence(text, values), changes, actor)
    return version


Changes = list[tuple[str, str, str]]
"""What, before and after, in words."""


def _say(
    claim: ClaimNow, facts: Mapping[str, object], kind: str, act: Act, actor: Appointment
) -> tuple[ClaimFact, Changes]:
    """The next version of a claim that is held, or `NothingCorrected`."""
    last, changed = latest_facts(claim.claim_id), changed_facts(claim.claim_id, facts)
    if not changed or not act.reason.strip():
        raise NothingCorrected
    posting = open_act(claim, kind, act, actor)
    keep_papers(claim, act.papers, posting, actor)
    version = add_version(claim, changed, posting)
    return version, [(name, _word(getattr(last, name)), _word(value)) for name, value in changed.items()]


def _word(value: object) -> str:
    return "" if value is None else str(value)


def _trace(claim: ClaimNow, kind: str, words: Sentence, changes: Changes, actor: Appointment) -> None:
    subject = ("arrears.claim", str(claim.claim.uid))
    audit.record(actor=actor, action=kind, subject=subject, scope_id=claim.scope_id, words=words, changes=changes)


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
