from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests import make

from duban.arrears.commands import claim as acts
from duban.arrears.commands.rates import load_prime_rates
from duban.arrears.models import Transfer
from duban.arrears.queries.interest import Estimated, estimate_interest
from duban.arrears.rules.accounts import Account, Rule
from duban.arrears.rules.acts import Ground
from duban.arrears.rules.principal import Moved, owed_under, paid_on_no_day, principal
from duban.arrears.rules.settling import Method
from duban.arrears.tests import making
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.money import ZERO, Money
from duban.kernel.rates import LoanPrimeRate
from duban.kernel.words import Sentence

DUE, YEAR_END = date(2025, 7, 31), date(2025, 12, 31)
MILLION: dict[str, Any] = {
    "ledger_no": "1", "amount": 1_000_000, "debtor_kind": "机关", "delivered_on": date(2025, 7, 1), "due_on": DUE,
    "signed_on": date(2025, 3, 3),
}  # fmt: skip


# -- What interest is counted on --------------------------------------------------------------------------------------


def moved(source: Account, destination: Account, amount: str, on: date = YEAR_END, **how: Any) -> Moved:  # noqa: ANN401 - what a move may say
    return Moved(source, destination, Money.of(amount), on, **how)


def changes(*moves: Moved, rule: Rule = Rule.C0) -> list[tuple[date, str]]:
    return [(change.on, str(change.amount)) for change in principal(moves, rule=rule, due_on=DUE)]


A = Account
OPENED = moved(A.RECOGNISED, A.UNDISPUTED, "100", with_opening=True)


def test_what_is_owed_is_owed_from_the_due_day_whenever_it_was_entered() -> None:
    assert changes(OPENED) == [(DUE, "100.00")]
    assert changes(moved(A.RECOGNISED, A.NOT_DUE, "100"), moved(A.NOT_DUE, A.UNDISPUTED, "100")) == [(DUE, "100.00")]


def test_a_payment_lowers_it_from_its_day_as_stated_and_when_shown_to_have_arrived() -> None:
    paid = moved(A.UNDISPUTED, A.REPORTED, "30", date(2025, 9, 1))
    arrived = moved(A.REPORTED, A.CASH, "30", date(2025, 9, 1))
    assert changes(paid) == [(date(2025, 9, 1), "-30.00")]
    assert changes(paid, rule=Rule.C1) == []
    assert changes(paid, arrived, rule=Rule.C1) == [(date(2025, 9, 1), "-30.00")]


def test_what_was_never_owed_is_taken_out_from_the_beginning_and_a_discount_from_its_day() -> None:
    error = moved(A.UNDISPUTED, A.REDUCED, "10", ground=Ground.LISTED_IN_ERROR)
    discount = moved(A.UNDISPUTED, A.REDUCED, "10", ground=Ground.DISCOUNT)
    assert changes(error, discount) == [(DUE, "-10.00"), (YEAR_END, "-10.00")]


def test_a_payment_on_no_day_bears_nothing_and_is_named() -> None:
    moves = [OPENED, moved(A.UNDISPUTED, A.REPORTED, "40", with_opening=True)]
    assert changes(*moves) == [(DUE, "100.00"), (DUE, "-40.00")]
    assert paid_on_no_day(moves) == Money.of("40")
    assert paid_on_no_day([OPENED]) == ZERO


@given(st.lists(st.tuples(st.sampled_from(list(Account)), st.sampled_from(list(Account)), st.integers(1, 10**9))))
def test_the_changes_add_up_to_what_stands_in_the_accounts_that_are_owed(
    drawn: list[tuple[Account, Account, int]],
) -> None:
    moves = [Moved(source, destination, Money(fen), YEAR_END) for source, destination, fen in drawn]
    for rule in Rule:
        owed = owed_under(rule)
        held = sum((Money(fen) for _, at, fen in drawn if at in owed), ZERO)
        left = sum((Money(fen) for at, _, fen in drawn if at in owed), ZERO)
        found = principal(moves, rule=rule, due_on=DUE)
        assert sum((change.amount for change in found), ZERO) == held - left


