"""The law applied to what is said of a claim: which edition, and which day it makes the due one. Pure."""

from dataclasses import dataclass
from datetime import date

from duban.arrears.rules.facts import FactValues
from duban.arrears.rules.law import Applied, Edition, Override, applicable
from duban.arrears.rules.provisions import PAYER_CLASSES
from duban.arrears.rules.start import Basis, PaymentFacts
from duban.arrears.rules.terms import Due, due
from duban.kernel.calendar import CalendarYearUnknown, WorkCalendar
from duban.kernel.words import N_, Sentence


@dataclass(frozen=True, slots=True)
class Lawful:
    """What the law makes of a claim, as far as things had come by a day.

    Args:
        due: with the shift over holidays, if that is on and the holidays are known.
        on_or_before_shift: the day that was counted to, before it moved over a holiday; None while there is none.
        remarks: on what was taken for granted; they change no day.
    """

    applied: Applied
    payment: PaymentFacts
    due: Due
    on_or_before_shift: date | None
    remarks: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class NotApplied:
    """Why the law on paying small firms says nothing of a claim, or what to record so that it does."""

    why: Sentence


def lawful(
    facts: FactValues, *, as_of: date, calendar: WorkCalendar, holiday_shift: bool = True
) -> Lawful | NotApplied:
    """Choose the edition and count the due day, from what had happened by `as_of`.

    Raises:
        ReviewEndsBeforeItBegins, NegativeTerm, ReasonMissing: the facts contradict themselves.
    """
    if facts.size_at_contract == "large":
        text = N_(
            "The creditor was a large enterprise on the day of the contract. The regulation is about what is owed to "
            "small and medium firms; here the contract alone says when to pay."
        )
        return NotApplied(Sentence(text))
    if facts.debtor_kind not in PAYER_CLASSES:
        text = N_(
            "The kind of the debtor is not stated, so it cannot be told which term the law gives it. "
            "State it (主体类别)."
        )
        return NotApplied(Sentence(text))
    payment = payment_of(facts)
    arose_on = _arose_on(facts, payment.basis)
    if arose_on is None:
        text = N_(
            "Neither the day of delivery, acceptance or settlement nor that of the contract is stated, so it cannot be "
            "told which edition of the law applies. State one of them."
        )
        return NotApplied(Sentence(text))
    return _applied(facts, payment, arose_on, as_of, calendar, holiday_shift=holiday_shift)


def _applied(
    facts: FactValues,
    payment: PaymentFacts,
    arose_on: date,
    as_of: date,
    calendar: WorkCalendar,
    *,
    holiday_shift: bool,
) -> Lawful:
    chosen = Override(Edition(facts.law_edition), facts.law_reason) if facts.law_edition else None
    applied = applicable(arose_on, override=chosen)
    remarks = [found for found in (_basis_taken(facts, payment.basis), _day_taken(facts, payment.basis)) if found]
    counted = due(payment, applied.version, as_of=as_of, calendar=calendar, holiday_shift=False)
    shifted = counted
    if holiday_shift:
        try:
            shifted = due(payment, applied.version, as_of=as_of, calendar=calendar)
        except CalendarYearUnknown as unknown:
            remarks.append(unknown.sentence)
    return Lawful(applied, payment, shifted, counted.on, tuple(remarks))


def payment_of(facts: FactValues) -> PaymentFacts:
    """What the rules on terms look at, of a claim whose debtor's kind is known."""
    return PaymentFacts(
        payer=PAYER_CLASSES[facts.debtor_kind],
        basis=_basis(facts),
        delivered_on=facts.delivered_on,
        accept_by=facts.agreed_acceptance_by,
        accepted_on=facts.accepted_on,
        payer_delays_acceptance=bool(facts.payer_delays_acceptance),
        settled_on=facts.settlement_confirmed_on,
        contract_days=facts.agreed_term_days,
        pays_when_paid=bool(facts.pays_when_paid),
        forces_noncash=bool(facts.forced_noncash),
        has_declared=facts.sme_declared,
        reviewed_from=facts.reviewed_from,
        reviewed_to=facts.reviewed_to,
    )


def _basis(facts: FactValues) -> Basis:
    """What payment depends on: as stated, or else what the stated days speak for.

    The regulation counts from delivery unless the contract says otherwise; an agreed acceptance period says so.
    """
    if facts.payment_basis:
        return Basis(facts.payment_basis)
    if facts.agreed_acceptance_by or (facts.accepted_on and not facts.delivered_on):
        return Basis.ACCEPTANCE
    if facts.settlement_confirmed_on and not facts.delivered_on:
        return Basis.SETTLEMENT
    return Basis.DELIVERY


def _basis_taken(facts: FactValues, basis: Basis) -> Sentence | None:
    days = (facts.delivered_on, facts.accepted_on or facts.agreed_acceptance_by, facts.settlement_confirmed_on)
    if facts.payment_basis or sum(day is not None for day in days) < 2:
        return None
    text = N_(
        "On what the contract makes payment depend is not stated (付款条件), and days of several kinds are. "
        "{basis} is taken; state what the contract says if it is otherwise."
    )
    return Sentence(text, {"basis": Sentence(_BASES[basis])})


def _day_taken(facts: FactValues, basis: Basis) -> Sentence | None:
    if _day_of(facts, basis) is not None:
        return None
    text = N_(
        "On which day the duty to pay arose is not stated; the edition is that of {day}, the nearest day that is."
    )
    return Sentence(text, {"day": _arose_on(facts, basis)})


_BASES = {
    Basis.DELIVERY: N_("Delivery"),
    Basis.ACCEPTANCE: N_("Acceptance"),
    Basis.SETTLEMENT: N_("Settlement by progress or period"),
}


def _day_of(facts: FactValues, basis: Basis) -> date | None:
    """The day of what payment depends on; of an acceptance, the day of the end of its period counts as well."""
    accepted = [day for day in (facts.accepted_on, facts.agreed_acceptance_by) if day]
    return {
        Basis.DELIVERY: facts.delivered_on,
        Basis.ACCEPTANCE: min(accepted, default=None),
        Basis.SETTLEMENT: facts.settlement_confirmed_on,
    }[basis]


def _arose_on(facts: FactValues, basis: Basis) -> date | None:
    """The day on which the duty to pay arose, or the nearest to it that is stated."""
    return _day_of(facts, basis) or facts.delivered_on or facts.signed_on or facts.due_on
