"""Reading a table column by column, which is quick: what a cell means is found out once for all cells like it."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence
from duban.workbook import rules
from duban.workbook.cells import Converter, Doubt, converter, nothing
from duban.workbook.cells.common import LostDigits
from duban.workbook.cells.days import days_like
from duban.workbook.findings import Fault, RowValues, Severity, SheetRow, Table
from duban.workbook.grid import Cell, LostCell
from duban.workbook.schema import Column, Kind, SheetSchema
from duban.workbook.tables import Record

_UNREADABLE: Mapping[Kind, str] = {
    Kind.MONEY: rules.UNREADABLE_AMOUNT,
    Kind.DAY: rules.UNREADABLE_DAY,
    Kind.CHOICE: rules.UNKNOWN_CHOICE,
    Kind.USCC: rules.UNREADABLE_USCC,
    Kind.INT: rules.UNREADABLE_COUNT,
    Kind.DECIMAL: rules.UNREADABLE_NUMBER,
    Kind.PERCENT: rules.UNREADABLE_NUMBER,
    Kind.MONTH: rules.UNREADABLE_MONTH,
    Kind.REGION: rules.UNREADABLE_REGION,
    Kind.PHONE: rules.UNREADABLE_PHONE,
    Kind.BOOL: rules.UNREADABLE_TRUTH,
}

_MISSING = N_("{column} is blank. Every row needs it.")
_LOST_VALUE = N_(
    "{column} shows no value: {seen} is an Excel error, or a formula that was never calculated. "
    "Open the file in Excel or WPS, put the formula right or type the value, and save it."
)

Faults = Mapping[int, Sequence[Fault]]
"""What is wrong with the cells of a row, by the row's index."""


def read_rows(
    table: Table, records: Sequence[Record], schema: SheetSchema, same_as_above: Mapping[int, Mapping[int, int]]
) -> tuple[list[SheetRow], Faults]:
    """Read the records of a table.

    Args:
        same_as_above: by place and row number, the number of the row that holds the value of a merged cell.
    """
    faults: dict[int, list[Fault]] = defaultdict(list)
    columns: list[list[Any]] = []
    upright = list(zip(*(row for _, row in records), strict=True))
    for column in schema.columns:
        place = table.places.get(column.name)
        if place is None or not records:
            columns.append([None] * len(records))
            continue
        cells = _repeated(upright[place], records, same_as_above.get(place, {}))
        convert = days_like(cells) if column.kind is Kind.DAY else _converter(column, table, place)
        values, odd = read_column(column, cells, convert)
        columns.append(values)
        for index, fault in odd.items():
            faults[index].append(fault)
    order = {column.name: at for at, column in enumerate(schema.columns)}
    rows = [
        SheetRow(number, RowValues(order, values), cells, table=table)
        for (number, cells), values in zip(records, zip(*columns, strict=True), strict=True)
    ]
    return rows, faults


def _converter(column: Column, table: Table, place: int) -> Converter:
    decimals = table.decimals.get(place)
    unit = table.units.get(column.name, table.unit)
    return converter(column, unit=unit, decimals=decimals.usual if decimals else None)


def _repeated(cells: Sequence[Cell], records: Sequence[Record], sources: Mapping[int, int]) -> Sequence[Cell]:
    """The cells of a column in which the value of merged ones stands in all their rows."""
    if not sources:
        return cells
    by_number = {number: cell for (number, _), cell in zip(records, cells, strict=True)}
    return [by_number.get(sources.get(number, number), cell) for number, cell in by_number.items()]


# True equals 1, and a lost value equals the text that stands for it: such cells may not share what was found out.
_EQUAL_TO_OTHERS = {bool, LostCell}


def read_column(column: Column, cells: Sequence[Cell], convert: Converter) -> tuple[list[Any], dict[int, Fault]]:
    """The values of the cells of one column, and by index what is wrong with them."""
    apart = not _EQUAL_TO_OTHERS.isdisjoint(set(map(type, cells)))
    keys: Sequence[Hashable] = [(type(cell), cell) for cell in cells] if apart else cells
    values: dict[Hashable, Any] = {}
    faults: dict[Hashable, Fault] = {}
    blank = nothing(column.kind)
    for key in dict.fromkeys(keys):
        cell: Any = key[1] if apart else key  # type: ignore[index]  # such a key is a pair
        kind = cell.__class__
        value = None
        if (cell.strip() if kind is str else cell) in blank and kind is not LostCell:
            if column.required:
                faults[key] = Fault(rules.MISSING, column.name, Sentence(_MISSING, {"column": column.label}))
        elif kind is LostCell:
            message = Sentence(_LOST_VALUE, {"column": column.label, "seen": cell})
            faults[key] = Fault(rules.LOST_VALUE, column.name, message, _severity(column))
        else:
            try:
                value = convert(cell)
            except DomainError as refusal:
                faults[key] = _refused(column, refusal)
            if value.__class__ is Doubt:
                faults[key] = Fault(rules.DOUBTFUL, column.name, value.message, Severity.WARNING)
                value = value.value
        values[key] = value
    odd = {index: faults[key] for index, key in enumerate(keys) if key in faults} if faults else {}
    return list(map(values.__getitem__, keys)), odd


def _refused(column: Column, refusal: DomainError) -> Fault:
    rule = rules.LOST_DIGITS if isinstance(refusal, LostDigits) else _UNREADABLE.get(column.kind, rules.LOST_DIGITS)
    expected = str(getattr(refusal, "expected", ""))
    return Fault(rule, column.name, refusal.sentence, _severity(column), expected=expected)


def _severity(column: Column) -> Severity:
    return Severity.WARNING if column.lenient else Severity.ERROR
