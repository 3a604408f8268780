import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.kernel import words
from duban.kernel.money import Money
from duban.kernel.words import Sentence
from duban.workbook.findings import (
    Finding,
    Severity,
    cell_name,
    column_letters,
    sentence_from_stored,
    shown_cell,
    stored_sentence,
)
from duban.workbook.naming import place_of

OWED = Sentence("{amount} is owed, {how}.", {"amount": Money.of("1234.50"), "how": Sentence("long since")})
FINDING = Finding("L04", Severity.ERROR, "清欠台账", "G66", "1,234.5", OWED, expected="1200.00")


def test_a_finding_is_shown_as_the_command_line_promises() -> None:
    assert FINDING.as_json() == {
        "rule": "L04", "severity": "error", "sheet": "清欠台账", "cell": "G66", "value": "1,234.5",
        "message": "1234.50 is owed, long since.", "expected": "1200.00",
    }  # fmt: skip


def test_a_stored_finding_comes_back_through_json() -> None:
    kept = json.loads(json.dumps(FINDING.stored()))
    assert Finding.from_stored(kept).as_json() == FINDING.as_json()


def test_a_stored_sentence_is_shown_in_the_language_of_a_later_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = json.loads(json.dumps(stored_sentence(OWED)))
    chinese = {"{amount} is owed, {how}.": "尚欠{amount}，{how}。", "long since": "已久"}
    monkeypatch.setattr(words, "_translate", chinese.__getitem__)
    assert str(sentence_from_stored(kept)) == "尚欠1234.50，已久。"


def test_columns_are_named_as_spreadsheets_name_them() -> None:
    assert [column_letters(place) for place in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert cell_name(66, 6) == "G66"


@given(place=st.integers(0, 16383))
def test_letters_lead_back_to_the_place(place: int) -> None:
    assert place_of(column_letters(place)) == place


def test_a_cell_is_shown_as_it_looks() -> None:
    assert [shown_cell(cell) for cell in (3.0, 3.25, " 甲 ", 1e300)] == ["3", "3.25", "甲", "1e+300"]
