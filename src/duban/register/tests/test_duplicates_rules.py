import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from duban.kernel.codes import ALPHABET
from duban.register.rules.duplicates import Ground, Known, Likely, likely_duplicates, survivor_of
from duban.register.rules.names import parts_of

CODE, OTHER = "53640000MJX173680A", "91110000600037341L"
FIRM = "昆明市盘龙区宏达建筑有限公司"


def grounds(*parties: tuple[str, str | None]) -> list[Ground]:
    known = [Known(number, name, code) for number, (name, code) in enumerate(parties, start=1)]
    return [likely.ground for likely in likely_duplicates(known)]


def test_a_name_is_taken_apart() -> None:
    parts = parts_of("云南省昆明市宏达建筑工程有限责任公司")
    assert (parts.places, parts.trade, parts.business) == (("云南", "昆明市", ""), "宏达", "建筑工程")
    assert (parts.place, parts.form, parts.is_whole) == ("昆明市", "有限", True)
    assert parts_of("枫溪永维市政工程有限公司").place == ""
    assert parts_of("云渚区城市建设投资有限公司").place == "云渚区"
    assert parts_of("财政局").form == parts_of("财政局").place == ""


@pytest.mark.parametrize(
    "typed", [CODE.lower(), f"{CODE[:9]} {CODE[9:]}", CODE.replace("0", "O"), CODE.replace("1", "I")]
)
def test_one_code_written_differently_is_proposed_whatever_the_names(typed: str) -> None:
    assert grounds(("甲局", CODE), ("乙公司", typed)) == [Ground.SAME_CODE]


def test_a_code_with_a_slip_is_proposed_with_the_sound_one() -> None:
    swapped = CODE[:9] + CODE[10] + CODE[9] + CODE[11:]
    assert grounds(("甲局", CODE), ("甲局", CODE[:-1] + "B")) == [Ground.NEAR_CODE]
    assert grounds(("甲局", CODE), ("甲局", swapped)) == [Ground.NEAR_CODE]


@given(st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_slip_is_found(place: int, character: str) -> None:
    typed = CODE[:place] + character + CODE[place + 1 :]
    assume(typed != CODE)
    assert grounds(("甲局", CODE), ("乙局", typed)) == [Ground.NEAR_CODE]


def test_two_sound_codes_are_two_parties_whatever_their_names() -> None:
    assert grounds((FIRM, CODE), (FIRM, OTHER)) == []


def test_a_name_without_code_is_held_against_the_code_of_that_name() -> None:
    assert grounds((FIRM, CODE), (FIRM.replace("宏达", "（宏达）"), None)) == [Ground.SAME_NAME]
    assert grounds((FIRM, CODE), (FIRM, OTHER), (FIRM, None)) == [Ground.SHARED_NAME, Ground.SHARED_NAME]


@pytest.mark.parametrize("bare", ["财政局", "宏达", "宏达公司"])
def test_a_bare_name_is_never_enough(bare: str) -> None:
    assert grounds((bare, CODE), (bare, None)) == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (FIRM, FIRM.replace("有限公司", "有限责任公司"), [Ground.SAME_PARTS]),
        (FIRM, f"云南省{FIRM}", [Ground.SAME_PARTS]),
        (FIRM, FIRM.replace("有限公司", "股份有限公司"), [Ground.OTHER_FORM]),
        (FIRM, FIRM.replace("宏达", "远大"), []),
        (FIRM, FIRM.replace("建筑", "设计"), []),
        (FIRM, FIRM.replace("盘龙区", "官渡区"), []),
        ("昆明市城区宏达建筑有限公司", "大理市城区宏达建筑有限责任公司", []),
        ("宏达建筑有限公司", "宏达建筑有限责任公司", []),
        (FIRM, f"{FIRM}昆明分公司", []),
    ],
)
def test_names_count_by_region_trade_name_business_and_form(first: str, second: str, expected: list[Ground]) -> None:
    assert grounds((first, None), (second, None)) == expected


def test_a_place_of_the_city_is_one_without_its_last_word() -> None:
    known = [
        Known(1, "澜江宏达建筑有限公司", None),
        Known(2, "澜江市宏达建筑有限公司", None),
        Known(3, "澜江建筑有限公司", None),
    ]
    assert likely_duplicates(known) == []
    assert likely_duplicates(known, places=["澜江市"]) == [Likely(1, 2, Ground.SAME_PARTS)]


def test_many_of_one_name_are_held_against_one_and_not_against_each_other() -> None:
    forms = [FIRM, FIRM.replace("有限公司", "有限责任公司"), f"云南省{FIRM}", f"云南{FIRM}"]
    parties = [Known(number, name, None) for number, name in enumerate(forms, start=1)]
    assert [(one.first, one.second) for one in likely_duplicates(parties)] == [(1, 2), (1, 3), (1, 4)]


def test_the_order_of_the_parties_does_not_matter() -> None:
    parties = [Known(1, FIRM, None), Known(2, FIRM, CODE), Known(3, "甲局", CODE.lower())]
    assert likely_duplicates(parties) == likely_duplicates(parties[::-1])
    assert Likely(2, 3, Ground.SAME_CODE) in likely_duplicates(parties)


def test_who_has_a_sound_code_goes_on_and_else_who_is_known_for_longer() -> None:
    plain, slipped, sound = Known(1, FIRM, None), Known(2, FIRM, CODE[:-1] + "B"), Known(3, FIRM, CODE)
    assert survivor_of(plain, sound) == survivor_of(sound, slipped) == sound
    assert survivor_of(plain, slipped) == slipped
    assert survivor_of(Known(4, FIRM, None), plain) == plain
