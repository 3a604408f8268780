"""Reading a tidy table: one row of headings somewhere near the top, one record a row, perhaps sums below."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence
from duban.workbook.cells import BLANKS, NONE_WORDS, Converter, Doubt, converter
from duban.workbook.findings import Fault, ReadSheet, Severity, SheetRow, cell_name, column_letters, shown_cell
from duban.workbook.headings import Headings, find_headings
from duban.workbook.opening import LostCell, OpenedSheet, open_sheets
from duban.workbook.refusals import MissingHeadings, NoTable
from duban.workbook.schema import Column, Kind, SheetSchema

MISSING = "S01"
UNREADABLE = {Kind.MONEY: "S02", Kind.DAY: "S03", Kind.CHOICE: "S04", Kind.USCC: "S05", Kind.INT: "S06"}
LOST_DIGITS = "S07"
DOUBTFUL = "S08"
LOST_VALUE = "S09"
UNKNOWN_HEADING = "S10"
REPEATED_HEADING = "S11"
NO_UNIT = "S12"
TOTAL_ROW = "S13"
REMARK_ROW = "S14"
ANOTHER_SHEET = "S15"

Located = tuple[OpenedSheet, Headings]
Record = tuple[int, list[Any]]


def read_sheet(path: Path, schema: SheetSchema, *, name: str | None = None) -> ReadSheet:
    """Find the table of `schema` in a workbook and read it; refusals call the file `name`, or else as it lies there.

    Cost: about a second for 10,000 rows of 25 columns.

    Raises:
        UnreadableWorkbook: the file cannot be opened, or no sheet has the headings that are required.
    """
    (opened, headings), others = _locate(open_sheets(path, name=name), schema, file=name or path.name)
    sheet = ReadSheet(opened.name, headings.row + 1, dict(headings.places), headings.unit or schema.unit)
    extra = dict(headings.unknown)
    records = _records(opened, headings)
    _remark_on_headings(sheet, headings, schema, others)
    extra |= _unheaded(sheet, opened, headings, records)
    records = _set_aside(sheet, records, schema, headings)
    _read_records(sheet, records, schema, headings, extra)
    for row in sheet.rows:
        for check in schema.checks:
            for fault in check(row):
                sheet.report(row, fault)
    return sheet


def _locate(sheets: Sequence[OpenedSheet], schema: SheetSchema, *, file: str) -> tuple[Located, list[str]]:
    """The first sheet with every required heading, and the names of other sheets that have them too."""
    found = [(sheet, headings) for sheet in sheets if (headings := find_headings(sheet.rows, schema))]
    complete = [(sheet, headings) for sheet, headings in found if not headings.missing(schema)]
    if complete:
        return complete[0], [sheet.name for sheet, _ in complete[1:]]
    if not found:
        needed = [column.label for column in schema.columns if column.required]
        raise NoTable(file=file, title=schema.title, needed=needed)
    sheet, headings = max(found, key=lambda located: len(located[1].places))
    raise MissingHeadings(
        file=file, sheet=sheet.name, row=headings.row + 1, title=schema.title, missing=headings.missing(schema)
    )


def _is_blank(cell: object) -> bool:
    """A cell in which nothing is stated; zero is what a formula leaves in a row that nobody filled in."""
    return not (cell.strip() if isinstance(cell, str) else cell)


def _records(opened: OpenedSheet, headings: Headings) -> list[Record]:
    """The rows under the headings in which something stands, each with its number."""
    places = [*headings.places.values(), *headings.unknown]
    return [
        (number, row)
        for number, row in enumerate(opened.rows[headings.row + 1 :], start=headings.row + 2)
        if any(not _is_blank(row[place]) for place in places)
    ]


def _remark_on_headings(sheet: ReadSheet, headings: Headings, schema: SheetSchema, others: Sequence[str]) -> None:
    labels = {column.name: column.label for column in schema.columns}
    for place, heading in headings.unknown.items():
        message = Sentence(_UNKNOWN_HEADING, {"heading": heading, "title": schema.title})
        _remark(sheet, UNKNOWN_HEADING, message, place, value=heading)
    for place, name in headings.repeated.items():
        first = cell_name(sheet.header_row, headings.places[name])
        message = Sentence(_REPEATED_HEADING, {"column": labels[name], "first": first})
        _remark(sheet, REPEATED_HEADING, message, place, value=labels[name], severity=Severity.ERROR)
    bare = [
        column
        for column in schema.columns
        if column.kind is Kind.MONEY and column.name in headings.places and column.name not in headings.units
    ]
    if bare and headings.unit is None:
        message = Sentence(_NO_UNIT, {"unit": schema.unit.label()})
        _remark(sheet, NO_UNIT, message, headings.places[bare[0].name], value=bare[0].label)
    for name in others:
        sheet.remark(ANOTHER_SHEET, Sentence(_ANOTHER_SHEET, {"sheet": name}), severity=Severity.WARNING, value=name)


def _remark(
    sheet: ReadSheet,
    rule: str,
    message: Sentence,
    place: int,
    *,
    value: object = "",
    severity: Severity = Severity.WARNING,
    row: int | None = None,
) -> None:
    cell = cell_name(sheet.header_row if row is None else row, place)
    sheet.remark(rule, message, severity=severity, cell=cell, value=value)


def _unheaded(sheet: ReadSheet, opened: OpenedSheet, headings: Headings, records: Sequence[Record]) -> dict[int, str]:
    """Columns with values and no heading at all; they are kept under their letter."""
    heads = opened.rows[headings.row]
    found = {
        place: column_letters(place)
        for place, head in enumerate(heads)
        if _is_blank(head) and any(not _is_blank(row[place]) for _, row in records)
    }
    for place, letters in found.items():
        _remark(sheet, UNKNOWN_HEADING, Sentence(_NO_HEADING, {"column": letters}), place)
    return found


_TOTAL = re.compile(r"(?:合计|总计|小计|共计).{0,12}|.{0,40}(?:合计|总计|小计|共计)[:：]?")
_REMARK_LINE = re.compile(
    r"(?:注|说明|备注|填报|填表|制表|审核|复核|单位负责|负责|分管|联系|经办|报送|盖章|报表)[^:：]{0,8}[:：]"
)


def _set_aside(sheet: ReadSheet, records: Sequence[Record], schema: SheetSchema, headings: Headings) -> list[Record]:
    """Take out rows of sums and lines of remarks, saying so of each; return the records proper."""
    money = [headings.places[c.name] for c in schema.columns if c.kind is Kind.MONEY and c.name in headings.places]
    required = [headings.places[c.name] for c in schema.columns if c.required and c.name in headings.places]
    named = [place for place in required if place not in money]
    before_money = min(money, default=len(headings.places))
    proper = []
    for number, row in records:
        if not any(_is_blank(row[place]) for place in named):
            proper.append((number, row))
            continue
        labels = [
            (place, re.sub(r"\s", "", cell)) for place, cell in enumerate(row) if isinstance(cell, str) and cell.strip()
        ]
        total = next((at for at in labels if at[0] <= before_money and _TOTAL.fullmatch(at[1])), None)
        if total is not None:
            sheet.totals.append(SheetRow(number, {}, row))
            _remark(
                sheet,
                TOTAL_ROW,
                Sentence(_TOTAL_ROW, {"row": number, "label": total[1]}),
                total[0],
                value=total[1],
                row=number,
            )
        elif labels and _REMARK_LINE.match(labels[0][1]) and all(_is_blank(row[place]) for place in money):
            place, text = labels[0]
            _remark(sheet, REMARK_ROW, Sentence(_REMARK_ROW, {"row": number}), place, value=text, row=number)
        else:
            proper.append((number, row))
    return proper


def _read_records(
    sheet: ReadSheet, records: Sequence[Record], schema: SheetSchema, headings: Headings, extra: dict[int, str]
) -> None:
    """Convert column by column, which is quick, and then make the rows."""
    faults: dict[int, list[Fault]] = defaultdict(list)
    columns = []
    for column in schema.columns:
        place = headings.places.get(column.name)
        if place is None:
            columns.append([None] * len(records))
            continue
        convert = converter(column, unit=headings.units.get(column.name, sheet.unit))
        columns.append(_values(column, [row[place] for _, row in records], convert, faults))
        for total in sheet.totals if column.kind is Kind.MONEY else ():
            total.values[column.name] = _values(column, [total.cells[place]], convert, defaultdict(list))[0]
    names = [column.name for column in schema.columns]
    for index, ((number, cells), values) in enumerate(zip(records, zip(*columns, strict=True), strict=True)):
        row = SheetRow(number, dict(zip(names, values, strict=True)), cells)
        if extra:
            row.extra = {name: shown_cell(cells[place]) for place, name in extra.items() if not _is_blank(cells[place])}
        sheet.rows.append(row)
        for fault in faults.get(index, ()):
            sheet.report(row, fault)


def _values(column: Column, cells: Sequence[Any], convert: Converter, faults: dict[int, list[Fault]]) -> list[Any]:
    """Read the cells of one column; what is wrong with a cell is noted under the index of its row."""
    blanks = BLANKS if column.kind in {Kind.TEXT, Kind.CODE} else BLANKS | NONE_WORDS
    values: list[Any] = []
    for index, cell in enumerate(cells):
        value: object = None
        if cell.__class__ is str and cell.strip() in blanks:
            if column.required:
                faults[index].append(Fault(MISSING, column.name, Sentence(_MISSING, {"column": column.label})))
        elif cell.__class__ is LostCell:
            message = Sentence(_LOST_VALUE, {"column": column.label, "seen": cell})
            faults[index].append(Fault(LOST_VALUE, column.name, message))
        else:
            try:
                value = convert(cell)
            except DomainError as refusal:
                rule = UNREADABLE.get(column.kind, LOST_DIGITS)
                expected = str(getattr(refusal, "expected", ""))
                faults[index].append(Fault(rule, column.name, refusal.sentence, expected=expected))
            if isinstance(value, Doubt):
                faults[index].append(Fault(DOUBTFUL, column.name, value.message, Severity.WARNING))
                value = value.value
        values.append(value)
    return values


_MISSING = N_("{column} is blank. Every row needs it.")
_LOST_VALUE = N_(
    "{column} shows no value: {seen} is an Excel error, or a formula that was never calculated. "
    "Open the file in Excel or WPS, put the formula right or type the value, and save it."
)
_UNKNOWN_HEADING = N_("“{heading}” is not a heading of {title}. Its values are kept as they are and used for nothing.")
_NO_HEADING = N_("Column {column} has values and no heading. They are kept as they are and used for nothing.")
_REPEATED_HEADING = N_("{column} stands twice: the first, {first}, was read and this one was not. Remove one of them.")
_NO_UNIT = N_("Neither the headings nor a line above them name the unit of the amounts; they were read as {unit}.")
_TOTAL_ROW = N_("Row {row} is a row of sums ({label}) and was not read as a record.")
_REMARK_ROW = N_("Row {row} is a remark under the table and was not read as a record.")
_ANOTHER_SHEET = N_("Sheet “{sheet}” has the same headings and was not read. Bring the rows together in one sheet.")
