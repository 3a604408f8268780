"""Looking at a workbook, explaining a heading, and handing in many workbooks at once, in a browser."""

import zipfile
from io import BytesIO

import pytest
import xlsxwriter
from playwright.sync_api import FilePayload, expect

from tests.journeys.conftest import Visitor, Visitors
from tests.journeys.test_every_page import overflows, serious

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = (
    "台账编号",
    "拖欠主体名称",
    "债权企业",
    "欠款金额(万元)",
    "累计已清偿(万元)",
    "余额(万元)",
    "到期日",
    "款项去向",
)


def ledger(title: str, *, rows: int = 3) -> bytes:
    """A ledger with a title and a heading that nobody knows; the last row states a wrong balance."""
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, [title])
        sheet.write_row(1, 0, HEADINGS)
        for row in range(rows):
            balance = 99 if row == rows - 1 else 8
            sheet.write_row(row + 2, 0, [f"Q{row}", "城东建设局", "远山建筑公司", 10, 2, balance, "2024-03-01", "工资"])
    return content.getvalue()


def payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": XLSX, "buffer": content}


def look_at(visitor: Visitor, name: str, content: bytes) -> None:
    visitor.open("/workbooks/")
    visitor.page.set_input_files("#look [name=file]", payload(name, content))
    visitor.page.click("#look button.btn-primary")
    visitor.page.wait_for_selector("#workbook .db-tiles, #workbook .db-alert", timeout=120_000)


def test_an_officer_looks_at_a_workbook_and_explains_a_heading(visitors: Visitors) -> None:
    officer = visitors("清欠办")
    page = officer.page
    look_at(officer, "青石县.xlsx", ledger("青石县清欠台账", rows=120))
    expect(page.locator("main")).to_contain_text("清欠台账")
    assert serious(officer) == []

    # The unknown heading is explained, the file is read again, and the heading is remembered.
    page.select_option("#headings select", label="项目名称")
    page.click("#headings button.btn-primary")
    page.wait_for_selector(".db-remembered >> text=款项去向", timeout=120_000)
    expect(page.locator("#headings tr", has_text="款项去向")).to_contain_text("已记忆")
    assert serious(officer) == []

    # A finding leads to its row, which is marked; what stands in the cell is beside what was read.
    page.locator(".db-tabs a", has_text="核对问题").click()
    page.select_option("#findings [name=severity]", "error")
    page.wait_for_url("**severity=error**")
    assert serious(officer) == []
    page.locator("#findings tbody th a").first.click()
    page.wait_for_selector("#rows tr:target")
    expect(page.locator("#rows tr:target")).to_contain_text("990,000.00")
    assert serious(officer) == []

    # It is taken back, and the file is read without it.
    page.locator(".db-tabs a", has_text="概况").click()
    page.click(".db-remembered button")
    expect(page.locator("#headings select")).to_be_visible(timeout=120_000)
    assert officer.complaints == []


def test_a_file_that_is_no_workbook_says_why_and_what_to_do(visitors: Visitors) -> None:
    officer = visitors("清欠办", phone=True)
    look_at(officer, "坏.xlsx", b"PK\x03\x04nonsense")
    expect(officer.page.locator("#workbook .db-alert")).to_contain_text("坏.xlsx")
    assert serious(officer) == []
    assert not overflows(officer)


def test_looking_works_without_scripts(visitors: Visitors) -> None:
    officer = visitors("清欠办", scripts=False)
    page = officer.page
    officer.open("/workbooks/")
    page.set_input_files("#look [name=file]", payload("库存.xlsx", ledger("河阳县")))
    page.click("#look button.btn-primary")
    for _ in range(60):
        if page.locator(".db-tabs").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    page.locator(".db-tabs a", has_text="读取的行").click()
    expect(page.locator("#rows tbody tr")).to_have_count(3)


def test_many_workbooks_are_sorted_corrected_and_handed_in(visitors: Visitors) -> None:
    officer = visitors("清欠办")
    page = officer.page
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("九月/河阳县.xlsx", ledger("清欠台账（截至2026年9月30日）"))
        out.writestr("九月/说明.docx", b"x")
    officer.open("/arrears/imports/")
    assert serious(officer) == []
    files = [payload("石渡县202609.xlsx", ledger("清欠台账")), payload("台账.xlsx", ledger("清欠台账"))]
    packed_file: FilePayload = {"name": "上报.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}
    page.set_input_files("#several [name=workbooks]", [*files, packed_file])
    page.click("#several button.btn-primary")
    page.wait_for_selector(".db-delivery-form", timeout=120_000)
    assert serious(officer) == []

    # What is certain is ticked; the one of which nothing is known is filled in by hand.
    lines = page.locator(".db-delivery > li")
    expect(lines).to_have_count(4)
    unknown = lines.nth(1)
    expect(unknown.locator("[type=checkbox]")).not_to_be_checked()
    unknown.locator("[type=checkbox]").check()
    unknown.locator("input[list]").fill("鹿川县")
    page.click("#delivery button.btn-primary")
    page.wait_for_selector("#delivery .db-wrong")
    assert serious(officer) == []
    page.locator("#delivery [type=date]").fill("2026-09-30")
    page.click("#delivery button.btn-primary")
    expect(page.locator("#delivery .db-badge", has_text="已报送")).to_have_count(3)

    page.locator(".db-delivery a", has_text="石渡县").click()
    expect(page.locator(".db-lead")).to_contain_text("代传", timeout=120_000)
    officer.open("/arrears/imports/")
    expect(page.locator("#statements")).to_contain_text("代传")
    # The browser notes the form that came back with a sentence; there is nothing else to note.
    assert [told for told in officer.complaints if "422" not in told] == []
