import pytest
from django.db import DatabaseError
from tests import make

from duban.arrears.commands import claim as acts
from duban.arrears.commands.claim.acting import PaperMissing, SamePerson
from duban.arrears.commands.claim.correcting import NoSuchFact, NothingCorrected
from duban.arrears.commands.moving import move
from duban.arrears.models import ClaimFact, ClaimNow, Transfer
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.acts import Ground, NotByHand
from duban.arrears.tests import making
from duban.arrears.tests.acting import act, claim_id, do
from duban.arrears.tests.making import balances, days_ago, today
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role
from duban.kernel.money import Money


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
