import gettext
from pathlib import Path

import pytest
from tools import messages

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext
first = _("Owed")
second = N_("{paid} is more than {owed}. "
            "Record {owed} here.")
third = ngettext("%(number)s claim", "%(number)s claims", number)
fourth = pgettext("month", "May")
"""
PAGE = """
{# note #}
  <p title="{% translate 'Print' %}">{{ x|default:_("None yet") }}
{% blocktranslate trimmed count n=total %}
  One row
{% plural %}
  {{ n }} rows
{% endblocktranslate %}
  {% blocktranslate with who=name %}By {{ who }}, it's "so"{% endblocktranslate %}
"""
CHINESE = {
    "Owed": "尚欠",
    "{paid} is more than {owed}. Record {owed} here.": "{paid}超过{owed}，请记{owed}。",
    "%(number)s claim": "%(number)s 笔",
    "May": "五月",
    "Print": "打印",
    "None yet": "暂无",
    "One row": "%(n)s 行",
    'By %(who)s, it\'s "so"': "%(who)s 说“是”",
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    house = tmp_path / "house"
    for folder in ("arrears/tests", "arrears/templates/arrears"):
        (house / folder).mkdir(parents=True)
    (house / "arrears" / "rules.py").write_text(CODE)
    (house / "arrears" / "tests" / "test_rules.py").write_text('_("Only a test")')
    (house / "arrears" / "templates" / "arrears" / "ledger.html").write_text(PAGE)
    return house


def catalogue(house: Path) -> Path:
    return messages.catalogue_path(house, "zh_Hans")


def translate(house: Path, texts: dict[str, str]) -> None:
    kept = messages.read(catalogue(house), "zh_Hans")
    for message in kept:
        if message.id:
            text = texts.get(messages._key(message)[1], "")
            message.string = (text,) if message.pluralizable else text
    catalogue(house).write_bytes(messages.written(kept, "zh_Hans"))


def test_texts_are_found_in_code_and_in_templates_but_not_in_tests(house: Path) -> None:
    messages.update(house)
    kept = messages.read(catalogue(house), "zh_Hans")
    assert {messages._key(message)[1] for message in kept if message.id} == set(CHINESE)


def test_a_complete_catalogue_passes_and_works(house: Path) -> None:
    messages.update(house)
    translate(house, CHINESE)
    assert messages.check(house) == 0
    messages.compile_(house)
    with catalogue(house).with_suffix(".mo").open("rb") as file:
        chinese = gettext.GNUTranslations(file)
    assert chinese.gettext("Owed") == "尚欠"
    assert chinese.pgettext("month", "May") == "五月"
    assert chinese.ngettext("One row", "%(n)s rows", 1) == "%(n)s 行"


def test_updating_twice_changes_nothing(house: Path) -> None:
    messages.update(house)
    translate(house, CHINESE)
    before = catalogue(house).read_bytes()
    messages.update(house)
    assert catalogue(house).read_bytes() == before
    assert b"POT-Creation-Date" not in before
    assert b"#: house/arrears/rules.py\n" in before


def test_a_translation_survives_its_text_going_away_and_coming_back(house: Path) -> None:
    messages.update(house)
    translate(house, CHINESE)
    rules = house / "arrears" / "rules.py"
    rules.write_text("")
    messages.update(house)
    assert messages.check(house) == 1
    rules.write_text(CODE)
    messages.update(house)
    assert messages.check(house) == 0


def test_each_fault_is_named(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages.update(house)
    wrong = "{paid} is more than {owed}. Record {owed} here."
    translate(house, CHINESE | {"Owed": "", wrong: "{paid}超过{所欠}。"})
    path = catalogue(house)
    path.write_text(
        path.read_text().replace('msgid "Print"', '#, fuzzy\nmsgid "Print"') + '\nmsgid "Gone"\nmsgstr "去"\n'
    )
    (house / "arrears" / "more.py").write_text('_("New")')
    capsys.readouterr()
    assert messages.check(house) == 1
    said = capsys.readouterr().err
    assert "not translated: 'Owed' (house/arrears/rules.py)" in said
    assert "its translation ['paid', '所欠']" in said
    assert "unsure: 'Print'" in said
    assert "obsolete, no source has it: 'Gone'" in said
    assert "missing from the catalogue: 'New'" in said
    assert "5 faults" in said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{a} of {b.c:>5} {{not}}", {"a", "b"}),
        ("%(a)s %d 5%% off", {"a", "%d"}),
        ("plain {} text", {"{}"}),
        ("nothing", set()),
    ],
)
def test_places_are_seen(text: str, found: set[str]) -> None:
    assert messages.places(text) == found
