"""What is said of a table as a whole: its headings, what was set aside, what is hidden or merged."""

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby

from duban.kernel.numbers import shortened
from duban.kernel.words import N_, Sentence
from duban.workbook import rules
from duban.workbook.aside import Parted
from duban.workbook.findings import ReadSheet, Severity, SheetRow, Table, cell_name, column_letters, shown_cell
from duban.workbook.naming import is_blank
from duban.workbook.schema import QUANTITIES, Kind, SheetSchema
from duban.workbook.surroundings import line_of
from duban.workbook.tables import Found

_UNKNOWN_HEADING = N_("“{heading}” is not a heading of {title}. Its values are kept as they are and used for nothing.")
_NO_HEADING = N_("Column {column} has values and no heading. They are kept as they are and used for nothing.")
_REPEATED_HEADING = N_("{column} stands twice: the first, {first}, was read and this one was not. Remove one of them.")
_NO_UNIT = N_("Neither the headings nor a line above them name the unit of the amounts; they were read as {unit}.")
_SUM_ROW = N_("Row {row} is a row of sums ({label}) and was not read as a record.")
_REMARK_ROW = N_("Row {row} is a remark or the name of a group, and was not read as a record.")
_ANOTHER_VERSION = N_(
    "The table at {cell} of sheet “{sheet}” has the same headings, and {same} of its {rows} rows were read already; it "
    "was not read. Remove one of the two, or bring their rows together."
)
_CONTINUED_BESIDE = N_(
    "A table beside the first, in columns {left} to {right} of sheet “{sheet}”, goes on with it from row {first} to "
    "row {last}; these {rows} rows were read too."
)
_CONTINUED = N_("The table goes on in sheet “{sheet}” from row {first} to row {last}; these {rows} rows were read too.")
_HIDDEN_ROWS = N_("Rows {first} to {last} are hidden; they were read like the others. Show them and look at them.")
_HIDDEN_ROW = N_("Row {first} is hidden; it was read like the others. Show it and look at it.")
_HIDDEN_COLUMN = N_("Column {first} is hidden; it was read like the others. Show it and look at it.")
_HIDDEN_COLUMNS = N_(
    "Columns {first} to {last} are hidden; they were read like the others. Show them and look at them."
)
_MERGED_AMOUNT = N_(
    "{cell} is merged over rows {first} to {last}; its amount was taken for the first of them and the others have "
    "none. In all {count} cells are merged so. Divide the amounts among the rows."
)
_SCALED = N_(
    "The format of column {column} shows numbers divided by {factor}; they were read as they are shown, in the unit "
    "that is named. Check one of the amounts."
)
_SCALED_UNNAMED = N_(
    "The format of column {column} shows numbers divided by {factor}, which does not go with its unit; they were read "
    "as they are stored. Check one of the amounts."
)


def on_headings(sheet: ReadSheet, found: Found, table: Table, parted: Parted, schema: SheetSchema) -> dict[int, str]:
    """Say what is odd about headings. Returns the headings of columns that are kept as they are, by place."""
    headings, labels = found.headings, {column.name: column.label for column in schema.columns}
    for place, heading in headings.unknown.items():
        message = Sentence(_UNKNOWN_HEADING, {"heading": shortened(heading), "title": schema.title})
        _on_heading(sheet, table, rules.UNKNOWN_HEADING, message, place, value=heading)
    for place, name in headings.repeated.items():
        first = cell_name(table.header_row, headings.places[name])
        message = Sentence(_REPEATED_HEADING, {"column": labels[name], "first": first})
        _on_heading(sheet, table, rules.REPEATED_HEADING, message, place, value=labels[name], severity=Severity.ERROR)
    _on_units(sheet, found, table, schema)
    unheaded = _unheaded(found, parted)
    for place, letters in unheaded.items():
        _on_heading(sheet, table, rules.UNKNOWN_HEADING, Sentence(_NO_HEADING, {"column": letters}), place)
    return {**headings.unknown, **unheaded}


def _on_heading(
    sheet: ReadSheet,
    table: Table,
    rule: str,
    message: Sentence,
    place: int,
    *,
    value: object = "",
    severity: Severity = Severity.WARNING,
) -> None:
    cell = cell_name(table.header_row, place)
    sheet.remark(rule, message, severity=severity, cell=cell, value=value, sheet=table.sheet)


def _on_units(sheet: ReadSheet, found: Found, table: Table, schema: SheetSchema) -> None:
    headings = found.headings
    money = [column for column in schema.of_kind(Kind.MONEY) if column.name in headings.places]
    bare = [column for column in money if column.name not in headings.units and column.unit is None]
    if bare and found.unit is None:
        message = Sentence(_NO_UNIT, {"unit": schema.unit.label()})
        _on_heading(sheet, table, rules.NO_UNIT, message, headings.places[bare[0].name], value=bare[0].label)
    for column in money:
        place = headings.places[column.name]
        power = found.grid.scaled.get(place)
        if power:
            named = headings.units.get(column.name) or found.unit
            text = _SCALED_UNNAMED if named in {None, table.units[column.name]} else _SCALED
            message = Sentence(text, {"column": column_letters(place), "factor": 10**power})
            _on_heading(sheet, table, rules.SCALED_FORMAT, message, place, value=column.label)


