"""One cell to one value: money, days, codes and choices as people leave them in a sheet.

A converter takes a cell that is not blank. It returns the value, or a `Doubt` with a value to be looked at, or raises
a `DomainError` that says why there is none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from math import isfinite

from duban.kernel.codes import BodyCodeCheck, Uscc
from duban.kernel.errors import DomainError
from duban.kernel.money import Money, Unit
from duban.kernel.numbers import half_width, round_half_up, shortened
from duban.kernel.words import N_, Sentence
from duban.workbook.findings import shown_cell
from duban.workbook.schema import Column, Kind

Converter = Callable[[object], object]

BLANKS = frozenset({"", "-", "--", "—", "——", "–", "/", "\\", "／", "－"})
"""What people write to say that nothing stands here."""

NONE_WORDS = frozenset({"无", "暂无", "N/A", "n/a"})
"""The same in words; in a text column they are text."""

EXACT_DIGITS = 2**53  # beyond it a number in a sheet no longer holds every digit


class UnreadableDay(DomainError):
    """A cell of a day column holds no day."""

    text = N_("“{seen}” cannot be read as a day. Write year, month and day, for example 2019-03-05.")

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shortened(shown_cell(seen)))


class UnreadableCount(DomainError):
    """A cell of a column of whole numbers holds something else."""

    text = N_("“{seen}” is not a whole number.")

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shortened(shown_cell(seen)))


class UnknownChoice(DomainError):
    """A cell holds none of the names of its list."""

    text = N_("“{seen}” is not one of the names for {column}: {names}.")

    def __init__(self, *, seen: object, column: Column) -> None:
        names = "、".join(choice.label for choice in column.choices)
        super().__init__(seen=shortened(shown_cell(seen)), column=column.label, names=names)


class NotAnAmount(DomainError):
    """A cell of a money column holds a day or a truth value."""

    text = N_("“{seen}” is not an amount of money. Check the format of the cell and type the amount again.")

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shortened(shown_cell(seen)))


class LostDigits(DomainError):
    """A long number was typed as a number, and Excel kept fifteen digits of it."""

    text = N_(
        "{seen} was typed as a number, and a sheet keeps only 15 digits of a number. "
        "Set the cell to text and type it again."
    )

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shown_cell(seen))


ROUNDED = N_("{seen} has a part smaller than one fen (0.01 yuan); it was read as {read} yuan.")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that was read, with something to be said about how."""

    value: object
    message: Sentence


def converter(column: Column, *, unit: Unit) -> Converter:
    """The function that reads the cells of `column`; `unit` is that of its bare amounts."""
    if column.kind is Kind.MONEY:
        return _money(unit)
    if column.kind is Kind.CHOICE:
        return _choice(column)
    if column.kind is Kind.USCC:
        # A debtor's code stands in hundreds of rows, and its two checks take longer than anything else in a row.
        return lru_cache(maxsize=4096, typed=True)(_uscc)
    return {Kind.TEXT: _text, Kind.CODE: _code, Kind.DAY: _day, Kind.INT: _count}[column.kind]


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and abs(cell) >= EXACT_DIGITS:
        raise LostDigits(seen=cell)
    return shown_cell(cell)


def _code(cell: object) -> str:
    return re.sub(r"\s+", "", half_width(_text(cell))).upper()


def _uscc(cell: object) -> Uscc | Doubt:
    text = _text(cell)
    try:
        return Uscc.parse(text)
    except BodyCodeCheck as odd:
        # Some licences are printed like this; the last character, which finds every single slip, is right.
        return Doubt(Uscc.parse(text, as_issued=True), odd.sentence)


def _count(cell: object) -> int:
    text = re.sub(r"[\s,]", "", half_width(_text(cell)))
    if not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise UnreadableCount(seen=cell)
    return int(text)


def _money(unit: Unit) -> Converter:
    """Text is read exactly. A number is a double in the file: its shortest writing is what was typed."""
    scale, noise = Decimal(10) ** unit.value, Decimal("0.001")

    def money(cell: object) -> Money | Doubt:
        if isinstance(cell, str):
            return Money.parse(cell, unit)
        if isinstance(cell, bool) or not isinstance(cell, int | float) or not isfinite(cell):
            raise NotAnAmount(seen=cell)
        fen = Decimal(repr(cell)) * scale
        whole = int(fen) if fen == fen.to_integral_value() else int(round_half_up(fen, 0))
        amount = Money(whole)
        # A sum such as 0.1 + 0.2 misses by the noise of a double; a third of a yuan does not.
        if abs(fen - whole) > noise:
            return Doubt(amount, Sentence(ROUNDED, {"seen": shown_cell(cell), "read": amount}))
        return amount

    return money


def _choice(column: Column) -> Converter:
    codes = {
        plain(name): choice.code for choice in column.choices for name in (choice.code, choice.label, *choice.aliases)
    }

    def chosen(cell: object) -> str:
        code = codes.get(plain(shown_cell(cell)))
        if code is None:
            raise UnknownChoice(seen=cell, column=column)
        return code

    return chosen


def plain(text: str) -> str:
    """A name without what does not tell names apart: width, spaces, capitals, brackets, the marks of a list."""
    return re.sub(r"[\s()（）\[\]【】〔〕*:：、,，/_—-]", "", half_width(text)).casefold()


_DAY = re.compile(
    r"([0-9]{4})(?:[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})[日号]?)(?:T?00:00:00)?"
)
_EIGHT_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def _day(cell: object) -> date:
    if isinstance(cell, date):
        day = cell.date() if isinstance(cell, datetime) else cell
        return _plausible(day, seen=cell)
    text = re.sub(r"\s+", "", half_width(shown_cell(cell)))
    found = _DAY.fullmatch(text) or _EIGHT_DIGITS.fullmatch(text)
    if found is None:
        raise UnreadableDay(seen=cell)
    numbers = [int(part) for part in found.groups() if part]
    try:
        return _plausible(date(*numbers), seen=cell)
    except ValueError:
        raise UnreadableDay(seen=cell) from None


def _plausible(day: date, *, seen: object) -> date:
    """Refuse a day that no living contract has; a zero in a date cell shows as 1900."""
    if not 1949 <= day.year <= 2100:
        raise UnreadableDay(seen=seen)
    return day
