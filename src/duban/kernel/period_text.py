"""How a period is written: the stable form that programs exchange, and the label that people read."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from duban.kernel.errors import DomainError
from duban.kernel.numbers import half_width, shortened
from duban.kernel.words import N_, Sentence


class PeriodKind(StrEnum):
    """What sort of span a period is; the same days can be a first quarter and a total since January."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    JANUARY_FEBRUARY = "january_february"
    YEAR_TO_DATE = "year_to_date"
    WEEK = "week"
    DAY = "day"
    DAYS = "days"


class UnreadablePeriod(DomainError):
    """A text is not the stable form of a period."""

    text = N_(
        "“{seen}” is not a period. Write it like one of these: 2026, 2026H1, 2026Q1, 2026-03, 2026-01..02, 2026YTD03, "
        "2026W07, 2026-03-05, 2026-03-05..2026-03-31."
    )

    def __init__(self, *, seen: str) -> None:
        super().__init__(seen=shortened(seen))


@dataclass(frozen=True, slots=True)
class PeriodParts:
    """What a text says: a kind, and either its numbers (year first) or its first and last day."""

    kind: PeriodKind
    numbers: tuple[int, ...] = ()
    days: tuple[date, ...] = ()


_FORMS = {
    PeriodKind.YEAR: r"([0-9]{4})",
    PeriodKind.HALF: r"([0-9]{4})H([0-9])",
    PeriodKind.QUARTER: r"([0-9]{4})Q([0-9])",
    PeriodKind.MONTH: r"([0-9]{4})-([0-9]{2})",
    PeriodKind.JANUARY_FEBRUARY: r"([0-9]{4})-01\.\.02",
    PeriodKind.YEAR_TO_DATE: r"([0-9]{4})YTD([0-9]{2})",
    PeriodKind.WEEK: r"([0-9]{4})W([0-9]{2})",
    PeriodKind.DAY: r"([0-9]{4}-[0-9]{2}-[0-9]{2})",
    PeriodKind.DAYS: r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})",
}
_WRITTEN = {
    PeriodKind.YEAR: "{start.year}",
    PeriodKind.HALF: "{start.year}H{nth}",
    PeriodKind.QUARTER: "{start.year}Q{nth}",
    PeriodKind.MONTH: "{start.year}-{start.month:02}",
    PeriodKind.JANUARY_FEBRUARY: "{start.year}-01..02",
    PeriodKind.YEAR_TO_DATE: "{start.year}YTD{last.month:02}",
    PeriodKind.WEEK: "{iso.year}W{iso.week:02}",
    PeriodKind.DAY: "{start}",
    PeriodKind.DAYS: "{start}..{last}",
}


def read(text: str) -> PeriodParts:
    """Take the stable form apart; full width, lower case and spaces around it do not matter.

    Raises:
        UnreadablePeriod: it has no known form, or names a day that the calendar does not have.
    """
    plain = half_width(text).strip().upper()
    for kind, form in _FORMS.items():
        if match := re.fullmatch(form, plain):
            if kind not in {PeriodKind.DAY, PeriodKind.DAYS}:
                return PeriodParts(kind, numbers=tuple(int(number) for number in match.groups()))
            try:
                return PeriodParts(kind, days=tuple(date.fromisoformat(day) for day in match.groups()))
            except ValueError:
                break
    raise UnreadablePeriod(seen=text)


def written(kind: PeriodKind, start: date, last: date) -> str:
    """Write the stable form of the period of that kind from `start` to `last`, both included."""
    return _WRITTEN[kind].format(start=start, last=last, iso=start.isocalendar(), nth=_nth(kind, start))


def _nth(kind: PeriodKind, start: date) -> int:
    """Which half or quarter of its year a period is; 0 for the kinds that are not counted so."""
    length = {PeriodKind.HALF: 6, PeriodKind.QUARTER: 3}.get(kind)
    return (start.month - 1) // length + 1 if length else 0


_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip

_LABELS = {
    PeriodKind.YEAR: N_("the year {year}"),
    PeriodKind.QUARTER: N_("quarter {quarter} of {year}"),
    PeriodKind.MONTH: N_("{month} {year}"),
    PeriodKind.JANUARY_FEBRUARY: N_("January–February {year}"),
    PeriodKind.YEAR_TO_DATE: N_("January to {month} {year}, in all"),
    PeriodKind.WEEK: N_("week {week} of {week_year}"),
    PeriodKind.DAY: "{first}",
    PeriodKind.DAYS: N_("{first} to {last}"),
}
_HALF_LABELS = (N_("first half of {year}"), N_("second half of {year}"))


def label(kind: PeriodKind, start: date, last: date) -> Sentence:
    """Name the period of that kind from `start` to `last`, both included, in the reader's language."""
    iso = start.isocalendar()
    return Sentence(
        _HALF_LABELS[_nth(kind, start) - 1] if kind is PeriodKind.HALF else _LABELS[kind],
        {
            "year": start.year,
            "quarter": _nth(kind, start),
            "month": Sentence(_MONTHS[last.month - 1]),
            "week": iso.week,
            "week_year": iso.year,
            "first": start,
            "last": last,
        },
    )
