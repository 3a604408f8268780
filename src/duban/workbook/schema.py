"""What a sheet should hold: its columns, how they may be headed, and what stands in them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from duban.kernel.money import Unit
from duban.workbook.findings import Fault, ReadSheet, SheetRow
from duban.workbook.rules import WRONG_SUM


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
    DECIMAL = "decimal"
    """A number in the column's unit of measure, exact."""
    PERCENT = "percent"
    """A number of per cent: 5.2 % is the Decimal 5.2."""
    MONTH = "month"
    """A calendar month, as a `Period`."""
    REGION = "region"
    PHONE = "phone"
    """Kept as text; only its width and spaces are put in order."""
    BOOL = "bool"
    """是 or 否."""


QUANTITIES = frozenset({Kind.MONEY, Kind.INT, Kind.DECIMAL, Kind.PERCENT})
"""What is counted or added up: a cell merged over several rows states it once, and not once for each row."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a closed list: what we store, what the sheet prints, what people also write."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the name in code, the official heading, and other headings by which it is known.

    Args:
        unit: of money, what a bare amount stands for when the sheet does not say; else the schema's unit.
        measure: of a DECIMAL or an INT, the unit of measure that may follow the number in a cell, such as 吨; several
            are divided by 、.
        lenient: whether a cell that cannot be read is left out with a warning, instead of holding its row back.
    """

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[Choice, ...] = ()
    unit: Unit | None = None
    measure: str = ""
    lenient: bool = False


RowCheck = Callable[[SheetRow], Iterable[Fault]]
TableCheck = Callable[[ReadSheet], Iterable[tuple[SheetRow, Fault]]]


@dataclass(frozen=True, slots=True)
class SheetSchema:
    """A sheet that an office hands in.

    Args:
        code: how programs name it; `title` is what offices call it.
        columns: in the official order.
        unit: what a bare amount stands for when neither the heading nor the sheet says so.
        ignored: headings that may stand in the sheet and hold nothing to keep, such as a running number.
        checks: each looks at one row and yields what is wrong with it.
        table_checks: each looks at all rows together and yields rows with what is wrong with them.
        wrong_sum: the rule under which a wrong row of sums is reported.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    unit: Unit = Unit.WAN
    ignored: tuple[str, ...] = ("序号", "行号", "No.")
    checks: tuple[RowCheck, ...] = ()
    table_checks: tuple[TableCheck, ...] = ()
    wrong_sum: str = WRONG_SUM

    def of_kind(self, *kinds: Kind) -> list[Column]:
        """The columns of these kinds."""
        return [column for column in self.columns if column.kind in kinds]


def column(
    name: str,
    *headings: str,
    kind: Kind = Kind.TEXT,
    required: bool = False,
    choices: Iterable[Choice] = (),
    unit: Unit | None = None,
    measure: str = "",
    lenient: bool = False,
) -> Column:
    """Declare a column; the first heading is the official one. A column with choices holds one of them."""
    chosen = tuple(choices)
    kind = Kind.CHOICE if chosen else kind
    return Column(name, headings[0], headings[1:], kind, required, chosen, unit, measure, lenient)


def choice(code: str, *names: str) -> Choice:
    """Declare a choice; the first name is the one that is printed."""
    return Choice(code, names[0], names[1:])
