"""What came of reading a statement and comparing it with the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duban.arrears.commands.statement.comparing import Compared, Comparison, Question
from duban.arrears.queries import KnownClaim
from duban.workbook.findings import Finding


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of reading and comparing.

    Args:
        values: of the rows without errors in the sheet, as they are kept, by row number.
        named: claims that the rows in error name, by row number.
        problems: rows that the sheet alone makes impossible to enter, by number.
        gone: what is asked about claims that no row continues.
        findings: all of them, the sheet's first.
    """

    values: Mapping[int, Mapping[str, object]]
    comparison: Comparison
    named: Mapping[int, KnownClaim]
    problems: Mapping[int, Finding]
    gone: Sequence[Question]
    findings: Sequence[Finding]

    @property
    def compared(self) -> Sequence[Compared]:
        """The rows that could be compared."""
        return self.comparison.rows

    @property
    def clean(self) -> list[Compared]:
        """The rows without an error, in the sheet or in what they are."""
        return [one for one in self.compared if not self.is_in_error(one)]

    def is_in_error(self, one: Compared) -> bool:
        """Whether a row cannot be entered as it is."""
        return one.is_undecided or one.row.number in self.problems
