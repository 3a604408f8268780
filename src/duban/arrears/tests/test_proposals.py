"""Acts that one person proposes and another decides on."""

from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from tests import make

from duban.arrears.commands import claim as acts
from duban.arrears.commands.claim.acting import SamePerson
from duban.arrears.models import Draft, DraftDecision, Evidence
from duban.arrears.queries.drafts import waiting_drafts
from duban.arrears.queries.said import papers_of
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.acts import Ground
from duban.arrears.rules.drafting import DecidedAlready, ReasonMissing, Verdict
from duban.arrears.tests import making
from duban.arrears.tests.acting import act, address, claim_id
from duban.arrears.tests.making import balances, today
from duban.arrears.tests.test_races import at_once
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.money import Money


@pytest.fixture
def debtor(clerk: Appointment) -> Appointment:
    """Somebody of the debtor, who may act and not decide."""
    return make.appointment(Role.DEBTOR, of="East", name="王五")


def enter_as(browser: Client, who: Appointment) -> Client:
    browser.cookies[settings.SESSION_COOKIE] = make.session(who)
    return browser


def propose(browser: Client, who: Appointment, amount: str = "5", **given: Any) -> UUID:  # noqa: ANN401 - of the form
    typed = {"ground": "discount", "open_part": "undisputed", "amount": amount, "effective_on": today(),
             "reason": "双方协商", **given}  # fmt: skip
    paper = {"paper_agreement": SimpleUploadedFile("协议.pdf", b"agreement")}
    answer = enter_as(browser, who).post(address(who, "reduce"), {**typed, **paper})
    assert answer.status_code == 302
    with make.acting(who):
        return Draft.objects.latest("pk").uid


def decide(browser: Client, who: Appointment, draft: UUID, verdict: str, reason: str = "") -> str:
    given = {"verdict": verdict, "reason": reason}
    return enter_as(browser, who).post(f"/arrears/proposals/{draft}/", given, follow=True).content.decode()


def test_who_may_not_decide_proposes_and_nothing_moves_until_another_agrees(
    clerk: Appointment, second: Appointment, debtor: Appointment, browser: Client
) -> None:
    assert "Propose: Reduce the claim" in enter_as(browser, debtor).get(address(debtor)).content.decode()
    draft = propose(browser, debtor)
    assert balances(clerk, "1") == {"undisputed": "100.00"}
    page = enter_as(browser, second).get("/arrears/proposals/").content.decode()
    assert "Reduce the claim · claim 1" in page
    page = browser.get(f"/arrears/proposals/{draft}/").content.decode()
    for part in ("Discount", "Undisputed", "双方协商", "王五", "协议.pdf"):
        assert part in page
    assert "Agreed and done" in decide(browser, second, draft, "accepted")
    assert balances(clerk, "1") == {"undisputed": "95.00", "reduced": "5.00"}
    with make.acting(clerk) as actor:
        assert waiting_drafts(actor=actor) == []
        [paper] = papers_of(making.claim(clerk, "1").claim.uid, actor=actor)
        assert (paper.role, paper.by.reason) == ("agreement", "双方协商")
        assert verify().ok


def test_a_proposal_is_returned_with_a_reason_and_then_not_done(
    clerk: Appointment, second: Appointment, debtor: Appointment, browser: Client
) -> None:
    draft = propose(browser, debtor)
    assert "Say why the proposal is returned" in decide(browser, second, draft, "returned")
    assert "Returned" in decide(browser, second, draft, "returned", "协议未盖章")
    assert "协议未盖章" in enter_as(browser, debtor).get(f"/arrears/proposals/{draft}/").content.decode()
    with make.acting(second) as actor, pytest.raises(DecidedAlready, match="Returned"):
        acts.return_proposal(draft=draft, reason="再看", today=today(), actor=actor)
    assert balances(clerk, "1") == {"undisputed": "100.00"}


def test_what_a_rule_refuses_is_refused_when_it_is_decided_and_still_waits(
    clerk: Appointment, second: Appointment, debtor: Appointment, browser: Client
) -> None:
    draft = propose(browser, debtor, "100.01")
    assert "which holds 100.00" in decide(browser, second, draft, "accepted")
    with make.acting(second) as actor:
        assert [row.uid for row in waiting_drafts(actor=actor)] == [draft]
        assert not DraftDecision.objects.exists()
    # Whoever entered the claim is no second person for its reduction, whoever proposed it.
    assert "another person decides" in decide(browser, clerk, propose(browser, debtor), "accepted")


def test_nobody_decides_on_what_he_proposed_and_a_debtor_on_nothing(clerk: Appointment, second: Appointment) -> None:
    where = claim_id(clerk, "1")
    with make.acting(second) as actor:
        draft = acts.propose(claim_id=where, name="reduce", given={}, act=act("agreement"), actor=actor).uid
    with make.acting(second) as actor, pytest.raises(SamePerson):
        acts.return_proposal(draft=draft, reason="改", today=today(), actor=actor)
    with make.acting(make.appointment(Role.DEBTOR, of="East")) as actor, pytest.raises(PermissionDenied):
        acts.return_proposal(draft=draft, reason="改", today=today(), actor=actor)
    with make.acting(clerk) as actor, pytest.raises(ReasonMissing):
        acts.return_proposal(draft=draft, reason="", today=today(), actor=actor)


def test_two_who_decide_at_once_decide_once(clerk: Appointment, second: Appointment) -> None:
    where, third = claim_id(clerk, "1"), make.appointment(of="East")
    with make.acting(clerk) as actor:
        draft = acts.propose(claim_id=where, name="reduce", given={}, act=act("agreement"), actor=actor).uid

    def agree(who: Appointment) -> str:
        with make.acting(who) as actor:

            def run(claim_id: int, given: acts.Act) -> None:
                given_up: dict[str, Any] = {
                    "source": Account.UNDISPUTED,
                    "ground": Ground.DISCOUNT,
                    "amount": Money.of(5),
                }
                acts.reduce(claim_id=claim_id, act=given, actor=actor, **given_up)

            acts.accept_proposal(draft=draft, run=run, reason="", today=today(), actor=actor)
            return "done"

    found = at_once(lambda: agree(second), lambda: agree(third))
    assert found.count("done") == 1
    assert any(isinstance(one, DecidedAlready) for one in found)
    assert balances(clerk, "1") == {"undisputed": "95.00", "reduced": "5.00"}


def test_the_database_keeps_one_decision_of_a_proposal_and_changes_none(
    clerk: Appointment, second: Appointment
) -> None:
    where = claim_id(clerk, "1")
    with make.acting(clerk) as actor:
        draft = acts.propose(claim_id=where, name="reduce", given={}, act=act("agreement"), actor=actor)
        assert Evidence.objects.get().posting_id == draft.posting_id
    with make.acting(second) as actor:
        acts.return_proposal(draft=draft.uid, reason="改", today=today(), actor=actor)
    with pytest.raises(DatabaseError, match="unique"):
        make.as_owner(
            "INSERT INTO arrears_draftdecision (draft_id, scope_id, verdict, posting_id)"
            " SELECT draft_id, scope_id, %s, posting_id FROM arrears_draftdecision", Verdict.ACCEPTED.value,
        )  # fmt: skip
    for table in ("arrears_draft", "arrears_draftdecision"):
        with pytest.raises(DatabaseError, match="only ever added"):
            make.as_owner(f"DELETE FROM {table}")
