import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.kernel.numerals import numeral, numeral_value


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "零"),
        (10, "壹拾"),
        (105, "壹佰零伍"),
        (1680, "壹仟陆佰捌拾"),
        (16409, "壹万陆仟肆佰零玖"),
        (107000, "壹拾万柒仟"),
        (100500, "壹拾万零伍佰"),
        (100000001, "壹亿零壹"),
        (10**12, "壹万亿"),
    ],
)
def test_a_number_is_written_as_the_bank_writes_it(number: int, written: str) -> None:
    assert numeral(number) == written


@given(st.integers(0, 10**18))
def test_what_is_written_is_read_back(number: int) -> None:
    assert numeral_value(numeral(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("一百一十", 110),
        ("两千三百万", 23_000_000),
        ("壹拾萬零柒仟", 107_000),
        ("參億貳仟萬", 320_000_000),
        ("壹万零仟零佰零拾伍", 10_005),
        ("一千五十", 1_050),
    ],
)
def test_everyday_traditional_and_column_forms_are_read(text: str, number: int) -> None:
    assert numeral_value(text) == number


@pytest.mark.parametrize(
    "text", ["", "一万二", "一百五", "一亿二", "二〇二六", "壹貳參", "万", "亿", "百千", "廿", "一万一万", "五百千"]
)
def test_what_could_mean_two_numbers_is_no_numeral(text: str) -> None:
    assert numeral_value(text) is None
