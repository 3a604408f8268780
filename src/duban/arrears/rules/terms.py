"""How long a payer has, and on which day a payment is due. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from duban.arrears.rules.law import LawVersion
from duban.arrears.rules.provisions import Breach
from duban.arrears.rules.start import (
    NotStarted,
    PaymentFacts,
    Started,
    Violation,
    audit_violation,
    review_warning,
    start,
)
from duban.kernel.calendar import WorkCalendar
from duban.kernel.clock import Clock, ClockUnit
from duban.kernel.words import N_, Sentence


class TermSource(StrEnum):
    """Where the number of days comes from."""

    OTHER_LAW = "other_law"
    CONTRACT = "contract"
    CAP = "cap"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Term:
    """A number of calendar days, and the sentence that says where it comes from."""

    days: int
    source: TermSource
    explained: Sentence


@dataclass(frozen=True, slots=True)
class NoTerm:
    """Why there is no number of days, and what to enter."""

    why: Sentence


@dataclass(frozen=True, slots=True)
class Due:
    """What is known of the due day.

    Args:
        on: the last day on which payment is in time; None while it cannot be told, and then `why_not` says why.
        warnings: to be read; they change no day.
    """

    on: date | None
    start: Started | NotStarted
    term: Term | NoTerm
    violations: tuple[Violation, ...]
    warnings: tuple[Sentence, ...]

    @property
    def why_not(self) -> tuple[Sentence, ...]:
        """What keeps the due day from being told."""
        return tuple(part.why for part in (self.start, self.term) if isinstance(part, NotStarted | NoTerm))


def due(
    facts: PaymentFacts, law: LawVersion, *, as_of: date, calendar: WorkCalendar, holiday_shift: bool = True
) -> Due:
    """Count the due day from what had happened by `as_of`.

    Args:
        holiday_shift: whether a last day that is no workday moves on to the next one. That is the civil default
            (Civil Code, article 203), and the regulation is silent on it.

    Raises:
        CalendarYearUnknown: the last day lies in a year whose holidays are not known, and it may have to move.
    """
    begun, days = start(facts, law, as_of=as_of), term(facts, law)
    on = None
    if isinstance(begun, Started) and isinstance(days, Term):
        clock = Clock(start=begun.on, length=days.days, unit=ClockUnit.DAY, holiday_shift=holiday_shift)
        on = clock.due_on(calendar)
    return Due(on, begun, days, violations(facts, law), warnings(facts, law, as_of=as_of))


def term(facts: PaymentFacts, law: LawVersion) -> Term | NoTerm:
    """How many days the payer has: by other law, else by contract up to the cap, else by the edition."""
    terms = law.terms[facts.payer]
    source = law.cite(terms.article, facts.payer)
    if facts.other_law is not None:
        text = N_("{days} days, set by other law: {basis}.")
        values = {"days": facts.other_law.days, "basis": facts.other_law.basis}
        return Term(facts.other_law.days, TermSource.OTHER_LAW, Sentence(text, values))
    if facts.contract_days is None:
        if terms.default_days is None:
            return NoTerm(Sentence(terms.no_number))
        text = N_("{days} days, because the contract agrees no term ({source}).")
        values = {"days": terms.default_days, "source": source}
        return Term(terms.default_days, TermSource.DEFAULT, Sentence(text, values))
    if terms.cap_days is not None and facts.contract_days > terms.cap_days:
        text = N_("{days} days, the longest that may be agreed, instead of the contract's {agreed} ({source}).")
        values = {"days": terms.cap_days, "agreed": facts.contract_days, "source": source}
        return Term(terms.cap_days, TermSource.CAP, Sentence(text, values))
    values = {"days": facts.contract_days}
    return Term(facts.contract_days, TermSource.CONTRACT, Sentence(N_("{days} days, as the contract agrees."), values))


def violations(facts: PaymentFacts, law: LawVersion) -> tuple[Violation, ...]:
    """What the edition forbids and is there all the same. They do not depend on the day."""
    found = (
        _term_violation(facts, law),
        _pay_when_paid_violation(facts, law),
        _noncash_violation(facts, law),
        audit_violation(facts, law),
    )
    return tuple(violation for violation in found if violation)


def _term_violation(facts: PaymentFacts, law: LawVersion) -> Violation | None:
    found = term(facts, law)
    if not isinstance(found, Term) or found.source is not TermSource.CAP:
        return None
    text = N_(
        "The contract agrees a term of {agreed} days, and no more than {cap} may be agreed ({source}). "
        "The due day is counted with {cap}."
    )
    source = law.cite(law.terms[facts.payer].article, facts.payer)
    return Violation(Breach.TERM, Sentence(text, {"agreed": facts.contract_days, "cap": found.days, "source": source}))


def _pay_when_paid_violation(facts: PaymentFacts, law: LawVersion) -> Violation | None:
    barred = law.terms[facts.payer].pay_when_paid_barred
    if not facts.pays_when_paid or barred is None:
        return None
    text = N_(
        "The contract makes payment wait for what a third party pays, which may not be agreed ({source}). "
        "The due day is counted without waiting."
    )
    return Violation(Breach.PAY_WHEN_PAID, Sentence(text, {"source": law.cite(barred, facts.payer)}))


def _noncash_violation(facts: PaymentFacts, law: LawVersion) -> Violation | None:
    if not facts.forces_noncash or law.noncash_barred is None:
        return None
    text = N_(
        "The payer forces bills or other means that are no money on the creditor, which is not allowed ({source}). "
        "Count as paid only what arrived as money, and have the payer pay the rest."
    )
    return Violation(Breach.NONCASH, Sentence(text, {"source": law.cite(law.noncash_barred, facts.payer)}))


def warnings(facts: PaymentFacts, law: LawVersion, *, as_of: date) -> tuple[Sentence, ...]:
    """What somebody should read beside the due day."""
    found = (
        review_warning(facts, as_of=as_of),
        _pay_when_paid_warning(facts, law),
        _declaring_warning(facts, law),
        _other_law_warning(facts, law),
    )
    return tuple(warning for warning in found if warning)


def _pay_when_paid_warning(facts: PaymentFacts, law: LawVersion) -> Sentence | None:
    if not facts.pays_when_paid or law.terms[facts.payer].pay_when_paid_barred is not None:
        return None
    text = N_(
        "The contract makes payment wait for what a third party pays. No article of “{law}” names such a clause for "
        "this payer; the due day is counted without waiting. Have the clause looked at."
    )
    return Sentence(text, {"law": law.label})


def _declaring_warning(facts: PaymentFacts, law: LawVersion) -> Sentence | None:
    if facts.has_declared is not False or law.declaring is None:
        return None
    text = N_(
        "The creditor did not say, when it signed, that it is a small or medium firm, as it should have ({source}). "
        "Its size on the day of the contract decides all the same; have the proof of it at hand."
    )
    return Sentence(text, {"source": law.cite(law.declaring, facts.payer)})


def _other_law_warning(facts: PaymentFacts, law: LawVersion) -> Sentence | None:
    if facts.other_law is None or law.other_law is not None:
        return None
    text = N_("“{law}” has no article that gives way to terms set by other law. Have the basis looked at: {basis}.")
    return Sentence(text, {"law": law.label, "basis": facts.other_law.basis})
