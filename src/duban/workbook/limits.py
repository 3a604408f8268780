"""How much of a file is read, and at what cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold, and what reading it may cost.

    Args:
        rows: filled rows of one sheet.
        heading_rows: how many more are let through, for titles, headings and sums.
        cells: of the rectangle from A1 to the last filled cell of a sheet, filled or not.
        characters: of one cell; Excel allows as many.
        unpacked_mb: size of the file once unpacked.
        memory_mb: address space of the process that reads.
        seconds: until the file has been read.
    """

    rows: int = 200_000
    heading_rows: int = 100
    cells: int = 15_000_000
    characters: int = 32_767
    unpacked_mb: int = 1_000
    memory_mb: int = 1_600
    seconds: int = 120

    @property
    def all_rows(self) -> int:
        """Filled rows of one sheet, headings included."""
        return self.rows + self.heading_rows