# -- Through the whole system -----------------------------------------------------------------------------------------


@pytest.fixture
def office(database: str) -> Appointment:
    return making.office()


def entered(office: Appointment, *, as_of: date = YEAR_END, **said: Any) -> UUID:  # noqa: ANN401 - any facts
    making.enter(office, {**MILLION, **said}, as_of=as_of)
    return making.claim(office, "1").claim.uid


def asked(who: Appointment, uid: UUID, *, as_of: date = YEAR_END) -> Estimated | Sentence:
    with make.acting(who) as actor:
        return estimate_interest(uid, as_of=as_of, actor=actor)


def estimated(who: Appointment, uid: UUID, *, as_of: date = YEAR_END) -> Estimated:
    found = asked(who, uid, as_of=as_of)
    assert isinstance(found, Estimated), str(found)
    return found


def act(*roles: str, on: date) -> acts.Act:
    papers = [acts.Paper(role, f"{role}.pdf", [role.encode()]) for role in roles]
    return acts.Act(on, making.today(), "材料齐全", on, papers)


def pay(office: Appointment, amount: str, *, on: date) -> acts.Reported:
    number = making.claim(office, "1").pk
    with make.acting(office) as actor:
        return acts.report_payment(
            claim_id=number, method=Method.CASH, amount=Money.of(amount), voucher=acts.Voucher(),
            act=act("voucher", on=on), actor=actor,
        )  # fmt: skip


def test_a_million_delivered_to_an_agency_on_1_july_2025_has_cost_76500_yuan_by_the_end_of_the_year(
    office: Appointment,
) -> None:
    found = estimated(office, entered(office))
    assert (found.due_on, found.stated.total, found.verified.total) == (DUE, Money.of("76500"), Money.of("76500"))
    [period] = found.stated.periods
    assert (period.first_day, period.days, period.principal) == (date(2025, 8, 1), 153, Money.of("1000000"))
    assert "0.05 % a day" in str(found.rate.explained)
    assert found.remarks == ()


def test_interest_is_counted_anew_after_each_payment_and_stated_and_verified_stand_apart(office: Appointment) -> None:
    uid = entered(office, as_of=date(2025, 8, 31))
    settlement = pay(office, "400000", on=date(2025, 9, 9)).settlement
    found = estimated(office, uid)
    assert [(one.days, str(one.principal), str(one.amount)) for one in found.stated.periods] == [
        (40, "1000000.00", "20000.00"), (113, "600000.00", "33900.00"),
    ]  # fmt: skip
    assert found.verified.total == Money.of("76500")
    second = make.appointment(of="East")
    with make.acting(second) as actor:
        acts.confirm_payment(
            settlement=settlement.uid, act=act("creditor_confirmation", on=date(2025, 10, 10)), actor=actor
        )
    assert estimated(office, uid).verified == estimated(office, uid).stated == found.stated


def test_a_payment_that_was_denied_was_never_made(office: Appointment) -> None:
    uid = entered(office, as_of=date(2025, 8, 31))
    settlement = pay(office, "400000", on=date(2025, 9, 9)).settlement
    with make.acting(office) as actor:
        acts.deny_payment(settlement=settlement.uid, act=act("creditor_statement", on=date(2025, 11, 1)), actor=actor)
    assert estimated(office, uid).stated.total == Money.of("76500")


def test_what_the_claim_was_entered_with_as_paid_bears_nothing_until_it_is_denied(office: Appointment) -> None:
    uid = entered(office, cleared=400_000, undisputed=1_000_000)
    found = estimated(office, uid)
    assert found.stated.total == Money.of("45900")
    assert "400000.00 yuan were stated as paid" in str(found.remarks[0])
    with make.acting(office) as actor:
        paid = Transfer.objects.get(destination="reported").settlement
        assert paid is not None
        acts.deny_payment(settlement=paid.uid, act=act("creditor_statement", on=making.days_ago(1)), actor=actor)
    assert estimated(office, uid).stated.total == Money.of("76500")