def _unheaded(found: Found, parted: Parted) -> dict[int, str]:
    """Columns with values and no heading at all; they are kept under their letter."""
    width = max((len(row) for _, row in parted.records), default=0)
    return {
        place: column_letters(place)
        for place in range(width)
        if place not in found.headings.names and any(not is_blank(row[place]) for _, row in parted.records)
    }


def extra_of(row: SheetRow, extra: Mapping[int, str]) -> dict[str, str]:
    """What stands in a row under headings that the schema does not know."""
    return {name: shown_cell(row.cells[place]) for place, name in extra.items() if not is_blank(row.cells[place])}


def on_another_version(sheet: ReadSheet, found: Found, *, same: int, rows: int) -> None:
    """Say that a table was left out."""
    name, headings = found.grid.name, found.headings
    cell = cell_name(headings.row + 1, min(headings.places.values()))
    message = Sentence(_ANOTHER_VERSION, {"cell": cell, "sheet": name, "same": same, "rows": rows})
    sheet.remark(rules.ANOTHER_VERSION, message, cell=cell, value=name, sheet=name)


def on_continuation(sheet: ReadSheet, found: Found, table: Table, parted: Parted) -> None:
    """Say that a further table was read."""
    if not parted.records:
        return
    left, right = min(table.headings), max(table.headings)
    values = {
        "sheet": table.sheet,
        "first": parted.records[0][0],
        "last": parted.records[-1][0],
        "rows": len(parted.records),
        "left": column_letters(left),
        "right": column_letters(right),
    }
    message = Sentence(_CONTINUED_BESIDE if found.grid.left else _CONTINUED, values)
    cell = cell_name(table.header_row, min(table.places.values()))
    sheet.remark(rules.CONTINUED, message, cell=cell, value=table.sheet, sheet=table.sheet)


def on_rows_aside(sheet: ReadSheet, table: Table, parted: Parted) -> None:
    """Say which rows are no records; remarks are kept with the table."""
    for one in parted.sums:
        number = one.record[0]
        message = Sentence(_SUM_ROW, {"row": number, "label": one.label})
        cell = cell_name(number, one.place)
        sheet.remark(rules.SUM_ROW, message, cell=cell, value=one.label, sheet=table.sheet)
    for record, place, text in parted.remarks:
        table.remarks.append(line_of(record[1]))
        message = Sentence(_REMARK_ROW, {"row": record[0]})
        cell = cell_name(record[0], place)
        sheet.remark(rules.REMARK_ROW, message, cell=cell, value=text, sheet=table.sheet)


def on_what_is_hidden(sheet: ReadSheet, found: Found, table: Table, parted: Parted, schema: SheetSchema) -> None:
    """Say which rows and columns were read though the sheet hides them, once for each block."""
    for first, last in _runs(number for number, _ in parted.records if number - 1 in found.grid.hidden_rows):
        cell = cell_name(first, min(table.places.values()))
        message = Sentence(_HIDDEN_ROW if first == last else _HIDDEN_ROWS, {"first": first, "last": last})
        sheet.remark(rules.HIDDEN, message, cell=cell, sheet=table.sheet)
    labels = {table.places[column.name]: column.label for column in schema.columns if column.name in table.places}
    for first, last in _runs(place for place in sorted(labels) if place in found.grid.hidden_columns):
        text = _HIDDEN_COLUMN if first == last else _HIDDEN_COLUMNS
        message = Sentence(text, {"first": column_letters(first), "last": column_letters(last)})
        _on_heading(sheet, table, rules.HIDDEN, message, first, value=labels[first])


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The first and last of each run of numbers that follow one another."""
    runs = (list(run) for _, run in groupby(enumerate(numbers), key=lambda at: at[1] - at[0]))
    return [(run[0][1], run[-1][1]) for run in runs]


def merged_texts(sheet: ReadSheet, found: Found, table: Table, schema: SheetSchema) -> dict[int, dict[int, int]]:
    """By place and row, the row whose value a merged cell repeats. An amount is stated once, which is said."""
    repeated: dict[int, dict[int, int]] = {}
    kinds = {table.places[column.name]: column.kind for column in schema.columns if column.name in table.places}
    numbers: Collection[int] = {number for number, _ in found.records}
    amounts = []
    for merge in found.grid.merges:
        tall = merge.bottom > merge.top > found.headings.row and merge.top + 1 in numbers
        if tall and kinds.get(merge.left) in QUANTITIES:
            amounts.append(merge)
        elif tall and merge.left in kinds:
            below = dict.fromkeys(range(merge.top + 2, min(merge.bottom + 1, len(found.grid.rows)) + 1), merge.top + 1)
            repeated.setdefault(merge.left, {}).update(below)
    if amounts:
        first = amounts[0]
        cell = cell_name(first.top + 1, first.left)
        values = {"cell": cell, "first": first.top + 1, "last": first.bottom + 1, "count": len(amounts)}
        sheet.remark(rules.MERGED_AMOUNT, Sentence(_MERGED_AMOUNT, values), cell=cell, sheet=table.sheet)
    return repeated
