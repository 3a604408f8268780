"""What the package of an xlsx file tells before it is read: its size, its reach, and what the reader drops."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from io import BytesIO
from pathlib import PurePosixPath

from duban.workbook.refusals import FileTooLarge, SheetTooWide

LARGEST_MB = 2048
"""How large a workbook may unpack; a million rows of twenty columns are 1,200 MB."""

MOST_CELLS = 40_000_000
"""How many cells a sheet may span: the reader holds the whole rectangle, filled or not."""

_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, NotImplementedError, OSError, EOFError)


@contextmanager
def _opened(data: bytes) -> Iterator[zipfile.ZipFile | None]:
    """The package, or None when the file is none; what is wrong with it shows when it is read."""
    package = None
    if data.startswith(b"PK"):
        try:
            package = zipfile.ZipFile(BytesIO(data))
        except _BROKEN:
            package = None
    yield package
    if package is not None:
        package.close()


def check_size(data: bytes, *, file: str) -> None:
    """Refuse a file that would not fit into memory: too much to unpack, or one stray cell far away from the table."""
    with _opened(data) as package:
        size = sum(member.file_size for member in package.infolist()) if package else len(data)
        megabytes = size // 1_000_000
        if megabytes > LARGEST_MB:
            raise FileTooLarge(file=file, size=megabytes, limit=LARGEST_MB)
        for member in package.namelist() if package else ():
            if member.startswith("xl/worksheets/") and package is not None:
                rows, columns = _reach(_read(package, member))
                if rows * columns > MOST_CELLS:
                    raise SheetTooWide(file=file, rows=rows, columns=columns)


def _read(package: zipfile.ZipFile, member: str) -> bytes:
    try:
        return package.read(member)
    except (*_BROKEN, RuntimeError, zlib.error):
        return b""


def _reach(xml: bytes) -> tuple[int, int]:
    """The last row and column of a sheet; a sheet that ends before column AA counts as 26 wide."""
    rows = max((int(number) for number in re.findall(rb'<row\b[^>]*?\br="([0-9]{1,9})"', xml)), default=0)
    letters = set(re.findall(rb'<c\b[^>]*?\br="([A-Z]{2,3})[0-9]', xml))
    return rows, max((place_of(name.decode()) + 1 for name in letters), default=26)


_ERROR = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL)
_UNCALCULATED = re.compile(
    rb'<c\b(?![^>]*\bt="str")[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*>'
    rb"<f\b(?:[^>]*/>|[^>]*>([^<]*)</f>)(?:<v\s*/>|<v></v>)?</c>"
)


def lost_cells(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """Cells of an xlsx sheet that the reader gives as blank though something stands there.

    Returns:
        By row and column from 0: an Excel error such as #REF!, or a formula that was never calculated.
    """
    with _opened(data) as package:
        if package is None:
            return {}
        part = _part_of(_read(package, "xl/workbook.xml"), _read(package, "xl/_rels/workbook.xml.rels"), sheet)
        xml = _read(package, part) if part else b""
    found = {_at(cell): cell[3].decode(errors="replace") for cell in _ERROR.finditer(xml)} if b't="e"' in xml else {}
    if b"<f" in xml:
        found |= {
            _at(cell): "=" + unescape((cell[3] or b"").decode(errors="replace")) for cell in _UNCALCULATED.finditer(xml)
        }
    return found


def _at(cell: re.Match[bytes]) -> tuple[int, int]:
    return int(cell[2]) - 1, place_of(cell[1].decode())


def _part_of(book: bytes, relations: bytes, sheet: str) -> str | None:
    """The path inside the package of the sheet of that name, by way of the workbook's relations."""
    for tag in re.findall(r"<sheet\b[^>]*>", book.decode(errors="replace")):
        if unescape(_attribute(tag, "name")) == sheet:
            wanted = _attribute(tag, r"\w+:id")
            for relation in re.findall(r"<Relationship\b[^>]*>", relations.decode(errors="replace")):
                if _attribute(relation, "Id") == wanted:
                    return str(PurePosixPath("xl", _attribute(relation, "Target"))).lstrip("/")
    return None


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"""\s{name}=["']([^"']*)["']""", tag)
    return found[1] if found else ""


def place_of(letters: str) -> int:
    """The place of a column from 0: A is 0, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
