"""What is shown: headings, cells, totals and the way to the next page, ready for `ui/_table.html`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from duban.ui import shown
from duban.ui.components import Empty
from duban.ui.tables.asked import Ask
from duban.ui.tables.cells import Cell, Heading, cells, full_heading, heading, in_order, total_cell
from duban.ui.tables.made import PAGE_SIZES, Kind, Table


@dataclass(frozen=True, slots=True)
class HeadingGroup:
    """Headings under one roof; without a label each reaches through both lines."""

    label: str
    headings: Sequence[Heading]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells, the section it opens, if it opens one, and what an address points at it by."""

    cells: Sequence[Cell]
    section: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Listing:
    """Rows that answer an `Ask`.

    Args:
        rows: of this page. One more than `ask.page_size` is taken as "there is a next page" (see `Ask.window`).
        total: how many there are on all pages; None when nobody counted.
        capped: counting stopped at `total`: there are more.
        totals: a row, or a mapping by column key, of sums over everything listed, not only this page.
        totals_label: what the sums are called; "Total" unless said.
        totals_first: whether the sums stand above the rows, as in a report by county.
        empty: what to say when there is no row and no condition is set.
        notes: under the table: the rule that counted, the source, what a sign means.
    """

    table: Table
    ask: Ask
    rows: Sequence[Any]
    total: int | None = None
    capped: bool = False
    totals: object | None = None
    totals_label: str = ""
    totals_first: bool = False
    empty: Empty | None = None
    notes: Sequence[str] = field(default=())

    @classmethod
    def of(cls, table: Table, ask: Ask, rows: Sequence[Any]) -> "Listing":
        """A short list that is all there: put in the order asked for, counted, and cut into pages.

        Totals, notes and the like are added with `dataclasses.replace`.
        """
        asked = replace(ask, page=min(ask.page, max(1, -(-len(rows) // ask.page_size))))
        return cls(table, asked, in_order(rows, table, asked)[asked.window], total=len(rows))

    @property
    def id(self) -> str:
        """The element that is swapped."""
        return self.table.id

    @cached_property
    def heading_groups(self) -> list[HeadingGroup]:
        """Headings from left to right, neighbours of the same group together."""
        unit = not self.unit_text
        return [
            HeadingGroup(label, [heading(column, self.ask, with_unit=unit) for column in columns])
            for label, columns in groupby(self.table.columns, key=lambda column: str(column.group))
        ]

    @property
    def is_grouped(self) -> bool:
        """Whether there are two lines of headings."""
        return any(group.label for group in self.heading_groups)

    @cached_property
    def unit_text(self) -> str:
        """The unit said once above the table, when several columns of money share it."""
        units = [column.unit for column in self.table.columns if column.kind is Kind.MONEY]
        if len(units) < 2 or len(set(units)) > 1:
            return ""
        return _("Unit: {unit}").format(unit=units[0].label())

    @property
    def width(self) -> int:
        """Columns across."""
        return len(self.table.columns)

    @property
    def lines(self) -> Iterator[Line]:
        """The rows of this page as cells."""
        section = ""
        for row in self.rows[: self.ask.page_size]:
            named = str(getattr(row, self.table.section)) if self.table.section else ""
            anchor = str(getattr(row, self.table.anchor)) if self.table.anchor else ""
            yield Line(cells(self.table.columns, row, labels=self._labels), named if named != section else "", anchor)
            section = named

    @cached_property
    def totals_line(self) -> Line | None:
        """The sums, the first cell being their name."""
        if self.totals is None:
            return None
        first, *others = self.table.columns
        named = Cell(first, None, str(self.totals_label or _("Total")))
        sums = (
            total_cell(column, self.totals, label=label) for column, label in zip(others, self._labels[1:], strict=True)
        )
        return Line([named, *sums])

    @cached_property
    def _labels(self) -> list[str]:
        return [full_heading(column, with_unit=not self.unit_text) for column in self.table.columns]

    @property
    def shown_filters(self) -> list[dict[str, object]]:
        """Each filter beside what it is set to, for the form."""
        return [{"filter": filter_, "value": self.ask.filters[filter_.key]} for filter_ in self.table.filters]

    @property
    def has_search(self) -> bool:
        """Whether there is a search box to listen to."""
        return any(filter_.kind == "search" for filter_ in self.table.filters)

    @property
    def count_text(self) -> str:
        """How many there are, in words."""
        if self.total is None:
            return ""
        text = _("More than {count} in all") if self.capped else _("{count} in all")
        return text.format(count=shown.count(self.total))

    @property
    def range_text(self) -> str:
        """Which of them are on this page."""
        first, last = self.ask.offset + 1, self.ask.offset + min(len(self.rows), self.ask.page_size)
        return _("{first}–{last}").format(first=shown.count(first), last=shown.count(last)) if last >= first else ""

    @property
    def has_next(self) -> bool:
        """Whether there are rows after this page."""
        return len(self.rows) > self.ask.page_size or (
            self.total is not None and not self.capped and self.total > self.ask.offset + self.ask.page_size
        )

    @property
    def previous_url(self) -> str:
        """The page before, or nothing."""
        return self.ask.link(page=self.ask.page - 1) if self.ask.page > 1 else ""

    @property
    def next_url(self) -> str:
        """The page after, or nothing."""
        return self.ask.link(page=self.ask.page + 1) if self.has_next else ""

    @property
    def first_url(self) -> str:
        """The first page, when this is not it."""
        return self.ask.link(page=None) if self.ask.page > 1 else ""

    @property
    def last_url(self) -> str:
        """The last page, when it is known which that is."""
        if self.total is None or self.capped or not self.has_next:
            return ""
        return self.ask.link(page=-(-self.total // self.ask.page_size))

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        """Page sizes to choose from: size, address, whether it is the one in force."""
        return [(size, self.ask.link(size=size, page=None), size == self.ask.page_size) for size in PAGE_SIZES]

    @property
    def is_paged(self) -> bool:
        """Whether a pager is of any use."""
        return self.has_next or self.ask.page > 1 or (self.total or 0) > PAGE_SIZES[0]

    @property
    def export_url(self) -> str:
        """The workbook of exactly what is listed."""
        return self.ask.link(export="xlsx", page=None) if self.table.export else ""

    @property
    def untouched_url(self) -> str:
        """The same page with no filter set."""
        return self.ask.link(page=None, **dict.fromkeys(self.ask.filters))
