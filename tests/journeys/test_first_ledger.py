"""The main job, once, in a browser: a workbook comes in, becomes claims, and gives a position that opens."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor, Visitors

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_an_officer_imports_a_ledger_and_follows_a_figure_down_to_a_transfer(visitors: Visitors) -> None:
    officer = visitors("清欠办")
    page = officer.page
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")

    officer.open("/arrears/imports/")
    page.select_option("[name=unit]", label="青石县")
    page.fill("[name=as_of]", "2026-10-31")
    page.set_input_files("[name=file]", officer.site.workbook)
    page.click("#import button.btn-primary")

    # What it would do is shown before anything is entered.
    page.wait_for_selector("text=录入后的变化", timeout=120_000)
    assert _claims_of(officer) == 0
    page.click("text=录入台账")
    page.wait_for_selector("text=已录入的变化", timeout=120_000)

    officer.open("/arrears/progress/")
    row = page.locator("#progress-table tr", has_text="青石县")
    expect(row).to_be_visible()
    row.locator("a").first.click()
    page.wait_for_selector("#ledger")
    assert _rows(officer) > 0

    page.locator("#ledger tbody th a").first.click()
    page.wait_for_selector("#claim")
    expect(page.locator("#claim .db-timeline li").first).to_be_visible()
    expect(page.locator("#claim")).to_contain_text(re.compile("认定"))
    assert officer.complaints == []


def test_a_clerk_of_another_county_sees_none_of_it(visitors: Visitors) -> None:
    officer = visitors("清欠办")
    officer.open("/arrears/ledger/?unit=539922")
    theirs = _addresses(officer)
    assert theirs

    stranger = visitors("石渡县专班")
    stranger.open("/arrears/ledger/")
    assert _addresses(stranger)
    assert not _addresses(stranger) & theirs
    stranger.open("/arrears/ledger/?unit=539922")
    assert not _addresses(stranger)
    stranger.open("/arrears/progress/")
    assert "河阳县" not in stranger.page.locator("main").inner_text()
    for claim in sorted(theirs)[:3]:
        answer = stranger.page.goto(stranger.site.url + claim)
        assert answer is not None
        assert answer.status == 404


def test_the_site_works_without_scripts(visitors: Visitors) -> None:
    visitor = visitors("清欠办", scripts=False)
    visitor.open("/arrears/ledger/?q=")
    assert _rows(visitor) > 0
    visitor.page.locator("#ledger thead a").first.click()
    assert "sort=" in visitor.page.url


def test_a_reader_can_change_to_english_and_back(visitors: Visitors) -> None:
    visitor = visitors("清欠办")
    visitor.page.locator("[data-menu] summary, summary").last.click()
    visitor.page.locator("button:has-text('English')").first.click()
    visitor.page.wait_for_selector("text=Progress table")
    visitor.page.locator("[data-menu] summary, summary").last.click()
    visitor.page.locator("button:has-text('中文')").first.click()
    visitor.page.wait_for_selector("text=进度表")


def _addresses(visitor: Visitor) -> set[str]:
    links = visitor.page.locator("#ledger tbody th a").all()
    return {address for link in links if (address := link.get_attribute("href"))}


def _rows(visitor: Visitor) -> int:
    return visitor.page.locator("#ledger tbody tr").count()


def _claims_of(visitor: Visitor) -> int:
    window = visitor.page.context.new_page()
    window.goto(f"{visitor.site.url}/arrears/ledger/?unit=539921")
    count = window.locator("#ledger tbody tr").count()
    window.close()
    return count


def test_the_keyboard_is_enough(visitors: Visitors) -> None:
    visitor = visitors("清欠办")
    page = visitor.page
    page.keyboard.press("Tab")
    expect(page.locator(".db-skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_selector("#ledger")
    page.keyboard.press("/")
    expect(page.locator("#ledger [data-search]")).to_be_focused()
    page.keyboard.type("青石")
    page.wait_for_url("**q=*")
    page.keyboard.press("Escape")
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert visitor.complaints == []
