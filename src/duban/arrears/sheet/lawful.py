"""What a row says beside what the law makes of it. Nothing here holds a row back: a person looks at it."""

from collections.abc import Iterator, Mapping
from datetime import date

from duban.arrears.rules.facts import FactValues
from duban.arrears.rules.lawful import Lawful, lawful
from duban.arrears.rules.provisions import Breach
from duban.arrears.rules.start import NotStarted, Started, review_warning
from duban.arrears.rules.terms import Term
from duban.kernel.calendar import WorkCalendar
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence
from duban.workbook.findings import Fault, Severity

OTHER_DUE_DAY = "L20"
NOT_ALLOWED = "L21"
LATE = "L22"
CONTRADICTION = "L23"

_BREACHES: Mapping[Breach, str] = {
    Breach.TERM: "agreed_term_days",
    Breach.PAY_WHEN_PAID: "pays_when_paid",
    Breach.NONCASH: "forced_noncash",
}
_STARTS = ("delivered_on", "accepted_on", "agreed_acceptance_by", "settlement_confirmed_on", "reviewed_from")
_LOOKED_AT = (*_STARTS, "agreed_term_days", "pays_when_paid", "forced_noncash")


def faults(facts: FactValues, *, as_of: date, calendar: WorkCalendar) -> Iterator[Fault]:
    """L20 to L23 of a row, which most rows give no cause for: few offices state what the law needs."""
    if all(getattr(facts, name) is None for name in _LOOKED_AT):
        return
    try:
        found = lawful(facts, as_of=as_of, calendar=calendar)
    except DomainError as refusal:
        yield Fault(CONTRADICTION, "reviewed_to", refusal.sentence, Severity.WARNING)
        return
    if isinstance(found, Lawful):
        yield from _other_due_day(facts, found)
        yield from _not_allowed(found)
        yield from _late(facts, found, as_of)


def _other_due_day(facts: FactValues, found: Lawful) -> Iterator[Fault]:
    """L20: the stated due day is neither the lawful one nor the one before it moved over a holiday."""
    day, start, term = found.due.on, found.due.start, found.due.term
    if day is None or facts.due_on is None or facts.due_on in {day, found.on_or_before_shift}:
        return
    if isinstance(start, Started) and isinstance(term, Term):
        text = N_(
            "It is stated as due on {stated}; by law it is due on {lawful}. {start} The payer has {term} "
            "Check the days, and the day of delivery first."
        )
        values = {"stated": facts.due_on, "lawful": day, "start": start.explained, "term": term.explained}
        yield Fault(OTHER_DUE_DAY, "due_on", Sentence(text, values), Severity.WARNING, expected=day.isoformat())


def _not_allowed(found: Lawful) -> Iterator[Fault]:
    """L21: the contract agrees, or the payer does, what the edition forbids."""
    for violation in found.due.violations:
        if violation.breach in _BREACHES:
            yield Fault(NOT_ALLOWED, _BREACHES[violation.breach], violation.sentence, Severity.WARNING)


def _late(facts: FactValues, found: Lawful, as_of: date) -> Iterator[Fault]:
    """L22: acceptance or a fiscal review takes its time, and no term has started (domain.md §2.6, F15)."""
    start, last = found.due.start, facts.agreed_acceptance_by
    if isinstance(start, NotStarted) and last is not None and last < as_of:
        yield Fault(LATE, "agreed_acceptance_by", start.why, Severity.WARNING)
    is_under_review = facts.reviewed_to is None or facts.reviewed_to > as_of
    if is_under_review and (warning := review_warning(found.payment, as_of=as_of)):
        yield Fault(LATE, "reviewed_from", warning, Severity.WARNING)
