"""The compound file (OLE) in which Excel before 2007, and every Office with a password, keeps its streams."""

import struct
from collections.abc import Iterator

from duban.workbook.refusals import DamagedWorkbook

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LAST = 0xFFFFFFFA  # this number and those above mark an end, not a sector
_ENTRY = 128


class CompoundFile:
    """Streams by name.

    Raises:
        DamagedWorkbook: its tables point nowhere, or in a circle.
    """

    def __init__(self, data: bytes, *, file: str) -> None:
        self._data, self._file = data, file
        try:
            self._read_tables()
        except (struct.error, IndexError):
            raise DamagedWorkbook(file=file) from None

    def _read_tables(self) -> None:
        shift, self._mini_shift = struct.unpack_from("<HH", self._data, 0x1E)
        self._size = 1 << min(shift, 20)
        directory, self._cutoff, mini_table = struct.unpack_from("<I4xII", self._data, 0x30)
        self._table = self._numbers(b"".join(self._sector(number) for number in self._table_sectors()))
        self._mini_table = self._numbers(self._chain(mini_table))
        entries = self._chain(directory)
        self.streams = {
            name: place for name, place in (self._entry(entries, at) for at in range(0, len(entries), _ENTRY)) if name
        }
        root = self._entry(entries, 0)[1]
        self._mini = self._chain(root[0])[: root[1]]

    def _table_sectors(self) -> Iterator[int]:
        """Where the table of sectors lies: 109 places in the head, and more in sectors of their own."""
        yield from (number for number in struct.unpack_from("<109I", self._data, 0x4C) if number < _LAST)
        following, count = struct.unpack_from("<II", self._data, 0x44)
        for _ in range(count):
            if following >= _LAST:
                return
            *numbers, following = self._numbers(self._sector(following))
            yield from (number for number in numbers if number < _LAST)

    @staticmethod
    def _entry(entries: bytes, at: int) -> tuple[str, tuple[int, int]]:
        length = struct.unpack_from("<H", entries, at + 0x40)[0]
        start, size = struct.unpack_from("<II", entries, at + 0x74)
        return entries[at : at + max(length - 2, 0)].decode("utf-16-le", errors="replace"), (start, size)

    @staticmethod
    def _numbers(data: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])

    def _sector(self, number: int) -> bytes:
        return self._data[(number + 1) * self._size : (number + 2) * self._size]

    def _chain(self, number: int) -> bytes:
        return b"".join(self._sector(part) for part in self._walk(number, self._table))

    def _walk(self, number: int, table: tuple[int, ...]) -> Iterator[int]:
        for _ in range(len(table)):
            if number >= _LAST:
                return
            yield number
            number = table[number]
        if number < _LAST and table:
            raise DamagedWorkbook(file=self._file)

    def stream(self, name: str) -> bytes:
        """What is in a stream."""
        start, size = self.streams[name]
        try:
            if size >= self._cutoff:
                return self._chain(start)[:size]
            step = 1 << min(self._mini_shift, 20)
            parts = self._walk(start, self._mini_table)
            return b"".join(self._mini[part * step : (part + 1) * step] for part in parts)[:size]
        except IndexError:
            raise DamagedWorkbook(file=self._file) from None
