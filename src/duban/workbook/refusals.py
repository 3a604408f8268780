"""Why a file cannot be read as a table: one sentence each, for whoever handed it in."""

from collections.abc import Sequence

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class UnreadableWorkbook(DomainError):
    """A file from which no table can be read; the subclasses say why."""

    text = N_("The file {file} cannot be read as a workbook.")


class MissingFile(UnreadableWorkbook):
    """There is no such file."""

    text = N_("There is no file {file}. Check the folder and the name.")

    def __init__(self, *, file: str) -> None:
        super().__init__(file=file)


class EmptyFile(UnreadableWorkbook):
    """A file of no bytes, as an interrupted copy leaves."""

    text = N_("The file {file} is empty. Copy or download it again.")

    def __init__(self, *, file: str) -> None:
        super().__init__(file=file)


class FileTooLarge(UnreadableWorkbook):
    """A file that would not fit into memory once it is unpacked."""

    text = N_(
        "The file {file} unpacks to {size} MB; at most {limit} MB can be read. "
        "Remove pictures and unused sheets, or hand it in as several files."
    )

    def __init__(self, *, file: str, size: int, limit: int) -> None:
        super().__init__(file=file, size=size, limit=limit)


class TooManyRows(UnreadableWorkbook):
    """A sheet with more filled rows than one table may have."""

    text = N_(
        "Sheet “{sheet}” of {file} has more than {limit} filled rows, which is the most that can be read. "
        "Hand it in as several files."
    )

    def __init__(self, *, file: str, sheet: str, limit: int) -> None:
        super().__init__(file=file, sheet=sheet, limit=limit)


class CellTooLong(UnreadableWorkbook):
    """A cell with more text than Excel can hold; usually a whole file that was pasted, or made to do harm."""

    text = N_(
        "A cell of {file} holds more than {limit} characters, which is the most that Excel allows. "
        "Shorten it, save the file and hand it in again."
    )

    def __init__(self, *, file: str, limit: int) -> None:
        super().__init__(file=file, limit=limit)


class TakesTooLong(UnreadableWorkbook):
    """Reading was given up; the file is far too large, or made so that it never ends."""

    text = N_(
        "Reading the file {file} was given up after {seconds} seconds. "
        "Copy the table into a new workbook, save it and hand that in."
    )

    def __init__(self, *, file: str, seconds: int) -> None:
        super().__init__(file=file, seconds=seconds)


class NeedsTooMuchMemory(UnreadableWorkbook):
    """Reading ran out of the memory that it is given."""

    text = N_(
        "Reading the file {file} needs more than the {limit} MB of memory that one file is given. "
        "Delete what is below and beside the table, or hand it in as several files."
    )

    def __init__(self, *, file: str, limit: int) -> None:
        super().__init__(file=file, limit=limit)


class SuspiciousFile(UnreadableWorkbook):
    """Part of the file declares entities: a way to make readers unpack without end or fetch other files."""

    text = N_(
        "The file {file} holds instructions in {part} that no spreadsheet program writes, and was not read. "
        "Copy the table into a new workbook, save it and hand that in."
    )

    def __init__(self, *, file: str, part: str) -> None:
        super().__init__(file=file, part=part)


class SheetTooWide(UnreadableWorkbook):
    """A stray cell, far away from the table, makes the sheet larger than can be held."""

    text = N_(
        "A sheet of {file} reaches to row {rows} and column number {columns}, far away from any table. "
        "Delete the rows below and the columns beside the table, save the file and hand it in again."
    )

    def __init__(self, *, file: str, rows: int, columns: int) -> None:
        super().__init__(file=file, rows=rows, columns=columns)


class EncryptedWorkbook(UnreadableWorkbook):
    """A workbook that opens only with a password."""

    text = N_("The file {file} is protected by a password. Open it, remove the password, save it and hand it in again.")

    def __init__(self, *, file: str) -> None:
        super().__init__(file=file)


class NotAWorkbook(UnreadableWorkbook):
    """Another kind of file: a document, a picture, a text without columns."""

    text = N_("The file {file} is not a workbook, whatever its name says. Hand in the table itself, as .xlsx or .csv.")

    def __init__(self, *, file: str, **values: object) -> None:
        super().__init__(file=file, **values)


class AnotherKindOfFile(NotAWorkbook):
    """A file of a kind that holds no table, or none that can be read.

    Args:
        kind: what it is, as a text of the catalogue.
    """

    text = N_("The file {file} is {kind}, not a workbook. Hand in the table itself, as .xlsx, .xls, .ods or .csv.")

    def __init__(self, *, file: str, kind: str) -> None:
        super().__init__(file=file, kind=Sentence(kind))


class SaveAsXlsx(NotAWorkbook):
    """A table that Excel and WPS can open and we cannot.

    Args:
        kind: what it is, as a text of the catalogue.
    """

    text = N_(
        "The file {file} is {kind}, whatever its name says. Open it in Excel or WPS, save it as .xlsx and hand that in."
    )

    def __init__(self, *, file: str, kind: str) -> None:
        super().__init__(file=file, kind=Sentence(kind))


class UnknownEncoding(NotAWorkbook):
    """A file that is no known kind, and no text either."""

    text = N_(
        "The file {file} is neither a workbook nor a text in UTF-8, UTF-16 or GB18030. "
        "Open it in Excel or WPS, save it as .xlsx and hand that in."
    )

    def __init__(self, *, file: str) -> None:
        super().__init__(file=file)


class DamagedWorkbook(UnreadableWorkbook):
    """It begins like a workbook and then does not hold together."""

    text = N_(
        "The file {file} is a damaged workbook and cannot be read to its end. "
        "Open it in Excel or WPS, let it repair the file, save it under a new name and hand that in."
    )

    def __init__(self, *, file: str) -> None:
        super().__init__(file=file)


class NoTable(UnreadableWorkbook):
    """A sound workbook in which nothing looks like the table that is asked for."""

    text = N_("No sheet of {file} has the headings of {title}. It needs at least: {needed}.")

    def __init__(self, *, file: str, title: str, needed: Sequence[str]) -> None:
        super().__init__(file=file, title=title, needed="、".join(needed))


class MissingHeadings(UnreadableWorkbook):
    """A table was found, but a column without which nothing can be said is not in it."""

    text = N_(
        "The headings in row {row} of sheet “{sheet}” of {file} lack {missing}. "
        "Add the column, or give it the heading that {title} uses."
    )

    def __init__(self, *, file: str, sheet: str, row: int, title: str, missing: Sequence[str]) -> None:
        super().__init__(file=file, sheet=sheet, row=row, title=title, missing="、".join(missing))
