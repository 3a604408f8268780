from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules.law import VERSIONS, LawVersion
from duban.arrears.rules.provisions import AuditGround, Breach, Ground, PayerClass
from duban.arrears.rules.start import (
    Basis,
    BasisMissing,
    NotStarted,
    OtherLaw,
    PaymentFacts,
    ReviewEndsBeforeItBegins,
    Started,
    Violation,
    audit_violation,
    start,
)
from duban.arrears.rules.terms import Due, NoTerm, Term, TermSource, due, term
from duban.kernel.calendar import WorkCalendar
from duban.kernel.clock import NegativeTerm

PRE_2020, ORDER_728, ORDER_802 = VERSIONS
REGULATIONS = (ORDER_728, ORDER_802)
DELIVERED, LAST, LATE, TODAY = date(2025, 7, 1), date(2025, 7, 15), date(2025, 8, 20), date(2025, 12, 31)
PUBLIC = (PayerClass.AGENCY, PayerClass.INSTITUTION, PayerClass.GROUP)
LARGE = (PayerClass.LARGE_STATE, PayerClass.LARGE_OTHER)
days = st.dates(date(2021, 1, 1), date(2025, 12, 31))


def delivered(**facts: object) -> PaymentFacts:
    return PaymentFacts(**{"payer": PayerClass.AGENCY, "delivered_on": DELIVERED, **facts})  # type: ignore[arg-type]  # any facts


def on_acceptance(**facts: object) -> PaymentFacts:
    return delivered(basis=Basis.ACCEPTANCE, **facts)


def due_by(facts: PaymentFacts, law: LawVersion = ORDER_802, *, as_of: date = TODAY, shift: bool = True) -> Due:
    return due(facts, law, as_of=as_of, calendar=WorkCalendar.shipped(), holiday_shift=shift)


def started(facts: PaymentFacts, law: LawVersion = ORDER_802, *, as_of: date = TODAY) -> tuple[date, Ground]:
    found = start(facts, law, as_of=as_of)
    assert isinstance(found, Started)
    return found.on, found.ground


def why_not_started(facts: PaymentFacts, law: LawVersion = ORDER_802, *, as_of: date = TODAY) -> str:
    found = start(facts, law, as_of=as_of)
    assert isinstance(found, NotStarted)
    return str(found.why)


def test_a_delivery_to_an_agency_on_1_july_2025_is_due_on_31_july() -> None:
    assert due_by(delivered()).on == date(2025, 7, 31)
    assert due_by(delivered(), ORDER_728).on == date(2025, 7, 31)


def test_a_delivery_starts_the_term_and_cites_its_article() -> None:
    found = start(delivered(), ORDER_802, as_of=TODAY)
    assert isinstance(found, Started)
    assert str(found.explained).startswith("The term counts from 2025-07-01, the delivery of the goods")
    assert str(found.explained).endswith("Order 802 of 2025, article 9, paragraph 1).")


def test_what_is_not_yet_delivered_starts_nothing() -> None:
    assert "No delivery is recorded by 2025-06-30" in why_not_started(delivered(), as_of=DELIVERED - timedelta(1))
    assert "Record the day of delivery" in why_not_started(delivered(delivered_on=None))
    assert started(delivered(), as_of=DELIVERED) == (DELIVERED, Ground.DELIVERY)


def test_acceptance_starts_the_term_where_the_contract_makes_payment_depend_on_it() -> None:
    assert started(on_acceptance(accepted_on=LAST, accept_by=LAST)) == (LAST, Ground.ACCEPTANCE)
    assert started(on_acceptance(accepted_on=LATE)) == (LATE, Ground.ACCEPTANCE)


def test_acceptance_is_not_asked_for_where_the_contract_does_not() -> None:
    assert started(delivered(accepted_on=LATE, settled_on=LATE)) == (DELIVERED, Ground.DELIVERY)


