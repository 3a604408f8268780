"""What holds for every template of the house, not only for those in this folder."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

import duban
from duban.ui.components import Acting, NavItem

HOUSE = Path(duban.__file__).parent
TEMPLATES = sorted(path for path in HOUSE.rglob("templates/**/*.html") if "tests" not in path.parts)
ICONS = {line.split()[0] for line in (HOUSE / "ui" / "icons.txt").read_text().splitlines() if line[:1] not in {"", "#"}}
CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def name(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


class Inline(HTMLParser):
    """Collects what a strict content security policy would refuse."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""
        self.feed(CODE.sub("x", text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {attribute for attribute, _ in attrs}
        self.found += [
            f"<{tag} {attribute}>" for attribute in names if attribute == "style" or attribute.startswith("on")
        ]
        self.found += [f"<{tag} {attribute}>" for attribute in names if attribute.startswith("hx-on")]
        self.inside = tag if tag in {"script", "style"} else ""
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}>")

    def handle_data(self, data: str) -> None:
        if self.inside and data.strip():
            self.found.append(data.strip())

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the parser's signature
        self.inside = ""


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_template_has_script_or_style_in_it(path: Path) -> None:
    assert Inline(path.read_text(encoding="utf-8")).found == []


def test_the_scan_finds_what_it_looks_for() -> None:
    bad = '<p style="x" onclick="y" hx-on:click="z"></p><script>a()</script><style>b</style>'
    assert len(Inline(bad).found) == 7


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_template_compiles(path: Path) -> None:
    get_template(path.as_posix().split("/templates/")[1])


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.name.startswith("_")], ids=name)
def test_the_first_line_of_a_part_names_what_it_receives(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("{# ")


def test_every_icon_in_use_is_in_the_list() -> None:
    used = {
        found
        for path in [*TEMPLATES, *(path for path in HOUSE.rglob("*.py") if "tests" not in path.parts)]
        for found in re.findall(r"""\{% icon "([^"]+)"|\bicon="([^"]+)\"""", path.read_text(encoding="utf-8"))
        for found in found
        if found
    }
    assert used <= ICONS


def test_the_configuration_of_htmx_is_said_once() -> None:
    said = [name(path) for path in TEMPLATES if "htmx-config" in path.read_text(encoding="utf-8")]
    assert said == ["ui/templates/ui/_head.html"]


@pytest.mark.parametrize("number", [403, 404, 500])
def test_error_pages_need_no_request(number: int) -> None:
    html = render_to_string(f"{number}.html")
    assert str(number) in html
    assert 'method="post"' not in html


def test_the_base_page_shows_navigation_and_whom_one_acts_as() -> None:
    request = RequestFactory().get("/")
    items = [NavItem(f"Place {number}", f"/{number}", "point", key=str(number)) for number in range(6)]
    values = {"heading": "Ledger", "navigation": items, "acting": Acting("Zhou Min", "Roads", "office", several=True)}
    html = render_to_string("ui/base.html", values, request)
    assert Inline(html).found == []
    assert "<title>Ledger · Duban</title>" in html
    assert html.count("Place 0") == 3  # bar, bottom bar, list of shortcuts
    assert "Acting as Zhou Min, Roads, office" in html
    assert 'href="#main"' in html
    assert "X-CSRFToken" in html
