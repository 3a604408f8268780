import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import make

from duban.arrears.commands import claim as acts
from duban.arrears.rules.acts import Cause
from duban.arrears.tests.acting import BOTH_SIDES, act, address, do
from duban.arrears.tests.making import balances, days_ago, today
from duban.arrears.views.act_kinds import ACTS
from duban.identity.models import Appointment
from duban.identity.rules import Role
from duban.kernel.money import Money


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