def test_an_acceptance_period_that_the_payer_lets_pass_starts_the_term_when_it_ends() -> None:
    delayed = on_acceptance(accept_by=LAST, payer_delays_acceptance=True)
    assert started(delayed) == (LAST, Ground.ACCEPTANCE_RUN_OUT)
    assert started(delayed, as_of=LAST + timedelta(1)) == (LAST, Ground.ACCEPTANCE_RUN_OUT)
    assert "or from 2025-07-15 if the payer lets that day pass" in why_not_started(delayed, as_of=LAST)


def test_an_acceptance_that_the_payer_delayed_does_not_move_the_start_when_it_comes() -> None:
    delayed = on_acceptance(accept_by=LAST, accepted_on=LATE, payer_delays_acceptance=True)
    assert started(delayed) == (LAST, Ground.ACCEPTANCE_RUN_OUT)
    assert started(delayed, as_of=LATE - timedelta(1)) == (LAST, Ground.ACCEPTANCE_RUN_OUT)


def test_an_acceptance_that_somebody_else_delayed_starts_the_term_when_it_comes() -> None:
    late = on_acceptance(accept_by=LAST, accepted_on=LATE)
    assert started(late) == (LATE, Ground.ACCEPTANCE)
    assert "it is not recorded that the payer delays it" in why_not_started(late, as_of=LATE - timedelta(1))


def test_without_acceptance_and_without_a_period_nothing_starts() -> None:
    assert "no acceptance period is agreed that could run out" in why_not_started(on_acceptance())
    delays = on_acceptance(payer_delays_acceptance=True)
    assert "Record acceptance, or the last day of the period" in why_not_started(delays)


def test_nobody_lets_a_period_pass_for_what_was_delivered_after_it() -> None:
    late = on_acceptance(delivered_on=LATE, accept_by=LAST, payer_delays_acceptance=True)
    assert "Nothing is recorded as delivered by 2025-07-15" in why_not_started(late)
    accepted = on_acceptance(delivered_on=LATE, accept_by=LAST, accepted_on=TODAY, payer_delays_acceptance=True)
    assert started(accepted) == (TODAY, Ground.ACCEPTANCE)


def test_before_the_regulation_a_period_that_ran_out_started_nothing() -> None:
    delayed = on_acceptance(accept_by=LAST, payer_delays_acceptance=True)
    assert "no rule of “The contract alone" in why_not_started(delayed, PRE_2020)
    accepted = on_acceptance(accept_by=LAST, accepted_on=LATE, payer_delays_acceptance=True)
    assert started(accepted, PRE_2020) == (LATE, Ground.ACCEPTANCE)


def test_settlement_by_progress_starts_when_both_sides_have_confirmed_the_amount() -> None:
    assert started(delivered(basis=Basis.SETTLEMENT, settled_on=LATE)) == (LATE, Ground.SETTLEMENT)
    unsettled = delivered(basis=Basis.SETTLEMENT, accepted_on=LAST)
    assert "have not both confirmed the settled amount" in why_not_started(unsettled)


def test_a_fiscal_review_warns_with_its_length_and_starts_nothing() -> None:
    reviewed = delivered(basis=Basis.SETTLEMENT, reviewed_from=date(2025, 9, 1))
    found = due_by(reviewed)
    assert found.on is None
    assert "has lasted 121 days, since 2025-09-01. It is no audit" in str(found.warnings[0])
    ended = delivered(basis=Basis.SETTLEMENT, reviewed_from=date(2025, 9, 1), reviewed_to=date(2025, 9, 11))
    assert due_by(ended).on is None
    assert "lasted 10 days, from 2025-09-01 to 2025-09-11" in str(due_by(ended).warnings[0])
    assert "has lasted 9 days" in str(due_by(ended, as_of=date(2025, 9, 10)).warnings[0])
    assert due_by(ended, as_of=date(2025, 8, 31)).warnings == ()


