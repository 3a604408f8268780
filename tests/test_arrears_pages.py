import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl.reader.excel import load_workbook

from duban.arrears import commands, jobs
from duban.arrears.models import Statement
from duban.arrears.queries.ledger import BATCH, SORTS, LedgerRow, LedgerWish, ledger_after, ledger_page
from duban.arrears.queries.progress import progress_table
from duban.arrears.tests.making import enter, hand_in, office
from duban.demo.build import end_of_last_month
from duban.identity.models import Appointment
from duban.identity.work import put_off
from duban.kernel.money import ZERO
from tests import make

LARGE = 300
"""More claims than the city has."""


def month_end() -> date:
    return end_of_last_month(timezone.localdate())


def client_of(appointment: Appointment) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE] = make.session(appointment)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def officer() -> Appointment:
    return make.appointment(of="539900")


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_an_export_reads_every_claim_once_and_in_the_order_of_the_page(
    city: str, sort: str, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duban.arrears.queries.ledger.BATCH", 37)
    wish = LedgerWish(sort=sort, descending=descending)
    with make.acting(officer()) as actor:
        page = ledger_page(wish, actor=actor, window=slice(0, LARGE))
        read: list[LedgerRow] = []
        while batch := ledger_after(wish, actor, read[-1] if read else None):
            read += batch
    assert BATCH > 37
    assert len(page) > 37
    assert [row.uid for row in read] == [row.uid for row in page]


def test_the_figures_of_the_progress_table_are_the_sums_of_the_claims_they_open(city: str) -> None:
    with make.acting(officer()) as actor:
        table = progress_table(actor=actor, as_of=timezone.localdate())
        for row in table.rows:
            for part in ("open", "undisputed", "disputed", "judicial", "stated", "outside"):
                wish = LedgerWish(unit=row.unit_code, part=part)
                claims = ledger_page(wish, actor=actor, window=slice(0, LARGE))
                assert sum((getattr(claim, part) for claim in claims), ZERO) == getattr(row, part), (
                    row.unit_name,
                    part,
                )
    assert sum(row.claims for row in table.rows) == table.total.claims > 100


def test_an_earlier_day_shows_what_the_ledger_held_then(city: str) -> None:
    client = client_of(officer())
    before = client.get("/arrears/progress/", {"as_of": "2020-01-01"})
    then = client.get("/arrears/progress/", {"as_of": month_end().isoformat()})
    assert "Nothing" in before.content.decode() or before.content.decode().count("<tr") < 4
    assert then.content.decode().count("539922") > 0


def test_the_exported_workbook_holds_what_is_listed(city: str) -> None:
    client = client_of(officer())
    answer = client.get("/arrears/ledger/", {"unit": "539922", "export": "xlsx"})
    book = load_workbook(BytesIO(answer.getvalue()), read_only=True)
    texts = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell is not None]
    with make.acting(officer()) as actor:
        listed = ledger_page(LedgerWish(unit="539922"), actor=actor, window=slice(0, LARGE))
    assert {claim.ledger_no for claim in listed} == {text for text in texts if text.startswith("539922")}


def test_a_claim_shows_its_transfers_and_its_balances_on_a_day(city: str) -> None:
    with make.acting(officer()) as actor:
        claim = ledger_page(LedgerWish(part="stated"), actor=actor, window=slice(0, 1))[0]
    client = client_of(officer())
    text = client.get(f"/arrears/claims/{claim.uid}/").content.decode()
    assert claim.creditor_name in text
    assert "Undisputed → Reported paid" in text
    early = client.get(f"/arrears/claims/{claim.uid}/", {"as_of": "2020-01-01"}).content.decode()
    assert "nothing was recorded" in early


def test_a_workbook_with_the_wrong_ending_is_refused_on_the_page(city: str) -> None:
    client = client_of(officer())
    given: dict[str, Any] = {"unit": "539922", "as_of": month_end().isoformat(), "file": BytesIO(b"x")}
    given["file"].name = "ledger.pdf"
    answer = client.post("/arrears/imports/", given)
    assert answer.status_code == 422
    assert "not a workbook" in answer.content.decode()


