"""Every page of a role, wide and phone-narrow: nothing the browser complains of, nothing axe finds serious."""

from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from tests.journeys.conftest import Visitor, Visitors

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PAGES = {
    "清欠办": (
        "/",
        "/arrears/progress/",
        "/arrears/ledger/",
        "/arrears/ledger/new/",
        "/arrears/proposals/",
        "/arrears/imports/",
        "/arrears/board/",
        "/arrears/board/year/",
        "/arrears/board/reporters/",
        "/arrears/board/zero/",
        "/arrears/board/zero/form/?unit=539900-SJJ",
        "/arrears/rollforward/",
        "/parties/",
        "/parties/duplicates/",
        "/workbooks/",
        "/trail/",
        "/appointments/",
        "/password/",
    ),
    "分管副市长": ("/", "/arrears/progress/", "/arrears/ledger/?part=open", "/arrears/board/"),
    "审计管理员": ("/", "/trail/"),
}


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible_and_quiet(visitors: Visitors, name: str, phone: bool) -> None:
    visitor = visitors(name, phone=phone)
    addresses = [*PAGES[name], *_a_claim(visitor)]
    for address in addresses:
        visitor.open(address)
        assert serious(visitor) == [], address
        assert not overflows(visitor), f"{address} is wider than the window"
    assert visitor.complaints == []


def test_the_sign_in_and_error_pages_are_accessible(visitors: Visitors) -> None:
    visitor = visitors()
    visitor.open("/sign-in/")
    assert serious(visitor) == []
    visitor.page.fill("[name=name]", "nobody")
    visitor.page.fill("[name=password]", "wrong")
    visitor.page.click("#sign-in button.btn-primary")
    visitor.page.wait_for_selector("[role=alert]")
    assert serious(visitor) == []


def serious(visitor: Visitor) -> list[str]:
    """What axe finds that keeps somebody out, as rule and place."""
    visitor.page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found: dict[str, Any] = visitor.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def overflows(visitor: Visitor) -> bool:
    return bool(visitor.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))


def _a_claim(visitor: Visitor) -> list[str]:
    """The first claim of the ledger, and the forms of what may be done to it."""
    link = visitor.page.locator("a[href='/arrears/ledger/']").first
    if link.count() == 0:
        return []
    visitor.open("/arrears/ledger/")
    claim = visitor.page.locator("#ledger tbody th a").first.get_attribute("href")
    if not claim:
        return []
    visitor.open(claim)
    acts = visitor.page.locator("#claim > nav a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return [claim, *acts]
