import re
from collections.abc import Callable
from concurrent.futures import Future
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests import make

from duban.arrears.commands import claim as acts
from duban.arrears.commands.claim.acting import PaperMissing, SamePerson
from duban.arrears.commands.claim.correcting import ChosenByAnAct, NoSuchFact, NothingCorrected
from duban.arrears.commands.claim.disputing import CaseMissing, ExpiredAlready
from duban.arrears.commands.moving import SignedOnly, move
from duban.arrears.models import ActDetail, ClaimFact, ClaimNow, Evidence, Settlement, SettlementEvent, Transfer
from duban.arrears.rules.accounts import Account, NotEnough
from duban.arrears.rules.acts import Cause, Ground, NotByHand
from duban.arrears.rules.facts import FACTS, FactImpossible
from duban.arrears.rules.law import Edition
from duban.arrears.rules.settling import (
    NEXT,
    Method,
    NotAPayment,
    NotHonouredYet,
    StepNotNext,
    VoucherShared,
    VoucherSpent,
)
from duban.arrears.tests import making
from duban.arrears.tests.making import balances, days_ago, enter, office, today
from duban.arrears.views.acts import ACTS
from duban.audit import commands as audit
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.money import Money

BOTH_SIDES = ("debtor_statement", "creditor_statement")


def papers(*roles: str) -> list[acts.Paper]:
    return [acts.Paper(role, f"{role}.pdf", [role.encode()]) for role in roles]


def act(*roles: str, **given: Any) -> acts.Act:  # noqa: ANN401 - of the act
    asked = {"effective_on": days_ago(3), "today": today(), "reason": "材料齐全", **given}
    return acts.Act(papers=papers(*roles), **asked)


@pytest.fixture
def clerk(database: str) -> Appointment:
    """A clerk of the office who entered two claims of one debtor: 100 and 50 yuan, undisputed."""
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 100}, {"ledger_no": "2", "amount": 50, "project": "桥"})
    return clerk


@pytest.fixture
def second(clerk: Appointment) -> Appointment:
    """Another person of the same office."""
    return make.appointment(of="East")


def claim_id(clerk: Appointment, number: str) -> int:
    return making.claim(clerk, number).claim.pk


def report(
    clerk: Appointment, amount: str = "40", *roles: str, number: str = "1", method: Method = Method.CASH,
    voucher: str = "", total: str = "0", payee: str = "",
) -> acts.Reported:  # fmt: skip
    where = claim_id(clerk, number)
    with make.acting(clerk) as actor:
        return acts.report_payment(
            claim_id=where, method=method, amount=Money.of(amount), act=act(*roles), actor=actor,
            voucher=acts.Voucher(voucher, Money.of(total), payee),
        )  # fmt: skip


def say(who: Appointment, what: Callable[..., Settlement], payment: UUID, *roles: str) -> Settlement:
    with make.acting(who) as actor:
        return what(settlement=payment, act=act(*roles), actor=actor)


def confirmed(clerk: Appointment, second: Appointment, method: Method) -> UUID:
    payment = report(clerk, "40", "voucher", method=method).settlement.uid
    say(second, acts.confirm_payment, payment, "creditor_confirmation")
    return payment


def do(who: Appointment, what: Callable[..., Any], number: str = "1", /, **given: Any) -> None:  # noqa: ANN401 - of the act
    where = claim_id(who, number)
    with make.acting(who) as actor:
        what(claim_id=where, actor=actor, **given)


# -- Payments ---------------------------------------------------------------------------------------------------------


def test_a_payment_is_stated_shown_and_confirmed_before_it_counts_by_the_strict_rule(
    clerk: Appointment, second: Appointment
) -> None:
    payment = report(clerk).settlement.uid
    assert balances(clerk, "1") == {"undisputed": "60.00", "reported": "40.00"}
    with pytest.raises(StepNotNext, match="A voucher comes before"):
        say(second, acts.confirm_payment, payment, "creditor_confirmation")
    say(clerk, acts.show_voucher, payment, "voucher")
    say(second, acts.confirm_payment, payment, "creditor_confirmation")
    assert balances(clerk, "1") == {"undisputed": "60.00", "cash": "40.00"}
    with make.acting(clerk):
        steps = SettlementEvent.objects.order_by("n").values_list("n", "step")
        assert list(steps) == [(1, "stated"), (2, "evidenced"), (3, "confirmed")]
        assert Transfer.objects.filter(settlement__uid=payment).count() == 2
        assert verify().ok


