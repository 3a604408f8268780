"""Taking a whole posting back."""

from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from tests import make

from duban.arrears import commands
from duban.arrears.commands import claim as acts
from duban.arrears.commands.statement.steps import MonthIsClosed
from duban.arrears.models import ClaimLink, ClosedMonth, SettlementEvent, Transfer
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.reversing import (
    FromAWorkbook,
    IsAReversal,
    MovedOn,
    NothingMoved,
    OfPayments,
    PartTakenBack,
    PaymentWentOn,
    TakenBackAsAWhole,
)
from duban.arrears.rules.settling import Method, StepNotNext
from duban.arrears.tests import making
from duban.arrears.tests.acting import act, address, claim_id, confirmed, do, report, say
from duban.arrears.tests.making import balances, days_ago, today
from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.money import Money


def last_posting(who: Appointment) -> UUID:
    with make.acting(who):
        return Posting.objects.latest("pk").uid


def take_back(who: Appointment, posting: UUID | None = None, **given: Any) -> None:  # noqa: ANN401 - of the act
    posting = posting or last_posting(who)
    with make.acting(who) as actor:
        acts.reverse_posting(posting=posting, act=act(reason="录错", **given), actor=actor)


def move(who: Appointment, source: Account, destination: Account, amount: str) -> Transfer:
    where = claim_id(who, "1")
    with make.acting(who) as actor:
        return commands.move(
            claim_id=where, source=source, destination=destination, amount=Money.of(amount), reason="",
            effective_on=days_ago(3), today=today(), actor=actor,
        )  # fmt: skip


def steps(who: Appointment) -> list[str]:
    with make.acting(who):
        return list(SettlementEvent.objects.order_by("n").values_list("step", flat=True))


def books_are_sound() -> bool:
    with make.operator():
        return verify().ok


# -- Payments ---------------------------------------------------------------------------------------------------------


def test_a_payment_that_was_stated_in_error_is_withdrawn_with_its_transfer(clerk: Appointment) -> None:
    report(clerk, "40", "voucher", voucher="V1", total="40")
    take_back(clerk)
    assert balances(clerk, "1") == {"undisputed": "100.00"}
    assert steps(clerk) == ["stated", "evidenced", "withdrawn"]
    assert report(clerk, "40", voucher="V1", total="40").warnings == []
    assert books_are_sound()


def test_a_confirmation_that_is_taken_back_waits_for_its_voucher_again(clerk: Appointment, second: Appointment) -> None:
    payment = confirmed(clerk, second, Method.CASH)
    take_back(second)
    assert balances(clerk, "1") == {"undisputed": "60.00", "reported": "40.00"}
    assert books_are_sound()
    with pytest.raises(StepNotNext, match="waits for its voucher"):
        say(second, acts.confirm_payment, payment, "creditor_confirmation")
    say(clerk, acts.show_voucher, payment, "voucher")
    say(second, acts.confirm_payment, payment, "creditor_confirmation")
    assert balances(clerk, "1") == {"undisputed": "60.00", "cash": "40.00"}
    assert books_are_sound()


def test_a_denial_and_a_dishonour_are_taken_back_to_where_the_payment_was(
    clerk: Appointment, second: Appointment
) -> None:
    say(clerk, acts.deny_payment, report(clerk).settlement.uid)
    take_back(clerk)
    assert balances(clerk, "1") == {"undisputed": "60.00", "reported": "40.00"}
    say(clerk, acts.dishonour_payment, confirmed(clerk, second, Method.BANK_BILL))
    take_back(clerk)
    assert balances(clerk, "1") == {"undisputed": "20.00", "reported": "40.00", "instrument": "40.00"}
    assert books_are_sound()


def test_a_payment_that_went_on_is_not_taken_back_from_its_beginning(clerk: Appointment, second: Appointment) -> None:
    report(clerk, "30")
    stated = report(clerk, "40", "voucher").settlement
    posting = last_posting(clerk)
    say(second, acts.confirm_payment, stated.uid, "creditor_confirmation")
    with pytest.raises(PaymentWentOn, match="Confirmed by the creditor"):
        take_back(clerk, posting)


def test_a_transfer_of_a_payment_is_not_reversed_alone_and_its_money_not_moved_by_hand(clerk: Appointment) -> None:
    report(clerk)
    with make.acting(clerk) as actor:
        of_payment = Transfer.objects.get(destination="reported")
        with pytest.raises(TakenBackAsAWhole, match="both sides still agree"):
            commands.reverse(
                transfer_id=of_payment.pk, amount=Money.of(40), effective_on=today(), today=today(), reason="",
                actor=actor,
            )  # fmt: skip
    with pytest.raises(OfPayments, match=r"0\.00 of it belongs to no stated payment"):
        move(clerk, Account.REPORTED, Account.CASH, "40")
    move(clerk, Account.UNDISPUTED, Account.REPORTED, "10")
    move(clerk, Account.REPORTED, Account.CASH, "10")
    assert balances(clerk, "1") == {"undisputed": "50.00", "reported": "40.00", "cash": "10.00"}


def test_the_database_lets_a_payment_come_back_only_by_a_reversal(clerk: Appointment) -> None:
    report(clerk)
    with pytest.raises(DatabaseError, match="does not follow"):
        make.as_owner(
            "INSERT INTO arrears_settlementevent (settlement_id, scope_id, n, step, posting_id)"
            " SELECT id, scope_id, 2, 'withdrawn', posting_id FROM arrears_settlement"
        )


# -- Other acts -------------------------------------------------------------------------------------------------------


