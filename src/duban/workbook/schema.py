"""What a sheet should hold: its columns, how they may be headed, and what stands in them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from duban.kernel.money import Unit
from duban.workbook.findings import Fault, SheetRow


class Kind(StrEnum):
    """What the cells of a column are read into."""

    TEXT = "text"
    CODE = "code"
    """An identifier: text without spaces, in capitals and half width."""
    MONEY = "money"
    DAY = "day"
    USCC = "uscc"
    INT = "int"
    CHOICE = "choice"
    """One of a list; the value is the choice's code."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a closed list: what we store, what the sheet prints, what people also write."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the name in code, the official heading, and other headings by which it is known."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[Choice, ...] = ()


RowCheck = Callable[[SheetRow], Iterable[Fault]]


@dataclass(frozen=True, slots=True)
class SheetSchema:
    """A sheet that an office hands in.

    Args:
        code: how programs name it; `title` is what offices call it.
        columns: in the official order.
        unit: what a bare amount stands for when neither the heading nor the sheet says so.
        ignored: headings that may stand in the sheet and hold nothing to keep, such as a running number.
        checks: each looks at one row and yields what is wrong with it.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    unit: Unit = Unit.WAN
    ignored: tuple[str, ...] = ("序号", "行号")
    checks: tuple[RowCheck, ...] = ()


def column(
    name: str, *headings: str, kind: Kind = Kind.TEXT, required: bool = False, choices: Iterable[Choice] = ()
) -> Column:
    """Declare a column; the first heading is the official one. A column with choices holds one of them."""
    chosen = tuple(choices)
    return Column(name, headings[0], headings[1:], Kind.CHOICE if chosen else kind, required, chosen)


def choice(code: str, *names: str) -> Choice:
    """Declare a choice; the first name is the one that is printed."""
    return Choice(code, names[0], names[1:])
