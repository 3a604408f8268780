import pytest
from tests import make

from duban.arrears.commands import claim as acts
from duban.arrears.commands.claim.acting import PaperMissing
from duban.arrears.commands.claim.disputing import CaseMissing, ExpiredAlready
from duban.arrears.models import ActDetail, Evidence
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.acts import Cause
from duban.arrears.tests.acting import BOTH_SIDES, act, do
from duban.arrears.tests.making import balances, days_ago, today
from duban.identity.models import Appointment
from duban.kernel.money import Money


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
