from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules.interest import (
    AgreedRate,
    Change,
    ContractDayMissing,
    Estimate,
    NoRate,
    PaidTooMuch,
    Rate,
    RateBasis,
    RateBelowZero,
    YearDays,
    changes_between,
    estimate,
    rate_for,
)
from duban.arrears.rules.law import VERSIONS, LawVersion
from duban.arrears.rules.provisions import Breach, PayerClass
from duban.arrears.rules.start import PaymentFacts
from duban.arrears.rules.terms import due
from duban.kernel.calendar import WorkCalendar
from duban.kernel.money import ZERO, Money
from duban.kernel.rates import LoanPrimeRateAfter, LoanPrimeRateBefore, LoanPrimeRates

PRE_2020, ORDER_728, ORDER_802 = VERSIONS
DUE = date(2025, 7, 31)
SIGNED = date(2025, 4, 30)  # the one-year LPR was 3.10 %
MILLION = Money.of("1000000.00")


def rate(
    annual: str | None = None,
    *,
    year: YearDays = YearDays.D365,
    law: LawVersion = ORDER_802,
    signed_on: date | None = SIGNED,
) -> Rate:
    agreed = None if annual is None else AgreedRate(Decimal(annual), year)
    return rate_for(agreed, law=law, payer=PayerClass.AGENCY, signed_on=signed_on, prime_rates=LoanPrimeRates.shipped())


def owed(amount: Money, **paid: str) -> list[Change]:
    """An amount owed on the due day and payments by day of delay: d10="5.00"."""
    payments = [Change(DUE + timedelta(int(day[1:])), -Money.of(sum_)) for day, sum_ in paid.items()]
    return [Change(DUE, amount), *payments]


def interest(changes: list[Change], days: int, by: Rate | None = None) -> Estimate:
    return estimate(changes, due_on=DUE, as_of=DUE + timedelta(days), rate=by or rate())


def test_a_million_delivered_on_1_july_2025_has_cost_76500_yuan_by_the_end_of_the_year() -> None:
    facts = PaymentFacts(payer=PayerClass.AGENCY, delivered_on=date(2025, 7, 1))
    known = due(facts, ORDER_802, as_of=date(2025, 12, 31), calendar=WorkCalendar.shipped())
    assert known.on == DUE
    found = estimate([Change(DUE, MILLION)], due_on=known.on, as_of=date(2025, 12, 31), rate=rate())
    assert found.total == Money.of("76500.00")
    [period] = found.periods
    assert (period.first_day, period.last_day, period.days) == (date(2025, 8, 1), date(2025, 12, 31), 153)
    assert (period.principal, period.amount) == (MILLION, found.total)


def test_the_due_day_costs_nothing_and_the_day_after_it_does() -> None:
    assert interest(owed(MILLION), -5) == interest(owed(MILLION), 0) == Estimate(Fraction(0), ZERO, ())
    assert interest(owed(MILLION), 1).total == Money.of("500.00")


def test_a_partial_payment_bears_interest_for_its_own_day_and_none_after() -> None:
    found = interest(owed(MILLION, d10="400000.00"), 30)
    assert [(period.days, str(period.principal), str(period.amount)) for period in found.periods] == [
        (10, "1000000.00", "5000.00"),
        (20, "600000.00", "6000.00"),
    ]
    assert found.periods[1].first_day == found.periods[0].last_day + timedelta(1)
    assert found.total == Money.of("11000.00")


def test_what_is_paid_on_the_due_day_or_before_it_costs_nothing() -> None:
    early = [Change(DUE - timedelta(9), MILLION), Change(DUE - timedelta(3), -Money.of("400000.00"))]
    on_the_day = [*early, Change(DUE, -Money.of("600000.00"))]
    assert interest(early, 10).total == Money.of("3000.00")
    assert interest(on_the_day, 10) == Estimate(Fraction(0), ZERO, ())


def test_what_is_cleared_costs_nothing_more() -> None:
    cleared = owed(MILLION, d10="1000000.00")
    assert interest(cleared, 10).total == interest(cleared, 400).total == Money.of("5000.00")
    assert len(interest(cleared, 400).periods) == 1


