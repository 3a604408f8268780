"""What the page of a claim shows to whom."""

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import make

from duban.arrears.models import Evidence
from duban.arrears.queries.claim import claim_on
from duban.arrears.rules.accounts import Account
from duban.arrears.tests import making
from duban.arrears.tests.acting import address, report
from duban.arrears.tests.making import office, today
from duban.audit.models import Event
from duban.identity.models import Appointment
from duban.identity.rules import Role
from duban.kernel.money import Money


def test_a_creditor_who_sees_no_posting_sees_every_transfer_of_its_claim(clerk: Appointment) -> None:
    claim = making.claim(clerk, "1").claim
    creditor = make.appointment(Role.ENTERPRISE, of="East", party_id=claim.creditor_id)
    with make.acting(creditor) as actor:
        found = claim_on(claim.uid, as_of=today(), actor=actor)
    assert found.balances[Account.UNDISPUTED] == Money.of(100)
    assert [(transfer.n, transfer.who, transfer.posting) for transfer in found.transfers] == [(1, "", None)]


def test_a_fact_is_corrected_on_its_form_and_both_versions_are_shown(clerk: Appointment, browser: Client) -> None:
    page = browser.get(address(clerk, "correct")).content.decode()
    assert "Now: 2024-03-01" in page
    said = {"ledger_no": "1", "debtor_name": "甲局", "creditor_name": "乙公司", "due_on": "2024-03-01"}
    paper = SimpleUploadedFile("合同.pdf", b"contract")
    answer = browser.post(
        address(clerk, "correct"),
        {**said, "project": "路", "category": "works", "reason": "合同载明", "paper_source": paper}, follow=True,
    )  # fmt: skip
    page = answer.content.decode()
    assert "Project: — → 路" in page
    assert "Category: — → Works" in page
    assert "Due on:" not in page
    assert "As first entered" in page
    assert making.claim(clerk, "1").project == "路"


def test_a_form_that_changes_nothing_and_a_number_that_is_taken_are_refused(
    clerk: Appointment, browser: Client
) -> None:
    said = {
        "ledger_no": "1",
        "debtor_name": "甲局",
        "creditor_name": "乙公司",
        "due_on": "2024-03-01",
        "reason": "核对",
    }
    assert "says this already" in browser.post(address(clerk, "correct"), said).content.decode()
    answer = browser.post(address(clerk, "correct"), {**said, "ledger_no": "2"})
    assert "Number 2 is taken" in answer.content.decode()


def test_a_paper_is_opened_as_it_was_handed_in_and_leaves_a_row_in_the_trail(
    clerk: Appointment, browser: Client
) -> None:
    report(clerk, "40", "voucher")
    page = browser.get(address(clerk)).content.decode()
    with make.acting(clerk):
        paper = Evidence.objects.get()
    assert f'href="{address(clerk)}papers/{paper.pk}/"' in page
    answer = browser.get(f"{address(clerk)}papers/{paper.pk}/")
    assert b"".join(answer.streaming_content) == b"voucher"  # type: ignore[attr-defined]  # a file is streamed
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with make.acting(clerk):
        opened = Event.objects.get(action="arrears.paper_opened")
        assert opened.values == {"name": "voucher.pdf", "number": "1"}


def test_a_paper_is_not_opened_out_of_sight_nor_under_another_claim(clerk: Appointment, browser: Client) -> None:
    report(clerk, "40", "voucher")
    with make.acting(clerk):
        paper = Evidence.objects.get().pk
    other = making.claim(clerk, "2").claim.uid
    assert browser.get(f"/arrears/claims/{other}/papers/{paper}/").status_code == 404
    claim = making.claim(clerk, "1").claim
    for stranger in (office("West"), make.appointment(Role.ENTERPRISE, of="East", party_id=claim.creditor_id)):
        browser.cookies[settings.SESSION_COOKIE] = make.session(stranger)
        assert browser.get(f"{address(clerk)}papers/{paper}/").status_code == 404
