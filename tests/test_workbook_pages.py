import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from openpyxl.reader.excel import load_workbook

from duban.arrears.commands import deliver, sort_out
from duban.arrears.tests import making
from duban.identity.models import Appointment
from duban.intake import commands
from duban.intake.models import Look
from duban.workbook.tests.sheets import write_sheet
from tests import make


@pytest.fixture
def east(database: str) -> Appointment:
    make.units(make.row("City"), make.row("East", under="City"), make.row("West", under="City"))
    return make.appointment(of="East", name="Li")


def client_of(appointment: Appointment) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE] = make.session(appointment)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def looked(actor: Appointment, content: bytes | None = None, *, name: str = "台账.xlsx") -> Look:
    content = content or making.workbook(*({"ledger_no": str(n), "amount": 5 * n - 5} for n in range(120)))
    with make.acting(actor) as entered:
        asked = commands.look(name=name, content=[content], today=timezone.localdate(), actor=entered)
    with make.acting(actor) as entered:
        return commands.read(asked.uid, actor=entered)


def uploaded(name: str, content: bytes) -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def text(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_dropped_file_waits_for_the_worker_and_says_so(east: Appointment) -> None:
    client = client_of(east)
    answer = client.post("/workbooks/", {"file": uploaded("台账.xlsx", making.workbook())})
    assert answer.status_code == 302
    assert "Reading" in text(client, answer.headers["Location"])
    assert client.get(answer.headers["Location"] + "progress/").status_code == 200
    make.as_owner("UPDATE procrastinate_jobs SET status = 'failed' RETURNING id")
    assert "stopped by a fault" in text(client, answer.headers["Location"])


def test_a_form_without_a_file_comes_back(east: Appointment) -> None:
    assert client_of(east).post("/workbooks/", {}).status_code == 422


def test_the_progress_of_a_look_that_is_done_reloads_the_page(east: Appointment) -> None:
    answer = client_of(east).get(f"/workbooks/{looked(east).uid}/progress/")
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_a_finding_leads_to_the_page_and_the_place_of_its_row(east: Appointment) -> None:
    client, asked = client_of(east), looked(east)
    findings = text(client, f"/workbooks/{asked.uid}/findings/", severity="error")
    assert "L01" in findings
    assert re.search(r"\?at=[A-Z]+3&amp;sheet=", findings)
    answer = client.get(f"/workbooks/{asked.uid}/rows/", {"at": "C103", "sheet": "清欠台账"})
    assert answer.headers["Location"] == f"/workbooks/{asked.uid}/rows/?page=3&raw=1#row-0-103"
    assert 'id="row-0-103"' in text(client, answer.headers["Location"].partition("#")[0])


def test_a_finding_in_a_table_further_right_leads_to_its_own_row(east: Appointment, tmp_path: Path) -> None:
    head = ["台账编号", "拖欠主体名称", "债权企业", "欠款金额(元)"]
    content = write_sheet(
        tmp_path / "表.xlsx", [*head, None, *head], ["1", "甲局", "乙公司", 5, None, "2", "甲局", "乙公司", "许多"]
    ).read_bytes()
    client, asked = client_of(east), looked(east, content=content)
    answer = client.get(f"/workbooks/{asked.uid}/rows/", {"at": "I2", "sheet": "清欠台账"})
    assert answer.headers["Location"].endswith("#row-0-2-5")
    page = text(client, answer.headers["Location"].partition("#")[0])
    assert "from column F" in page
    assert page.count('id="row-0-2"') == page.count('id="row-0-2-5"') == 1


def test_a_row_that_is_not_kept_leads_to_the_rows(east: Appointment) -> None:
    asked = looked(east)
    answer = client_of(east).get(f"/workbooks/{asked.uid}/rows/", {"at": "A9999999", "sheet": "x"})
    assert answer.headers["Location"] == f"/workbooks/{asked.uid}/rows/"


def test_rows_are_narrowed_to_those_with_errors_and_exported(east: Appointment) -> None:
    client, asked = client_of(east), looked(east)
    assert text(client, f"/workbooks/{asked.uid}/rows/", errors="1").count('id="row-') == 2
    exported = client.get(f"/workbooks/{asked.uid}/rows/", {"export": "xlsx"})
    sheet = load_workbook(BytesIO(exported.getvalue())).worksheets[0]
    assert sheet.max_row >= 120


def test_what_stands_in_a_cell_is_shown_on_demand(east: Appointment) -> None:
    client, asked = client_of(east), looked(east, making.workbook({"ledger_no": "1", "amount": "１，２００"}))
    address = f"/workbooks/{asked.uid}/rows/"
    assert "１，２００" not in text(client, address)
    assert "1,200.00" in text(client, address)
    assert "１，２００" in text(client, address, raw="1")


def test_findings_come_as_json_too(east: Appointment) -> None:
    answer = client_of(east).get(f"/workbooks/{looked(east).uid}/findings.json")
    told = answer.json()
    assert (told["schema"], told["rows"], told["refusal"]) == ("arrears.ledger", 120, None)
    assert {"rule", "severity", "sheet", "cell", "value", "message", "expected"} == set(told["findings"][0])
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_workbook_is_given_back_with_its_findings_marked(east: Appointment) -> None:
    client, asked = client_of(east), looked(east)
    address = f"/workbooks/{asked.uid}/annotated/"
    assert address in text(client, f"/workbooks/{asked.uid}/")
    answer = client.get(address)
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]  # a file response
    assert book.sheetnames[-1] == "List of findings"