@pytest.mark.parametrize(
    ("method", "account"), [(Method.BANK_BILL, "instrument"), (Method.OFFSET, "offset"), (Method.BOND, "cash")]
)
def test_a_confirmed_payment_stands_where_its_method_leads(
    clerk: Appointment, second: Appointment, method: Method, account: str
) -> None:
    confirmed(clerk, second, method)
    assert balances(clerk, "1") == {"undisputed": "60.00", account: "40.00"}


def test_who_stated_a_payment_does_not_confirm_it_and_a_debtor_never_does(clerk: Appointment) -> None:
    payment = report(clerk, "40", "voucher").settlement.uid
    with pytest.raises(SamePerson, match="another person decides"):
        say(clerk, acts.confirm_payment, payment, "creditor_confirmation")
    with pytest.raises(PermissionDenied):
        say(make.appointment(Role.DEBTOR, of="East"), acts.confirm_payment, payment, "creditor_confirmation")


def test_a_confirmation_needs_what_the_creditor_signed(clerk: Appointment, second: Appointment) -> None:
    payment = report(clerk, "40", "voucher", method=Method.OFFSET).settlement.uid
    with pytest.raises(PaperMissing, match="what the creditor signed"):
        say(second, acts.confirm_payment, payment)
    with pytest.raises(SignedOnly):
        do(second, move, source=Account.REPORTED, destination=Account.OFFSET, amount=Money.of(1),
           effective_on=today(), today=today(), reason="")  # fmt: skip


def test_a_denied_payment_is_owed_again_and_is_not_confirmed_afterwards(
    clerk: Appointment, second: Appointment
) -> None:
    payment = report(clerk, "40", "voucher").settlement.uid
    say(clerk, acts.deny_payment, payment)
    assert balances(clerk, "1") == {"undisputed": "100.00"}
    with pytest.raises(StepNotNext, match="Denied by the creditor"):
        say(second, acts.confirm_payment, payment, "creditor_confirmation")


def test_a_bill_that_was_not_paid_is_owed_again_and_money_is_not_dishonoured(
    clerk: Appointment, second: Appointment
) -> None:
    bill = confirmed(clerk, second, Method.COMMERCIAL_BILL)
    say(clerk, acts.dishonour_payment, bill)
    assert balances(clerk, "1") == {"undisputed": "100.00"}
    money = confirmed(clerk, second, Method.CASH)
    with pytest.raises(NotHonouredYet, match="Bank transfer"):
        say(clerk, acts.dishonour_payment, money)


def test_an_assignment_is_no_payment_and_more_than_is_owed_is_refused(clerk: Appointment) -> None:
    with pytest.raises(NotAPayment, match="counts as none"):
        report(clerk, method=Method.ASSIGNMENT)
    with pytest.raises(NotEnough, match=r"holds 100\.00"):
        report(clerk, "100.01")


def test_a_voucher_on_two_claims_is_pointed_at_and_refused_only_beyond_its_total(clerk: Appointment) -> None:
    report(clerk, "40", voucher="V1")
    with pytest.raises(VoucherShared, match="Give the total"):
        report(clerk, "30", number="2", voucher="V1")
    with pytest.raises(VoucherSpent, match=r"State 20\.00 or less"):
        report(clerk, "30", number="2", voucher="V1", total="60")
    shared = report(clerk, "20", number="2", voucher="V1", total="60")
    assert "V1 stands on other payments" in str(shared.warnings[0])


def test_what_was_denied_leaves_room_on_its_voucher(clerk: Appointment) -> None:
    denied = report(clerk, "40", voucher="V1", total="60").settlement.uid
    say(clerk, acts.deny_payment, denied)
    assert report(clerk, "50", number="2", voucher="V1", total="60").warnings == []


def test_another_payee_than_the_creditor_is_pointed_at(clerk: Appointment) -> None:
    [warning] = report(clerk, payee="丙公司").warnings
    assert "丙公司 is not the creditor 乙公司" in str(warning)


def test_two_clerks_who_spend_one_voucher_at_once_do_not_spend_it_twice(
    clerk: Appointment, second: Appointment
) -> None:
    def spend(who: Appointment, number: str) -> bool:
        try:
            report(who, "40", number=number, voucher="V1", total="60")
        except VoucherSpent:
            return False
        return True

    with make.threads(2) as start:
        both: list[Future[bool]] = [start(lambda: spend(clerk, "1")), start(lambda: spend(second, "2"))]
        assert sorted(done.result() for done in both) == [False, True]


