from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.kernel.money import (
    LARGEST_FEN,
    ZERO,
    AmountOutOfRange,
    AmountTooFine,
    AmountWithoutUnit,
    InexactAmount,
    Money,
    NoAmount,
    Rounding,
    Unit,
    UnreadableAmount,
)

amounts = st.integers(-LARGEST_FEN, LARGEST_FEN).map(Money)
small_amounts = st.integers(-(10**15), 10**15).map(Money)


@pytest.mark.parametrize("value", ["1234.50", "1234.5", Decimal("1234.500"), Decimal("12345E-1")])
def test_money_is_made_from_exact_values(value: str | Decimal) -> None:
    assert Money.of(value).fen == 123450


def test_a_whole_number_means_yuan_and_fen_are_asked_for_by_name() -> None:
    assert Money.of(5) == Money.from_fen(500)
    assert Money.of(5).yuan == Decimal("5.00")


@pytest.mark.parametrize("value", [1.5, True, None, Decimal("NaN"), Decimal("Infinity")])
def test_a_float_and_what_is_no_number_are_refused(value: object) -> None:
    with pytest.raises(InexactAmount, match=r"is not an exact amount. Give it as text"):
        Money.of(value)  # type: ignore[arg-type]  # what is refused
    with pytest.raises(InexactAmount):
        Money.from_fen(1.0)  # type: ignore[arg-type]  # what is refused


def test_a_part_below_one_fen_is_refused_unless_it_is_rounded_by_name() -> None:
    with pytest.raises(AmountTooFine, match=r"1\.005 has a part smaller than one fen"):
        Money.of("1.005")
    assert Money.rounded("1.005") == Money.of("1.01")
    assert Money.rounded("-1.005") == Money.of("-1.01")
    assert Money.rounded(Decimal("1.005"), rounding=Rounding.DOWN) == Money.of("1.00")


@pytest.mark.parametrize("value", ["92233720368547758.08", 10**40, Decimal("-1E+999999")])
def test_an_amount_that_no_ledger_can_hold_is_refused(value: str | int | Decimal) -> None:
    with pytest.raises(AmountOutOfRange, match=r"beyond what can be kept, 92233720368547758\.07 yuan"):
        Money.of(value)


@pytest.mark.parametrize("text", ["1,234.50", "１２", "1e5", " 1", "1.", ".5", "+1", ""])
def test_of_reads_only_the_plain_form(text: str) -> None:
    with pytest.raises(UnreadableAmount):
        Money.of(text)


@given(amounts)
def test_the_stable_form_is_read_back(amount: Money) -> None:
    assert Money.of(str(amount)) == amount
    assert Money.parse(str(amount)) == amount


@given(amounts, st.sampled_from(Unit))
def test_every_unit_is_exact(amount: Money, unit: Unit) -> None:
    text = f"{amount.in_unit(unit):f}"
    assert Money.parse(text, unit) == amount
    assert Money.parse(f"{amount.in_unit(Unit.WAN):,f}万元", unit) == amount


@given(amounts)
def test_an_amount_in_words_is_read_back(amount: Money) -> None:
    assert Money.parse(amount.in_words()) == amount
    assert Money.parse(f"人民币（大写）：{amount.in_words()}", Unit.WAN) == amount


@given(st.lists(small_amounts))
def test_a_sum_does_not_depend_on_the_order(parts: list[Money]) -> None:
    total = sum(parts, ZERO)
    assert total == sum(reversed(parts), ZERO)
    assert total.fen == sum(part.fen for part in parts)
    assert parts == [] or total == sum(parts)


@given(small_amounts, small_amounts)
def test_money_is_ordered_and_added_as_its_fen_are(one: Money, other: Money) -> None:
    assert (one < other) == (one.fen < other.fen)
    assert one - other == -(other - one)
    assert abs(one) == max(one, -one)
    assert len({one, Money(one.fen)}) == 1