def test_a_claim_that_was_reassigned_comes_back_and_the_link_has_an_opposite_one(
    clerk: Appointment, second: Appointment
) -> None:
    do(second, acts.merge, into=claim_id(second, "2"), act=act("reconciliation"))
    take_back(second)
    assert balances(clerk, "1") == {"undisputed": "100.00"}
    assert balances(clerk, "2") == {"undisputed": "50.00"}
    with make.acting(clerk):
        first, back = ClaimLink.objects.order_by("pk")
        assert (first.from_claim_id, first.to_claim_id) == (back.to_claim_id, back.from_claim_id)
    assert books_are_sound()


def test_what_a_duplicate_took_out_comes_back(clerk: Appointment, second: Appointment) -> None:
    do(second, acts.mark_duplicate, of=claim_id(second, "2"), act=act("comparison"))
    take_back(second)
    assert balances(clerk, "1") == {"undisputed": "100.00"}
    assert books_are_sound()


def test_facts_that_the_posting_changed_are_said_as_before_unless_corrected_since(
    clerk: Appointment, second: Appointment
) -> None:
    making.enter(clerk, {"ledger_no": "3", "amount": 8, "unsettled": 8, "undisputed": 0}, as_of=days_ago(9),
                 mode="changes")  # fmt: skip
    before = making.claim(clerk, "3").due_on
    do(clerk, acts.settle, "3", confirmed=Money.of(8), due_on=days_ago(-20), act=act("settlement"))
    take_back(clerk)
    assert making.claim(clerk, "3").due_on == before
    do(clerk, acts.settle, "3", confirmed=Money.of(8), due_on=days_ago(-20), act=act("settlement"))
    posting = last_posting(clerk)
    do(clerk, acts.correct_facts, "3", facts={"due_on": days_ago(-40)}, act=act())
    take_back(clerk, posting)
    assert making.claim(clerk, "3").due_on == days_ago(-40)
    assert balances(clerk, "3") == {"unsettled": "8.00"}


def test_what_moved_on_since_is_taken_back_from_the_end(clerk: Appointment, second: Appointment) -> None:
    do(second, acts.merge, into=claim_id(second, "2"), act=act("reconciliation"))
    merged = last_posting(second)
    report(clerk, "120", number="2")
    with pytest.raises(MovedOn, match=r"100\.00 would leave Undisputed on claim 2, which holds 30\.00"):
        take_back(second, merged)
    take_back(clerk)
    take_back(second, merged)
    assert balances(clerk, "2") == {"undisputed": "50.00"}


# -- What is refused --------------------------------------------------------------------------------------------------


def test_a_posting_is_taken_back_once_and_a_reversal_and_a_workbook_never(clerk: Appointment) -> None:
    opening = last_posting(clerk)
    report(clerk)
    stated = last_posting(clerk)
    take_back(clerk, stated)
    back = last_posting(clerk)
    for posting, refusal in ((stated, PartTakenBack), (back, IsAReversal), (opening, FromAWorkbook)):
        with pytest.raises(refusal):
            take_back(clerk, posting)
    do(clerk, acts.correct_facts, facts={"project": "路"}, act=act())
    with pytest.raises(NothingMoved):
        take_back(clerk)


def test_a_posting_of_which_a_part_was_reversed_is_not_taken_back(clerk: Appointment) -> None:
    moved = move(clerk, Account.UNDISPUTED, Account.REPORTED, "10")
    posting = last_posting(clerk)
    with make.acting(clerk) as actor:
        commands.reverse(
            transfer_id=moved.pk, amount=Money.of(4), effective_on=today(), today=today(), reason="", actor=actor
        )
    with pytest.raises(PartTakenBack, match=r"4\.00 of that entry"):
        take_back(clerk, posting)


def test_a_closed_month_stays_closed(clerk: Appointment) -> None:
    report(clerk)
    with make.acting(clerk) as actor:
        scope = making.claim(clerk, "1").scope_id
        closing = audit.open_posting(actor=actor, kind="arrears.closed", scope_id=scope)
        ClosedMonth.objects.create(scope_id=scope, month=days_ago(3).replace(day=1), posting=closing)
    with make.acting(clerk):
        posting = Transfer.objects.get(destination="reported").posting.uid
    with pytest.raises(MonthIsClosed):
        take_back(clerk, posting)


def test_ones_own_entry_is_taken_back_by_whoever_may_act_and_anothers_by_who_may_decide(clerk: Appointment) -> None:
    debtor = make.appointment(Role.DEBTOR, of="East")
    report(clerk)
    with pytest.raises(PermissionDenied):
        take_back(debtor)
    report(debtor)
    take_back(debtor)
    report(debtor)
    take_back(clerk)
    with pytest.raises((PermissionDenied, Posting.DoesNotExist)):
        take_back(make.appointment(Role.AUDITOR, of="East"))


# -- The page ---------------------------------------------------------------------------------------------------------


def test_an_entry_is_taken_back_on_its_form(clerk: Appointment, browser: Client) -> None:
    assert address(clerk, "take-back") not in browser.get(address(clerk)).content.decode()
    report(clerk)
    posting = last_posting(clerk)
    form = browser.get(address(clerk, "take-back")).content.decode()
    assert f'value="{posting}"' in form
    browser.cookies[settings.SESSION_COOKIE] = make.session(clerk)
    typed = {"posting": posting, "effective_on": today(), "reason": "录错"}
    page = browser.post(address(clerk, "take-back"), typed, follow=True).content.decode()
    assert "Took back entry 2" in page
    assert "Taken back by its reporter" in page
    assert balances(clerk, "1") == {"undisputed": "100.00"}
