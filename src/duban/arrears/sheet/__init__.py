"""The ledger workbook 清欠台账: from a file to checked rows. Pure: no database, no clock."""

from duban.arrears.sheet.columns import LEDGER
from duban.arrears.sheet.reading import read_ledger
from duban.arrears.sheet.rows import PARTS, Basis, LedgerReading, LedgerRow, LedgerTotals

__all__ = ["LEDGER", "PARTS", "Basis", "LedgerReading", "LedgerRow", "LedgerTotals", "read_ledger"]
