"""Files for tests that no library would write: packages, ods content, compound files and xls records, byte by byte."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from duban.workbook.findings import column_letters
from duban.workbook.formats.compound import SIGNATURE

_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODS = "urn:oasis:names:tc:opendocument:xmlns"


def write_package(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def write_xlsx(path: Path, sheet: str, **parts: str) -> Path:
    """An xlsx file of one sheet 甲 with this XML; `parts` are more of the package, by their name in ``xl/``."""
    book = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="甲" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">{sheet}</worksheet>',
    }
    return write_package(path, book | {f"xl/{name}.xml": content for name, content in parts.items()})


def sheet_of_numbers(*, rows: int, columns: int) -> str:
    """The XML of a sheet of numbers, which would take a library long to write."""
    names = [column_letters(place) for place in range(columns)]
    cells = "".join(f'<c r="{name}{{row}}"><v>{{row}}</v></c>' for name in names)
    row = f'<row r="{{row}}">{cells}</row>'
    return f"<sheetData>{''.join(row.format(row=number) for number in range(1, rows + 1))}</sheetData>"


def write_ods(path: Path, tables: str, *, doctype: str = "") -> Path:
    names = ("office", "table", "text", "style", "calcext")
    spaces = " ".join(f'xmlns:{name}="{_ODS}:{name}:1.0"' for name in names)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<office:document-content {spaces}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_ODS}:manifest:1.0"/>',
        "content.xml": content,
    }
    return write_package(path, parts)


def write_compound(path: Path, streams: Mapping[str, bytes]) -> Path:
    """A compound file whose streams are each longer than 4,096 bytes (shorter ones are filled up)."""
    padded = {name: data.ljust(-(-max(len(data), 4096) // _SECTOR) * _SECTOR, b"\0") for name, data in streams.items()}
    table = [_TABLE, _END]  # sector 0 holds the table, sector 1 the directory
    entries = [_entry("Root Entry", 5, child=1, start=_END, size=0)]
    for number, (name, data) in enumerate(padded.items(), start=1):
        following = number + 1 if number < len(padded) else _FREE
        entries.append(_entry(name, 2, start=len(table), size=len(data), sibling=following))
        last = len(table) + len(data) // _SECTOR - 1
        table += [*range(len(table) + 1, last + 1), _END]
    assert len(table) <= _SECTOR // 4
    assert len(entries) <= _SECTOR // 128
    head = (
        SIGNATURE
        + bytes(16)
        + struct.pack("<HHHHH6xIII4xIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 4096, _END, 0, _END, 0)
    )
    fat = struct.pack("<128I", *table, *[_FREE] * (128 - len(table)))
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    path.write_bytes(head + struct.pack("<109I", 0, *[_FREE] * 108) + fat + directory + b"".join(padded.values()))
    return path


def _entry(name: str, kind: int, *, child: int = _FREE, start: int, size: int, sibling: int = _FREE) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII36xII4x", written, len(written), kind, 1, _FREE, sibling, child, start, size)


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def write_xls(path: Path, sheet: Sequence[bytes], book: Sequence[bytes] = (), **streams: bytes) -> Path:
    """An xls file of one sheet, from the records of the sheet and those of the book before its list of sheets."""
    before, end = _begin(5) + b"".join(book), record(0x0A)
    listed = struct.pack("<HBB", 0, 6, 0) + b"Sheet1"
    start = len(before) + len(record(0x85, bytes(4) + listed) + end)
    stream = before + record(0x85, struct.pack("<I", start) + listed) + end + _begin(0x10) + b"".join(sheet) + end
    return write_compound(path, {"Workbook": stream, **streams})


def _begin(kind: int) -> bytes:
    return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))