def test_an_agreed_rate_is_held_against_the_prime_rate_of_the_day_of_the_contract(office: Appointment) -> None:
    found = estimated(office, entered(office, agreed_rate="2.5%", year_days=360))
    assert found.stated.total == Money.of("13175.00")  # 1,000,000 × 3.10 % ÷ 360 × 153
    assert "3.1 % on the day of the contract" in str(found.remarks[0])


def test_a_rate_that_is_not_loaded_yet_is_asked_for_and_then_used(office: Appointment) -> None:
    uid = entered(office, agreed_rate="6%", signed_on=date(2025, 6, 25))
    assert "Load the rates published from 2025-06-20" in str(asked(office, uid))
    with make.operator() as actor:
        rates = [LoanPrimeRate(date(2025, 6, 20), Decimal("0.03"))]
        load_prime_rates(rates, today=making.today(), actor=actor)
    found = estimated(office, uid)
    assert found.stated.total == Money.of("25150.68")  # 1,000,000 × 6 % ÷ 365 × 153
    assert "365 are taken" in str(found.remarks[0])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"debtor_kind": None}, "主体类别"),
        ({"delivered_on": None, "due_on": None, "undisputed": 1_000_000}, "No delivery is recorded"),
        ({"signed_on": date(2019, 1, 1), "delivered_on": date(2019, 2, 1)}, "agrees no rate of interest"),
        ({"agreed_rate": "6%", "signed_on": None}, "that day is not recorded"),
        ({"size_at_contract": "大型"}, "large enterprise"),
    ],
)
def test_what_keeps_it_from_being_estimated_is_said(office: Appointment, said: dict[str, Any], sentence: str) -> None:
    found = asked(office, entered(office, **said))
    assert isinstance(found, Sentence)
    assert sentence in str(found)


def test_without_a_lawful_day_delay_is_counted_from_the_stated_one_and_that_is_said(office: Appointment) -> None:
    found = estimated(office, entered(office, delivered_on=None, signed_on=date(2025, 6, 6)))
    assert found.due_on == DUE
    assert "from the stated due day" in str(found.remarks[0])


def test_a_disputed_part_is_named(office: Appointment) -> None:
    found = estimated(office, entered(office, undisputed=900_000, disputed=100_000))
    assert found.stated.total == Money.of("76500")
    assert "100000.00 yuan are disputed" in str(found.remarks[0])


def test_office_and_finance_see_the_estimate_and_nobody_else(office: Appointment) -> None:
    uid = entered(office)
    assert estimated(make.appointment(Role.FINANCE, of="East"), uid).stated.total == Money.of("76500")
    for role in (Role.LEADER, Role.AUDITOR, Role.DEBTOR):
        with pytest.raises(PermissionDenied):
            asked(make.appointment(role, of="East"), uid)


@pytest.mark.parametrize(("role", "sees"), [(Role.OFFICE, True), (Role.FINANCE, True), (Role.LEADER, False)])
def test_the_page_of_a_claim_shows_the_lawful_day_to_all_and_the_estimate_to_office_and_finance(
    office: Appointment, role: Role, sees: bool
) -> None:
    uid = entered(office, due_on=date(2025, 10, 10))
    client = Client(headers={"Accept-Language": "en"})
    client.cookies[settings.SESSION_COOKIE] = make.session(make.appointment(role, of="East"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(f"/arrears/claims/{uid}/?as_of={YEAR_END}").content.decode()
    assert "Due by law" in page
    assert "2025-07-31" in page
    assert "Order 802 of 2025, article 9, paragraph 1" in page
    assert ("76,500.00" in page) is sees
    assert ("never booked" in page) is sees
