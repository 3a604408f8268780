from hypothesis import given
from hypothesis import strategies as st

from duban.intake.keeping import from_stored, storable, stored
from duban.kernel.words import Sentence
from duban.workbook.grid import Format
from duban.workbook.looked import Fate, Heading, Looked, LookedColumn, SheetSeen


@given(
    st.recursive(st.none() | st.text() | st.integers(), lambda kept: st.lists(kept) | st.dictionaries(st.text(), kept))
)
def test_what_is_stored_is_text_that_a_database_takes(value: object) -> None:
    for text in _texts(storable(value)):
        assert "\x00" not in text
        text.encode()


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for held in value.values() for text in _texts(held)]
    if isinstance(value, list):
        return [text for held in value for text in _texts(held)]
    return [value] if isinstance(value, str) else []


def test_what_was_seen_comes_back_as_it_was() -> None:
    looked = Looked(
        Format.XLSX,
        None,
        Sentence("{count} of its headings are those of {title}.", {"count": "3", "title": "表"}),
        facts=[Sentence("It carries macros; they were ignored.")],
        sheets=[SheetSeen("一", is_read=True, said=Sentence("The sheet is empty."))],
        headings=[
            Heading("一", "A1", "款项去向", Fate.UNPLACED, "note", Sentence("similar")),
            Heading("一", "B1", "备注", Fate.PLACED, "note"),
        ],
        columns=[LookedColumn("note", "备注", "text")],
    )
    kept = from_stored(stored(looked))
    assert (kept.reason, kept.facts, kept.sheets) == (looked.reason, looked.facts, looked.sheets)
    assert (kept.headings, kept.columns) == (looked.headings, looked.columns)
    assert (kept.format, kept.schema, kept.rows, kept.errors, kept.warnings) == ("xlsx", "", 0, 0, 0)
