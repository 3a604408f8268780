"""What the records of an xls workbook (BIFF8) tell beside the values of its cells."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from duban.workbook.formats.facts import SheetFacts
from duban.workbook.formats.number_formats import BUILT_IN, UNKNOWN, Shown, shown_by
from duban.workbook.refusals import DamagedWorkbook, EncryptedWorkbook

BOF, END, PASSWORD, SHEET, FORMAT, STYLE, LINK = 0x809, 0x0A, 0x2F, 0x85, 0x41E, 0xE0, 0x1AE
ROW, COLUMNS, NUMBER, SHORT_NUMBER, SHORT_NUMBERS, FORMULA, ERROR = 0x208, 0x7D, 0x203, 0x27E, 0xBD, 0x06, 0x205
_OWN_SHEETS = (0x0401, 0x3A01)
_BIFF8 = 0x600
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

Record = tuple[int, bytes]


@dataclass(slots=True)
class XlsBook:
    """What the first records tell: where the sheets begin, how numbers are displayed, whether there are links.

    Raises:
        EncryptedWorkbook: a password is needed.
        DamagedWorkbook: a record ends too early.
    """

    stream: bytes
    file: str
    starts: dict[str, int] = field(default_factory=dict)
    styles: list[Shown] = field(default_factory=list)
    has_links: bool = False

    def __post_init__(self) -> None:
        codes: dict[int, str] = {}
        numbers = []
        try:
            for kind, data in self._records(0):
                if kind == PASSWORD:
                    raise EncryptedWorkbook(file=self.file)
                if kind == SHEET:
                    self.starts[_text(data[6:], data[6:7])] = struct.unpack_from("<I", data)[0]
                elif kind == FORMAT:
                    codes[struct.unpack_from("<H", data)[0]] = _text(data[2:], data[2:4])
                elif kind == STYLE:
                    numbers.append(struct.unpack_from("<H", data, 2)[0])
                elif kind == LINK and struct.unpack_from("<H", data, 2)[0] not in _OWN_SHEETS:
                    self.has_links = True
        except (struct.error, IndexError):
            raise DamagedWorkbook(file=self.file) from None
        self.styles = [shown_by(codes[n]) if n in codes else BUILT_IN.get(n, UNKNOWN) for n in numbers]

    def _records(self, at: int) -> Iterator[Record]:
        """The records from `at` to the end of their part; none when this is not BIFF8."""
        kind, _, version = struct.unpack_from("<HHH", self.stream, at)
        if (kind, version) != (BOF, _BIFF8):
            return
        while kind != END and at + 4 <= len(self.stream):
            kind, length = struct.unpack_from("<HH", self.stream, at)
            yield kind, self.stream[at + 4 : at + 4 + length]
            at += 4 + length

    def sheet_facts(self, sheet: str) -> SheetFacts:
        """Go through the records of a sheet once."""
        facts = SheetFacts()
        if sheet in self.starts:
            try:
                facts.numbers.take(self._numbers(facts, self.starts[sheet]))
            except (struct.error, IndexError):
                raise DamagedWorkbook(file=self.file) from None
        return facts

    def _numbers(self, facts: SheetFacts, start: int) -> Iterator[tuple[int, int, Shown]]:
        """The numbers of a sheet and how they are displayed; what else there is goes into `facts`."""
        for kind, data in self._records(start):
            if kind in {NUMBER, SHORT_NUMBER, FORMULA, ERROR}:
                row, column, style = struct.unpack_from("<HHH", data)
                error = _error(kind, data)
                if error is None:
                    yield row, column, self._shown(style)
                elif error:
                    facts.lost[row, column] = error
            elif kind == SHORT_NUMBERS:
                row, first = struct.unpack_from("<HH", data)
                for place in range((len(data) - 6) // 6):
                    yield row, first + place, self._shown(struct.unpack_from("<H", data, 4 + 6 * place)[0])
            elif kind == ROW and data[12] & 0x20:
                facts.hidden_rows.add(struct.unpack_from("<H", data)[0])
            elif kind == COLUMNS and data[8] & 1:
                first, last = struct.unpack_from("<HH", data)
                facts.hidden_columns.update(range(first, last + 1))

    def _shown(self, style: int) -> Shown:
        return self.styles[style] if style < len(self.styles) else UNKNOWN


def _error(kind: int, data: bytes) -> str | None:
    """The error that a cell shows; "" when it shows a text or a truth value, None when it shows a number."""
    if kind == ERROR:
        return _ERRORS.get(data[6], "#N/A") if data[7] else ""
    if kind == FORMULA and data[12:14] == b"\xff\xff":
        return _ERRORS.get(data[8], "#N/A") if data[6] == 2 else ""
    return None


def _text(data: bytes, length: bytes) -> str:
    """A text that begins with its length, in one byte or two, and a sign that says how wide its characters are."""
    start = len(length)
    count, wide = int.from_bytes(length, "little"), data[start] & 1
    raw = data[start + 1 : start + 1 + count * (1 + wide)]
    return raw.decode("utf-16-le" if wide else "latin-1", errors="replace")
