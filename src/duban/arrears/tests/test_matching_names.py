import csv
from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared_data import shared

from duban.arrears.rules.matching import Kind, likeness
from duban.register.rules.names import trade_name, without_form


def rows_of(name: str) -> Iterator[dict[str, str]]:
    with shared("names", name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("云南宏达建筑有限公司", "云南宏达建筑有限公司 ", Kind.SAME),
        ("云南宏达（昆明）建筑有限公司", "云南宏达(昆明)建筑有限公司", Kind.SAME),
        ("中粮（唐山）糖业有限公司", "中粮唐山糖业有限公司", Kind.SAME),
        ("ＡＢＣ科技有限公司", "abc科技有限公司", Kind.SAME),
        ("云南宏达建筑有限公司", "云南宏达建筑有限责任公司", Kind.FORM),
        ("云南宏达建筑股份有限公司", "云南宏达建筑有限公司", Kind.FORM),
        ("云南宏达建筑公司", "云南宏达建筑有限公司", Kind.FORM),
        ("富滇银行昆明盘龙支行", "富滇银行股份有限公司昆明盘龙支行", Kind.FORM),
        ("昆明市宏达建筑有限公司", "昆明宏达建筑有限公司", Kind.REGION),
        ("昆明市盘龙区宏达建筑有限公司", "昆明盘龙宏达建筑有限公司", Kind.REGION),
        ("青海蓝科锂业股份有限公司", "青海盐湖蓝科锂业股份有限公司", Kind.NEAR),
        ("甲建筑有限公司", "乙建筑有限公司", Kind.OTHER),
        ("昆明甲建筑有限公司", "昆明乙建筑有限公司", Kind.OTHER),
        ("云南宏达建筑工程有限公司", "云南远大建筑工程有限公司", Kind.OTHER),
        ("吉林省宏达建筑有限公司", "吉林市宏达建筑有限公司", Kind.NEAR),
        ("宏达建筑有限公司", "宏达建筑有限公司昆明分公司", Kind.NEAR),
        ("", "宏达建筑有限公司", Kind.OTHER),
    ],
)
def test_two_names_are_as_near_as_what_differs(first: str, second: str, kind: Kind) -> None:
    assert likeness(first, second).kind is kind
    assert likeness(second, first).kind is kind


def test_the_difference_is_named() -> None:
    assert str(likeness("昆明甲建筑有限公司", "昆明乙建筑有限公司").reason) == "The names are different: 甲, 乙."
    assert str(likeness("昆明市宏达建筑有限公司", "昆明宏达建筑有限公司").reason) == (
        "Only the word after the place differs: 市, —."
    )
    assert str(likeness("宏达有限公司", "宏达有限责任公司").reason) == "Only the legal form differs: —, 责任."


def test_a_name_that_is_only_a_legal_form_keeps_it() -> None:
    assert without_form("有限公司") == "有限公司"
    assert without_form("甲有限公司") == "甲有限公司"


def test_the_trade_name_is_what_region_business_and_form_leave() -> None:
    assert trade_name("云南省昆明市宏达建筑工程有限公司") == "宏达"
    assert trade_name("湖北塑胶跑道工程公司") == "塑胶跑道"


@given(st.text(max_size=12), st.text(max_size=12))
def test_nearness_is_the_same_from_both_sides(first: str, second: str) -> None:
    one, other = likeness(first, second), likeness(second, first)
    assert (one.kind, one.first, one.second) == (other.kind, other.second, other.first)
    assert likeness(first, first).kind is Kind.SAME


def test_no_two_listed_companies_are_taken_for_one() -> None:
    full = sorted({row["full"] for row in rows_of("listed_short_full_dev.csv")})
    assert len(full) > 1000
    assert len({without_form(name) for name in full}) == len(full)
    # Names of the same beginning are where a confusion would be; each with each would take minutes.
    near = [(one, other) for one, other in combinations(full, 2) if one[:3] == other[:3]]
    assert near
    assert not [pair for pair in near if likeness(*pair).kind >= Kind.REGION]


def test_no_pair_of_different_companies_is_taken_for_one() -> None:
    different = [row for row in rows_of("cn_company_pairs_dev150.csv") if row["same"] == "0"]
    assert different
    assert all(likeness(row["name1"], row["name2"]).kind < Kind.REGION for row in different)