@given(days, days, st.sampled_from(VERSIONS), st.sampled_from(Basis))
def test_a_fiscal_review_moves_no_due_day(begun: date, ended: date, law: LawVersion, basis: Basis) -> None:
    plain = delivered(basis=basis, accepted_on=LAST, settled_on=LATE, contract_days=20)
    reviewed = delivered(
        basis=basis,
        accepted_on=LAST,
        settled_on=LATE,
        contract_days=20,
        reviewed_from=begun,
        reviewed_to=max(begun, ended),
    )
    assert due_by(reviewed, law).on == due_by(plain, law).on


def test_a_fiscal_review_ends_after_it_begins() -> None:
    with pytest.raises(ReviewEndsBeforeItBegins, match="ended on 2025-07-01 cannot have begun on 2025-07-15"):
        delivered(reviewed_from=LAST, reviewed_to=DELIVERED)
    with pytest.raises(ReviewEndsBeforeItBegins, match="begun on -"):
        delivered(reviewed_to=DELIVERED)


def audited(payer: PayerClass, *grounds: AuditGround) -> PaymentFacts:
    return delivered(payer=payer, audit_demanded=True, audit_grounds=frozenset(grounds))


def breaches(facts: PaymentFacts, law: LawVersion) -> list[Breach]:
    return [violation.breach for violation in due_by(facts, law).violations]


def test_an_audit_demanded_by_contract_was_allowed_in_2020_and_is_not_since_2025() -> None:
    by_contract = audited(PayerClass.AGENCY, AuditGround.CONTRACT)
    assert breaches(by_contract, ORDER_728) == []
    assert breaches(by_contract, ORDER_802) == [Breach.AUDIT]
    found = audit_violation(by_contract, ORDER_802)
    assert isinstance(found, Violation)
    assert "which only a law or an administrative regulation would allow" in str(found.sentence)
    assert "Order 802 of 2025, article 12)" in str(found.sentence)


@pytest.mark.parametrize("law", REGULATIONS)
@pytest.mark.parametrize("payer", [*PUBLIC, PayerClass.LARGE_STATE])
def test_an_audit_demanded_on_no_ground_is_a_violation_and_on_a_law_it_is_none(
    law: LawVersion, payer: PayerClass
) -> None:
    assert breaches(audited(payer), law) == [Breach.AUDIT]
    assert breaches(audited(payer, AuditGround.LAW), law) == []


@pytest.mark.parametrize("law", VERSIONS)
def test_the_rule_on_audits_does_not_bind_private_firms_nor_the_time_before(law: LawVersion) -> None:
    assert breaches(audited(PayerClass.LARGE_OTHER), law) == []
    assert breaches(audited(PayerClass.AGENCY), PRE_2020) == []


@pytest.mark.parametrize("law", REGULATIONS)
@pytest.mark.parametrize("payer", PUBLIC)
@pytest.mark.parametrize(
    ("agreed", "counted", "source"),
    [
        (None, 30, TermSource.DEFAULT),
        (0, 0, TermSource.CONTRACT),
        (15, 15, TermSource.CONTRACT),
        (60, 60, TermSource.CONTRACT),
        (61, 60, TermSource.CAP),
        (365, 60, TermSource.CAP),
    ],
)
def test_the_public_side_has_30_days_and_may_agree_60_at_most(
    law: LawVersion, payer: PayerClass, agreed: int | None, counted: int, source: TermSource
) -> None:
    facts = delivered(payer=payer, contract_days=agreed)
    found = term(facts, law)
    assert isinstance(found, Term)
    assert (found.days, found.source) == (counted, source)
    assert breaches(facts, law) == ([Breach.TERM] if source is TermSource.CAP else [])


def test_a_term_over_the_cap_is_said_with_both_numbers() -> None:
    [violation] = due_by(delivered(contract_days=90)).violations
    assert "agrees a term of 90 days, and no more than 60 may be agreed" in str(violation.sentence)


@pytest.mark.parametrize("payer", LARGE)
def test_a_large_enterprise_has_60_days_since_2025_and_may_agree_more(payer: PayerClass) -> None:
    assert due_by(delivered(payer=payer)).on == date(2025, 9, 1)  # 30 August 2025 is a Saturday
    assert due_by(delivered(payer=payer), shift=False).on == date(2025, 8, 30)
    assert due_by(delivered(payer=payer, contract_days=180), shift=False).on == date(2025, 12, 28)
    assert breaches(delivered(payer=payer, contract_days=180), ORDER_802) == []


