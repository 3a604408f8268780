from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.kernel.codes import CreditCodeCheck, Uscc
from duban.kernel.errors import DomainError
from duban.kernel.money import Money, Unit
from duban.workbook.cells import (
    Doubt,
    LostDigits,
    NotAnAmount,
    UnknownChoice,
    UnreadableCount,
    UnreadableDay,
    converter,
)
from duban.workbook.schema import Kind, choice, column


def read(kind: Kind, cell: object, unit: Unit = Unit.YUAN) -> object:
    return converter(column("name", "栏目", kind=kind), unit=unit)(cell)


@given(fen=st.integers(0, 10**13), unit=st.sampled_from([Unit.YUAN, Unit.WAN, Unit.YI]))
def test_an_amount_survives_being_stored_as_a_double(fen: int, unit: Unit) -> None:
    typed = Decimal(f"{fen}E-{unit.value}")
    assert read(Kind.MONEY, float(typed), unit) == Money.from_fen(fen)
    assert read(Kind.MONEY, f"{typed:f}", unit) == Money.from_fen(fen)


def test_the_noise_of_a_double_is_not_a_part_of_a_fen() -> None:
    assert read(Kind.MONEY, 0.1 + 0.2, Unit.WAN) == Money.of("3000")


def test_a_part_below_one_fen_is_rounded_and_doubted() -> None:
    doubt = read(Kind.MONEY, 1000 / 3)
    assert isinstance(doubt, Doubt)
    assert doubt.value == Money.of("333.33")
    assert "333.33" in str(doubt.message)


@pytest.mark.parametrize("cell", [date(2019, 3, 5), True, float("inf"), time(1, 2)])
def test_a_cell_that_is_no_number_is_no_amount(cell: object) -> None:
    with pytest.raises(NotAnAmount):
        read(Kind.MONEY, cell)


@given(day=st.dates(date(1949, 1, 1), date(2100, 12, 31)))
def test_a_day_is_read_in_every_way_people_write_it(day: date) -> None:
    ways = [
        day,
        datetime(day.year, day.month, day.day, 10, 30),  # noqa: DTZ001 - what a spreadsheet gives
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02}.{day.day:02}",
        f"{day:%Y%m%d}",
        float(f"{day:%Y%m%d}"),
        f"{day.year}年{day.month}月{day.day}日",
        f" {day.year} 年 {day.month} 月 {day.day} 日 ",
    ]
    assert {read(Kind.DAY, way) for way in ways} == {day}


@pytest.mark.parametrize(
    "cell", ["2019-02-30", "2019年3月", "去年", "19-3-5", 43529.0, date(1899, 12, 31), "0001-01-01"]
)
def test_what_is_no_day_is_refused(cell: object) -> None:
    with pytest.raises(UnreadableDay, match="for example 2019-03-05"):
        read(Kind.DAY, cell)


def test_a_credit_code_is_checked() -> None:
    assert read(Kind.USCC, " 53640000mjx173680a ") == Uscc("53640000MJX173680A")
    with pytest.raises(CreditCodeCheck):
        read(Kind.USCC, "53640000MJX173681A")


def test_a_number_of_more_than_fifteen_digits_has_lost_some() -> None:
    assert read(Kind.CODE, 202600001.0) == "202600001"
    with pytest.raises(LostDigits, match="Set the cell to text"):
        read(Kind.CODE, 91530000123456789.0)


def test_a_code_is_written_one_way() -> None:
    assert read(Kind.CODE, "ｌｊ－２０２６ 001") == "LJ-2026001"


def test_a_whole_number_is_read_from_text_and_number() -> None:
    assert (read(Kind.INT, "1,200"), read(Kind.INT, 1200.0)) == (1200, 1200)
    with pytest.raises(UnreadableCount):
        read(Kind.INT, 12.5)


def test_a_choice_is_known_by_its_names_and_its_code() -> None:
    kinds = column("kind", "主体类别", choices=[choice("agency", "机关", "党政机关"), choice("township", "乡镇(街道)")])
    convert = converter(kinds, unit=Unit.YUAN)
    assert [convert(name) for name in ("机关", " 党政 机关", "AGENCY", "乡镇（街道）")] == [
        "agency", "agency", "agency", "township",
    ]  # fmt: skip
    with pytest.raises(UnknownChoice, match="机关、乡镇"):
        convert("公司")


@given(kind=st.sampled_from(Kind).filter(lambda kind: kind is not Kind.CHOICE), cell=st.text(min_size=1))
def test_any_text_gives_a_value_or_a_sentence(kind: Kind, cell: str) -> None:
    with suppress(DomainError):
        read(kind, cell)