def test_a_payment_taken_back_costs_again() -> None:
    bounced = [*owed(MILLION, d10="1000000.00"), Change(DUE + timedelta(20), MILLION)]
    assert interest(bounced, 30).total == Money.of("10000.00")
    assert [period.days for period in interest(bounced, 30).periods] == [10, 10]


def test_more_paid_than_owed_is_refused_with_the_day_and_the_excess() -> None:
    with pytest.raises(PaidTooMuch, match=r"By 2025-08-10 0\.01 more is paid"):
        interest(owed(Money.of("5.00"), d10="5.01"), 30)


def test_dated_balances_give_the_same_as_the_payments_between_them() -> None:
    balances = {DUE: MILLION, DUE + timedelta(20): ZERO, DUE + timedelta(10): Money.of("600000.00")}
    assert interest(changes_between(balances), 30) == interest(owed(MILLION, d10="400000.00", d20="600000.00"), 30)


def test_without_an_agreed_rate_a_day_costs_five_in_ten_thousand() -> None:
    for law in (ORDER_728, ORDER_802):
        found = rate(law=law, signed_on=None)
        assert (found.daily, found.basis, found.violation) == (Fraction(5, 10_000), RateBasis.STATUTORY, None)
    assert str(rate(law=ORDER_728).explained).startswith("0.05 % a day, because the contract agrees no rate")
    assert str(rate(law=ORDER_728).explained).endswith("article 15).")
    assert str(rate().explained).endswith("article 17).")


def test_an_agreed_rate_at_the_loan_prime_rate_or_above_stays() -> None:
    for annual in ("0.031", "0.12"):
        found = rate(annual)
        assert (found.daily, found.basis, found.violation) == (Fraction(annual) / 365, RateBasis.AGREED, None)
    assert str(rate("0.031").explained) == "3.1 % a year of 365 days, as the contract agrees."


def test_an_agreed_rate_below_that_of_the_contracts_day_is_raised_to_it_and_flagged() -> None:
    found = rate("0.03099")
    assert (found.daily, found.basis) == (Fraction("0.031") / 365, RateBasis.RAISED)
    assert found.violation is not None
    assert found.violation.breach is Breach.RATE
    assert found.violation.breach.value == "V_RATE"
    assert "agrees 3.099 % a year, below the one-year loan prime rate of 3.1 %" in str(found.violation.sentence)
    # What was in force on the contract's day counts, and not what came later.
    assert rate("0.03", signed_on=date(2025, 5, 19)).basis is RateBasis.RAISED
    assert rate("0.03", signed_on=date(2025, 5, 20)).basis is RateBasis.AGREED


def test_the_year_has_the_days_that_the_contract_gives_it_and_raising_never_lowers() -> None:
    assert rate("0.036", year=YearDays.D360).daily == Fraction(1, 10_000)
    assert rate("0.0309", year=YearDays.D360).daily == Fraction("0.031") / 360
    found = interest(owed(MILLION), 153, rate("0.036", year=YearDays.D360))
    assert found.total == Money.of("15300.00")


@given(st.decimals("0", "0.2", places=5), st.sampled_from(YearDays), st.sampled_from([ORDER_728, ORDER_802]))
def test_no_agreement_comes_below_the_floor_nor_below_itself(agreed: Decimal, year: YearDays, law: LawVersion) -> None:
    found = rate(str(agreed), year=year, law=law)
    assert found.daily == max(Fraction(agreed), Fraction("0.031")) / year
    assert (found.violation is not None) == (agreed < Decimal("0.031"))


def test_an_agreed_rate_needs_the_contracts_day_and_the_rate_of_that_day() -> None:
    with pytest.raises(ContractDayMissing, match="that day is not recorded"):
        rate("0.04", signed_on=None)
    with pytest.raises(LoanPrimeRateBefore):
        rate("0.04", signed_on=date(2018, 1, 1))
    with pytest.raises(LoanPrimeRateAfter):
        rate("0.04", signed_on=date(2030, 1, 1))


def test_before_the_regulation_the_contract_gives_the_rate_or_nobody_does() -> None:
    found = rate("0.01", law=PRE_2020, signed_on=None)
    assert (found.daily, found.basis, found.violation) == (Fraction("0.01") / 365, RateBasis.AGREED, None)
    with pytest.raises(NoRate, match="agrees no rate of interest for delay, and “The contract alone"):
        rate(law=PRE_2020)


