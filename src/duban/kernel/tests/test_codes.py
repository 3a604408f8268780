import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as gb32100
from tests.shared_data import shared

from duban.kernel.codes import (
    ALPHABET,
    BodyCodeCheck,
    CreditCodeCharacter,
    CreditCodeCheck,
    CreditCodeLength,
    Uscc,
    body_check_character,
)
from duban.kernel.errors import DomainError
from duban.kernel.numbers import half_width

VECTORS = ("53640000MJX173680A", "53640000MJX173672F", "91620105756580826D")
vectors = st.sampled_from(VECTORS)
_WRONG_INSIDE = "91620105756580827"  # the organisation code 75658082 ends in 6
WRONG_INSIDE = _WRONG_INSIDE + gb32100.calc_check_digit(_WRONG_INSIDE)


def built(start: str, body: str) -> str:
    first_17 = start + body + body_check_character(body)
    return first_17 + str(gb32100.calc_check_digit(first_17))


characters = st.sampled_from(ALPHABET)
codes = st.builds(
    built,
    st.builds(
        lambda head, region: head + region,
        st.text(characters, min_size=2, max_size=2),
        st.from_regex("[0-9]{6}", fullmatch=True),
    ),
    st.text(characters, min_size=8, max_size=8),
)


@pytest.mark.parametrize("code", VECTORS)
def test_published_codes_pass_both_checks(code: str) -> None:
    assert Uscc.parse(code).passes_body_check


def test_every_real_code_passes_both_checks() -> None:
    with shared("names", "uscc_valid_dev.csv").open(encoding="utf-8") as listed:
        real = [row["uscc"] for row in csv.DictReader(listed)]
    assert len(real) == 25
    assert all(Uscc.parse(code).passes_body_check for code in real)


@given(codes)
def test_a_code_with_right_checks_is_accepted_and_reads_back(code: str) -> None:
    assert str(Uscc.parse(code)) == code
    assert Uscc.parse(code.lower().translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)})) == Uscc.parse(code)


@given(codes, st.integers(0, 17), characters)
def test_any_single_slip_is_found(code: str, position: int, character: str) -> None:
    slipped = code[:position] + character + code[position + 1 :]
    if slipped == code:
        return
    with pytest.raises((CreditCodeCheck, CreditCodeCharacter)):
        Uscc.parse(slipped, as_issued=True)


def test_the_way_a_code_is_typed_does_not_matter() -> None:
    code = Uscc.parse("91620105756580826D")
    assert Uscc.parse(" 9162 0105-75658082-6 d ") == code
    assert Uscc.parse("９１６２０１０５７５６５８０８２６Ｄ") == code
    assert Uscc.parse("91620105 75658082‐6D") == code


def test_the_parts_of_a_code_are_named() -> None:
    code = Uscc.parse("91620105756580826D")
    assert (code.registrar, code.region, code.body) == ("9", "620105", "756580826")


def test_registrars_with_a_letter_are_known() -> None:
    assert Uscc.parse(built("N2530102", "MF123456")).registrar == "N"


def test_a_refusal_names_the_last_character_that_would_be_right_and_where_to_look() -> None:
    with pytest.raises(
        CreditCodeCheck, match=r"the last character is E, and the others would give D.*1 to 8 or the last"
    ):
        Uscc.parse("91620105756580826E")
    with pytest.raises(CreditCodeCheck, match="most likely among characters 9 to 17, whose own check fails too"):
        Uscc.parse("91620105756580836D")


def test_a_wrong_code_inside_is_refused_unless_it_was_issued_so() -> None:
    with pytest.raises(BodyCodeCheck, match="character 17 is 7, and characters 9 to 16 would give 6") as refusal:
        Uscc.parse(WRONG_INSIDE)
    assert refusal.value.expected == "6"
    assert not Uscc.parse(WRONG_INSIDE, as_issued=True).passes_body_check


@pytest.mark.parametrize(
    ("typed", "position", "likely"),
    [
        ("9I620105756580826D", 2, "1"),
        ("9162O105756580826D", 5, "0"),
        ("91620105756580826O", 18, "0"),
        ("91620105Z56580826D", 9, "2"),
        ("9162010575S580826D", 11, "5"),
        ("916201057565808V6D", 16, "U"),
    ],
)
def test_a_letter_that_no_code_has_is_named_with_what_was_probably_meant(
    typed: str, position: int, likely: str
) -> None:
    with pytest.raises(CreditCodeCharacter, match=f"Character {position} of .* It is often written for {likely}"):
        Uscc.parse(typed)


@pytest.mark.parametrize(
    "typed", ["9162A105756580826D", "91620V05756580826D", "91620105756580826*", "9162010575658082六D"]
)
def test_any_other_character_is_named_without_a_guess(typed: str) -> None:
    with pytest.raises(CreditCodeCharacter, match=r"which no credit code has there\.$"):
        Uscc.parse(typed)


@pytest.mark.parametrize(
    ("typed", "length"), [("", 0), ("756580826", 9), ("620105200012345", 15), ("91620105756580826DD", 19)]
)
def test_a_code_of_another_length_is_refused(typed: str, length: int) -> None:
    with pytest.raises(CreditCodeLength, match=f"has {length} characters, and a credit code has 18"):
        Uscc.parse(typed)


@pytest.mark.parametrize(("body", "check"), [("75658082", "6"), ("MJX17368", "0"), ("D2143569", "X")])
def test_the_organisation_code_counts_with_all_letters(body: str, check: str) -> None:
    assert body_check_character(body) == check


@given(code=st.one_of(codes, st.text(ALPHABET, min_size=18, max_size=18), st.text(min_size=17, max_size=19)))
def test_a_code_is_accepted_exactly_when_the_standard_and_its_inner_check_do(code: str) -> None:
    try:
        accepted = str(Uscc.parse(code))
    except DomainError:
        accepted = ""
    typed = "".join(half_width(code).split()).replace("-", "").upper()
    formed = len(typed) == 18 and set(typed) <= set(ALPHABET) and set(typed[2:8]) <= set("0123456789")
    sound = formed and gb32100.calc_check_digit(typed[:17]) + body_check_character(typed[8:16]) == typed[17] + typed[16]
    assert accepted == (typed if sound else "")
