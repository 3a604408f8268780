import subprocess
from pathlib import Path

import pytest
from tools import front_end, preflight


def test_the_sprite_has_a_symbol_for_each_name(tmp_path: Path) -> None:
    (tmp_path / "check.svg").write_text('<!-- tags -->\n<svg width="24"\n class="x">\n  <path d="M5 12" />\n</svg>\n')
    assert '<symbol id="check" viewBox="0 0 24 24"' in front_end.sprite(["check"], tmp_path)
    assert '<path d="M5 12" /></symbol>' in front_end.sprite(["check"], tmp_path)


def test_an_unknown_icon_stops_the_setup_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="names “chek”, which is no outline icon"):
        front_end.sprite(["chek"], tmp_path)


def test_every_name_in_the_list_of_icons_has_its_reason_and_stands_once() -> None:
    names = front_end._icon_names()
    assert len(names) == len(set(names))
    lines = (front_end.UI / "icons.txt").read_text().splitlines()
    assert all(len(line.split(maxsplit=1)) == 2 for line in lines)


def test_what_is_missing_is_said_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    said = list(preflight.lacking())
    assert len(said) == 3  # without a tool to list fonts, nothing is said about them
    assert all("apt-get install" in sentence for sentence in said)


@pytest.mark.parametrize(("listed", "there"), [("Noto Sans CJK SC\n", True), ("", False)])
def test_a_chinese_font_is_looked_for(monkeypatch: pytest.MonkeyPatch, listed: str, there: bool) -> None:
    monkeypatch.setattr("shutil.which", lambda name: name)
    answer = subprocess.CompletedProcess[str]([], 0, stdout=listed)
    monkeypatch.setattr("subprocess.run", lambda *_args, **_more: answer)
    assert preflight.has_chinese_font() is there