def test_a_rate_below_zero_is_refused() -> None:
    with pytest.raises(RateBelowZero, match="-1 % a year"):
        AgreedRate(Decimal("-0.01"))


def test_a_half_fen_is_rounded_up_and_only_once() -> None:
    # 0.10 yuan costs 0.005 fen a day: half a fen after 100 days, however the days are cut.
    assert interest(owed(Money.of("0.10")), 99).total == ZERO
    assert interest(owed(Money.of("0.10")), 100).total == Money.of("0.01")
    slowly = owed(Money.of("0.20"), d1="0.01", d2="0.01", d3="0.01")
    assert interest(slowly, 60).exact == Fraction(20 + 19 + 18 + 17 * 57) * Fraction(5, 10_000)


# Histories: what is owed at first, and shares of what is left that are paid on days before, on or after the due day.
histories = st.tuples(
    st.integers(0, 10**12), st.lists(st.tuples(st.integers(-5, 60), st.fractions(0, 1, max_denominator=97)), max_size=6)
)
rates = st.sampled_from([rate(), rate("0.0435"), rate("0.01", year=YearDays.D360)])
spans = st.integers(-5, 90)


def changes_of(history: tuple[int, list[tuple[int, Fraction]]]) -> list[Change]:
    left, payments = history
    changes = [Change(DUE - timedelta(6), Money(left))]
    for day, share in sorted(payments, key=lambda payment: payment[0]):
        paid = int(left * share)
        changes.append(Change(DUE + timedelta(day), Money(-paid)))
        left -= paid
    return changes


@given(histories, rates, spans, st.integers(0, 40))
def test_interest_is_never_negative_and_never_shrinks(
    history: tuple[int, list[tuple[int, Fraction]]], by: Rate, days: int, more: int
) -> None:
    changes = changes_of(history)
    now, later = interest(changes, days, by), interest(changes, days + more, by)
    assert ZERO <= now.total <= later.total
    assert 0 <= now.exact <= later.exact


@given(histories, rates, spans, spans)
def test_interest_adds_up_over_any_split_of_time(
    history: tuple[int, list[tuple[int, Fraction]]], by: Rate, one: int, other: int
) -> None:
    changes, split, end = changes_of(history), max(0, min(one, other)), max(one, other, 0)
    before = interest(changes, split, by)
    after = estimate(changes, due_on=DUE + timedelta(split), as_of=DUE + timedelta(end), rate=by)
    assert before.exact + after.exact == interest(changes, end, by).exact


@given(histories, rates, spans, st.randoms())
def test_the_order_in_which_changes_are_given_does_not_matter(
    history: tuple[int, list[tuple[int, Fraction]]], by: Rate, days: int, random: Random
) -> None:
    changes = changes_of(history)
    mixed = list(changes)
    random.shuffle(mixed)
    assert interest(mixed, days, by) == interest(changes, days, by)


@given(histories, rates, spans)
def test_interest_is_the_sum_over_single_days(
    history: tuple[int, list[tuple[int, Fraction]]], by: Rate, days: int
) -> None:
    changes = changes_of(history)
    mornings = [DUE + timedelta(day) for day in range(days)]
    owed_then = [sum(change.amount.fen for change in changes if change.on <= day) for day in mornings]
    assert interest(changes, days, by).exact == sum(owed_then) * by.daily


@given(histories, rates, spans)
def test_the_periods_meet_add_up_to_the_total_and_are_each_within_a_fen(
    history: tuple[int, list[tuple[int, Fraction]]], by: Rate, days: int
) -> None:
    found = interest(changes_of(history), days, by)
    assert sum((period.amount for period in found.periods), ZERO) == found.total
    for period in found.periods:
        assert period.days == (period.last_day - period.first_day).days + 1
        assert abs(period.amount.fen - period.principal.fen * period.days * period.rate.daily) < 1
    for earlier, later in zip(found.periods, found.periods[1:], strict=False):
        assert earlier.last_day < later.first_day
        assert earlier.principal > later.principal
