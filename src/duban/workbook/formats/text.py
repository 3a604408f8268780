"""Tables written as text: with commas, semicolons, tabs or bars between the cells."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO

from duban.kernel.words import N_
from duban.workbook.formats.facts import Extent
from duban.workbook.refusals import AnotherKindOfFile, CellTooLong, UnknownEncoding

SEPARATORS = "\t,;|"
_SAMPLE_LINES = 200
_AGREEMENT = 0.3  # titles, notes and sums around a table have fewer columns
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f")


def decoded(data: bytes, *, file: str) -> tuple[str, str]:
    """The text of a file and its encoding: as its first bytes say, else UTF-8, else GB18030.

    Raises:
        UnknownEncoding: it is none of these, or no text.
    """
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROLS.isdisjoint(text[:100_000]):
            return text, encoding
    raise UnknownEncoding(file=file)


def rows_of(text: str, extent: Extent) -> list[list[str]]:
    """The rows of a table, all equally long; a number stays the text that it is.

    Raises:
        AnotherKindOfFile: no separator divides the text into columns.
        CellTooLong, TooManyRows, SheetTooWide: a limit is passed.
    """
    separator = _separator(text)
    if separator is None:
        raise AnotherKindOfFile(file=extent.file, kind=N_("a text without columns"))
    csv.field_size_limit(extent.limits.characters)
    rows: list[list[str]] = []
    width = 0
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator):
            rows.append(row)
            if any(row):
                width = max(width, len(row))
                extent.add(rows=1, height=len(rows), width=width)
    except csv.Error:
        raise CellTooLong(file=extent.file, limit=extent.limits.characters) from None
    return [row + [""] * (width - len(row)) for row in rows[: extent.height]]


def _separator(text: str) -> str | None:
    """The separator that gives most rows the same number of columns, more than one; of equals the one with more."""
    found = [(_agreement(text, separator), separator) for separator in SEPARATORS]
    (agreeing, columns), separator = max(found, key=lambda rated: rated[0])
    return separator if agreeing >= _AGREEMENT and columns > 1 else None


def _agreement(text: str, separator: str) -> tuple[float, int]:
    """Which share of the first rows has the usual number of columns, and that number."""
    try:
        widths = [len(row) for row in _first_rows(text, separator) if any(row)]
    except csv.Error:
        return 0, 0
    usual = Counter(width for width in widths if width > 1).most_common(1)
    return (usual[0][1] / len(widths), usual[0][0]) if usual else (0, 0)


def _first_rows(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(text[:1_000_000], newline=""), delimiter=separator, strict=True)
    for _ in range(_SAMPLE_LINES):
        row = next(reader, None)
        if row is None:
            return
        yield row
