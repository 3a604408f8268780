from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.kernel.codes import CreditCodeCheck, Uscc
from duban.kernel.errors import DomainError
from duban.kernel.money import Money, Unit
from duban.kernel.period import Period
from duban.kernel.regions import RegionCode, UnreadableRegionCode
from duban.workbook.cells import (
    AmbiguousDay,
    Doubt,
    LostDigits,
    NoSuchDay,
    NotAnAmount,
    UnknownChoice,
    UnreadableCount,
    UnreadableDay,
    UnreadableMonth,
    UnreadableNumber,
    UnreadablePhone,
    UnreadableTruth,
    converter,
    nothing,
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
    "cell", ["去年", "2019年", "2019年底", 4352.0, 99999.0, date(1899, 12, 31), "0001-01-01", True]
)
def test_what_is_no_day_is_refused(cell: object) -> None:
    with pytest.raises(UnreadableDay, match="for example 2019-03-05"):
        read(Kind.DAY, cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2019-03-05 00:00:00", "2019/3/5 8:30", "2019-03-05T10:30:00.000", "2019-03-05T10:30:00+08:00", "2019.3.5.",
        "２０１９－３－５", "二〇一九年三月五日", "二零一九年三月五号", "2019年3月5日星期二", "15/3/2019", "3/15/2019",
        "2019年3月5日 10：30",
    ],
)  # fmt: skip
def test_a_day_is_read_out_of_what_stands_around_it(cell: str) -> None:
    assert read(Kind.DAY, cell) == date(2019, 3, 15 if "15" in cell else 5)


@pytest.mark.parametrize(
    ("cell", "day", "said"),
    [
        ("2019.3", date(2019, 3, 31), "a month only"),
        (2019.3, date(2019, 3, 31), "a month only"),
        (2019.12, date(2019, 12, 31), "a month only"),
        ("2019-2", date(2019, 2, 28), "a month only"),
        ("2020年2月", date(2020, 2, 29), "a month only"),
        ("201911", date(2019, 11, 30), "a month only"),
        ("二〇一九年十二月", date(2019, 12, 31), "a month only"),
        ("19/3/5", date(2019, 3, 5), "two digits"),
        ("19-3-5", date(2019, 3, 5), "two digits"),
        ("98年3月5日", date(1998, 3, 5), "two digits"),
        (43529.0, date(2019, 3, 5), "counts days"),
        ("43529", date(2019, 3, 5), "counts days"),
        (43529.5, date(2019, 3, 5), "counts days"),
    ],
)
def test_a_day_that_is_not_written_in_full_is_read_with_a_doubt(cell: object, day: date, said: str) -> None:
    doubt = read(Kind.DAY, cell)
    assert isinstance(doubt, Doubt)
    assert doubt.value == day
    assert said in str(doubt.message)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2019-03-00", "2019-03-01..2019-03-31"),
        ("2019-02-30", "2019-02-01..2019-02-28"),
        ("2020年4月31日", "2020-04-01..2020-04-30"),
        ("20190230", "2019-02-01..2019-02-28"),
    ],
)
def test_a_day_that_the_calendar_lacks_is_refused_with_those_it_has(cell: str, expected: str) -> None:
    with pytest.raises(NoSuchDay, match="has the days 1 to") as refused:
        read(Kind.DAY, cell)
    assert refused.value.expected == expected


@pytest.mark.parametrize("cell", ["5/3/2019", "05.03.2019", "5-3-2019"])
def test_a_day_that_may_be_two_is_refused_with_both(cell: str) -> None:
    with pytest.raises(AmbiguousDay, match="2019-03-05 or 2019-05-03"):
        read(Kind.DAY, cell)


def test_a_number_for_october_may_have_lost_its_last_zero() -> None:
    with pytest.raises(AmbiguousDay, match="2019-01 or 2019-10"):
        read(Kind.DAY, 2019.1)


@given(year=st.integers(1949, 2100), month=st.integers(1, 12))
def test_a_month_is_read_in_every_way_people_write_it(year: int, month: int) -> None:
    ways = [
        f"{year}-{month:02}", f"{year}.{month}", f"{year}/{month}", f"{year}年{month}月", f"{year}年{month}月份",
        f"{year}{month:02}", date(year, month, 28),
    ]  # fmt: skip
    assert {read(Kind.MONTH, way) for way in ways} == {Period.month(year, month)}


