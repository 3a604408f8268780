"""Values as the cells of a sheet's XML: what stands between the beginning of `<c …` and its end.

A number is written by its own digits, never through a float; a text is a text, whatever sign it begins with.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, tzinfo
from decimal import Decimal
from math import isfinite
from typing import Any
from xml.sax.saxutils import escape

from duban.kernel.money import Money, Unit

LONGEST_TEXT = 32_767  # a cell holds no more, counted in units of UTF-16
BLANK = "/>"
DAY_ZERO = date(1899, 12, 30).toordinal()
FIRST_SURE_DAY = date(1900, 3, 1)  # before it, spreadsheets count a 29th of February that never was, or not at all
LARGEST_EXPONENT = 307  # of what a double holds

Write = Callable[[Any], str]

_ESCAPED = re.compile(
    "[\x00-\x08\x0b-\x1f]"  # not allowed in XML, or made into something else by whoever reads it
    "|_(?=x[0-9A-Fa-f]{4}_)"  # what reads as such an escape, and is none
)
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")


class Writers(dict[type, Write]):
    """How values of each type are written; a derived type like the one it derives from, any other by `shown`."""

    def __init__(self, *, unit: Unit, zone: tzinfo, shown: Callable[[object], str]) -> None:
        def other(value: object) -> str:
            return text(shown(value))

        super().__init__(
            {
                type(None): lambda _: BLANK,
                str: text,
                bool: other,  # which in Python derives from int
                int: _whole,
                float: _double,
                Decimal: _decimal,
                Money: lambda amount: _money(amount, unit),
                date: _day,
                datetime: lambda instant: _instant(instant, zone),
            }
        )
        self.other = other

    def __missing__(self, kind: type) -> Write:
        """Find the writer of a type that was not met before, and remember it."""
        self[kind] = next((self[base] for base in kind.__mro__ if base in self), self.other)
        return self[kind]


def text(value: str) -> str:
    """A text in the cell itself, cut where a cell is full."""
    if not value:
        return BLANK
    return f' t="inlineStr"><is><t xml:space="preserve">{safe(value)}</t></is></c>'


def safe(value: str) -> str:
    """The text as XML.

    What XML cannot hold is written `_x0007_`, as spreadsheets do; half a character, or what is none, becomes U+FFFD.
    """
    if (
        len(value) <= LONGEST_TEXT // 2
        and value.isprintable()
        and not ("&" in value or "<" in value or ">" in value or "_x" in value)
    ):
        return value  # nearly all texts
    whole = _NO_CHARACTER.sub("\ufffd", value).encode("utf-16-le")
    cut = whole[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")
    return escape(_ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", cut))


def _number(digits: str) -> str:
    return f"><v>{digits}</v></c>"


def _whole(value: int) -> str:
    return _number(f"{value:d}") if abs(value) < 10**LARGEST_EXPONENT else text(f"{value:d}")


def _double(value: float) -> str:
    return _number(repr(float(value))) if isfinite(value) else text(str(value))


def _decimal(value: Decimal) -> str:
    if value.is_finite() and value.adjusted() <= LARGEST_EXPONENT:
        return _number(str(value))
    return text(str(value))


def _money(amount: Money, unit: Unit) -> str:
    whole, part = divmod(abs(amount.fen), 10**unit.value)
    return f"><v>{'-' if amount.fen < 0 else ''}{whole}.{part:0{unit.value}}</v></c>"


def _day(value: date) -> str:
    if value < FIRST_SURE_DAY:
        return text(value.isoformat())
    return f"><v>{value.toordinal() - DAY_ZERO}</v></c>"


def _instant(value: datetime, zone: tzinfo) -> str:
    local = value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
    if local.date() < FIRST_SURE_DAY:
        return text(local.isoformat(" "))
    since_midnight = local - datetime.combine(local.date(), datetime.min.time())
    return _number(repr(local.toordinal() - DAY_ZERO + since_midnight.total_seconds() / 86_400))
