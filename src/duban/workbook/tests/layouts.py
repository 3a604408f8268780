"""Workbooks as offices lay them out, made at random together with the truth of what stands in them.

Whatever is drawn here occurs in practice. What the reader may not be able to tell (a sum whose label stands behind the
amounts, a table without a single heading that is known) is not drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from duban.kernel.money import Money
from duban.workbook.grid import Book, Cell, Format, Grid, Merge
from duban.workbook.naming import cell_name
from duban.workbook.schema import Kind
from duban.workbook.tests.drawing import CHILD, COLUMNS, SCHEMA, UNITS, Layout, draw_layout, draw_record, is_money
from duban.workbook.tests.spelling import spell, spell_money


@dataclass
class Truth:
    """What stands in the workbook.

    Args:
        begins: by sheet, the first column of each of its tables side by side.
        rows: by sheet, first column of the table and number of the row, the values of the columns that have a heading.
        wrong: cells of sums that are not the sum of their rows.
    """

    begins: dict[str, list[int]] = field(default_factory=dict)
    rows: dict[tuple[str, int, int], dict[str, Any]] = field(default_factory=dict)
    sums: set[tuple[str, int, int]] = field(default_factory=set)
    wrong: set[tuple[str, str]] = field(default_factory=set)
    remarks: set[tuple[str, int, int]] = field(default_factory=set)

    def left_of(self, sheet: str, place: int) -> int:
        """The first column of the table in which a column of the sheet stands."""
        return max(begin for begin in self.begins[sheet] if begin <= place)


def workbook(rng: Random) -> tuple[Book, Truth]:
    """A workbook and its truth."""
    truth = Truth()
    records = [draw_record(rng, number) for number in range(rng.randint(1, 14))]
    grids: list[Grid] = []
    if rng.random() < 0.2:
        grids.append(Grid("填表说明", [["填表说明"], ["一、本表由各单位按月填报，编号、付款单位必填。"]]))
    has_neighbours = rng.random() < 0.4
    places = ["below", "sheet", "beside", "beside"] if has_neighbours else ["below", "sheet"]
    number, maker, layout = 1, _Maker(rng, "表1", truth), _layout(rng, noted=has_neighbours)
    for index, part in enumerate(_parts(rng, records)):
        where = rng.choice(places) if index else ""
        if where == "below":
            maker.blank(rng.randint(1, 2))
        elif where == "sheet":
            grids.append(maker.grid())
            number += 1
            maker = _Maker(rng, f"表{number}", truth)
        elif where == "beside":
            maker = maker.beside()
        if index and rng.random() < 0.5:
            layout = _layout(rng, noted=has_neighbours)
        maker.table(layout, part)
    grids.append(maker.grid())
    return Book(Format.XLSX, grids), truth


def _layout(rng: Random, *, noted: bool) -> Layout:
    """A layout, if so wished with a line that names its unit: it would be lent that of a table beside it."""
    while True:
        layout = draw_layout(rng)
        if not noted or (layout.note and not layout.unit_row):
            return layout


def _parts(rng: Random, records: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The records of one table, or of several that continue it."""
    cuts = sorted(rng.sample(range(1, len(records)), k=min(len(records) - 1, rng.choice([0, 0, 0, 1, 2]))))
    return [records[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(records)], strict=True)]