def test_money_is_multiplied_by_counts_freely_and_by_ratios_only_with_a_rounding() -> None:
    assert Money.of("1.01") * 3 == 3 * Money.of("1.01") == Money.of("3.03")
    assert Money.of("1000000").times(Decimal("0.0005"), rounding=Rounding.HALF_UP) * 153 == Money.of("76500")
    assert Money.of("0.05").times(Decimal("0.5"), rounding=Rounding.HALF_UP) == Money.of("0.03")
    assert Money.of("0.05").times(Decimal("0.5"), rounding=Rounding.HALF_EVEN) == Money.of("0.02")
    with pytest.raises(InexactAmount):
        Money.of(1).times(0.5, rounding=Rounding.UP)  # type: ignore[arg-type]  # what is refused


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("1,234.50", "1234.50"),
        ("１，２３４．５０", "1234.50"),
        ("1 234 567.8", "1234567.80"),
        ("¥1,234", "1234"),
        ("￥ 5 元", "5"),
        ("RMB 5", "5"),
        ("人民币 12 万元", "120000"),
        ("15167.3926万元", "151673926"),
        ("1.2亿", "120000000"),
        ("1亿2000万元", "120000000"),
        ("3百万元", "3000000"),
        ("5千万", "50000000"),
        ("2千元", "2000"),
        ("12元5角3分", "12.53"),
        ("80分", "0.80"),
        ("100元整", "100"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("¥-5", "-5"),
        ("-¥5", "-5"),
        ("（1,234.50）", "-1234.50"),
        ("(¥80)", "-80"),
        ("(1.5)万元", "-15000"),
        ("+5", "5"),
        ("壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", "1234567.89"),
        ("壹佰圓整", "100"),
        ("壹佰元正", "100"),
        ("負壹元整", "-1"),
        ("伍元零角零分", "5"),
        ("叁佰贰拾伍元零肆分", "325.04"),
        ("壹拾万零柒仟元伍角叁分", "107000.53"),
        ("三千二百万元", "32000000"),
        ("三百万", "3000000"),
        ("五角", "0.50"),
    ],
)
def test_what_people_type_is_read(text: str, yuan: str) -> None:
    assert Money.parse(text) == Money.of(yuan)


def test_a_bare_number_has_the_unit_of_its_column_and_a_written_unit_goes_first() -> None:
    assert Money.parse("12.5", Unit.WAN) == Money.of(125_000)
    assert Money.parse("12.5", Unit.QIAN) == Money.of(12_500)
    assert Money.parse("12.5元", Unit.WAN) == Money.of("12.50")


@pytest.mark.parametrize(
    "text",
    [
        "12 34",
        "1,23",
        "1,2345",
        "约300万元",
        "1e5",
        "12²",
        "½",
        "二〇二六",
        "一万二",
        "1亿2000",
        "1亿20000万元",
        "1.5万2千元",
        "3元5",
        "2万1亿",
        "(-5)",
        "(5",
        "5)",
        "--5",
        "-",
        "—",
        "万元",
        "元",
        "整",
        "1.2.3",
        "12%",
        "100美元",
        "9" * 500,
        "9" * 90 + "x",
        "٣",
    ],
)
def test_what_is_not_one_amount_is_refused_at_once_with_an_example(text: str) -> None:
    with pytest.raises(UnreadableAmount, match=r"cannot be read as one amount of money. Write it in digits"):
        Money.parse(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        amount = Money.parse(text)
    except (NoAmount, UnreadableAmount, AmountTooFine, AmountOutOfRange):
        return
    assert Money.parse(amount.in_words()) == amount


def test_an_empty_text_is_not_zero() -> None:
    with pytest.raises(NoAmount, match="write 0 only when the amount is known to be zero"):
        Money.parse("　 ")


def test_a_typed_part_below_one_fen_is_refused() -> None:
    with pytest.raises(AmountTooFine):
        Money.parse("1.2345678万元")


def test_words_without_a_unit_are_not_guessed_in_a_column_of_ten_thousands() -> None:
    with pytest.raises(AmountWithoutUnit, match="“三百” may mean yuan or 10,000 yuan"):
        Money.parse("三百", Unit.WAN)


@pytest.mark.parametrize(
    ("fen", "unit", "places", "shown"),
    [
        (123456789, Unit.YUAN, 2, "1,234,567.89"),
        (123456789, Unit.WAN, 2, "123.46"),
        (123450000, Unit.WAN, 0, "123"),
        (1516739260000, Unit.WAN, 4, "1,516,739.2600"),
        (-500, Unit.WAN, 2, "0.00"),
        (-500000, Unit.WAN, 0, "-1"),
        (0, Unit.YI, 2, "0.00"),
    ],
)
def test_people_see_thousands_marks_and_halves_rounded_up(fen: int, unit: Unit, places: int, shown: str) -> None:
    assert Money(fen).shown(unit, places) == shown


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("-20", "负贰拾元整"),
    ],
)
def test_words_follow_the_examples_of_the_payment_rules(yuan: str, words: str) -> None:
    assert Money.of(yuan).in_words() == words
