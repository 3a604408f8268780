"""Claims that go on in another one: reassigned, split, merged, duplicate."""

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from tests import make

from duban.arrears.commands import claim as acts
from duban.arrears.commands.claim.acting import PaperMissing, SamePerson
from duban.arrears.commands.claim.recognising import NumberTaken
from duban.arrears.commands.posting import ClaimMoves, post_moves
from duban.arrears.commands.statement.steps import MonthIsClosed
from duban.arrears.models import Claim, ClaimLink, ClosedMonth, Evidence, Transfer
from duban.arrears.queries.claim import claim_on
from duban.arrears.queries.links import links_of
from duban.arrears.queries.position import added_up, newly_recognised, position
from duban.arrears.rules.accounts import Account, NotEnough
from duban.arrears.rules.acts import Cause, Ground
from duban.arrears.rules.carrying import NothingLeft, NothingOwed, OtherParties, PaidHere, SameDebtor
from duban.arrears.rules.settling import Method
from duban.arrears.rules.statement import Move
from duban.arrears.tests import making
from duban.arrears.tests.acting import BOTH_SIDES, act, address, claim_id, confirmed, do, report
from duban.arrears.tests.making import balances, days_ago, enter, hand_in, office, today
from duban.audit import commands as audit
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.identity.units import Kind
from duban.kernel.money import Money
from duban.register.commands import Named


def reassign(who: Appointment, number: str = "1", *roles: str, **given: Any) -> None:  # noqa: ANN401 - of the command
    asked = {"unit_code": "East", "debtor": Named("城投公司"), "debtor_kind": "platform", "ledger_no": "1-1", **given}
    do(who, acts.reassign, number, act=act(*(roles or ("creditor_consent",))), **asked)


def split(who: Appointment, amount: str = "30", number: str = "1", **given: Any) -> None:  # noqa: ANN401 - of the command
    asked = {"parts": {Account.UNDISPUTED: Money.of(amount)}, "ledger_no": "1-1", "act": act("reconciliation"), **given}
    do(who, acts.split, number, **asked)


def merge(who: Appointment, other: str = "2", number: str = "1", *roles: str) -> None:
    do(who, acts.merge, number, into=claim_id(who, other), act=act(*(roles or ("reconciliation",))))


def mark_duplicate(who: Appointment, of: str = "2", number: str = "1", *roles: str) -> None:
    do(who, acts.mark_duplicate, number, of=claim_id(who, of), act=act(*(roles or ("comparison",))))


def books_are_sound() -> bool:
    with make.operator():
        return verify().ok


# -- Another debtor ---------------------------------------------------------------------------------------------------


def test_what_is_owed_goes_to_the_new_debtor_and_what_was_paid_stays(clerk: Appointment, second: Appointment) -> None:
    given = {"amount": Money.of(30), "cause": Cause.QUALITY, "expires_on": days_ago(-30)}
    do(clerk, acts.dispute, act=act(*BOTH_SIDES), **given)
    confirmed(clerk, second, Method.CASH)
    reassign(second)
    assert balances(clerk, "1") == {"cash": "40.00"}
    assert balances(clerk, "1-1") == {"undisputed": "30.00", "disputed": "30.00"}
    assert books_are_sound()


def test_the_new_claim_is_as_old_as_the_old_one_and_under_the_new_debtor(
    clerk: Appointment, second: Appointment
) -> None:
    reassign(second)
    old, new = (making.claim(clerk, number) for number in ("1", "1-1"))
    assert (new.due_on, new.project, new.creditor_id) == (old.due_on, old.project, old.creditor_id)
    assert (new.debtor_name, new.debtor_kind, old.debtor_name) == ("城投公司", "platform", "甲局")
    assert new.debtor_id != old.debtor_id


def test_it_is_neither_newly_recognised_nor_gone_from_the_whole(clerk: Appointment, second: Appointment) -> None:
    with make.acting(clerk) as actor:
        before = added_up(position(actor=actor, as_of=today()))
    reassign(second)
    with make.acting(clerk) as actor:
        assert newly_recognised(actor=actor, since=days_ago(5), as_of=today()) == Money(0)
        assert added_up(position(actor=actor, as_of=today())) == before
        assert Transfer.objects.get(destination="recognised").ground == "moved"


def test_a_debt_goes_to_another_debtor_only_with_the_creditors_consent(second: Appointment) -> None:
    with pytest.raises(PaperMissing, match="the creditor's written consent"):
        reassign(second, "1", "agreement")


def test_whoever_entered_a_claim_does_not_carry_it_over_and_a_debtor_never_does(clerk: Appointment) -> None:
    for command in (reassign, split, merge, mark_duplicate):
        with pytest.raises(SamePerson):
            command(clerk)
        with pytest.raises(PermissionDenied):
            command(make.appointment(Role.DEBTOR, of="East"))


