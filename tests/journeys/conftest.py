"""A whole site in a real browser: `duban serve` on a database of its own, and Debian's Chromium."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import CITY_CLAIMS, CITY_SEED, LEFT_OUT, ROOT, copy_of
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from duban.demo.build import PASSWORD
from duban.demo.workbooks import write_ledgers
from duban.postgres.server import Server

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDE, PHONE = ViewportSize(width=1366, height=900), ViewportSize(width=390, height=844)


@dataclass(frozen=True)
class Site:
    """A running site of the demo city, and the workbook that one county has not handed in yet."""

    url: str
    workbook: Path


@pytest.fixture(scope="session")
def site(server: Server, city_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with copy_of(server, city_template) as name:
        yield from _serve(name, tmp_path_factory)


def _serve(name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    workbook = _missing_ledger(tmp_path_factory.mktemp("ledgers"))
    port = _free_port()
    environment = {**os.environ, "DUBAN_DATABASE_NAME": name}
    log = (tmp_path_factory.mktemp("log") / "serve.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "duban.cli", "serve", "--port", str(port), "--workers", "1"],
        env=environment, cwd=ROOT, stdout=log, stderr=log,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process)
        yield Site(url, workbook)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        log.close()


def _missing_ledger(folder: Path) -> Path:
    from django.utils import timezone

    from duban.demo.build import end_of_last_month

    as_of = end_of_last_month(timezone.localdate())
    return dict(write_ledgers(folder, claims=CITY_CLAIMS, seed=CITY_SEED, as_of=as_of))[LEFT_OUT]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        assert process.poll() is None, "the site ended while starting"
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/sign-in/", timeout=2):
            return
        time.sleep(0.2)
    pytest.fail("the site did not answer within three minutes")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail("Chromium is missing: install it with 'apt-get install chromium'.")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody at a browser; what the browser complains of is kept."""

    site: Site
    page: Page
    complaints: list[str]

    def open(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def sign_in(self, name: str) -> None:
        self.open("/sign-in/")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("#sign-in button.btn-primary")
        self.page.wait_for_selector("main.db-main")


@pytest.fixture
def visitors(site: Site, browser: Browser) -> Iterator["Visitors"]:
    visitors = Visitors(site, browser)
    yield visitors
    visitors.leave()


class Visitors:
    """Opens a browser window for each visitor, in Chinese and wide unless said otherwise."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site, self.browser = site, browser
        self.contexts: list[BrowserContext] = []

    def __call__(self, name: str = "", *, phone: bool = False, scripts: bool = True) -> Visitor:
        context = self.browser.new_context(
            viewport=PHONE if phone else WIDE,
            locale="zh-CN",
            java_script_enabled=scripts,
        )
        self.contexts.append(context)
        context.set_default_timeout(90_000)  # a busy machine is slow, not wrong
        page = context.new_page()
        visitor = Visitor(self.site, page, [])
        page.on("console", lambda told: visitor.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        if name:
            visitor.sign_in(name)
        return visitor

    def leave(self) -> None:
        for context in self.contexts:
            context.close()
