import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared_data import shared

from duban.kernel.rates import (
    LoanPrimeRate,
    LoanPrimeRateAfter,
    LoanPrimeRateBefore,
    LoanPrimeRateMissing,
    LoanPrimeRates,
    LoanPrimeRateTwice,
    RatesFileRefused,
    read_rates,
)

RATES = LoanPrimeRates.shipped()


def rate(day: str, one_year: str = "0.03") -> LoanPrimeRate:
    return LoanPrimeRate(date.fromisoformat(day), Decimal(one_year))


def test_a_rate_is_in_force_from_its_own_day_until_the_day_before_the_next() -> None:
    assert RATES.in_force(date(2024, 7, 21)).one_year == Decimal("0.0345")
    assert RATES.in_force(date(2024, 7, 22)).one_year == Decimal("0.0335")
    assert RATES.in_force(date(2024, 8, 19)).published_on == date(2024, 7, 22)
    assert RATES.in_force(date(2019, 8, 20)).one_year == Decimal("0.0425")


def test_a_day_before_the_first_rate_says_which_to_load() -> None:
    with pytest.raises(LoanPrimeRateBefore, match=r"begin on 2019-08-20\. Load the rate .* by 2019-08-19"):
        RATES.in_force(date(2019, 8, 19))


def test_the_last_rate_holds_until_the_next_is_to_come_and_then_says_which_to_load() -> None:
    assert RATES.in_force(date(2025, 6, 19)).one_year == Decimal("0.03")
    with pytest.raises(LoanPrimeRateAfter, match=r"from 2025-06-20 to 2025-07-01"):
        RATES.in_force(date(2025, 7, 1))
    with pytest.raises(LoanPrimeRateAfter):
        RATES.in_force(date(2025, 6, 20))


def test_further_rates_can_be_loaded_and_the_year_may_turn() -> None:
    later = LoanPrimeRates([rate("2025-12-22")]).corrected([rate("2026-01-20", "0.029")])
    assert later.in_force(date(2026, 1, 19)).one_year == Decimal("0.03")
    assert later.in_force(date(2026, 2, 19)).one_year == Decimal("0.029")
    with pytest.raises(LoanPrimeRateAfter):
        later.in_force(date(2026, 2, 20))


def test_a_month_left_out_is_refused_and_one_with_two_rates_is_not() -> None:
    with pytest.raises(LoanPrimeRateMissing, match="2025-05-20"):
        RATES.corrected([rate("2025-07-21")])
    with pytest.raises(LoanPrimeRateMissing, match="-"):
        LoanPrimeRates([])
    twice = LoanPrimeRates([rate("2019-07-01", "0.0431"), rate("2019-07-31", "0.043"), rate("2019-08-20")])
    assert twice.in_force(date(2019, 7, 30)).one_year == Decimal("0.0431")


def test_two_rates_of_one_day_are_refused_unless_they_are_the_same() -> None:
    with pytest.raises(LoanPrimeRateTwice, match="2025-05-20"):
        LoanPrimeRates([rate("2025-05-20"), rate("2025-05-20", "0.031")])
    assert LoanPrimeRates([rate("2025-05-20"), rate("2025-05-20")]).in_force(date(2025, 5, 21)) == rate("2025-05-20")


def test_a_correction_holds_instead_of_the_rate_of_its_day_and_changes_no_other() -> None:
    found = RATES.corrected([rate("2025-05-20", "0.031")])
    assert found.published(date(2025, 5, 20)) == rate("2025-05-20", "0.031")
    assert found.published(date(2025, 4, 21)) == RATES.published(date(2025, 4, 21))
    assert rate("2025-05-20", "0.031") in found
    assert rate("2025-05-20", "0.031") not in RATES
    assert RATES.published(date(2025, 5, 21)) is None


def test_a_file_is_read_in_per_cent() -> None:
    text = "\ufeffpublished_on,one_year_pct,five_year_pct\n2025-06-20,3.00,3.50\n\n2025-07-21, 3 %,\n"
    assert read_rates(text) == [rate("2025-06-20"), rate("2025-07-21")]


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("published_on\n", "Line 1 .* the column one_year_pct is missing"),
        ("published_on,one_year_pct\n2025-6-20,3\n", "Line 2 .* “2025-6-20” is no day"),
        ("published_on,one_year_pct\n2025-06-20,3\n2025-07-21,三\n", "Line 3 .* “三” is no rate"),
        ("published_on,one_year_pct\n2025-06-20,\n", "“” is no rate"),
        ("published_on,one_year_pct\n2025-06-20,300\n", "“300” is no rate"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_line(text: str, because: str) -> None:
    with pytest.raises(RatesFileRefused, match=because):
        read_rates(text)


def test_two_rates_of_one_day_in_a_file_are_refused() -> None:
    with pytest.raises(LoanPrimeRateTwice):
        read_rates("published_on,one_year_pct\n2025-06-20,3\n2025-06-20,3.1\n")


@given(st.dates(date(2019, 8, 20), date(2025, 6, 19)))
def test_no_later_rate_was_published_by_the_day(day: date) -> None:
    found = RATES.in_force(day)
    assert found.published_on <= day
    assert day - found.published_on < timedelta(days=35)
    assert RATES.in_force(found.published_on) == found


def test_the_shipped_rates_are_those_of_the_list_we_were_given() -> None:
    with shared("codes", "lpr.csv").open(encoding="utf-8") as listed:
        for row in csv.DictReader(listed):
            found = RATES.in_force(date.fromisoformat(row["publish_date"]))
            assert found.published_on.isoformat() == row["publish_date"]
            assert found.one_year * 100 == Decimal(row["lpr_1y_pct"])
