import re
from concurrent.futures import Future

import pytest
from django.db import DatabaseError, connection
from tests import make

from duban.arrears.commands import claim as acts
from duban.arrears.commands.claim.acting import PaperMissing, SamePerson
from duban.arrears.commands.moving import SignedOnly, move
from duban.arrears.models import Settlement, SettlementEvent, Transfer
from duban.arrears.queries.settlements import Against, stated_against
from duban.arrears.rules.accounts import Account, NotEnough
from duban.arrears.rules.settling import (
    NEXT,
    TAKEN_BACK,
    VOID,
    Method,
    NotAPayment,
    NotHonouredYet,
    StepNotNext,
    VoucherShared,
    VoucherSpent,
)
from duban.arrears.tests import making
from duban.arrears.tests.acting import confirmed, do, report, say
from duban.arrears.tests.making import balances, days_ago, enter, office, today
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.money import Money


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


def test_a_voucher_on_claims_of_two_counties_is_added_up_though_neither_sees_the_other(clerk: Appointment) -> None:
    west = office("West")
    enter(west, {"ledger_no": "9", "amount": 100})
    report(west, "40", number="9", voucher="V1", total="60")
    with pytest.raises(VoucherSpent, match=r"40\.00 is stated against it already"):
        report(clerk, "30", voucher="V1")
    report(clerk, "20", voucher="V1")
    with make.acting(clerk):
        assert Settlement.objects.count() == 1


def test_what_is_stated_on_a_voucher_is_told_to_nobody_who_may_not_act_on_a_claim_of_its_debtor(
    clerk: Appointment,
) -> None:
    report(clerk, "40", voucher="V1")
    debtor = making.claim(clerk, "1").debtor_id
    for stranger in (office("West"), make.appointment(Role.AUDITOR, of="East")):
        with make.acting(stranger):
            assert stated_against("V1", debtor_id=debtor) == Against(None, None)
    with make.acting(clerk):
        assert stated_against("V1", debtor_id=debtor) == Against(Money.of(40), None)


def test_the_database_knows_the_same_void_steps_as_the_rules(database: str) -> None:
    with make.acting(office()), connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'stated_on_voucher'")
        (source,) = cursor.fetchone()
    assert set(re.findall(r"'(\w+)'", source)) == {step.value for step in VOID}


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


def test_the_database_knows_the_same_steps_as_the_rules(database: str) -> None:
    with make.acting(office()), connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'after_events'")
        (source,) = cursor.fetchone()
    written = set(re.findall(r"\('(\w+)', '(\w+)'\)", source))
    follows = {(now.value, wanted.value) for now, wanting in NEXT.items() for wanted in wanting}
    assert written == follows | {(now.value, back.value) for now, back in TAKEN_BACK.items()}


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
