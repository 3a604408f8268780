"""What a file is, by what is in it; its name says nothing reliable."""

import re

from duban.kernel.words import N_
from duban.workbook.formats import compound
from duban.workbook.formats.compound import CompoundFile
from duban.workbook.grid import Format
from duban.workbook.package import Package
from duban.workbook.refusals import AnotherKindOfFile, DamagedWorkbook, EncryptedWorkbook, SaveAsXlsx

_PICTURE = N_("a picture")
_ARCHIVE = N_("an archive")
_BEGINNINGS = {
    b"%PDF": N_("a PDF document"),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"BM": _PICTURE,
    b"II*\x00": _PICTURE,
    b"MM\x00*": _PICTURE,
    b"Rar!": _ARCHIVE,
    b"7z\xbc\xaf": _ARCHIVE,
    b"\x1f\x8b": _ARCHIVE,
    b"{\\rtf": N_("a Word document"),
    b"SQLite format 3": N_("a database"),
}
_OFFICE = {
    "word/": N_("a Word document"),
    "ppt/": N_("a presentation"),
    "OFD.xml": N_("an OFD document"),
}
_STREAMS = {"WordDocument": N_("a Word document"), "PowerPoint Document": N_("a presentation")}
_OPEN_DOCUMENTS = {b"opendocument.text": N_("a Word document"), b"opendocument.presentation": N_("a presentation")}
_WEB_PAGE = re.compile(
    rb"(?:<!--.*?-->|\s)*<(?:!doctype html|html|head|meta|body|table|style|script)\b", re.IGNORECASE | re.DOTALL
)


def refuse_known(beginning: bytes, *, file: str) -> None:
    """Refuse, by its name, a file that begins as another kind of file does."""
    for start, kind in _BEGINNINGS.items():
        if beginning.startswith(start) and (start != b"BM" or beginning[6:10] == bytes(4)):
            raise AnotherKindOfFile(file=file, kind=kind)
    text = beginning.removeprefix(b"\xef\xbb\xbf")
    if _WEB_PAGE.match(text) or text.startswith(b"MIME-Version:"):
        raise SaveAsXlsx(file=file, kind=N_("a web page"))
    if text.startswith(b"<?xml"):
        if b"office:spreadsheet" in text:
            raise SaveAsXlsx(file=file, kind=N_("a workbook of Excel 2003 in XML"))
        raise AnotherKindOfFile(file=file, kind=N_("an XML document"))
    if re.match(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08]\x00", beginning):
        raise SaveAsXlsx(file=file, kind=N_("a workbook of Excel 4 or older"))


def format_of_package(package: Package, *, file: str) -> Format:
    """Which workbook a zip package is."""
    if "xl/workbook.xml" in package.names:
        is_macro = b"macroEnabled" in package.part("[Content_Types].xml") or "xl/vbaProject.bin" in package.names
        return Format.XLSM if is_macro else Format.XLSX
    if "xl/workbook.bin" in package.names:
        raise SaveAsXlsx(file=file, kind=N_("a binary workbook (.xlsb)"))
    mimetype = package.part("mimetype")
    if b"opendocument.spreadsheet" in mimetype:
        return Format.ODS
    for mark, kind in _OPEN_DOCUMENTS.items():
        if mark in mimetype:
            raise AnotherKindOfFile(file=file, kind=kind)
    for start, kind in _OFFICE.items():
        if any(name.startswith(start) for name in package.names):
            raise AnotherKindOfFile(file=file, kind=kind)
    if any(name.startswith("xl/") for name in package.names):
        raise DamagedWorkbook(file=file)
    raise AnotherKindOfFile(file=file, kind=_ARCHIVE)


def workbook_stream(data: bytes, *, file: str) -> tuple[CompoundFile, bytes]:
    """The compound file of an xls workbook, and its stream of records."""
    office = CompoundFile(data, file=file)
    for name in ("Workbook", "Book"):
        if name in office.streams:
            return office, office.stream(name)
    if "EncryptedPackage" in office.streams:
        raise EncryptedWorkbook(file=file)
    for name, kind in _STREAMS.items():
        if name in office.streams:
            raise AnotherKindOfFile(file=file, kind=kind)
    raise DamagedWorkbook(file=file)


def is_compound(beginning: bytes) -> bool:
    """Whether a file begins as a compound file does."""
    return beginning.startswith(compound.SIGNATURE)
