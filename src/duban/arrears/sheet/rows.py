"""What a ledger sheet says, in kernel values: rows that can be posted, and their sums."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from duban.arrears.rules.facts import FactValues
from duban.kernel.codes import Uscc
from duban.kernel.money import Money
from duban.workbook.findings import Finding, SheetRow, Table, cell_name

PARTS = ("unsettled", "not_due", "undisputed", "disputed", "judicial")
"""The accounts that an amount owed is divided into, as the columns are named."""


class Basis(StrEnum):
    """What the parts of a file describe."""

    ORIGINAL = "original"
    """The amount as first owed: the parts add up to 欠款金额."""
    BALANCE = "balance"
    """What is still owed: the parts and 累计已清偿 together add up to 欠款金额."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow(FactValues):
    """One claim as its reporter states it. `method` is how the cleared part was paid, as a code of `METHODS`.

    `number` is the row in the sheet; rows of later sheets are numbered on (see `LedgerReading.where`).
    """

    number: int
    debtor_uscc: Uscc | None
    creditor_uscc: Uscc | None
    amount: Money
    cleared: Money
    method: str | None
    accounts: Mapping[str, Money]
    """The opening accounts: every one of `PARTS`, adding up to `amount`. `cleared` is inside `undisputed`, from where
    it is to be posted to `reported`."""
    steps: Mapping[str, int]
    """How finely each amount is written, by column: the smallest difference, in fen, that the sheet shows. Only columns
    where that is more than one fen; two amounts that differ by less may be the same amount."""
    extra: Mapping[str, str]
    """What stood under headings that we do not know."""
    findings: tuple[Finding, ...]
    """Warnings on this row."""

    @property
    def balance(self) -> Money:
        """What is still owed."""
        return self.amount - self.cleared


@dataclass(frozen=True, slots=True)
class LedgerTotals:
    """Sums over the clean rows."""

    recognised: Money
    cleared: Money
    accounts: Mapping[str, Money]
    """By part, before the clearing, like the accounts of a row."""

    @property
    def balance(self) -> Money:
        """What is still owed."""
        return self.recognised - self.cleared


@dataclass(frozen=True, slots=True)
class LedgerReading:
    """A ledger workbook, read and checked.

    Args:
        rows: the clean rows, in the order of the sheet; nothing but warnings is said about them.
        held: the rows with an error, as they stand in the sheet.
        basis: what the parts of this file describe; None when nothing in it tells.
        findings: all of them, those on the whole sheet first, then from the first row to the last.
        places: which column of the sheet holds which column of the ledger, from 0.
        moved: rows outside the first table, by their number here, with the table and the row where they stand.
    """

    sheet: str
    header_row: int
    as_of: date
    rows: list[LedgerRow]
    held: list[SheetRow]
    totals: LedgerTotals
    basis: Basis | None
    findings: list[Finding] = field(default_factory=list)
    places: Mapping[str, int] = field(default_factory=dict)
    moved: Mapping[int, tuple[Table, int]] = field(default_factory=dict)

    def where(self, number: int, column: str) -> tuple[str, str]:
        """The sheet and the cell in which a column of a row stands."""
        if number in self.moved:
            table, row = self.moved[number]
            return table.sheet, cell_name(row, table.places.get(column, 0))
        return self.sheet, cell_name(number, self.places.get(column, 0))

    @property
    def row_count(self) -> int:
        """How many claims the sheet states, clean or held."""
        return len(self.rows) + len(self.held)
