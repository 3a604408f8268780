"""One cell to one value: money, days, codes and choices as people leave them in a sheet.

A converter takes a cell that is not blank. It returns the value, or a `Doubt` with a value to be looked at, or raises
a `DomainError` that says why there is none.
"""

from collections.abc import Mapping

from duban.kernel.money import Unit
from duban.workbook.cells import days, names, numbers
from duban.workbook.cells.common import (
    BLANKS,
    NONE_WORDS,
    Converter,
    Doubt,
    LostDigits,
    code,
    nothing,
    plain,
    text,
)
from duban.workbook.cells.days import AmbiguousDay, NoSuchDay, UnreadableDay, UnreadableMonth
from duban.workbook.cells.names import UnknownChoice, UnreadablePhone, UnreadableTruth
from duban.workbook.cells.numbers import NotAnAmount, UnreadableCount, UnreadableNumber
from duban.workbook.schema import Column, Kind

__all__ = [
    "BLANKS",
    "NONE_WORDS",
    "AmbiguousDay",
    "Converter",
    "Doubt",
    "LostDigits",
    "NoSuchDay",
    "NotAnAmount",
    "UnknownChoice",
    "UnreadableCount",
    "UnreadableDay",
    "UnreadableMonth",
    "UnreadableNumber",
    "UnreadablePhone",
    "UnreadableTruth",
    "converter",
    "nothing",
    "plain",
]

_SIMPLE: Mapping[Kind, Converter] = {
    Kind.TEXT: text,
    Kind.CODE: code,
    Kind.DAY: days.day,
    Kind.MONTH: days.month,
    Kind.USCC: names.uscc,
    Kind.REGION: names.region,
    Kind.PHONE: names.phone,
    Kind.BOOL: names.truth,
    Kind.PERCENT: numbers.percent,
}


def converter(column: Column, *, unit: Unit, decimals: int | None = None) -> Converter:
    """The function that reads the cells of `column`.

    Args:
        unit: of its bare amounts.
        decimals: with which its numbers are displayed, when that is known.
    """
    if column.kind is Kind.MONEY:
        return numbers.money(unit, decimals=decimals)
    if column.kind is Kind.CHOICE:
        return names.chosen(column)
    if column.kind is Kind.DECIMAL:
        return numbers.measured(column.measure, decimals=decimals)
    if column.kind is Kind.INT:
        return numbers.counted(column.measure)
    return _SIMPLE[column.kind]
