"""Reading one file: what it is, its visible sheets one after the other, and what else is to be said of it."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from duban.kernel.words import N_
from duban.workbook.formats import kinds, ods, text, xlsx
from duban.workbook.formats.facts import Extent, SheetFacts
from duban.workbook.formats.sheets import Send, send_sheet
from duban.workbook.formats.xls import XlsBook
from duban.workbook.grid import Book, Format, Merge
from duban.workbook.limits import Limits
from duban.workbook.package import Package
from duban.workbook.refusals import (
    AnotherKindOfFile,
    DamagedWorkbook,
    EncryptedWorkbook,
    FileTooLarge,
    UnreadableWorkbook,
)

_BEGINNING = 1_000_000
_LARGE_PART = 4_000_000
"""From this size on, a sheet is looked through while it is read; a smaller one is looked through before."""

FactsOf = Callable[[str], SheetFacts]

LONGEST_SHEET_NAME = 31
"""As Excel has it; a text is one sheet, named after its file."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file to be read.

    Args:
        file: what its owner calls it.
        send: takes the rows of a sheet, part by part, and then the sheet itself.
        helper: runs the looking through of a sheet beside the reading of its cells, which leaves Python free.
        give_up: told of a refusal by the helper while the reading goes on; does not come back.
    """

    path: Path
    file: str
    limits: Limits
    send: Send
    helper: Executor
    give_up: Callable[[UnreadableWorkbook], None]

    def extent(self, sheet: str) -> Extent:
        """Counts the filled cells of a sheet of this file."""
        return Extent(self.file, sheet, self.limits)


def read_file(job: Job) -> Book:
    """Read a file whatever its name says, sending its sheets.

    Raises:
        UnreadableWorkbook: one of its subclasses, with the reason.
    """
    with job.path.open("rb") as stream:
        beginning = stream.read(_BEGINNING)
        stream.seek(0)
        if beginning.startswith(b"PK"):
            return _read_package(job, stream, beginning)
        kinds.refuse_known(beginning, file=job.file)
        _check_size(job)
        data = stream.read()
    return _read_compound(job, data) if kinds.is_compound(beginning) else _read_text(job, data)


def _check_size(job: Job) -> None:
    size = job.path.stat().st_size // 1_000_000
    if size > job.limits.unpacked_mb:
        raise FileTooLarge(file=job.file, size=size, limit=job.limits.unpacked_mb)


def _read_package(job: Job, stream: BinaryIO, beginning: bytes) -> Book:
    try:
        package = Package(stream, file=job.file, limits=job.limits)
    except DamagedWorkbook:
        if b"xl/" in beginning or b"opendocument.spreadsheet" in beginning:
            raise
        raise AnotherKindOfFile(file=job.file, kind=N_("an archive")) from None
    kind = kinds.format_of_package(package, file=job.file)
    book = Book(kind, [], has_macros=package.has_macros)
    if kind is Format.ODS:
        reader = ods.OdsReader(package, file=job.file, extent_of=job.extent)
        book.has_links = ods.has_links(package)
        _read_sheets(job, book, stream, lambda sheet: reader.sheets.get(sheet, SheetFacts()))
    else:
        book.has_links = any(name.startswith("xl/externalLinks/") for name in package.names)
        _read_sheets(job, book, stream, lambda sheet: xlsx.sheet_facts(package, sheet, job.extent(sheet)), package)
    return book


def _read_compound(job: Job, data: bytes) -> Book:
    office, records = kinds.workbook_stream(data, file=job.file)
    facts = XlsBook(records, job.file)
    book = Book(Format.XLS, [], has_macros="_VBA_PROJECT_CUR" in office.streams, has_links=facts.has_links)
    _read_sheets(job, book, BytesIO(data), facts.sheet_facts)
    return book


def _read_text(job: Job, data: bytes) -> Book:
    content, encoding = text.decoded(data, file=job.file)
    sheet = Path(job.file).stem[:LONGEST_SHEET_NAME]
    rows = text.rows_of(content, job.extent(sheet))
    send_sheet(job.send, rows, facts=SheetFacts(), merges=(), extent=job.extent(sheet))
    return Book(Format.CSV, [], encoding=encoding)


def _read_sheets(job: Job, book: Book, stream: BinaryIO, facts_of: FactsOf, package: Package | None = None) -> None:
    """Send the visible sheets of a workbook.

    Args:
        facts_of: tells what is to be said of a sheet, by its name.
        package: of an xlsx file, whose large sheets are looked through while they are read.
    """
    stream.seek(0)
    try:
        with CalamineWorkbook.from_filelike(stream) as opened:
            for sheet in opened.sheets_metadata:
                if sheet.visible is not SheetVisibleEnum.Visible:
                    book.hidden_sheets = [*book.hidden_sheets, sheet.name]
                elif sheet.typ is SheetTypeEnum.WorkSheet:
                    part = package.sheet_parts.get(sheet.name, "") if package else ""
                    is_large = package is not None and package.size(part) > _LARGE_PART
                    _read_sheet(job, opened, sheet.name, facts_of, beside=is_large)
    except PasswordError:
        raise EncryptedWorkbook(file=job.file) from None
    except CalamineError:
        raise DamagedWorkbook(file=job.file) from None


def _read_sheet(job: Job, opened: CalamineWorkbook, name: str, facts_of: FactsOf, *, beside: bool) -> None:
    looking = job.helper.submit(_look_through, job, name, facts_of, beside=beside)
    if not beside:
        looking.result()
    sheet = opened.get_sheet_by_name(name)
    facts = looking.result()
    merges = facts.merges
    if merges is None:
        merges = [Merge(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
    send_sheet(job.send, sheet.iter_rows(), facts=facts, merges=merges, extent=job.extent(name))


def _look_through(job: Job, name: str, facts_of: FactsOf, *, beside: bool) -> SheetFacts:
    """The facts of a sheet. Nothing can interrupt the reading of its cells, so that a refusal ends the process."""
    try:
        return facts_of(name)
    except UnreadableWorkbook as refusal:
        if beside:
            job.give_up(refusal)
        raise
