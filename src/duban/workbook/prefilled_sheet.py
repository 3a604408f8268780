"""The sheet of a prefilled copy: the lines and headings of the office, the rows, and what keeps them in order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from duban.workbook.findings import cell_name
from duban.workbook.layout import Layout
from duban.workbook.prefilled_cells import Formats, Look, Place, write_cell
from duban.workbook.printing import fit_to_paper, pages_across
from duban.workbook.schema import Kind
from duban.workbook.widths import text_width

SPARE_ROWS = 20
"""Blank rows below the last one, in which nothing is locked, for what is new this month."""

_MOST_FROZEN = 4
_LAST_COLUMN = 16_383
_ALLOWED = dict.fromkeys(("insert_rows", "format_columns", "format_rows", "sort", "autofilter"), True)
_TITLE = Look(bold=True, font_size=16, align="center", border=0)
_LINE = Look(border=0)
_HEADING = Look(bold=True, bg_color="#DCE6F1", align="center", text_wrap=True, locked=True)
_TOTAL = Look(bold=True, locked=True, bg_color="#F6F8FA")


class PrefilledSheet:
    """The sheet while it is written.

    Args:
        sheet: of the library that writes.
    """

    def __init__(self, sheet: Any, formats: Formats, layout: Layout, places: Sequence[Place]) -> None:  # noqa: ANN401 - ships no types
        self._sheet, self._formats, self._layout, self._places = sheet, formats, layout, places
        above = layout.total is not None and layout.total.above
        self._headings_end = len(layout.lines) + len(layout.headings)
        self._first = self._last = self._headings_end + (1 if above else 0)

    @property
    def _frozen(self) -> int:
        """How many columns stay in sight: the key columns with which the table begins."""
        leading = [place.look.locked or place.counts for place in self._places]
        return min(leading.index(False) if False in leading else len(leading), _MOST_FROZEN)

    @property
    def _width(self) -> float:
        return sum(place.laid.width for place in self._places)

    def write(self, rows: Sequence[Sequence[object]]) -> None:
        """Write all but the checks: the lines above, the headings, the rows, the row of sums."""
        self._last = self._first + len(rows) + SPARE_ROWS - 1
        self._write_head()
        self._write_rows(rows)
        self._write_total(rows)
        self._protect()
        self._set_print()

    def check(self, place: int, check: Mapping[str, Any]) -> None:
        """Let a check and its prompt hold in a column, the blank rows included."""
        self._sheet.data_validation(self._first, place, self._last, place, check)

    def _write_head(self) -> None:
        layout, merged = self._layout, {(one.top, one.left): one for one in self._layout.merges}
        # In the middle of a table of two pages a title would be cut in two.
        title_look = _TITLE if pages_across(self._width) == 1 else replace(_TITLE, align="left")
        for number, row in enumerate([*layout.lines, *layout.headings]):
            is_heading, is_title = number >= len(layout.lines), number == layout.title_row
            look = _HEADING if is_heading else title_look if is_title else _LINE
            for place, shown in enumerate(row):
                if (number, place) in merged:
                    one = merged[number, place]
                    self._sheet.merge_range(one.top, one.left, one.bottom, one.right, shown, self._formats[look])
                elif (shown or is_heading) and not self._is_covered(number, place):
                    write_cell(self._sheet, (number, place), shown, self._formats[look])
            self._sheet.set_row(number, self._heading_height(row) if is_heading else 30 if is_title else 18)

    def _is_covered(self, row: int, place: int) -> bool:
        return any(one.top <= row <= one.bottom and one.left <= place <= one.right for one in self._layout.merges)

    def _heading_height(self, row: Sequence[str]) -> float:
        widths = [place.laid.width for place in self._places]
        lines = (
            1 + int(text_width(text) / max(1, width - 1)) for text, width in zip(row, widths, strict=False) if text
        )
        return 6 + 14 * min(6, max([1, *lines]))

    def _write_rows(self, rows: Sequence[Sequence[object]]) -> None:
        spare = [[None] * len(self._places)] * SPARE_ROWS
        free = [replace(place.look, locked=False, bg_color="") for place in self._places]
        for number, row in enumerate([*rows, *spare], start=self._first):
            looks = [place.look for place in self._places] if number < self._first + len(rows) else free
            for at, shown in enumerate(row):
                write_cell(self._sheet, (number, at), shown, self._formats[looks[at]])
        for at, one in enumerate(self._places):
            self._sheet.set_column(at, at, one.laid.width, self._formats[replace(free[at], border=0)])
        self._sheet.set_column(len(self._places), _LAST_COLUMN, None, self._formats[_LINE])

    def _write_total(self, rows: Sequence[Sequence[object]]) -> None:
        total = self._layout.total
        if total is None:
            return
        number = self._first - 1 if total.above else self._last + 1
        for at, place in enumerate(self._places):
            look = replace(_TOTAL, num_format=place.look.num_format, align=place.look.align)
            if place.column is not None and place.column.kind is Kind.MONEY:
                span = f"{cell_name(self._first + 1, at)}:{cell_name(self._last + 1, at)}"
                value = sum(shown for row in rows if isinstance(shown := row[at], float))
                self._sheet.write_formula(number, at, f"=SUM({span})", self._formats[look], value)
            else:
                label = total.label if at == total.place else ""
                write_cell(self._sheet, (number, at), label, self._formats[replace(look, num_format="General")])

    def _protect(self) -> None:
        self._sheet.freeze_panes(self._first, self._frozen)
        if self._places:
            self._sheet.autofilter(self._headings_end - 1, 0, self._last, len(self._places) - 1)
        if any(place.look.locked for place in self._places):
            self._sheet.protect("", _ALLOWED)

    def _set_print(self) -> None:
        fit_to_paper(self._sheet, self._width)
        if self._frozen:
            self._sheet.repeat_columns(0, self._frozen - 1)
        self._sheet.repeat_rows(len(self._layout.lines), self._headings_end - 1)