def test_the_same_debtor_a_taken_number_and_a_claim_that_is_settled_are_refused(
    clerk: Appointment, second: Appointment
) -> None:
    with pytest.raises(SameDebtor, match="甲局 owes this claim already"):
        reassign(second, debtor=Named("甲局"))
    with pytest.raises(NumberTaken):
        reassign(second, ledger_no="2")
    report(clerk, "100")
    with pytest.raises(NothingOwed, match="What was paid stays with it"):
        reassign(second)


def test_an_amount_that_came_later_does_not_go_on_an_earlier_day(second: Appointment) -> None:
    with pytest.raises(NotEnough, match=r"holds 0\.00"):
        do(second, acts.merge, "1", into=claim_id(second, "2"),
           act=act("reconciliation", effective_on=days_ago(20)))  # fmt: skip


def test_it_may_go_into_the_ledger_of_another_county_which_then_sees_where_it_came_from(database: str) -> None:
    make.unit("City", kind=Kind.CITY)
    east, west, city = office(under="City"), office("West", under="City"), make.appointment(of="City")
    enter(east, {"ledger_no": "1", "amount": 100})
    with pytest.raises(PermissionDenied):
        reassign(make.appointment(of="East"), unit_code="West")
    reassign(city, unit_code="West")
    assert balances(west, "1-1") == {"undisputed": "100.00"}
    new, old = making.claim(west, "1-1").claim, making.claim(east, "1").claim
    with make.acting(west) as actor:
        assert not Claim.objects.filter(pk=old.pk).exists()
        [link] = links_of(new.uid, today=today(), actor=actor)
        assert (link.is_outgoing, link.amount, link.uid, link.number) == (False, Money.of(100), None, "")
        assert claim_on(new.uid, as_of=today(), actor=actor).balances[Account.UNDISPUTED] == Money.of(100)
        assert Evidence.objects.get(claim=new).role == "creditor_consent"
    with make.acting(east) as actor:
        [link] = links_of(old.uid, today=today(), actor=actor)
        assert (link.is_outgoing, link.uid) == (True, None)
    with make.acting(city) as actor:
        [link] = links_of(old.uid, today=today(), actor=actor)
        assert (link.uid, link.number, link.unit_name) == (new.uid, "1-1", "West")
    assert books_are_sound()


def test_a_month_that_is_closed_in_the_other_ledger_is_closed_for_what_comes_in(database: str) -> None:
    make.unit("City", kind=Kind.CITY)
    east, west, city = office(under="City"), office("West", under="City"), make.appointment(of="City")
    enter(east, {"ledger_no": "1", "amount": 100})
    enter(west, {"ledger_no": "9", "amount": 1})
    scope = making.claim(west, "9").scope_id
    with make.acting(west) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.closed", scope_id=scope)
        ClosedMonth.objects.create(scope_id=scope, month=days_ago(3).replace(day=1), posting=posting)
    with pytest.raises(MonthIsClosed):
        reassign(city, unit_code="West")


# -- Split, merged, duplicate -----------------------------------------------------------------------------------------


def test_a_part_is_split_off_and_the_next_ledger_that_states_both_changes_nothing(
    clerk: Appointment, second: Appointment
) -> None:
    split(second)
    assert balances(clerk, "1") == {"undisputed": "70.00"}
    assert balances(clerk, "1-1") == {"undisputed": "30.00"}
    rows = {"ledger_no": "1", "amount": 70}, {"ledger_no": "1-1", "amount": 30}
    statement = hand_in(clerk, *rows, mode="changes", as_of=days_ago(1))
    with make.acting(clerk):
        assert set(statement.rows.values_list("proposal", "has_error")) == {("", False)}


def test_a_split_leaves_something_and_takes_no_more_than_there_is(second: Appointment) -> None:
    with pytest.raises(NothingLeft, match=r"All 100\.00 still owed"):
        split(second, "100")
    with pytest.raises(NotEnough, match=r"Disputed, which holds 0\.00"):
        split(second, parts={Account.DISPUTED: Money.of(1)})
    with pytest.raises(PaperMissing, match="the reconciliation that both sides signed"):
        split(second, act=act())


def test_a_claim_is_merged_into_another_of_the_same_parties(clerk: Appointment, second: Appointment) -> None:
    merge(second)
    assert balances(clerk, "1") == {}
    assert balances(clerk, "2") == {"undisputed": "150.00"}
    with make.acting(clerk) as actor:
        assert newly_recognised(actor=actor, since=days_ago(5), as_of=today()) == Money(0)
    assert books_are_sound()


