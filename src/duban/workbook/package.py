"""The zip package of an xlsx or ods file: whether it is safe to read, and its parts."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from html import unescape
from pathlib import PurePosixPath
from typing import BinaryIO

from duban.workbook.formats.number_formats import BUILT_IN, UNKNOWN, Shown, shown_by
from duban.workbook.limits import Limits
from duban.workbook.refusals import DamagedWorkbook, FileTooLarge, SuspiciousFile

BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    KeyError,
    ValueError,
    NotImplementedError,
    OSError,
    EOFError,
    RuntimeError,
    zlib.error,
)
"""What reading a zip raises when it does not hold together."""

_BLOCK = 1_000_000
_HEAD = 4_096


class Package:
    """A package that was found safe to read.

    Raises:
        DamagedWorkbook: it does not hold together, or names a part twice, which each program would read differently.
        FileTooLarge: it would unpack to more than the limit.
        SuspiciousFile: a part declares entities, as no spreadsheet program does.
    """

    def __init__(self, stream: BinaryIO, *, file: str, limits: Limits) -> None:
        self._file = file
        try:
            self._zip = zipfile.ZipFile(stream)
        except BROKEN:
            raise DamagedWorkbook(file=file) from None
        self.names = [member.filename for member in self._zip.infolist()]
        if len(set(self.names)) < len(self.names):
            raise DamagedWorkbook(file=file)
        megabytes = sum(member.file_size for member in self._zip.infolist()) // 1_000_000
        if megabytes > limits.unpacked_mb:
            raise FileTooLarge(file=file, size=megabytes, limit=limits.unpacked_mb)
        for name in self.names:
            if name.endswith((".xml", ".rels")) and re.search(rb"<!(?:DOCTYPE|ENTITY)", self._head(name)):
                raise SuspiciousFile(file=file, part=name)

    def _head(self, name: str) -> bytes:
        try:
            with self._zip.open(name) as part:
                return part.read(_HEAD)
        except BROKEN:
            raise DamagedWorkbook(file=self._file) from None

    def part(self, name: str) -> bytes:
        """The whole of a small part; nothing when there is none."""
        return b"".join(self.blocks(name, before=b"<"))

    def size(self, name: str) -> int:
        """How many bytes a part unpacks to."""
        return self._zip.getinfo(name).file_size if name in self.names else 0

    def blocks(self, name: str, *, before: bytes) -> Iterator[bytes]:
        """A part in pieces of about a megabyte, each but the first beginning with `before`."""
        held: list[bytes] = []
        try:
            with self._zip.open(self._zip.getinfo(name)) as part:
                while data := part.read(_BLOCK):
                    cut = data.rfind(before)
                    if cut >= 0:
                        yield b"".join([*held, data[:cut]])
                        held, data = [], data[cut:]
                    held.append(data)
        except KeyError:
            return
        except BROKEN:
            raise DamagedWorkbook(file=self._file) from None
        yield b"".join(held)

    @property
    def has_macros(self) -> bool:
        """Whether there is code in it, of Excel or of LibreOffice."""
        return any(name == "xl/vbaProject.bin" or re.match(r"(?:Basic|Scripts)/.*\w\.\w", name) for name in self.names)

    @cached_property
    def sheet_parts(self) -> dict[str, str]:
        """The part that holds each sheet, by the name of the sheet."""
        relations = self.part("xl/_rels/workbook.xml.rels").decode(errors="replace")
        targets = {
            _attribute(tag, "Id"): str(PurePosixPath("xl", _attribute(tag, "Target"))).lstrip("/")
            for tag in re.findall(r"<Relationship\b[^>]*>", relations)
        }
        book = self.part("xl/workbook.xml").decode(errors="replace")
        return {
            _attribute(tag, "name"): targets.get(_attribute(tag, r"\w+:id"), "")
            for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book)
        }

    @cached_property
    def styles(self) -> list[Shown]:
        """How a cell of each style (the attribute ``s``) displays a number."""
        xml = self.part("xl/styles.xml").decode(errors="replace")
        codes = {
            _attribute(tag, "numFmtId"): _attribute(tag, "formatCode") for tag in re.findall(r"<numFmt\b[^>]*>", xml)
        }
        formats = re.search(r"<cellXfs\b.*?</cellXfs>", xml, re.DOTALL)
        numbers = [_attribute(tag, "numFmtId") for tag in re.findall(r"<xf\b[^>]*>", formats[0])] if formats else []
        return [
            shown_by(codes[number]) if number in codes else BUILT_IN.get(int(number or 0), UNKNOWN)
            for number in numbers
        ]


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"""\s{name}=(?:"([^"]*)"|'([^']*)')""", tag)
    return unescape(found[1] or found[2] or "") if found else ""
