"""What the process that reads files tells the one that asked, and nothing else."""

import pickle
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from duban.workbook.grid import Book, Decimals, Format, Grid, LostCell, Merge


@dataclass(frozen=True, slots=True)
class SheetEnd:
    """All rows of a sheet have been sent; here is the sheet without them, and how many of its columns are filled."""

    grid: Grid
    width: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal by the name of its class, to be made anew on the other side."""

    name: str
    values: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Crash:
    """An exception that nobody foresaw, for the log."""

    traceback: str


@dataclass(frozen=True, slots=True)
class End:
    """The last word on a file.

    Args:
        outcome: a book without its sheets, which went ahead of it; or why there is none.
        leaving: the process ends itself after this file.
    """

    outcome: Book | Refusal | Crash
    leaving: bool


_KNOWN: dict[tuple[str, str], type] = {
    (known.__module__, known.__qualname__): known
    for known in (
        Book,
        Crash,
        Decimals,
        End,
        Format,
        Grid,
        LostCell,
        Merge,
        Refusal,
        SheetEnd,
        date,
        datetime,
        time,
        timedelta,
    )
}


class Receiver(pickle.Unpickler):
    """Reads answers.

    Whoever takes over the reading process through a crafted file must not get further through it: only plain values
    and the classes above are made, whatever the stream asks for.
    """

    def find_class(self, module_name: str, global_name: str) -> type:
        """Look a class up among those that are known."""
        try:
            return _KNOWN[module_name, global_name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} is no part of an answer") from None
