import csv
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared_data import shared

from duban.kernel.money import Money, Unit
from duban.register.rules.size_standard import LINES, Ladder, Line, LineNotSettled, Metric, line_of
from duban.register.rules.sizes import Figures, Grade, size

FEN = {Metric.STAFF: 1, Metric.REVENUE: 1_000_000, Metric.ASSETS: 1_000_000}
"""How many of the smallest steps of a figure make one of the ladder's units: a person, or the fen of 10,000 yuan."""
NEVER_GIVEN = {"53", "66", "67", "68", "69", "83", "84", "85", *(str(number) for number in range(91, 98))}
BOUNDS = [
    (line, metric, grade, bound)
    for line in LINES
    for metric, ladder in line.ladders.items()
    for grade, bound in ((Grade.LARGE, ladder.large), (Grade.MEDIUM, ladder.medium), (Grade.SMALL, ladder.small))
]


def figures(steps: dict[Metric, int]) -> Figures:
    """Figures by their smallest steps: persons, and fen."""
    return Figures(
        staff=steps.get(Metric.STAFF),
        revenue=Money(steps[Metric.REVENUE]) if Metric.REVENUE in steps else None,
        assets=Money(steps[Metric.ASSETS]) if Metric.ASSETS in steps else None,
    )


def steps_of(line: Line, grade: Grade) -> dict[Metric, int]:
    """The least figures of a grade."""
    return {metric: least(ladder, grade) * FEN[metric] for metric, ladder in line.ladders.items()}


def least(ladder: Ladder, grade: Grade) -> int:
    return {Grade.LARGE: ladder.large, Grade.MEDIUM: ladder.medium, Grade.SMALL: ladder.small, Grade.MICRO: 0}[grade]


def test_the_standard_has_sixteen_lines_with_falling_steps() -> None:
    assert [line.number for line in LINES] == list(range(1, 17))
    for line in LINES:
        assert 1 <= len(line.ladders) <= 2
        for ladder in line.ladders.values():
            assert ladder.large > ladder.medium > ladder.small > 0


@pytest.mark.parametrize(("line", "metric", "grade", "bound"), BOUNDS)
def test_a_bound_belongs_to_the_larger_size_and_one_step_less_does_not(
    line: Line, metric: Metric, grade: Grade, bound: int
) -> None:
    others = steps_of(line, Grade.LARGE)
    at, below = {**others, metric: bound * FEN[metric]}, {**others, metric: bound * FEN[metric] - 1}
    assert size(figures(at), line).grade is grade
    assert size(figures(below), line).grade is Grade(grade - 1)


@pytest.mark.parametrize("line", LINES)
def test_the_size_is_the_smallest_of_its_grades_in_every_combination(line: Line) -> None:
    for grades in product(Grade, repeat=len(line.ladders)):
        by_metric = dict(zip(line.ladders, grades, strict=True))
        steps = {metric: steps_of(line, grade)[metric] for metric, grade in by_metric.items()}
        found = size(figures(steps), line)
        assert found.grade is min(grades)
        assert found.by_metric == by_metric
        assert found.missing == ()


@pytest.mark.parametrize("line", LINES)
def test_while_a_figure_is_missing_there_is_no_size_and_it_is_named(line: Line) -> None:
    for metric in line.ladders:
        known = steps_of(line, Grade.MICRO)
        del known[metric]
        found = size(figures(known), line)
        assert found.grade is None
        assert found.missing == (metric,)
        assert f"looks at {metric.label}. Find out" in str(found.explained)
    nothing = size(Figures(), line)
    assert nothing.missing == tuple(line.ladders)
    assert all(str(metric.label) in str(nothing.explained) for metric in line.ladders)


def test_a_figure_that_the_line_does_not_look_at_does_not_matter() -> None:
    farm = line_of("A")
    assert size(Figures(staff=1, revenue=Money.parse("20000", Unit.WAN)), farm).grade is Grade.LARGE


def test_a_works_of_300_people_and_1999_wan_is_small() -> None:
    found = size(Figures(staff=300, revenue=Money.parse("1999.9999", Unit.WAN)), line_of("C2511"))
    assert found.by_metric == {Metric.STAFF: Grade.MEDIUM, Metric.REVENUE: Grade.SMALL}
    assert (
        str(found.explained) == "Small, by the line “Industry (mining, manufacturing, utilities)” of the size standard."
    )


@given(st.sampled_from(LINES), st.integers(0, 3000), st.integers(0, 3 * 10**11), st.integers(0, 3 * 10**11))
def test_more_of_anything_never_makes_an_enterprise_smaller(line: Line, staff: int, revenue: int, assets: int) -> None:
    def grade(more: int) -> Grade:
        found = size(
            Figures(staff=staff + more, revenue=Money(revenue + more), assets=Money(assets + more)), line
        ).grade
        assert found is not None
        return found

    assert grade(0) <= grade(1) <= grade(10**6)


@pytest.mark.parametrize(
    ("industry", "number"),
    [
        ("A", 1), ("01", 1), ("0511", 1), ("B", 2), ("C", 2), ("c2511", 2), ("25", 2), ("4690", 2), ("E", 3), ("47", 3),
        ("51", 4), ("F5299", 5), ("54", 6), ("5810", 6), ("592", 7), ("5990", 7), ("60", 8), ("61", 9), ("62", 10),
        ("63", 11), ("6420", 11), ("65", 12), ("7010", 13), ("K702", 14), ("L", 15), ("7299", 15), ("M", 16),
        ("9053", 16), (" Ｃ２５ ", 2),
    ],
)  # fmt: skip
def test_an_industry_has_the_line_of_its_code(industry: str, number: int) -> None:
    assert line_of(industry).number == number


@pytest.mark.parametrize(
    "industry", ["F", "G", "H", "I", "K", "53", "59", "591", "70", "703", "J", "84", "S", "", "0", "7", "C9"]
)
def test_a_code_that_settles_no_line_is_refused(industry: str) -> None:
    with pytest.raises(LineNotSettled, match="choose the line by hand"):
        line_of(industry)


def test_no_code_belongs_to_two_lines() -> None:
    codes = [code for line in LINES for code in line.codes]
    assert len(codes) == len(set(codes))


def test_every_industry_of_the_national_table_has_a_line_or_is_known_to_have_none() -> None:
    with shared("codes", "gbt4754_2017.csv").open(encoding="utf-8") as listed:
        groups = [row["code"] for row in csv.DictReader(listed) if row["level_0to3"] == "2"]
    without = {code for code in groups if not has_line(code)}
    assert without == {code for code in groups if code[:2] in NEVER_GIVEN or code in {"591", "703", "704", "709"}}


def has_line(code: str) -> bool:
    try:
        line_of(code)
    except LineNotSettled:
        return False
    return True