@pytest.mark.parametrize("payer", LARGE)
def test_a_large_enterprise_of_2020_has_no_due_day_without_a_contract_and_it_is_said(payer: PayerClass) -> None:
    found = due_by(delivered(payer=payer), ORDER_728)
    assert found.on is None
    assert isinstance(found.term, NoTerm)
    [why] = found.why_not
    assert "gives no number" in str(why)
    assert due_by(delivered(payer=payer, contract_days=45), ORDER_728).on == date(2025, 8, 15)


def test_before_the_regulation_only_the_contract_gives_a_due_day() -> None:
    [why] = due_by(delivered(), PRE_2020).why_not
    assert "only the contract does" in str(why)
    assert due_by(delivered(contract_days=90), PRE_2020).on == date(2025, 9, 29)
    assert breaches(delivered(contract_days=90), PRE_2020) == []


def test_both_a_missing_start_and_a_missing_term_are_said() -> None:
    nothing = delivered(delivered_on=None, payer=PayerClass.LARGE_STATE)
    assert len(due_by(nothing, ORDER_728).why_not) == 2
    assert due_by(delivered()).why_not == ()


def test_payment_may_not_wait_for_a_third_party_since_2025() -> None:
    waits = delivered(payer=PayerClass.LARGE_OTHER, pays_when_paid=True)
    assert breaches(waits, ORDER_802) == [Breach.PAY_WHEN_PAID]
    assert due_by(waits).on == due_by(delivered(payer=PayerClass.LARGE_OTHER)).on
    assert breaches(waits, ORDER_728) == []
    assert "No article of “Regulation" in str(due_by(waits, ORDER_728).warnings[0])
    assert "for this payer" in str(due_by(delivered(pays_when_paid=True)).warnings[0])


def test_a_term_of_other_law_goes_before_contract_default_and_cap() -> None:
    other = OtherLaw(90, "Regulation X, article 3")
    found = due_by(delivered(other_law=other, contract_days=10), shift=False)
    assert found.on == DELIVERED + timedelta(90)
    assert isinstance(found.term, Term)
    assert found.term.source is TermSource.OTHER_LAW
    assert str(found.term.explained) == "90 days, set by other law: Regulation X, article 3."
    assert (found.violations, found.warnings) == ((), ())
    assert "Have the basis looked at: Regulation X" in str(due_by(delivered(other_law=other), ORDER_728).warnings[0])


def test_a_term_of_other_law_needs_its_basis() -> None:
    with pytest.raises(BasisMissing, match="90 days set by other law needs its basis"):
        OtherLaw(90, " ")


def test_a_term_below_nothing_is_refused() -> None:
    with pytest.raises(NegativeTerm):
        delivered(contract_days=-1)
    with pytest.raises(NegativeTerm):
        OtherLaw(-1, "Regulation X")


def test_the_holiday_shift_is_a_switch() -> None:
    in_holidays = delivered(delivered_on=date(2025, 9, 1))
    assert due_by(in_holidays).on == date(2025, 10, 9)
    assert due_by(in_holidays, shift=False).on == date(2025, 10, 1)


@given(st.sampled_from(VERSIONS), st.sampled_from(PayerClass), st.sampled_from(Basis), days, st.integers(0, 200))
def test_a_due_day_once_known_stays_as_days_pass(
    law: LawVersion, payer: PayerClass, basis: Basis, as_of: date, passed: int
) -> None:
    facts = PaymentFacts(
        payer=payer, basis=basis, delivered_on=DELIVERED, accept_by=LAST, accepted_on=LATE, settled_on=LATE,
        payer_delays_acceptance=True, contract_days=30,
    )  # fmt: skip
    known = due_by(facts, law, as_of=as_of).on
    assert known is None or due_by(facts, law, as_of=as_of + timedelta(passed)).on == known
