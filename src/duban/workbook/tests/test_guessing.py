from datetime import date

import pytest

from duban.workbook.grid import Cell, Grid
from duban.workbook.guessing import Clue, Guess, UnitNames, Where, guess_day, guess_unit
from duban.workbook.surroundings import clues_around

TODAY = date(2026, 4, 20)
CITY = UnitNames("c", "澜江市")
GREEN = UnitNames("g", "青石县", ("青石县人民政府", "青山县"), frozenset({"c"}))
RIVER = UnitNames("r", "河阳县", ("河阳县人民政府",), frozenset({"c"}))
HOUSING = UnitNames("h", "澜江市住房和城乡建设局", ("住房和城乡建设局", "市住建局", "住建局"), frozenset({"c"}))
HOSPITAL = UnitNames("m", "青石县人民医院", (), frozenset({"c", "g"}))
TEAM_GREEN = UnitNames("tg", "青石县清欠专班", ("专班",), frozenset({"c", "g"}))
TEAM_RIVER = UnitNames("tr", "河阳县清欠专班", ("专班",), frozenset({"c", "r"}))
UNITS = [CITY, GREEN, RIVER, HOUSING, HOSPITAL]


def guess(*clues: tuple[Where, str], units: list[UnitNames] | None = None) -> Guess:
    return guess_unit([Clue(where, text) for where, text in clues], units or UNITS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("青石县拖欠中小企业账款台账", "g"),
        ("澜江市青石县清欠台账", "g"),
        ("澜江市清欠台账汇总", "c"),
        ("青石县人民医院拖欠企业账款明细", "m"),
        ("市住建局清欠台账", "h"),
        ("澜江市住建局台账", "h"),
        ("青石县住建局清欠台账", "g"),  # a county's own office, which the tree does not know, and not the city's
        ("青 石 县（台账）", "g"),
        ("青山县清欠台账", "g"),  # its former name
    ],
)
def test_the_title_names_the_unit(text: str, code: str) -> None:
    assert guess((Where.TITLE, text)).unit_code == code


def test_a_shared_alias_means_the_unit_under_the_region_beside_it() -> None:
    assert guess((Where.FILE, "河阳县专班.xlsx"), units=[*UNITS, TEAM_GREEN, TEAM_RIVER]).unit_code == "tr"
    shared = guess((Where.FILE, "专班.xlsx"), units=[*UNITS, TEAM_GREEN, TEAM_RIVER])
    assert (shared.unit_code, set(shared.rivals)) == (None, {"tg", "tr"})


def test_the_seal_says_more_than_the_title_and_the_title_more_than_the_file() -> None:
    clues = [(Where.FILE, "澜江市/河阳县.xlsx"), (Where.TITLE, "河阳县台账"), (Where.SEAL, "青石县工信局")]
    found = guess(*clues)
    assert found.unit_code == "g"
    assert list(found.rivals) == ["r"]
    assert found.confidence == 0.5
    assert str(found.reason) == "The line of the seal names 青石县; elsewhere stands 河阳县."


def test_a_text_that_names_two_is_decided_by_one_that_names_one_of_them() -> None:
    both = (Where.TITLE, "青石县、河阳县清欠台账")
    undecided = guess(both)
    assert (undecided.unit_code, list(undecided.rivals)) == (None, ["g", "r"])
    assert str(undecided.reason) == "Several units are named: 青石县、河阳县. Choose one."
    assert guess(both, (Where.FILE, "河阳县.xlsx")).unit_code == "r"
    assert guess(both, (Where.FILE, "住建局.xlsx")).unit_code is None


def test_a_unit_for_which_the_person_may_not_hand_in_is_said_and_not_guessed() -> None:
    foreign = UnitNames("r", "河阳县", may_report=False)
    found = guess((Where.TITLE, "河阳县台账"), units=[GREEN, foreign])
    assert found.unit_code is None
    assert str(found.reason) == "The title names 河阳县, for which you may not hand in."


def test_nothing_named_is_no_guess() -> None:
    found = guess((Where.TITLE, "清欠台账"), (Where.SHEET, "Sheet1"))
    assert (found.unit_code, found.confidence, list(found.rivals)) == (None, 0.0, [])


@pytest.mark.parametrize(
    ("where", "text", "day"),
    [
        (Where.TITLE, "截至2026年3月31日", date(2026, 3, 31)),
        (Where.TITLE, "（截止 2026 年 3 月 28 日）", date(2026, 3, 28)),
        (Where.TITLE, "2026年3月清欠台账", date(2026, 3, 31)),
        (Where.TITLE, "二〇二六年二月台账", date(2026, 2, 28)),
        (Where.TITLE, "2025年十二月台账", date(2025, 12, 31)),
        (Where.FILE, "青石县202603.xlsx", date(2026, 3, 31)),
        (Where.FILE, "青石县202603 2.xlsx", date(2026, 3, 31)),
        (Where.FILE, "青石县20260315.xlsx", date(2026, 3, 15)),
        (Where.FILE, "青石县2026-03.xlsx", date(2026, 3, 31)),
        (Where.FILE, "青石县2026.3.xlsx", date(2026, 3, 31)),
        (Where.FILE, "青石县2026.3.5.xlsx", date(2026, 3, 5)),
        (Where.SHEET, "2026年4月", TODAY),  # April has not ended
        (Where.SHEET, "2026年5月", None),
        (Where.FILE, "青石县53992120261.xlsx", None),
        (Where.TITLE, "清欠台账", None),
    ],
)
def test_the_day_is_read_from_the_texts(where: Where, text: str, day: date | None) -> None:
    assert guess_day([Clue(where, text)], today=TODAY).day == day


def test_as_of_goes_before_other_days_and_a_day_before_a_month() -> None:
    clues = [Clue(Where.TITLE, "2026年3月台账"), Clue(Where.SHEET, "截至2026年2月28日")]
    assert guess_day(clues, today=TODAY).day == date(2026, 2, 28)


def test_the_day_on_which_a_sheet_was_filled_in_says_nothing() -> None:
    clues = [Clue(Where.SEAL, "青石县 填报日期：2026年4月3日"), Clue(Where.FILE, "202603.xlsx")]
    assert guess_day(clues, today=TODAY).day == date(2026, 3, 31)


def test_title_and_seal_are_found_above_and_below_and_the_table_is_left_alone() -> None:
    rows: list[list[Cell]] = [["2", "河阳县", "丙公司", ""] for _ in range(20)]
    rows[:0] = [
        ["青石县清欠台账", "", "", ""],
        ["填报单位（盖章）：", "青石县工信局", "", "单位：万元"],
        ["台账编号", "拖欠主体名称", "债权企业", "欠款金额"],
        ["1", "河阳县住建局", "乙公司", 5.0],
    ]
    grid = Grid("3月", [*rows, ["填报单位：青石县", "", "", ""]])
    clues = list(clues_around(grid))
    assert [clue.where for clue in clues] == [Where.SHEET, Where.TITLE, Where.SEAL, Where.SEAL]
    assert not any("河阳" in clue.text for clue in clues)
    assert guess_unit(clues, UNITS).unit_code == "g"
