"""When a term of payment starts, and what keeps it from starting. Pure.

A fact dated after the day that is asked about has not happened yet on that day.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeGuard

from duban.arrears.rules.law import LawVersion
from duban.arrears.rules.provisions import AuditGround, Breach, Ground, PayerClass
from duban.kernel.clock import NegativeTerm
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class Basis(StrEnum):
    """On what the contract makes payment depend."""

    DELIVERY = "delivery"
    ACCEPTANCE = "acceptance"
    SETTLEMENT = "settlement"
    """Settlement by progress or by period."""


class BasisMissing(DomainError):
    """A term is said to be set by other law, and nobody said by which."""

    text = N_("A term of {days} days set by other law needs its basis. Name the law, its article and its date.")

    def __init__(self, *, days: int) -> None:
        super().__init__(days=days)


@dataclass(frozen=True, slots=True)
class OtherLaw:
    """A term set by another law, an administrative regulation or a rule of the State, and its basis."""

    days: int
    basis: str

    def __post_init__(self) -> None:
        _check_days(self.days)
        if not self.basis.strip():
            raise BasisMissing(days=self.days)


class ReviewEndsBeforeItBegins(DomainError):
    """A fiscal review has an end and no beginning, or an end before it."""

    text = N_("A fiscal review that ended on {end} cannot have begun on {start}. Correct one of the two days.")

    def __init__(self, *, start: date | None, end: date) -> None:
        super().__init__(start=start or "-", end=end)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFacts:
    """What is known of one payment that a contract owes.

    Args:
        accept_by: the last day of the agreed inspection or acceptance period.
        payer_delays_acceptance: whether it is the payer who lets or let that day pass.
        settled_on: when both sides confirmed the settled amount.
        contract_days: the term that the contract agrees.
        pays_when_paid: whether the contract makes payment wait for, or follow, what a third party pays.
        forces_noncash: whether the payer forces bills or other means that are no money on the creditor.
        has_declared: whether the creditor said, when it signed, that it is a small or medium firm; None if not known.
        audit_demanded: whether the payer demands an audit result as the basis of settlement, and `audit_grounds`
            on what it rests the demand.
        reviewed_from, reviewed_to: the fiscal review (财政评审); without an end while it lasts.
    """

    payer: PayerClass
    basis: Basis = Basis.DELIVERY
    delivered_on: date | None = None
    accept_by: date | None = None
    accepted_on: date | None = None
    payer_delays_acceptance: bool = False
    settled_on: date | None = None
    contract_days: int | None = None
    pays_when_paid: bool = False
    forces_noncash: bool = False
    has_declared: bool | None = None
    other_law: OtherLaw | None = None
    audit_demanded: bool = False
    audit_grounds: frozenset[AuditGround] = frozenset()
    reviewed_from: date | None = None
    reviewed_to: date | None = None

    def __post_init__(self) -> None:
        if self.contract_days is not None:
            _check_days(self.contract_days)
        start, end = self.reviewed_from, self.reviewed_to
        if end is not None and (start is None or end < start):
            raise ReviewEndsBeforeItBegins(start=start, end=end)


def _check_days(days: int) -> None:
    if days < 0:
        raise NegativeTerm(length=days)


@dataclass(frozen=True, slots=True)
class Started:
    """The day from which a term counts, on what ground, and where that stands."""

    on: date
    ground: Ground
    citation: Sentence

    @property
    def explained(self) -> Sentence:
        """The start as a sentence."""
        text = N_("The term counts from {day}, {ground} ({source}).")
        return Sentence(text, {"day": self.on, "ground": self.ground.label, "source": self.citation})


@dataclass(frozen=True, slots=True)
class NotStarted:
    """Why no term counts yet, and what to record when it should."""

    why: Sentence


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that an edition forbids, found in a contract or in what a payer does."""

    breach: Breach
    sentence: Sentence


def start(facts: PaymentFacts, law: LawVersion, *, as_of: date) -> Started | NotStarted:
    """Find the day from which the term counts, as far as it has come by `as_of`."""
    find = {Basis.DELIVERY: _delivery, Basis.ACCEPTANCE: _acceptance, Basis.SETTLEMENT: _settlement}[facts.basis]
    return find(facts, law, as_of)


def _delivery(facts: PaymentFacts, law: LawVersion, as_of: date) -> Started | NotStarted:
    if _has_come(facts.delivered_on, as_of):
        return _started(facts.delivered_on, Ground.DELIVERY, facts, law)
    return _not(N_("No delivery is recorded by {day}, so no term counts. Record the day of delivery."), day=as_of)


