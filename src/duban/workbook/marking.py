"""Marking a workbook: fills and notes on cells, and the list of what was found behind the sheets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import IO

from duban.kernel.words import N_, Sentence
from duban.workbook.findings import Finding, Severity
from duban.workbook.findings_sheet import FILLS, LABELS, TITLE, Listed, findings_sheet, head_row, is_findings_sheet
from duban.workbook.naming import Place, place_named
from duban.workbook.ooxml.book import BookPart
from duban.workbook.ooxml.notes import Note, add_notes, remove_notes
from duban.workbook.ooxml.parts import Package
from duban.workbook.ooxml.sheets import SheetXml

AUTHOR = "督办 Duban"
_MOST_SAID = 6  # findings in one note; the list has them all


class Given(StrEnum):
    """In which form a workbook is given back."""

    SAME = "same"
    CONVERTED = "converted"
    FAILING_ROWS = "failing rows"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is given back.

    Args:
        sheet_mb: of XML in the sheets that are marked; a larger file comes back as its failing rows.
        cells: that a file which is no xlsx may have; a larger one comes back as its failing rows.
        marked: cells that get a fill and a note, errors first.
        listed: findings in the list.
    """

    sheet_mb: int = 200
    cells: int = 1_000_000
    marked: int = 5_000
    listed: int = 50_000


USUAL_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Annotated:
    """What was given back.

    Args:
        suffix: for the name of the file: ".xlsx", or ".xlsm" when it was one and is the same.
    """

    kind: Given
    suffix: str
    cells_marked: int
    rows_marked: int


Marks = dict[str, dict[Place, list[Finding]]]
"""By sheet and cell, what is said there."""


def choose_marks(found: Sequence[Finding], sheets: set[str], limits: Limits) -> tuple[Marks, int]:
    """The cells to be marked with what is said on each, and how many more there are."""
    cells: dict[tuple[str, Place], list[Finding]] = defaultdict(list)
    for one in found:
        place = place_named(one.cell)
        if place is not None and one.sheet in sheets:
            cells[one.sheet, place].append(one)
    errors_first = sorted(cells.items(), key=lambda item: _severity(item[1]) is Severity.WARNING)
    marks: Marks = defaultdict(dict)
    for (sheet, place), said in islice(errors_first, limits.marked):
        marks[sheet][place] = said
    return dict(marks), max(0, len(cells) - limits.marked)


def _severity(said: Iterable[Finding]) -> Severity:
    return Severity.ERROR if any(one.severity is Severity.ERROR for one in said) else Severity.WARNING


def mark_package(
    package: Package,
    marks: Marks,
    listed: Sequence[Listed],
    out: IO[bytes],
    limits: Limits,
    *,
    left: int,
    line: str,
    kind: Given,
) -> Annotated:
    """Mark the cells of a workbook, put the list behind its sheets, and save it.

    Args:
        left: how many cells more have findings than are marked.
        line: a sentence for the top of the list; empty for none.
    """
    book = BookPart(package)
    parts = book.sheets()
    _wash(package, book)
    for name, cells in marks.items():
        _mark_sheet(package, book, parts[name], cells)
    lines = [*_counts([one.finding for one in listed]), *([line] if line else []), *_left_out(listed, left, limits)]
    data = findings_sheet(book.styles, book.namespace, listed[: limits.listed], lines=lines)
    _, last = book.last_sheet()
    if last and is_findings_sheet(package.read(last)):
        package.replace(last, data)
    else:
        book.add_sheet(book.free_name(str(Sentence(TITLE))), data)
    book.repeat(f"${head_row(lines)}:${head_row(lines)}")
    package.save(out)
    return Annotated(
        kind,
        ".xlsm" if book.has_macros else ".xlsx",
        cells_marked=sum(map(len, marks.values())),
        rows_marked=sum(len({row for row, _ in cells}) for cells in marks.values()),
    )


def _wash(package: Package, book: BookPart) -> None:
    """Take away the marks of an earlier time: offices correct the copy they were given, and hand that in."""
    plain = book.styles.unfilled(FILLS.values())
    for part in book.sheets().values() if plain else ():
        remove_notes(package, part, author=AUTHOR)
        sheet = SheetXml(package.read(part))
        sheet.restyle(plain)
        package.replace(part, sheet.data())


def _mark_sheet(package: Package, book: BookPart, part: str, cells: Mapping[Place, list[Finding]]) -> None:
    sheet = SheetXml(package.read(part))
    shown: dict[Place, list[Finding]] = defaultdict(list)
    for place, said in cells.items():
        # Of merged cells only the first shows a fill and a note.
        shown[sheet.tail.merges.get(place, place)] += said
    fills = {place: FILLS[_severity(said)] for place, said in shown.items()}
    sheet.mark(fills, lambda place, style: book.styles.filled(style, fills[place]))
    notes = {place: Note(AUTHOR, [_said(one) for one in said[:_MOST_SAID]]) for place, said in shown.items()}
    add_notes(package, part, sheet, notes, namespace=book.namespace)
    package.replace(part, sheet.data())


def _said(finding: Finding) -> tuple[str, str]:
    """What a note says of a finding."""
    label = Sentence(_LABEL, {"severity": Sentence(LABELS[finding.severity]), "rule": finding.rule})
    said = str(finding.message)
    if finding.expected:
        said += f"\n{Sentence(_EXPECTED, {'expected': finding.expected})}"
    return str(label), said


def _counts(found: Sequence[Finding]) -> list[str]:
    errors = sum(one.severity is Severity.ERROR for one in found)
    return [str(Sentence(_COUNTS, {"errors": errors, "warnings": len(found) - errors})), str(Sentence(_LEGEND))]


def _left_out(listed: Sequence[Listed], left: int, limits: Limits) -> list[str]:
    lines = []
    if left:
        lines.append(str(Sentence(_MORE_MARKS, {"marked": limits.marked, "left": left})))
    if len(listed) > limits.listed:
        lines.append(str(Sentence(_MORE_FINDINGS, {"listed": limits.listed, "all": len(listed)})))
    return lines


_LABEL = N_("{severity} {rule}: ")
_EXPECTED = N_("It would be right as: {expected}")
_COUNTS = N_("{errors} errors, which hold their rows back, and {warnings} warnings, which are to be read.")
_LEGEND = N_(
    "Cells with an error are light red, cells with a warning light amber; a note on each says what is wrong. "
    "The cell names in this list are links. Correct the sheets and hand the file in again; this list is not read."
)
_MORE_MARKS = N_(
    "{marked} cells are marked, as many as one file takes; {left} more with findings stand only in this list."
)
_MORE_FINDINGS = N_("The list ends after {listed} of {all} findings. Correct these and hand the file in again.")
