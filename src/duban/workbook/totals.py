"""Rows of sums, checked against the rows that they cover."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from duban.kernel.money import Money
from duban.kernel.words import N_, Sentence
from duban.workbook.aside import Sum
from duban.workbook.findings import Fault, ReadSheet, Severity, SheetRow, cell_name
from duban.workbook.schema import SheetSchema

_FARTHEST = 12
"""A sum of sums covers at most so many groups, or everything."""

_WRONG = N_("{cell} states a sum of {stated} yuan, and the rows add up to {counted} (rows {first} to {last}).")

Span = tuple[int, int]
"""Rows that a sum may cover, as positions among the records of its table; the last one is not included."""


@dataclass(slots=True)
class _Sums:
    """A table's sums of each money column up to each row, and what stood in the tables before it."""

    upto: Mapping[str, Sequence[int]]
    earlier: Mapping[str, int]

    def over(self, column: str, span: Span, *, all_before: bool = False) -> int:
        upto = self.upto[column]
        return upto[span[1]] - upto[span[0]] + (self.earlier[column] if all_before else 0)


def wrong_sums(
    sheet: ReadSheet,
    rows: Sequence[SheetRow],
    sums: Sequence[tuple[Sum, SheetRow]],
    schema: SheetSchema,
    *,
    pages: Sequence[int],
    earlier: Sequence[SheetRow],
) -> Iterator[tuple[SheetRow, Fault]]:
    """Sums that differ from the rows they cover.

    What a sum covers is found by trying: the rows since an earlier sum or from the first row, or those up to a later
    one. Where nothing fits, it is what a row of that name and place usually covers.

    Args:
        rows: the records of one table.
        sums: its rows of sums, as found and as read.
        pages: where a new page begins, as positions among the records.
        earlier: the records of the tables before it, which the last sum of a continued table covers too.
    """
    if not sums or not rows:
        return
    table = sums[0][1].table
    columns = list(table.units) if table else []
    added = _Sums(
        {name: [0, *accumulate(_fen(row, name) for row in rows)] for name in columns},
        {name: sum(_fen(row, name) for row in earlier) for name in columns},
    )
    bounds = sorted({0, len(rows), *pages, *(found.position for found, _ in sums)})
    for found, total in sums:
        stated = {name: total.values[name] for name in columns if total.values[name] is not None}
        trial = _Trial(sheet, total, stated, added)
        span = _covered(found, trial, bounds, one_page=not pages)
        if span is None:
            continue
        first, last = rows[span[0]], rows[span[1] - 1]
        for name in trial.wrong_over(span):
            counted = added.over(name, span)
            yield total, _fault(trial, name, schema.wrong_sum, counted=counted, rows=(first, last))


def _fen(row: SheetRow, name: str) -> int:
    amount = row.values[name]
    return amount.fen if amount is not None else 0


@dataclass(frozen=True, slots=True)
class _Trial:
    """A row of sums that is held against rows which it may cover."""

    sheet: ReadSheet
    total: SheetRow
    stated: Mapping[str, Money]
    added: _Sums

    def wrong_over(self, span: Span, *, all_before: bool = False) -> list[str]:
        """The columns in which the sum is another than that of these rows."""
        return [
            name for name in self.stated if not self._agrees(name, self.added.over(name, span, all_before=all_before))
        ]

    def _agrees(self, name: str, counted: int) -> bool:
        """Whether a sum is what was counted, or what was counted as finely as the sum is written."""
        missed, table = abs(self.stated[name].fen - counted), self.total.table
        if not missed or table is None:
            return not missed
        step = self.total.step(name) or 1
        return step < 10 ** table.units[name].value and missed * 2 <= step


def _covered(found: Sum, trial: _Trial, bounds: Sequence[int], *, one_page: bool) -> Span | None:
    """The rows that a sum covers and differs from; None when it agrees, or when nothing can be said."""
    spans = _candidates(found, bounds)
    wrong = {span: len(trial.wrong_over(span)) for span in spans}
    if not spans or 0 in wrong.values() or not trial.wrong_over((0, found.position), all_before=True):
        return None
    if found.part:
        return None
    # A sum of everything is not excused by a group that one of its columns happens to agree with.
    is_of_all = found.is_grand and spans[0] == (0, bounds[-1]) and one_page
    return spans[0] if is_of_all else min(spans, key=lambda span: wrong[span])


def _candidates(found: Sum, bounds: Sequence[int]) -> list[Span]:
    """What a sum may cover, the likeliest first."""
    here, last = found.position, bounds[-1]
    above = [(start, here) for start in reversed(bounds) if start < here]
    below = [(here, end) for end in bounds if end > here]
    near_above, near_below = above[:_FARTHEST], below[:_FARTHEST]
    spans = near_below + near_above if found.before else near_above + near_below
    if found.is_grand:
        spans = ([(0, last)] if here in {0, last} else []) + above[-1:] + below[-1:] + spans
    return list(dict.fromkeys([*spans, *above[-1:], *below[-1:]]))


def _fault(trial: _Trial, name: str, rule: str, *, counted: int, rows: tuple[SheetRow, SheetRow]) -> Fault:
    values = {
        "cell": cell_name(trial.total.number, (trial.total.table or trial.sheet).places[name]),
        "stated": trial.stated[name],
        "counted": Money(counted),
        "first": rows[0].number,
        "last": rows[1].number,
    }
    return Fault(rule, name, Sentence(_WRONG, values), Severity.WARNING, expected=str(Money(counted)))