def test_the_database_refuses_an_event_that_does_not_follow_and_a_change_of_a_payment(clerk: Appointment) -> None:
    paid = report(clerk).settlement
    with pytest.raises(DatabaseError, match="does not follow"):
        make.as_owner(
            "INSERT INTO arrears_settlementevent (settlement_id, scope_id, n, step, posting_id)"
            " SELECT id, scope_id, 2, 'confirmed', posting_id FROM arrears_settlement"
        )
    with pytest.raises(DatabaseError, match="only ever added"):
        make.as_owner("UPDATE arrears_settlement SET amount = 1 WHERE id = %s", paid.pk)


# -- Disputes and courts ----------------------------------------------------------------------------------------------


def test_the_database_knows_the_same_steps_as_the_rules(database: str) -> None:
    with make.acting(office()), connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'after_events'")
        (source,) = cursor.fetchone()
    written = set(re.findall(r"\('(\w+)', '(\w+)'\)", source))
    assert written == {(now.value, wanted.value) for now, wanting in NEXT.items() for wanted in wanting}


def test_what_a_ledger_states_as_paid_is_a_payment_that_can_be_proved(clerk: Appointment, second: Appointment) -> None:
    paid = {"ledger_no": "1", "amount": 100, "cleared": 30, "method": "银行承兑汇票"}
    statement = enter(clerk, paid, {"ledger_no": "2", "amount": 50, "cleared": 5, "project": "桥"}, as_of=days_ago(5))
    with make.acting(clerk):
        payments = Settlement.objects.order_by("claim__now__ledger_no")
        assert [(payment.method, str(payment.amount), payment.statement_id) for payment in payments] == [
            ("bank_bill", "30.00", statement.pk),
            ("unknown", "5.00", statement.pk),
        ]
        bill, unknown = (payment.uid for payment in payments)
        assert set(Transfer.objects.filter(destination="reported").values_list("settlement__uid", flat=True)) == {
            bill,
            unknown,
        }
    say(clerk, acts.show_voucher, bill, "voucher")
    say(second, acts.confirm_payment, bill, "creditor_confirmation")
    assert balances(clerk, "1") == {"undisputed": "70.00", "instrument": "30.00"}
    say(clerk, acts.show_voucher, unknown, "voucher")
    with pytest.raises(NotAPayment, match="its method is not known"):
        say(second, acts.confirm_payment, unknown, "creditor_confirmation")
    with make.acting(clerk):
        assert verify().ok


def test_a_part_is_disputed_with_both_sides_statements_and_comes_back(clerk: Appointment) -> None:
    given = {"amount": Money.of(30), "cause": Cause.QUALITY, "expires_on": days_ago(-30)}
    for one in BOTH_SIDES:
        with pytest.raises(PaperMissing):
            do(clerk, acts.dispute, act=act(one), **given)
    with pytest.raises(ExpiredAlready, match="a day to come"):
        do(clerk, acts.dispute, act=act(*BOTH_SIDES), **{**given, "expires_on": today()})
    do(clerk, acts.dispute, act=act(*BOTH_SIDES), **given)
    assert balances(clerk, "1") == {"undisputed": "70.00", "disputed": "30.00"}
    with make.acting(clerk):
        assert set(Evidence.objects.values_list("role", flat=True)) == set(BOTH_SIDES)
        assert ActDetail.objects.get().cause == "quality"
    do(clerk, acts.withdraw_dispute, act=act(), amount=Money.of(30))
    assert balances(clerk, "1") == {"undisputed": "100.00"}


def test_a_part_goes_to_court_comes_back_and_is_enforced(clerk: Appointment) -> None:
    given = {"source": Account.UNDISPUTED, "amount": Money.of(60), "case_number": "(2026)初1号"}
    with pytest.raises(CaseMissing):
        do(clerk, acts.go_to_court, act=act("court_paper"), **{**given, "case_number": ""})
    do(clerk, acts.go_to_court, act=act("court_paper"), **given)
    do(clerk, acts.come_back_from_court, act=act("court_paper"), destination=Account.DISPUTED, amount=Money.of(10))
    do(clerk, acts.enforce, act=act("court_paper"), amount=Money.of(20))
    assert balances(clerk, "1") == {"undisputed": "40.00", "disputed": "10.00", "judicial": "30.00", "court": "20.00"}
    with pytest.raises(PaperMissing, match="the court's or arbitrator's paper"):
        do(clerk, acts.enforce, act=act(), amount=Money.of(20))


# -- Reductions and corrections ---------------------------------------------------------------------------------------