def test_a_broken_workbook_is_refused_with_its_sentence_and_nothing_else(city: str) -> None:
    with make.acting(officer()) as actor:
        statement = commands.receive(
            unit_code="539922", as_of=month_end(), today=timezone.localdate(), name="broken.xlsx",
            content=[b"PK\x03\x04nonsense"], actor=actor,
        )  # fmt: skip
    with make.acting(officer()) as actor:
        commands.check(statement.uid, today=timezone.localdate(), actor=actor)
    text = client_of(officer()).get(f"/arrears/imports/{statement.uid}/").content.decode()
    assert "broken.xlsx" in text
    assert "refused" in text


def test_the_api_says_what_the_pages_say(city: str) -> None:
    client = client_of(officer())
    position = client.get("/api/v1/position", {"as_of": timezone.localdate().isoformat(), "by": "unit"}).json()
    with make.acting(officer()) as actor:
        table = progress_table(actor=actor, as_of=timezone.localdate())
    assert sum(row["claims"] for row in position["rows"]) == table.total.claims
    claims = client.get("/api/v1/claims?unit=539922&size=5").json()
    assert len(claims["rows"]) == 5
    one = client.get(f"/api/v1/claims/{claims['rows'][0]['uid']}").json()
    assert one["transfers"]
    unknown = client.get("/api/v1/position", {"as_of": "2026-03-31", "by": "weather"})
    assert unknown.status_code == 422
    assert "weather" in unknown.json()["detail"]


def test_a_program_signs_in_and_reads_with_its_token(city: str) -> None:
    client = Client()
    given = {"name": "清欠办", "password": "Lanjiang-2026"}
    token = client.post("/api/v1/session", given, content_type="application/json").json()["token"]
    answer = client.get("/api/v1/claims", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["count"] > 100
    wrong = client.post("/api/v1/session", given | {"password": "x"}, content_type="application/json")
    assert wrong.status_code == 422


def test_a_page_says_when_the_work_stopped_by_a_fault(city: str) -> None:
    with make.acting(officer()) as actor:
        statement = commands.receive(
            unit_code="539922", as_of=month_end(), today=timezone.localdate(), name="ledger.xlsx", content=[b"x"],
            actor=actor,
        )  # fmt: skip
        put_off(jobs.check, statement.uid)
    address = f"/arrears/imports/{statement.uid}/"
    assert "stopped by a fault" not in client_of(officer()).get(address).content.decode()
    make.as_owner("UPDATE procrastinate_jobs SET status = 'failed' RETURNING id")
    assert "stopped by a fault" in client_of(officer()).get(address).content.decode()


def test_what_a_workbook_takes_out_is_decided_on_its_page_by_somebody_else(database: str) -> None:
    clerk = office()
    second = make.appointment(of="East")
    enter(clerk, {"ledger_no": "1", "amount": 100, "cleared": 25}, {"ledger_no": "2", "amount": 4, "project": "桥"})
    statement = hand_in(clerk, {"ledger_no": "1", "amount": 100, "cleared": 10})
    address = f"/arrears/imports/{statement.uid}/"
    own = client_of(clerk).get(address).content.decode()
    assert "somebody else decides" in own
    assert 'name="question"' not in own
    client = client_of(second)
    page = client.get(address).content.decode()
    _, vanished = re.findall(r'name="question" value="(\d+)"', page)
    paper = SimpleUploadedFile("对账单.pdf", b"signed")
    given = {"question": [vanished], "verdict": "accept", "reason": "已对账", "paper_source": paper}
    assert "Decided on 1 questions" in client.post(f"{address}answer/", given, follow=True).content.decode()
    given = {"which": "withdrawn", "verdict": "keep", "reason": "银行已到账"}
    answered = client.post(f"{address}answer/", given, follow=True).content.decode()
    assert "对账单.pdf" in answered
    assert "银行已到账" in answered
    (saved,) = re.findall(rf"{address}papers/\d+/", answered)
    assert client.get(saved).getvalue() == b"signed"
    assert client.post(f"{address}accept/", {"hold_errors": "on"}).status_code == 302
    with make.acting(second):
        assert Statement.objects.get(pk=statement.pk).state == "accepting"
