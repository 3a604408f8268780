"""How large an enterprise is by its figures. Pure.

The regulation on payments looks at the size on the day of the contract (article 3), so the figures are those known
then: of the year before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from duban.kernel.money import Money, Unit
from duban.kernel.words import N_, Sentence
from duban.register.rules.size_standard import Ladder, Line, Metric


class Grade(IntEnum):
    """A size; the least of several is the smallest."""

    MICRO = 1
    SMALL = 2
    MEDIUM = 3
    LARGE = 4

    @property
    def label(self) -> Sentence:
        """The size in the reader's language."""
        return Sentence(_GRADES[self])


_GRADES = {
    Grade.MICRO: N_("Micro"),
    Grade.SMALL: N_("Small"),
    Grade.MEDIUM: N_("Medium-sized"),
    Grade.LARGE: N_("Large"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is known of an enterprise's year. None is a figure that is not known, which is not zero."""

    staff: int | None = None
    revenue: Money | None = None
    assets: Money | None = None

    def of(self, metric: Metric) -> Decimal | int | None:
        """The figure in the unit of the standard's ladders."""
        if metric is Metric.STAFF:
            return self.staff
        amount = self.revenue if metric is Metric.REVENUE else self.assets
        return None if amount is None else amount.in_unit(Unit.WAN)


@dataclass(frozen=True, slots=True)
class Size:
    """The size by one line of the standard.

    Args:
        grade: None while a figure that the line looks at is missing.
        by_metric: the grade by each figure that is known.
        missing: the figures to be found out first.
    """

    line: Line
    grade: Grade | None
    by_metric: Mapping[Metric, Grade]
    missing: tuple[Metric, ...]

    @property
    def explained(self) -> Sentence:
        """The size, or what is missing, as a sentence."""
        if self.grade is not None:
            text = N_("{grade}, by the line “{line}” of the size standard.")
            return Sentence(text, {"grade": self.grade.label, "line": self.line.label})
        text = N_(
            "The size is not determined: the line “{line}” looks at {missing}. Find out and enter what is missing."
        )
        return Sentence(text, {"line": self.line.label, "missing": _listed(self.missing)})


def size(figures: Figures, line: Line) -> Size:
    """Grade each figure that the line looks at on its own ladder; the smallest grade is the size.

    That is what the standard's “and” for large and “or” for smaller come to. While a figure is missing there is no
    size, whatever the others say: nothing is guessed.
    """
    by_metric, missing = {}, []
    for metric, ladder in line.ladders.items():
        figure = figures.of(metric)
        if figure is None:
            missing.append(metric)
        else:
            by_metric[metric] = _grade(figure, ladder)
    return Size(line, None if missing else min(by_metric.values()), by_metric, tuple(missing))


def _grade(figure: Decimal | int, ladder: Ladder) -> Grade:
    steps = ((Grade.LARGE, ladder.large), (Grade.MEDIUM, ladder.medium), (Grade.SMALL, ladder.small))
    return next((grade for grade, least in steps if figure >= least), Grade.MICRO)


def _listed(metrics: tuple[Metric, ...]) -> Sentence:
    """One metric, or two: no line looks at more."""
    if len(metrics) == 1:
        return metrics[0].label
    return Sentence(N_("{first} and {second}"), {"first": metrics[0].label, "second": metrics[1].label})