def test_a_second_person_reduces_a_claim_on_a_ground_with_its_paper(clerk: Appointment, second: Appointment) -> None:
    given = {"source": Account.UNDISPUTED, "amount": Money.of(5), "ground": Ground.DISCOUNT}
    with pytest.raises(SamePerson):
        do(clerk, acts.reduce, act=act("agreement"), **given)
    with pytest.raises(PaperMissing, match="agreement signed by both sides"):
        do(second, acts.reduce, act=act("proof"), **given)
    with pytest.raises(NotByHand, match="Choose listed in error"):
        do(second, acts.reduce, act=act("agreement"), **{**given, "ground": Ground.MOVED})
    do(second, acts.reduce, act=act("agreement"), **given)
    assert balances(clerk, "1") == {"undisputed": "95.00", "reduced": "5.00"}
    with make.acting(clerk):
        assert Transfer.objects.get(destination="reduced").ground == "discount"


def test_the_database_refuses_a_reduction_that_does_not_say_why(second: Appointment) -> None:
    with pytest.raises(DatabaseError, match="a_reduction_has_its_ground"):
        do(second, move, source=Account.UNDISPUTED, destination=Account.REDUCED, amount=Money.of(1),
           effective_on=today(), today=today(), reason="")  # fmt: skip


def test_a_corrected_fact_is_the_next_version_and_leaves_the_earlier_one(clerk: Appointment) -> None:
    do(clerk, acts.correct_facts, facts={"project": "路", "due_on": days_ago(90)}, act=act())
    assert making.claim(clerk, "1").project == "路"
    with make.acting(clerk):
        versions = ClaimFact.objects.filter(claim=making.claim(clerk, "1").claim).order_by("n")
        assert [(fact.n, fact.project, fact.creditor_name) for fact in versions] == [
            (1, "", "乙公司"), (2, "路", "乙公司"),
        ]  # fmt: skip


def test_a_correction_of_nothing_or_without_a_reason_or_of_an_amount_is_refused(clerk: Appointment) -> None:
    with pytest.raises(NothingCorrected):
        do(clerk, acts.correct_facts, facts={"project": ""}, act=act())
    with pytest.raises(NothingCorrected):
        do(clerk, acts.correct_facts, facts={"project": "路"}, act=act(reason=""))
    with pytest.raises(NoSuchFact, match="An amount is moved"):
        do(clerk, acts.correct_facts, facts={"undisputed": 5}, act=act())


def test_whoever_may_not_act_on_the_claim_is_turned_away(clerk: Appointment) -> None:
    number = claim_id(clerk, "1")
    for stranger in (make.appointment(Role.AUDITOR, of="East"), make.appointment(Role.ENTERPRISE, of="East")):
        with make.acting(stranger) as actor, pytest.raises((PermissionDenied, ClaimNow.DoesNotExist)):
            acts.withdraw_dispute(claim_id=number, amount=Money.of(1), act=act(), actor=actor)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"year_days": 364}, "364 cannot have been agreed. Write 360 or 365"),
        ({"agreed_rate": Decimal("1.5")}, r"150\.0 % cannot have been agreed"),
        ({"agreed_term_days": -1}, "-1 cannot have been agreed"),
    ],
)
def test_a_fact_is_not_corrected_to_what_it_cannot_be(
    clerk: Appointment, facts: dict[str, object], sentence: str
) -> None:
    with pytest.raises(FactImpossible, match=sentence):
        do(clerk, acts.correct_facts, facts=facts, act=act())


@pytest.mark.parametrize(
    ("wrong", "because"),
    [
        ({"law_edition": "2025"}, "an_edition_is_chosen_with_a_reason"),
        ({"law_reason": "因为"}, "an_edition_is_chosen_with_a_reason"),
        ({"law_edition": "1999", "law_reason": "因为"}, "an_edition_is_chosen_with_a_reason"),
        ({"year_days": 364}, "a_year_of_a_rate_is_a_known_one"),
        ({"agreed_rate": Decimal("1.5")}, "an_agreed_rate_is_a_ratio_for_a_year"),
    ],
)
def test_the_database_keeps_no_fact_that_cannot_be(clerk: Appointment, wrong: dict[str, Any], because: str) -> None:
    now = making.claim(clerk, "1")
    with make.acting(clerk) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.test", scope_id=now.scope_id)
        said = {name: getattr(now, name) for name in FACTS} | wrong
        with pytest.raises(DatabaseError, match=because), transaction.atomic():
            ClaimFact.objects.create(
                claim_id=now.pk, scope_id=now.scope_id, posting=posting, recorded_at=posting.recorded_at, n=2, **said
            )


