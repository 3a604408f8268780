"""How large an enterprise was on the day of a contract, by what the register was shown. Pure.

Source: regulation on payments, article 3: the size on the day of the contract; figures of the year before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence
from duban.register.rules.size_standard import LineNotSettled, line_of
from duban.register.rules.sizes import Figures, Size, size


@dataclass(frozen=True, slots=True)
class SizeShown:
    """The figures of one year, and the paper that shows them.

    Args:
        id: the order in which the register learned it.
        industry: a code of GB/T 4754.
    """

    id: int
    year: int
    industry: str
    figures: Figures
    paper: str


@dataclass(frozen=True, slots=True)
class SizeOn:
    """The size on a day.

    Args:
        size: None where no line of the standard can be told, or nothing was shown.
        shown: what it rests on; None where nothing of the year before was shown.
        explained: the size, or why it is not determined and what to do.
    """

    size: Size | None
    shown: SizeShown | None
    explained: Sentence


class YearNotOver(DomainError):
    """Figures of a year that is not over."""

    text = N_("{year} is not over, so its figures are not known. Give figures of a year that has ended.")

    def __init__(self, *, year: int) -> None:
        super().__init__(year=year)


class NothingShown(DomainError):
    """Evidence of size without a single figure."""

    text = N_("No figure was given for {year}. Give at least one of staff, revenue and assets; unknown is not zero.")

    def __init__(self, *, year: int) -> None:
        super().__init__(year=year)


def check_shown(figures: Figures, *, industry: str, year: int, today: date) -> None:
    """Let evidence of size pass.

    Raises:
        YearNotOver, NothingShown.
        LineNotSettled: no line of the standard follows from the industry.
    """
    if year >= today.year:
        raise YearNotOver(year=year)
    if figures == Figures():
        raise NothingShown(year=year)
    line_of(industry)


def size_on(day: date, shown: Iterable[SizeShown]) -> SizeOn:
    """The size on a day, from the latest evidence of the year before it. Nothing is guessed from other years."""
    year = day.year - 1
    of_year = [evidence for evidence in shown if evidence.year == year]
    if not of_year:
        text = N_("The size is not determined: nothing of {year} was shown. Find out and enter the figures of {year}.")
        return SizeOn(None, None, Sentence(text, {"year": year}))
    latest = max(of_year, key=lambda evidence: evidence.id)
    try:
        graded = size(latest.figures, line_of(latest.industry))
    except LineNotSettled as refusal:
        return SizeOn(None, latest, refusal.sentence)
    return SizeOn(graded, latest, graded.explained)
