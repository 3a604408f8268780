"""An office's own ledger handed back to it: rows filled in, key columns locked, this month's columns empty.

It is read back without loss: every amount stands in the unit of its column, and one that a number of a sheet cannot
hold stands as text.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from duban.kernel.money import ZERO
from duban.kernel.words import N_, Sentence
from duban.workbook.findings import column_letters
from duban.workbook.guide import TITLE as GUIDE
from duban.workbook.guide import check_of, write_guide
from duban.workbook.layout import LaidColumn, Layout, of_schema
from duban.workbook.ooxml.book import quoted
from duban.workbook.plain_copy import sheet_name as allowed_name
from duban.workbook.prefilled_cells import Formats, Place, in_sheet, look_of
from duban.workbook.prefilled_sheet import PrefilledSheet
from duban.workbook.schema import Column, SheetSchema
from duban.workbook.widths import text_width

_CHOICES = N_("Choices")
_LOCKED, _EMPTY = "#EEF0F2", "#FFF9E0"
_NOTHING = (None, "", ZERO)
_LONGEST_LIST = 255  # letters of a drop-down that stands in the cells themselves
_WIDEST = 32
_TEXTS_STAY_TEXTS = {"strings_to_formulas": False, "strings_to_urls": False}  # also one that begins with = in a heading
_BORN = datetime(1980, 1, 1)  # noqa: DTZ001 - the same rows make the same bytes, whatever the day and the zone


@dataclass(frozen=True, slots=True)
class Filling:
    """What in a prefilled copy is whose.

    Args:
        locked: columns that the office cannot change, such as the number of a claim.
        empty: columns that are left blank for this month.
        kept: columns that are put behind the table where the office has none for them and a row holds something there.
        notes: sentences for the sheet of explanations.
        guide_hidden: whether that sheet is hidden.
    """

    locked: Collection[str] = ()
    empty: Collection[str] = ()
    kept: Collection[str] = ()
    notes: Sequence[str] = ()
    guide_hidden: bool = False


USUAL_FILLING = Filling()


def write_prefilled(
    out: Path | IO[bytes],
    schema: SheetSchema,
    rows: Iterable[Mapping[str, Any]],
    *,
    layout: Layout | None = None,
    title: str = "",
    sheet_name: str = "",
    filling: Filling = USUAL_FILLING,
) -> int:
    """Write a prefilled workbook, in the language of whoever asks, and return how many rows it has.

    Args:
        rows: values by column name, as a `SheetRow` has them; what stands under a heading that the schema does not know
            goes by that heading. Columns that the layout does not have are left out, unless `filling` says otherwise.
        layout: as learnt from this office, or else the official one.
        title: in place of the one that the layout has.
        sheet_name: the title of the schema unless said.
    """
    usual = layout is None
    layout = layout or of_schema(schema)
    rows = list(rows)
    layout = layout.with_columns(_wanting(schema, layout, rows, filling))
    if title:
        layout = layout.with_title(lambda _: title)
    places = [_place(laid, schema, filling) for laid in layout.columns]
    written = [[_shown(place, row, number) for place in places] for number, row in enumerate(rows, start=1)]
    if usual:
        places = [_fitted(place, [row[at] for row in written]) for at, place in enumerate(places)]
    with xlsxwriter.Workbook(str(out) if isinstance(out, Path) else out, _TEXTS_STAY_TEXTS) as book:
        book.set_properties({"created": _BORN})
        formats, name = Formats(book), allowed_name(sheet_name or schema.title)
        sheet = PrefilledSheet(book.add_worksheet(name), formats, layout, places)
        sheet.write(written)
        guide = book.add_worksheet(allowed_name(str(Sentence(GUIDE)), taken=[name]))
        units = {place.column.name: place.unit for place in places if place.column}
        write_guide(guide, formats, schema, units, locked=filling.locked, empty=filling.empty, notes=filling.notes)
        if filling.guide_hidden:
            guide.hide()
        for place, source in _sources(book, places, taken=[name, guide.name]).items():
            column = places[place].column
            if column is not None and not places[place].look.locked:
                sheet.check(place, check_of(column, places[place].unit, source))
    return len(written)


def _wanting(schema: SheetSchema, layout: Layout, rows: Sequence[Mapping[str, Any]], filling: Filling) -> list[Column]:
    """The columns that are to be kept and for which the layout has no room."""
    there = {laid.name for laid in layout.columns}
    return [
        column
        for column in schema.columns
        if column.name in filling.kept
        and column.name not in there
        and any(row.get(column.name) not in _NOTHING for row in rows)
    ]


def _place(laid: LaidColumn, schema: SheetSchema, filling: Filling) -> Place:
    column = next((one for one in schema.columns if one.name == laid.name), None)
    look, empty = look_of(laid, column), bool(laid.name) and laid.name in filling.empty
    if laid.name and laid.name in filling.locked:
        look = replace(look, locked=True, bg_color=_LOCKED)
    elif empty:
        look = replace(look, bg_color=_EMPTY)
    return Place(laid, column, look, counts=column is None and laid.heading in schema.ignored, empty=empty)


def _fitted(place: Place, cells: Iterable[object]) -> Place:
    """The column as wide as its longest text, within reason; amounts and days have room enough."""
    longest = max((text_width(cell) for cell in cells if isinstance(cell, str)), default=0)
    width = max(place.laid.width, min(_WIDEST, longest + 2))
    return replace(place, laid=replace(place.laid, width=width))


def _shown(place: Place, row: Mapping[str, Any], number: int) -> object:
    """What stands in a cell; under a heading such as 序号, the number of the row."""
    if place.empty:
        return None
    if place.column is None:
        return row.get(place.laid.heading) or (float(number) if place.counts else None)
    return in_sheet(row.get(place.laid.name), place.column, place.unit)


def _sources(book: Any, places: Sequence[Place], *, taken: Sequence[str]) -> dict[int, str | list[str]]:  # noqa: ANN401 - ships no types
    """The entries of every drop-down, or where they stand: long lists get a hidden sheet."""
    labels = {at: [one.label for one in place.column.choices] for at, place in enumerate(places) if place.column}
    long = [at for at, entries in labels.items() if not _fits(entries)]
    sources: dict[int, str | list[str]] = {**labels}
    if long:
        sheet = book.add_worksheet(allowed_name(str(Sentence(_CHOICES)), taken=taken))
        sheet.hide()
        for column, at in enumerate(long):
            sheet.write_column(0, column, labels[at])
            letters = column_letters(column)
            sources[at] = f"={quoted(sheet.name)}!${letters}$1:${letters}${len(labels[at])}"
    return sources


def _fits(entries: Sequence[str]) -> bool:
    return len(",".join(entries)) <= _LONGEST_LIST and not any("," in entry for entry in entries)