def test_an_edition_needs_a_reason_and_whoever_decides(clerk: Appointment) -> None:
    with pytest.raises(NothingCorrected):
        do(clerk, acts.choose_edition, edition=Edition.ORDER_802, act=act(reason=" "))
    with pytest.raises(ChosenByAnAct, match="second person"):
        do(clerk, acts.correct_facts, facts={"law_edition": "2025"}, act=act())
    number = claim_id(clerk, "1")
    with make.acting(make.appointment(Role.DEBTOR, of="East")) as actor, pytest.raises(PermissionDenied):
        acts.choose_edition(claim_id=number, edition=Edition.ORDER_802, act=act(), actor=actor)


# -- The pages --------------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(clerk: Appointment) -> Client:
    """The browser of the clerk, in English."""
    client = Client(headers={"Accept-Language": "en"})
    client.cookies[settings.SESSION_COOKIE] = make.session(clerk)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def address(clerk: Appointment, name: str = "") -> str:
    uid = making.claim(clerk, "1").claim.uid
    return f"/arrears/claims/{uid}/{name}/" if name else f"/arrears/claims/{uid}/"


def test_a_payment_is_reported_on_its_form_and_offered_for_the_next_acts(clerk: Appointment, browser: Client) -> None:
    voucher = SimpleUploadedFile("凭证.pdf", b"voucher")
    typed = {
        "amount": "0.004万元",
        "method": "cash",
        "payee_name": "丙公司",
        "effective_on": today(),
        "reason": "凭证12",
    }
    answer = browser.post(address(clerk, "payment"), {**typed, "paper_voucher": voucher}, follow=True)
    assert balances(clerk, "1") == {"undisputed": "60.00", "reported": "40.00"}
    page = answer.content.decode()
    assert "丙公司 is not the creditor" in page
    assert "Voucher shown" in page
    assert address(clerk, "confirm") in page
    assert address(clerk, "dishonour") not in page


def test_a_refusal_comes_back_on_the_form_as_its_sentence(clerk: Appointment, browser: Client) -> None:
    typed = {"amount": "20", "cause": "quality", "expires_on": days_ago(-9), "effective_on": today(), "reason": "质量"}
    answer = browser.post(address(clerk, "dispute"), typed)
    assert answer.status_code == 422
    assert "what the debtor says; what the creditor says" in answer.content.decode()
    assert browser.get(address(clerk, "nothing-of-the-kind")).status_code == 404


@pytest.mark.parametrize("name", ACTS)
def test_every_act_has_a_form(clerk: Appointment, browser: Client, name: str) -> None:
    assert browser.get(address(clerk, name)).status_code == 200


def test_whoever_only_reads_is_offered_no_act(clerk: Appointment, browser: Client) -> None:
    assert address(clerk, "dispute") in browser.get(address(clerk)).content.decode()
    browser.cookies[settings.SESSION_COOKIE] = make.session(make.appointment(Role.AUDITOR, of="East"))
    assert address(clerk, "dispute") not in browser.get(address(clerk)).content.decode()


def test_an_act_is_offered_only_where_there_is_something_to_act_on(clerk: Appointment, browser: Client) -> None:
    assert address(clerk, "withdraw-dispute") not in browser.get(address(clerk)).content.decode()
    given = {"amount": Money.of(30), "cause": Cause.QUALITY, "expires_on": days_ago(-30)}
    do(clerk, acts.dispute, act=act(*BOTH_SIDES), **given)
    assert address(clerk, "withdraw-dispute") in browser.get(address(clerk)).content.decode()
    another_day = f"{address(clerk)}?as_of={days_ago(2).isoformat()}"
    assert address(clerk, "withdraw-dispute") not in browser.get(another_day).content.decode()


def test_an_edition_is_chosen_with_a_reason_shown_and_taken_back(clerk: Appointment, browser: Client) -> None:
    typed = {"edition": "2025", "reason": "法律顾问意见"}
    do(clerk, acts.correct_facts, facts={"debtor_kind": "agency", "delivered_on": date(2024, 1, 2)}, act=act())
    page = browser.post(address(clerk, "edition"), typed, follow=True).content.decode()
    assert "Order 802 of 2025 applies by choice" in page
    assert "法律顾问意见" in page
    assert (making.claim(clerk, "1").law_edition, making.claim(clerk, "1").law_reason) == ("2025", "法律顾问意见")
    again = browser.post(address(clerk, "edition"), typed)
    assert "says this already" in again.content.decode()
    do(clerk, acts.choose_edition, edition=None, act=act())
    assert (making.claim(clerk, "1").law_edition, making.claim(clerk, "1").law_reason) == ("", "")
    with make.operator():
        assert verify().ok
