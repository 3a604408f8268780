"""Days and months, as people write them.

A cell that names only a month, in a column of days, is read as the last day of the month, with a doubt: what is to
happen "in March" has surely happened, or fallen due, when March is over, and nobody is called late too early.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from duban.kernel.errors import DomainError
from duban.kernel.numbers import shortened
from duban.kernel.period import Period
from duban.kernel.words import N_, Sentence
from duban.workbook.cells.common import Doubt, tight
from duban.workbook.naming import shown_cell

FIRST_YEAR, LAST_YEAR = 1949, 2100
"""No living contract has an earlier or a later day; a zero in a date cell shows as 1900."""

_DAY_ZERO = date(1899, 12, 30)  # what the serial number 0 of a spreadsheet stands for, from March 1900 on
_FIRST_SERIAL, _LAST_SERIAL = 17899, 73415  # 1949-01-01 and 2100-12-31


class UnreadableDay(DomainError):
    """A cell of a day column holds no day."""

    text = N_("“{seen}” cannot be read as a day. Write year, month and day, for example 2019-03-05.")

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shortened(shown_cell(seen)))


class NoSuchDay(DomainError):
    """A day is written in full, and the calendar does not have it."""

    text = N_("“{seen}” is no day: {month} has the days 1 to {days}. Write the day, or {month} when only it is known.")

    def __init__(self, *, seen: object, year: int, month: int) -> None:
        last = _last_of_month(year, month)
        name = f"{year}-{month:02}"
        self.expected = f"{name}-01..{last.isoformat()}"
        super().__init__(seen=shortened(shown_cell(seen)), month=name, days=last.day)


class AmbiguousDay(DomainError):
    """A day could be two different ones."""

    text = N_("“{seen}” may be {first} or {second}. Write year, month and day, for example 2019-03-05.")

    def __init__(self, *, seen: object, first: object, second: object) -> None:
        super().__init__(seen=shortened(shown_cell(seen)), first=first, second=second)


class UnreadableMonth(DomainError):
    """A cell of a month column holds no month."""

    text = N_("“{seen}” cannot be read as a month. Write year and month, for example 2019-03.")

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shortened(shown_cell(seen)))


_SERIAL = N_("{seen} is how a sheet counts days; it was read as {read}. Set the format of the cell to a date.")
_SHORT_YEAR = N_("“{seen}” has a year of two digits; it was read as {read}. Write the year with four digits.")
_MONTH_ONLY = N_("“{seen}” names a month only; it was read as its last day, {read}. Write the day when it is known.")

_LIKE_THE_OTHERS = N_(
    "“{seen}” was read as {read}, because other days of the column stand in that order. "
    "Write year, month and day, for example 2019-03-05."
)

_CLOCK = re.compile(r"(?<=[0-9日])[T ]+[0-9]{1,2}[:：][0-9]{1,2}(?:[:：][0-9]{1,2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9:]+)?$")
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?$")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_NUMBER = re.compile(r"[〇○零一二三四五六七八九十]+")
_FULL = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})\.?|年([0-9]{1,2})月([0-9]{1,2})[日号]?)")
_EIGHT_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_SHORT = re.compile(r"([0-9]{2})(?:[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})[日号]?)")
_MONTH = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})|年([0-9]{1,2})月份?)")
_SIX_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})")


def day(cell: object) -> date | Doubt:
    """A day in any of the shapes that people write."""
    if isinstance(cell, date):
        return _plausible(cell.date() if isinstance(cell, datetime) else cell, seen=cell)
    seen = _written(cell)
    for form, read in _FORMS.items():
        if found := form.fullmatch(seen):
            return read([int(part) for part in found.groups() if part], cell)
    return _month_only(seen, cell) or _serial(seen, cell)


def days_like(cells: Iterable[object]) -> Callable[[object], date | Doubt]:
    """Read the days of a column, whose other cells may tell what 5/3/2019 is: beside 25/3/2019 it is in March.

    Where no cell tells, or two contradict each other, such a day stays ambiguous.
    """
    texts = {cell for cell in cells if isinstance(cell, str)}
    parts = [found for text in texts if (found := _YEAR_LAST.fullmatch(_written(text)))]
    day_first, month_first = (any(int(found[at]) > 12 for found in parts) for at in (1, 2))
    if day_first is month_first:
        return day
    at = 0 if day_first else 1

    def day_in_order(cell: object) -> date | Doubt:
        try:
            return day(cell)
        except AmbiguousDay:
            found = _YEAR_LAST.fullmatch(_written(cell))
            if found is None:
                raise
        numbers = [int(found[1]), int(found[2])]
        read = _calendar_day(int(found[3]), numbers[1 - at], numbers[at], seen=cell)
        return Doubt(read, Sentence(_LIKE_THE_OTHERS, {"seen": shown_cell(cell), "read": read}))

    return day_in_order


def month(cell: object) -> Period:
    """A month in any of the shapes that people write."""
    if isinstance(cell, date):
        return Period.month(cell.year, cell.month)
    seen = _written(cell)
    try:
        found = _month_of(seen, cell)
    except AmbiguousDay:
        raise
    except DomainError:
        found = None
    if found is None:
        raise UnreadableMonth(seen=cell)
    return Period.month(*found)


def _written(cell: object) -> str:
    """The text of a cell in half width, without spaces, clock and weekday, and with Arabic numbers."""
    shown = re.sub(r"\s+", " ", shown_cell(cell))
    seen = _WEEKDAY.sub("", tight(_CLOCK.sub("", shown)))
    if "年" in seen or "月" in seen:
        seen = _CHINESE_NUMBER.sub(_arabic, seen)
    return seen


def _arabic(found: re.Match[str]) -> str:
    """Digits for a Chinese number up to 99, or for a row of Chinese digits: 十二 is 12, 二〇一九 is 2019."""
    tens, ten, ones = found[0].partition("十")
    if not ten:
        return found[0].translate(_CHINESE_DIGITS)
    return f"{(tens or '一')}{(ones or '〇')}".translate(_CHINESE_DIGITS)


def _plausible(found: date, *, seen: object) -> date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise UnreadableDay(seen=seen)
    return found


def _calendar_day(year: int, month: int, day: int, *, seen: object) -> date:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise UnreadableDay(seen=seen)
    if not 1 <= day <= _last_of_month(year, month).day:
        raise NoSuchDay(seen=seen, year=year, month=month)
    return date(year, month, day)


def _last_of_month(year: int, month: int) -> date:
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _year_first(numbers: list[int], seen: object) -> date:
    return _calendar_day(*numbers, seen=seen)


def _year_last(numbers: list[int], seen: object) -> date:
    """15/3/2019 is one day; 5/3/2019 is the fifth of March in some countries and the third of May in others."""
    first, second, year = numbers
    if first <= 12 and second <= 12 and first != second and min(first, second) >= 1:
        days = (_calendar_day(year, second, first, seen=seen), _calendar_day(year, first, second, seen=seen))
        raise AmbiguousDay(seen=seen, first=days[0], second=days[1])
    return _calendar_day(year, *((second, first) if first > 12 else (first, second)), seen=seen)


def _short_year(numbers: list[int], seen: object) -> Doubt:
    """The year stands first, as Chinese systems write it; 49 is 2049 and 50 is 1950."""
    year, month, day_of_month = numbers
    found = _calendar_day(year + (2000 if year < 50 else 1900), month, day_of_month, seen=seen)
    return Doubt(found, Sentence(_SHORT_YEAR, {"seen": shown_cell(seen), "read": found}))


_FORMS: Mapping[re.Pattern[str], Callable[[list[int], object], date | Doubt]] = {
    _FULL: _year_first,
    _EIGHT_DIGITS: _year_first,
    _YEAR_LAST: _year_last,
    _SHORT: _short_year,
}


def _month_of(seen: str, cell: object) -> tuple[int, int] | None:
    found = _MONTH.fullmatch(seen) or _SIX_DIGITS.fullmatch(seen)
    if found is None:
        return None
    year, number = (int(part) for part in found.groups() if part)
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12):
        raise UnreadableDay(seen=cell)
    if isinstance(cell, float) and number == 1 and "." in seen:
        # 2019.10 typed as a number is stored as 2019.1.
        raise AmbiguousDay(seen=cell, first=f"{year}-01", second=f"{year}-10")
    return year, number


def _month_only(seen: str, cell: object) -> Doubt | None:
    found = _month_of(seen, cell)
    if found is None:
        return None
    last = _last_of_month(*found)
    return Doubt(last, Sentence(_MONTH_ONLY, {"seen": shown_cell(cell), "read": last}))


def _serial(seen: str, cell: object) -> Doubt:
    number = re.fullmatch(r"([0-9]{5})(?:\.[0-9]+)?", seen)
    if number is None or not _FIRST_SERIAL <= int(number[1]) <= _LAST_SERIAL:
        raise UnreadableDay(seen=cell)
    found = _DAY_ZERO + timedelta(days=int(number[1]))
    return Doubt(found, Sentence(_SERIAL, {"seen": shown_cell(cell), "read": found}))