@pytest.mark.parametrize("cell", ["三月", "2019-13", "2019", "2019-03-05", 12.5])
def test_what_is_no_month_is_refused(cell: object) -> None:
    with pytest.raises(UnreadableMonth):
        read(Kind.MONTH, cell)


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("1,234.5", "12345000"), ("1，234.5", "12345000"), ("１２３４．５", "12345000"), ("1 234.5", "12345000"),
        ("3.5万元", "35000"), ("35000元", "35000"), ("0.5亿", "50000000"), ("(80)", "-800000"),
        ("（80.00）", "-800000"), ("-80", "-800000"), ("−80", "-800000"), ("△80", "-800000"), ("1.5E+02", "1500000"),
        ("零", "0"), ("0", "0"), (" 3.50 ", "35000"), (12, "120000"),
    ],
)  # fmt: skip
def test_an_amount_is_read_however_it_is_written(cell: object, yuan: str) -> None:
    assert read(Kind.MONEY, cell, Unit.WAN) == Money.of(yuan)


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        ("约3.5", "35000"), ("≈3.5", "35000"), ("3.5左右", "35000"), ("3.5（含质保金）", "35000"),
        ("3.5万元(估)", "35000"), ("约3.5万元（暂估）", "35000"), ("1 2.5", "125000"),
    ],
)  # fmt: skip
def test_an_amount_with_words_around_it_is_read_with_a_doubt(cell: str, yuan: str) -> None:
    doubt = read(Kind.MONEY, cell, Unit.WAN)
    assert isinstance(doubt, Doubt)
    assert doubt.value == Money.of(yuan)
    assert "more than a number" in str(doubt.message)


@pytest.mark.parametrize("cell", ["3.5（4.5", "见附件", "3.5/4.5", "3-5", "约", "三五"])
def test_what_may_be_several_amounts_or_none_is_refused(cell: str) -> None:
    with pytest.raises(DomainError):
        read(Kind.MONEY, cell, Unit.WAN)


def test_the_noise_of_a_sum_is_rounded_at_the_precision_that_is_displayed() -> None:
    noisy = 70000.7 * 3
    money = column("paid", "金额", kind=Kind.MONEY)
    assert noisy == 210002.09999999998
    assert converter(money, unit=Unit.YI, decimals=2)(noisy) == Money.of("21000210000000")
    assert isinstance(converter(money, unit=Unit.YI)(noisy), Doubt)


def test_a_finer_value_than_is_displayed_is_kept() -> None:
    money = column("paid", "金额", kind=Kind.MONEY)
    assert converter(money, unit=Unit.WAN, decimals=2)(12.345678) == Money.of("123456.78")


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.DECIMAL, "1,234.5吨", Decimal("1234.5")),
        (Kind.DECIMAL, 0.1, Decimal("0.1")),
        (Kind.DECIMAL, "(3)", Decimal(-3)),
        (Kind.PERCENT, "5.2%", Decimal("5.2")),
        (Kind.PERCENT, "－３．１％", Decimal("-3.1")),
        (Kind.PERCENT, 85.0, Decimal(85)),
        (Kind.REGION, "530102", RegionCode("530102")),
        (Kind.REGION, 530102.0, RegionCode("530102")),
        (Kind.PHONE, "０８７１－ 6512 3456", "0871- 6512 3456"),
        (Kind.PHONE, 13800000000.0, "13800000000"),
        (Kind.BOOL, "是", True),
        (Kind.BOOL, "×", False),
        (Kind.BOOL, "无", False),
        (Kind.BOOL, True, True),
        (Kind.BOOL, 0.0, False),
    ],
)
def test_other_kinds_are_read(kind: Kind, cell: object, value: object) -> None:
    assert converter(column("name", "栏目", kind=kind, measure="吨"), unit=Unit.YUAN)(cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "refusal"),
    [
        (Kind.DECIMAL, "3吨", UnreadableNumber),
        (Kind.DECIMAL, "三", UnreadableNumber),
        (Kind.PERCENT, "1:3", UnreadableNumber),
        (Kind.REGION, "99", UnreadableRegionCode),
        (Kind.PHONE, "同上", UnreadablePhone),
        (Kind.BOOL, "也许", UnreadableTruth),
    ],
)
def test_what_is_none_of_its_kind_is_refused(kind: Kind, cell: object, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        read(kind, cell)


def test_a_small_percentage_may_be_a_fraction_and_is_doubted() -> None:
    doubt = read(Kind.PERCENT, 0.052)
    assert isinstance(doubt, Doubt)
    assert doubt.value == Decimal("0.052")


def test_a_number_with_a_remark_is_doubted() -> None:
    doubt = converter(column("use", "用电量", kind=Kind.DECIMAL, measure="吨"), unit=Unit.YUAN)("约3.5吨")
    assert isinstance(doubt, Doubt)
    assert doubt.value == Decimal("3.5")


def test_a_choice_behind_a_number_is_known_and_the_nearest_one_is_named() -> None:
    kinds = column("kind", "类别", choices=[choice("works", "工程款"), choice("goods", "货款")])
    convert = converter(kinds, unit=Unit.YUAN)
    assert convert("1.工程款") == "works"
    with pytest.raises(UnknownChoice) as refused:
        convert("工程欠款")
    assert refused.value.expected == "工程款"


def test_what_says_nothing_depends_on_the_kind() -> None:
    assert {"无", "0", 0, "/", ""} <= nothing(Kind.DAY)
    assert "0" not in nothing(Kind.MONEY)
    assert "无" in nothing(Kind.MONEY)
    assert "无" not in nothing(Kind.TEXT)


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
