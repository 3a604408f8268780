import csv
from collections import defaultdict
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared_data import shared

from duban.kernel.regions import (
    Region,
    RegionCode,
    RegionLevel,
    RegionNotValid,
    RegionSpanEmpty,
    RegionSpansOverlap,
    RegionTable,
    UnknownRegion,
    UnreadableRegionCode,
)

YUNNAN, KUNMING, WUHUA = RegionCode("530000"), RegionCode("530100"), RegionCode("530102")
CHENGGONG_COUNTY, CHENGGONG = RegionCode("530121"), RegionCode("530114")
PARK = RegionCode("KM-GXQ", scheme="park")
NOW = date(2026, 3, 1)


def table(*more: Region) -> RegionTable:
    return RegionTable(
        [
            Region(YUNNAN, "云南省", date(1980, 12, 1)),
            Region(KUNMING, "昆明市", date(1980, 12, 1)),
            Region(WUHUA, "五华区", date(1980, 12, 1)),
            Region(CHENGGONG_COUNTY, "呈贡县", date(1980, 12, 1), date(2011, 6, 1), successor=CHENGGONG),
            Region(CHENGGONG, "呈贡区", date(2011, 6, 1)),
            Region(PARK, "昆明高新区", date(1992, 1, 1), parent=KUNMING),
            *more,
        ]
    )


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("530000", RegionLevel.PROVINCE, None),
        ("530100", RegionLevel.PREFECTURE, "530000"),
        ("530102", RegionLevel.COUNTY, "530100"),
        ("532501", RegionLevel.COUNTY, "532500"),
        ("110119", RegionLevel.COUNTY, "110000"),
        ("500233", RegionLevel.COUNTY, "500000"),
        ("419001", RegionLevel.COUNTY, "410000"),
        ("460025", RegionLevel.COUNTY, "460000"),
        ("441900", RegionLevel.PREFECTURE, "440000"),
        ("659012", RegionLevel.COUNTY, "650000"),
    ],
)
def test_a_code_says_its_level_and_parent(code: str, level: RegionLevel, parent: str | None) -> None:
    region = RegionCode(code)
    assert region.level is level
    assert region.parent == (RegionCode(parent) if parent else None)


@pytest.mark.parametrize(
    ("typed", "code"), [("53", "530000"), ("5301", "530100"), (" ５３０１０２ ", "530102"), ("53 01 02", "530102")]
)
def test_short_and_full_width_codes_are_read(typed: str, code: str) -> None:
    assert RegionCode.parse(typed) == RegionCode(code)


@pytest.mark.parametrize(
    "typed", ["", "5", "530", "530102001", "990000", "530A02", "537100", "539100", "000000", "park:", ":KM"]
)
def test_what_is_no_region_code_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UnreadableRegionCode, match=r"is not a region code of .*Give six digits such as 530102"):
        RegionCode.parse(typed)


def test_a_park_has_a_code_of_its_own_scheme() -> None:
    assert str(PARK) == "park:KM-GXQ"
    assert RegionCode.parse("park：km-gxq") == PARK
    assert PARK.level is RegionLevel.OWN
    assert PARK.parent is None
    assert table().on(PARK, NOW).belongs_to == KUNMING
    assert table().on(PARK, NOW).scheme == "park"


@given(st.from_regex("[1-8][0-9]{5}", fullmatch=True))
def test_parents_lead_up_to_a_province(digits: str) -> None:
    try:
        code: RegionCode | None = RegionCode(digits)
    except UnreadableRegionCode:
        return
    steps = 0
    while code is not None and code.parent is not None:
        code, steps = code.parent, steps + 1
    assert code is not None
    assert code.level is RegionLevel.PROVINCE
    assert steps <= 2


def test_a_name_is_the_one_of_the_day() -> None:
    assert table().name_on(CHENGGONG_COUNTY, date(2011, 5, 31)) == "呈贡县"
    assert table().name_on(CHENGGONG, date(2011, 6, 1)) == "呈贡区"