class _Maker:
    """Writes one sheet from the top."""

    def __init__(self, rng: Random, name: str, truth: Truth, *, left: "_Maker | None" = None) -> None:
        self.rng, self.name, self.truth = rng, name, truth
        self.before = left
        self.left = left.right + rng.randint(1, 3) if left else 0
        truth.begins.setdefault(name, []).append(self.left)
        self.rows: list[list[Cell]] = []
        self.merges: list[Merge] = []
        self.hidden: set[int] = set(left.hidden) if left else set()
        self.blank(rng.randint(0, 3) if left and rng.random() < 0.5 else 0)
        if rng.random() < 0.5:
            self._line("青石县付款情况表")
        if rng.random() < 0.4:
            self._line("填报单位（盖章）：元江县财政局", "填报日期：2026年3月31日")

    @property
    def right(self) -> int:
        """The first column that nothing stands in."""
        return self.left + max(map(len, self.rows))

    def beside(self) -> "_Maker":
        """Finish this table, and begin another one beside it."""
        self._finish()
        return _Maker(self.rng, self.name, self.truth, left=self)

    def _finish(self) -> None:
        if self.rng.random() < 0.4:
            self.blank(1)
            self._line("注：本表金额保留两位小数。")
            self.truth.remarks.add((self.name, self.left, len(self.rows)))
        if self.rng.random() < 0.4:
            self._line("单位负责人：张三", "审核人：李四", "填表人：王五")
            self.truth.remarks.add((self.name, self.left, len(self.rows)))

    def grid(self) -> Grid:
        self._finish()
        columns = frozenset(at for at in range(self.right) if self.rng.random() < 0.1)
        rows, merges = self._with_those_before()
        return Grid(self.name, rows, merges, frozenset(self.hidden), columns)

    def _with_those_before(self) -> tuple[list[list[Cell]], list[Merge]]:
        earlier, merges = self.before._with_those_before() if self.before else ([], [])
        height = max(len(earlier), len(self.rows))
        rows: list[list[Cell]] = [
            [*line, *[""] * (self.left - len(line)), *own, *[""] * (self.right - self.left - len(own))]
            for line, own in (
                (rows[at] if at < len(rows) else [] for rows in (earlier, self.rows)) for at in range(height)
            )
        ]
        moved = [replace(one, left=one.left + self.left, right=one.right + self.left) for one in self.merges]
        return rows, [*merges, *moved]

    def blank(self, count: int) -> None:
        self.rows += [[""] for _ in range(count)]

    def _line(self, *cells: str) -> None:
        row: list[Cell] = []
        for cell in cells:
            row += [cell, *[""] * self.rng.randint(0, 2)]
        self.rows.append(row)

    def table(self, layout: Layout, records: Sequence[dict[str, Any]]) -> None:
        if layout.note and not layout.unit_row:
            self._line(*layout.note.split("|"))
        self._headings(layout)
        groups = _groups(self.rng, records)
        style = self.rng.choice(["none", "after", "after", "before"]) if len(groups) > 1 else "none"
        grand = self.rng.choice(["none", "first", "last"])
        if grand == "first":
            self._sum(layout, records, self.rng.choice(["合计", "总 计", "合计："]))
        for index, group in enumerate(groups):
            if style == "before":
                self._sum(layout, group, f"{'一二三四五六七八九十'[index]}、第{index + 1}组")
            self._group(layout, group)
            if style == "after":
                self._sum(layout, group, self.rng.choice(["小计", "本组小计", "小 计"]))
        if grand == "last":
            self._sum(layout, records, self.rng.choice(["合计", "总计", "合 计", "共计"]))

    def _headings(self, layout: Layout) -> None:
        runs = _runs(layout) if layout.grouped else []
        top = len(self.rows)
        if runs:
            upper, lower = list(layout.heads), [""] * len(layout.heads)
            for first, last, parent in runs:
                for at in range(first, last + 1):
                    upper[at], lower[at] = "", CHILD[layout.columns[at]]
                upper[first] = parent
                self.merges.append(Merge(top, first, top, last))
            covered = {at for first, last, _ in runs for at in range(first, last + 1)}
            self.merges += [Merge(top, at, top + 1, at) for at in range(len(upper)) if at not in covered]
            self.rows += [list(upper), list(lower)]
            for name in layout.columns:
                if name in CHILD and any(first <= layout.columns.index(name) <= last for first, last, _ in runs):
                    self._forget_unit(layout, name)
        else:
            self.rows.append(list(layout.heads))
        if layout.unit_row and layout.note:
            self.rows.append([f"（{layout.note}）" if is_money(name) else "" for name in layout.columns])
        if self.rng.random() < 0.2:
            self.rows.append([float(at + 1) for at in range(len(layout.columns))])

    def _forget_unit(self, layout: Layout, name: str) -> None:
        """A unit written into a heading goes with the heading when a pair of names takes its place."""
        head = layout.heads[layout.columns.index(name)]
        if is_money(name) and "元" in head:
            note = (layout.note or "").rpartition(" ")[2]
            layout.units[name] = UNITS.get(note, SCHEMA.unit)

    def _group(self, layout: Layout, records: Sequence[dict[str, Any]]) -> None:
        for index, record in enumerate(records):
            if self.rng.random() < 0.1:
                self.blank(1)
            cells: list[Cell] = [self._cell(name, record.get(name), layout, index) for name in layout.columns]
            self.rows.append(cells)
            number = len(self.rows)
            if self.rng.random() < 0.1:
                self.hidden.add(number - 1)
            values = {name: record[name] for name in layout.columns if name in COLUMNS}
            self.truth.rows[self.name, self.left, number] = values
        self._merge_payers(layout, len(records))

    def _merge_payers(self, layout: Layout, count: int) -> None:
        """Merge the payers of two rows that follow one another and have the same."""
        at = layout.columns.index("payer")
        last = len(self.rows)
        pair = [(self.name, self.left, number) for number in (last - 1, last)]
        if count < 2 or any(one not in self.truth.rows for one in pair) or self.rng.random() < 0.5:
            return
        if self.truth.rows[pair[0]]["payer"] == self.truth.rows[pair[1]]["payer"]:
            self.rows[last - 1][at] = ""
            self.merges.append(Merge(last - 2, at, last - 1, at))

    def _sum(self, layout: Layout, records: Sequence[dict[str, Any]], label: str) -> None:
        row: list[Cell] = [""] * len(layout.columns)
        first_money = min(at for at, name in enumerate(layout.columns) if is_money(name))
        row[self.rng.randrange(first_money)] = label
        self.rows.append(row)
        number = len(self.rows)
        self.truth.sums.add((self.name, self.left, number))
        for at, name in enumerate(layout.columns):
            if is_money(name):
                total = sum(record[name].fen for record in records if record[name] is not None)
                if self.rng.random() < 0.05:
                    total += 10**12 + 7 * 10**10
                    self.truth.wrong.add((self.name, cell_name(number, self.left + at)))
                row[at] = spell_money(self.rng, Money(total), layout.units[name], plain=True)

    def _cell(self, name: str, value: Any, layout: Layout, index: int) -> Cell:  # noqa: ANN401 - each column its own
        if name == "序号":
            return float(index + 1)
        if name == "天气":
            return "晴"
        if value is None:
            words = ["", "", "", "—", "/", "-"] + ([] if COLUMNS[name].kind in {Kind.TEXT, Kind.CODE} else ["无"])
            return self.rng.choice(words)
        return spell(self.rng, COLUMNS[name], value, layout.units[name])


def _groups(rng: Random, records: Sequence[dict[str, Any]]) -> list[Sequence[dict[str, Any]]]:
    cut = rng.randint(0, len(records))
    return [group for group in (records[:cut], records[cut:]) if group]


def _runs(layout: Layout) -> list[tuple[int, int, str]]:
    """Neighbours that one name can stand over: first, last, name."""
    found = []
    for parent, members in (("金额情况", {"owed", "paid", "left"}), ("付款人", {"payer", "payer_code"})):
        at = 0
        while at < len(layout.columns):
            end = at
            while end < len(layout.columns) and layout.columns[end] in members:
                end += 1
            if end - at >= 2:
                found.append((at, end - 1, parent))
            at = max(end, at + 1)
    return found