def test_a_refused_file_has_its_sentence_and_may_be_read_again(east: Appointment) -> None:
    client, asked = client_of(east), looked(east, b"PK\x03\x04nonsense", name="broken.xlsx")
    assert "broken.xlsx" in text(client, f"/workbooks/{asked.uid}/")
    for page in ("rows", "findings"):
        assert client.get(f"/workbooks/{asked.uid}/{page}/").status_code == 302
    again = client.post(f"/workbooks/{asked.uid}/again/", {"schema": "register.parties"})
    assert again.status_code == 302
    assert str(asked.uid) not in again.headers["Location"]


def test_a_workbook_of_another_unit_is_not_there(east: Appointment) -> None:
    asked, client = looked(east), client_of(make.appointment(of="West"))
    for page in ("", "rows/", "findings/", "findings.json", "annotated/", "progress/"):
        assert client.get(f"/workbooks/{asked.uid}/{page}").status_code == 404
    for page in ("again/", "meanings/", "meanings/1/forget/"):
        assert client.post(f"/workbooks/{asked.uid}/{page}", {}).status_code == 404


def test_nothing_chosen_remembers_nothing(east: Appointment) -> None:
    client, asked = client_of(east), looked(east)
    answer = client.post(f"/workbooks/{asked.uid}/meanings/", {"meaning-0": ""})
    assert answer.headers["Location"] == f"/workbooks/{asked.uid}/"
    assert make.as_owner("SELECT count(*) FROM intake_headingmeaning") == [(0,)]


def test_what_is_not_a_column_is_refused_in_a_sentence(east: Appointment) -> None:
    client, asked = client_of(east), looked(east)
    client.post(f"/workbooks/{asked.uid}/meanings/", {"meaning-0": "weather"})
    assert "has no column weather" in text(client, f"/workbooks/{asked.uid}/")


def delivery(actor: Appointment) -> str:
    with make.acting(actor) as entered:
        made = deliver([("East202603.xlsx", [making.workbook({"ledger_no": "1", "amount": 5})])], actor=entered)
    with make.acting(actor) as entered:
        sort_out(made.uid, today=timezone.localdate(), actor=entered)
    return f"/arrears/deliveries/{made.uid}/"


def test_several_files_are_handed_in_at_once(east: Appointment) -> None:
    client = client_of(east)
    files = [uploaded(f"{n}.xlsx", making.workbook()) for n in range(3)]
    answer = client.post("/arrears/deliveries/", {"workbooks": files})
    assert answer.status_code == 302
    assert text(client, answer.headers["Location"]).count("Waiting") >= 3
    assert client.post("/arrears/deliveries/", {}).headers["Location"] == "/arrears/imports/"


def test_what_is_ticked_is_handed_in_and_its_check_is_in_the_queue(east: Appointment) -> None:
    client, address = client_of(east), delivery(east)
    assert 'value="East"' in text(client, address)
    given = {"file-1-take": "on", "file-1-unit": "East", "file-1-as_of": "2026-03-31"}
    assert client.post(address, given).status_code == 302
    assert make.as_owner("SELECT task_name FROM procrastinate_jobs") == [("arrears.check",)]
    assert "Handed in" in text(client, address)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"file-1-unit": "Nowhere", "file-1-as_of": "2026-03-31"}, "There is no unit Nowhere"),
        ({"file-1-unit": "West", "file-1-as_of": "2026-03-31"}, "may not do this here"),
        ({"file-1-unit": "East", "file-1-as_of": "2090-03-31"}, "Give the day at which the ledger stood"),
        ({"file-1-unit": "East"}, "Give the day."),
        ({"file-1-as_of": "2026-03-31"}, "Choose the unit."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_beside_it(east: Appointment, given: dict[str, str], sentence: str) -> None:
    client, address = client_of(east), delivery(east)
    answer = client.post(address, {"file-1-take": "on", **given})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert make.as_owner("SELECT count(*) FROM arrears_statement") == [(0,)]


def test_of_two_files_of_the_same_unit_and_day_neither_is_ticked(east: Appointment) -> None:
    with make.acting(east) as entered:
        made = deliver([(f"East202603 {n}.xlsx", [making.workbook()]) for n in range(2)], actor=entered)
    with make.acting(east) as entered:
        sort_out(made.uid, today=timezone.localdate(), actor=entered)
    page = text(client_of(east), f"/arrears/deliveries/{made.uid}/")
    assert page.count("seems to be of the same unit and day") == 2
    assert "checked" not in page
    assert "checked" in text(client_of(east), delivery(east))


def test_a_proposal_stands_with_its_reason_and_is_used_only_when_it_is_confirmed(east: Appointment) -> None:
    client, asked = client_of(east), looked(east)
    heading = {
        "sheet": "x", "cell": "Z1", "text": "款项去向", "fate": "unplaced", "column": "note",
        "reason": {"text": "It looks alike.", "values": {}},
    }  # fmt: skip
    make.as_owner("UPDATE intake_look SET seen = jsonb_set(seen, '{headings}', %s) RETURNING id", json.dumps([heading]))
    page = text(client, f"/workbooks/{asked.uid}/")
    assert "It looks alike." in page
    assert '<option value="note" selected>' in page
    assert make.as_owner("SELECT count(*) FROM intake_headingmeaning") == [(0,)]
    client.post(f"/workbooks/{asked.uid}/meanings/", {"meaning-0": "note"})
    assert make.as_owner('SELECT heading, "column" FROM intake_headingmeaning') == [("款项去向", "note")]


def test_what_is_not_ticked_waits(east: Appointment) -> None:
    client, address = client_of(east), delivery(east)
    assert client.post(address, {"file-1-unit": "East", "file-1-as_of": "2026-03-31"}).status_code == 302
    assert "To be confirmed" in text(client, address)
    assert address in text(client, "/arrears/imports/")