def _settlement(facts: PaymentFacts, law: LawVersion, as_of: date) -> Started | NotStarted:
    if _has_come(facts.settled_on, as_of):
        return _started(facts.settled_on, Ground.SETTLEMENT, facts, law)
    text = N_(
        "The contract pays by progress or by period, and by {day} the two sides have not both confirmed the settled "
        "amount, so no term counts. Record the day on which they did."
    )
    return _not(text, day=as_of)


def _acceptance(facts: PaymentFacts, law: LawVersion, as_of: date) -> Started | NotStarted:
    accepted = facts.accepted_on if _has_come(facts.accepted_on, as_of) else None
    last = facts.accept_by
    if accepted and (last is None or accepted <= last or not facts.payer_delays_acceptance):
        return _started(accepted, Ground.ACCEPTANCE, facts, law)
    if last is None or last >= as_of:
        return _awaiting(last, as_of)
    if not facts.payer_delays_acceptance:
        text = N_(
            "The agreed acceptance period ended on {last} without acceptance, and it is not recorded that the payer "
            "delays it, so no term counts. Record acceptance, or that the payer delays it."
        )
        return _not(text, last=last)
    return _run_out(last, accepted, facts, law)


def _awaiting(last: date | None, as_of: date) -> NotStarted:
    if last is None:
        text = N_(
            "The contract makes payment depend on acceptance; by {day} none is recorded, and no acceptance period is "
            "agreed that could run out, so no term counts. Record acceptance, or the last day of the period."
        )
        return _not(text, day=as_of)
    text = N_(
        "The contract makes payment depend on acceptance, agreed by {last}; by {day} none is recorded, so no term "
        "counts. It will count from acceptance, or from {last} if the payer lets that day pass."
    )
    return _not(text, last=last, day=as_of)


def _run_out(last: date, accepted: date | None, facts: PaymentFacts, law: LawVersion) -> Started | NotStarted:
    """The payer has let the agreed acceptance period pass: what counts then, and from when."""
    could_be_accepted = _has_come(facts.delivered_on, last)
    if could_be_accepted and Ground.ACCEPTANCE_RUN_OUT in law.starts:
        return _started(last, Ground.ACCEPTANCE_RUN_OUT, facts, law)
    if accepted:
        return _started(accepted, Ground.ACCEPTANCE, facts, law)
    if could_be_accepted:
        text = N_(
            "The agreed acceptance period ended on {last}, and no rule of “{law}” starts a term by that. "
            "Record acceptance."
        )
        return _not(text, last=last, law=law.label)
    text = N_(
        "Nothing is recorded as delivered by {last}, the end of the agreed acceptance period, so the payer could not "
        "let it pass. Record the delivery and the last day of the period agreed for it."
    )
    return _not(text, last=last)


def review_warning(facts: PaymentFacts, *, as_of: date) -> Sentence | None:
    """Say how long a fiscal review has lasted: it is no audit and no acceptance, and starts nothing."""
    begun, ended = facts.reviewed_from, facts.reviewed_to
    if begun is None or begun > as_of:
        return None
    if ended is not None and ended <= as_of:
        text = N_(
            "The fiscal review lasted {days} days, from {begun} to {ended}. It is no audit and no acceptance, and "
            "neither its beginning nor its end starts a term."
        )
        return Sentence(text, {"days": (ended - begun).days, "begun": begun, "ended": ended})
    text = N_(
        "The fiscal review has lasted {days} days, since {begun}. It is no audit and no acceptance, and neither its "
        "beginning nor its end starts a term. Ask the finance bureau when it ends."
    )
    return Sentence(text, {"days": (as_of - begun).days, "begun": begun})


def audit_violation(facts: PaymentFacts, law: LawVersion) -> Violation | None:
    """A demand for an audit result as the basis of settlement, on no ground that the edition admits."""
    rule = law.audit
    if not facts.audit_demanded or rule is None or facts.payer not in rule.bound or facts.audit_grounds & rule.admits:
        return None
    text = N_(
        "The payer demands an audit result as the basis of settlement, which only {admitted} would allow ({source}). "
        "Settle without it, or name that ground."
    )
    values = {"admitted": Sentence(rule.admitted), "source": law.cite(rule.article, facts.payer)}
    return Violation(Breach.AUDIT, Sentence(text, values))


def _has_come(day: date | None, by: date) -> TypeGuard[date]:
    return day is not None and day <= by


def _started(on: date, ground: Ground, facts: PaymentFacts, law: LawVersion) -> Started:
    return Started(on, ground, law.cite(law.starts[ground], facts.payer))


def _not(text: str, **values: object) -> NotStarted:
    return NotStarted(Sentence(text, values))