def test_a_code_out_of_its_time_is_refused_with_its_time_and_successor() -> None:
    with pytest.raises(RegionNotValid) as refusal:
        table().name_on(CHENGGONG_COUNTY, NOW)
    assert str(refusal.value) == (
        "Region 530121 was not valid on 2026-03-01; it was valid as 呈贡县 1980-12-01..2011-05-31. "
        "Use its successor, 530114."
    )
    with pytest.raises(RegionNotValid, match=r"呈贡区 2011-06-01\.\.\. Use the code that the place had on that day"):
        table().name_on(CHENGGONG, date(2000, 1, 1))
    ended = Region(RegionCode("530198"), "某区", date(2000, 1, 1), date(2001, 1, 1))
    with pytest.raises(RegionNotValid, match="Its successor is not recorded"):
        table(ended).name_on(ended.code, NOW)


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(UnknownRegion, match="The region table has no 530199"):
        table().on(RegionCode("530199"), NOW)


def test_regions_are_found_by_name_on_a_day() -> None:
    assert [region.code for region in table().find("呈贡区", NOW)] == [CHENGGONG]
    assert table().find("呈贡县", NOW) == ()
    assert table().find("无此地", NOW) == ()


def test_children_are_those_of_the_day_parks_included() -> None:
    assert [child.code for child in table().children(KUNMING, NOW)] == [WUHUA, CHENGGONG, PARK]
    assert [child.code for child in table().children(KUNMING, date(1990, 1, 1))] == [WUHUA, CHENGGONG_COUNTY]
    assert [child.code for child in table().children(YUNNAN, NOW)] == [KUNMING]


def test_one_code_means_one_thing_on_a_day() -> None:
    with pytest.raises(RegionSpansOverlap, match="530102 is both 五华区 and 五华新区 on 2020-01-01"):
        table(Region(WUHUA, "五华新区", date(2020, 1, 1)))
    with pytest.raises(RegionSpanEmpty, match="cannot end on 2020-01-01 when it begins on 2020-01-01"):
        Region(WUHUA, "五华区", date(2020, 1, 1), date(2020, 1, 1))


def _month(revision: str) -> date:
    return date(int(revision[:4]), int(revision[4:]), 1)


def _history() -> list[Region]:
    """The published revisions as regions; a name is taken to hold until the revision that no longer has it."""
    with shared("codes", "gb2260_history_1980_201904.csv").open(encoding="utf-8") as listed:
        rows = list(csv.DictReader(listed))
    revisions = sorted({row[column] for row in rows for column in ("first_revision", "last_revision")})
    after = dict(pairwise(revisions))
    return [
        Region(
            RegionCode(row["code"]),
            row["name"],
            _month(row["first_revision"]),
            _month(after[row["last_revision"]]) if row["last_revision"] in after else None,
        )
        for row in rows
    ]


def test_every_code_of_four_decades_has_the_form_of_a_code() -> None:
    history = _history()
    assert len(history) == 6900
    provinces = {region.code for region in history if region.code.level is RegionLevel.PROVINCE}
    assert len(provinces) == 34


def test_four_decades_of_revisions_make_a_table_once_contradictions_are_left_out() -> None:
    spans = defaultdict(list)
    for region in _history():
        spans[region.code].append(region)
    contradicting = {
        code for code, held in spans.items() if any(a.valid_from in b for a in held for b in held if a is not b)
    }
    # In these the revisions themselves swap names for a month, or give one code to several places at once.
    assert len(contradicting) == 17
    with pytest.raises(RegionSpansOverlap):
        RegionTable(_history())
    whole = RegionTable(region for region in _history() if region.code not in contradicting)
    assert whole.name_on(RegionCode("110103"), date(2009, 1, 1)) == "崇文区"
    assert whole.name_on(RegionCode("120110"), date(1990, 1, 1)) == "东郊区"
    assert whole.name_on(RegionCode("120110"), date(2019, 1, 1)) == "东丽区"
    assert len(whole.find("鼓楼区", date(2019, 4, 1))) >= 4
    assert len(whole.children(YUNNAN, date(2019, 4, 1))) == 16


def test_every_code_of_the_present_list_has_the_form_of_a_code() -> None:
    for name, column in (("provinces", "code"), ("cities", "code"), ("areas", "code")):
        with shared("codes", f"admin_2023_{name}.csv").open(encoding="utf-8") as listed:
            for row in csv.DictReader(listed):
                assert RegionCode.parse(row[column]).code.startswith(row[column])