def test_a_duplicate_takes_its_amount_out_and_leaves_the_other_as_it_is(
    clerk: Appointment, second: Appointment
) -> None:
    mark_duplicate(second)
    assert balances(clerk, "1") == {}
    assert balances(clerk, "2") == {"undisputed": "50.00"}
    with make.acting(clerk):
        link = ClaimLink.objects.get()
        assert (link.kind, str(link.amount)) == ("duplicate", "100.00")
    assert books_are_sound()


def test_a_duplicate_with_payments_is_refused(clerk: Appointment, second: Appointment) -> None:
    report(clerk, "40")
    with pytest.raises(PaidHere, match=r"Payments of 40\.00"):
        mark_duplicate(second)


def test_claims_of_other_parties_are_neither_merged_nor_duplicates(clerk: Appointment, second: Appointment) -> None:
    enter(clerk, {"ledger_no": "3", "amount": 5, "creditor_name": "丁公司"}, as_of=days_ago(9), mode="changes")
    for command in (merge, mark_duplicate):
        with pytest.raises(OtherParties, match="甲局 owes 丁公司"):
            command(second, "3")


# -- What the database holds ------------------------------------------------------------------------------------------


def test_the_database_lets_nothing_go_back_to_recognised_but_what_goes_on_elsewhere(second: Appointment) -> None:
    with pytest.raises(DatabaseError, match="a_transfer_follows_an_allowed_move"):
        do_plainly(second, Account.UNDISPUTED)
    with pytest.raises(DatabaseError, match="a_reduction_has_its_ground"):
        do_plainly(second, Account.CASH, Ground.MOVED)


def do_plainly(who: Appointment, source: Account, ground: Ground | None = None) -> None:
    now = making.claim(who, "1")
    with make.acting(who) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.test", scope_id=now.scope_id)
        moves = ClaimMoves(
            now.pk, now.scope_id, [Move(source, Account.RECOGNISED, Money(1))], now.transfers, ground=ground
        )
        post_moves([moves], effective_on=today(), posting=posting)


def test_the_database_refuses_a_link_into_a_scope_that_is_not_the_claims(second: Appointment) -> None:
    merge(second)
    make.unit("West")
    with pytest.raises(DatabaseError, match="a_link_names_the_scope_it_leads_to"):
        make.as_owner(
            "INSERT INTO arrears_claimlink"
            " (kind, from_claim_id, to_claim_id, scope_id, to_scope_id, amount, posting_id)"
            " SELECT kind, from_claim_id, to_claim_id, scope_id, %s, amount, posting_id FROM arrears_claimlink",
            make.scope_id("West"),
        )
    with pytest.raises(DatabaseError, match="only ever added"):
        make.as_owner("UPDATE arrears_claimlink SET amount = 1")


# -- The pages --------------------------------------------------------------------------------------------------------


def test_both_claims_show_the_link_with_an_address_to_the_other(second: Appointment, browser: Client) -> None:
    merge(second)
    first, other = (making.claim(second, number).claim.uid for number in "12")
    old, new = (browser.get(f"/arrears/claims/{uid}/").content.decode() for uid in (first, other))
    assert f'<a href="/arrears/claims/{other}/">2 · East</a>' in old
    assert f'<a href="/arrears/claims/{first}/">1 · East</a>' in new
    assert "-100.00" in old
    assert "-100.00" not in new


def test_merging_is_offered_where_there_is_another_claim_of_the_parties(
    clerk: Appointment, second: Appointment, browser: Client
) -> None:
    page = browser.get(address(clerk, "merge")).content.decode()
    assert "2 · East · 50.00" in page
    enter(clerk, {"ledger_no": "3", "amount": 5, "creditor_name": "丁公司"}, as_of=days_ago(9), mode="changes")
    alone = making.claim(clerk, "3").claim.uid
    offered = browser.get(f"/arrears/claims/{alone}/").content.decode()
    assert f"/arrears/claims/{alone}/merge/" not in offered
    assert f"/arrears/claims/{alone}/split/" in offered


def test_a_claim_is_split_on_its_form(clerk: Appointment, second: Appointment, browser: Client) -> None:
    browser.cookies[settings.SESSION_COOKIE] = make.session(second)
    typed = {"ledger_no": "1-1", "part_undisputed": "30", "effective_on": today(), "reason": "分期"}
    paper = {"paper_reconciliation": SimpleUploadedFile("对账单.pdf", b"reconciliation")}
    assert browser.post(address(clerk, "split"), {**typed, **paper}).status_code == 302
    assert balances(clerk, "1-1") == {"undisputed": "30.00"}
