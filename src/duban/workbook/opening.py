"""Opening a file: its visible sheets as rows of cells, or one sentence that says why not."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from duban.workbook import package
from duban.workbook.refusals import (
    DamagedWorkbook,
    EmptyFile,
    EncryptedWorkbook,
    MissingFile,
    NotAWorkbook,
)

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the one stream of an xlsx file with a password


class LostCell(str):
    """What stands in a cell whose value is lost: an Excel error such as #REF!, or a formula never calculated."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """A visible sheet: every row from the first, every cell from column A; a blank cell is the empty text."""

    name: str
    rows: list[list[Any]]


def open_sheets(path: Path, *, name: str | None = None) -> list[OpenedSheet]:
    """Read the visible sheets of an xlsx, xls or ods file, whatever its extension says.

    Args:
        path: where the file lies.
        name: what its owner calls it, for refusals; the last part of `path` unless said.

    Raises:
        UnreadableWorkbook: one of its subclasses, with the reason.
    """
    file = name or path.name
    try:
        data = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise MissingFile(file=file) from None
    if not data:
        raise EmptyFile(file=file)
    package.check_size(data, file=file)
    sheets = _read(data, file=file)
    for sheet in sheets:
        _restore_lost_cells(sheet, package.lost_cells(data, sheet.name))
    return sheets


def _read(data: bytes, *, file: str) -> list[OpenedSheet]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        return [
            OpenedSheet(sheet.name, book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False))
            for sheet in book.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
        ]
    except PasswordError:
        raise EncryptedWorkbook(file=file) from None
    except CalamineError:
        if _ENCRYPTED in data:
            raise EncryptedWorkbook(file=file) from None
        raise (DamagedWorkbook if _begins_like_a_workbook(data) else NotAWorkbook)(file=file) from None
    except BaseException as failure:
        # A panic of the reader is no Exception, so that nothing catches it by accident; here it means a broken file.
        if type(failure).__name__ == "PanicException":
            raise DamagedWorkbook(file=file) from None
        raise


def _begins_like_a_workbook(data: bytes) -> bool:
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return True
    return data.startswith(b"PK") and (b"xl/" in data or b"opendocument.spreadsheet" in data)


def _restore_lost_cells(sheet: OpenedSheet, lost: dict[tuple[int, int], str]) -> None:
    """Put back what was dropped; the sheet grows where its last rows or columns held nothing else."""
    if not lost:
        return
    height = max(len(sheet.rows), *(row + 1 for row, _ in lost))
    width = max(max(map(len, sheet.rows), default=0), *(place + 1 for _, place in lost))
    sheet.rows.extend([] for _ in range(height - len(sheet.rows)))
    for row in sheet.rows:
        row.extend([""] * (width - len(row)))
    for (number, place), text in lost.items():
        if sheet.rows[number][place] == "":
            sheet.rows[number][place] = LostCell(text)
