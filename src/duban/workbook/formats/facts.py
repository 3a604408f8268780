"""What a sheet's file says beside the values of its cells."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from duban.workbook.formats.number_formats import Shown
from duban.workbook.grid import Decimals, Merge
from duban.workbook.limits import Limits
from duban.workbook.refusals import SheetTooWide, TooManyRows


@dataclass(slots=True)
class Extent:
    """How far the filled cells of a sheet reach; it refuses as soon as that is too far.

    Args:
        filled: rows in which something stands.
        height, width: of the rectangle from A1 that holds everything.
    """

    file: str
    sheet: str
    limits: Limits
    filled: int = 0
    height: int = 0
    width: int = 0

    def add(self, *, rows: int, height: int, width: int) -> None:
        """Count more filled rows, the last of which is number `height` and ends in column number `width`."""
        self.filled += rows
        self.height, self.width = max(self.height, height), max(self.width, width)
        if self.filled > self.limits.all_rows:
            raise TooManyRows(file=self.file, sheet=self.sheet, limit=self.limits.rows)
        if self.height * self.width > self.limits.cells:
            raise SheetTooWide(file=self.file, rows=self.height, columns=self.width)


@dataclass(slots=True)
class ShownNumbers:
    """How the numbers of each column are displayed: the way most of the first ones are, and the rows that differ."""

    usual: dict[int, Shown] = field(default_factory=dict)
    others: dict[int, dict[int, Shown]] = field(default_factory=dict)

    def settle(self, column: int, seen: Counter[Shown]) -> bool:
        """Take in how numbers of a column are displayed; False when their rows have to be looked at one by one."""
        usual = self.usual.setdefault(column, seen.most_common(1)[0][0])
        return len(seen) == 1 and usual in seen

    def note(self, row: int, column: int, shown: Shown) -> None:
        """Keep how one number is displayed, when it differs from its column."""
        if shown != self.usual[column]:
            self.others.setdefault(column, {})[row] = shown

    def take(self, numbers: Iterable[tuple[int, int, Shown]]) -> None:
        """Take in numbers by row and column from 0."""
        held = list(numbers)
        seen: dict[int, Counter[Shown]] = {}
        for (column, shown), count in Counter((column, shown) for _, column, shown in held).items():
            seen.setdefault(column, Counter())[shown] += count
        mixed = {column for column, counted in seen.items() if not self.settle(column, counted)}
        for row, column, shown in held if mixed else ():
            if column in mixed:
                self.note(row, column, shown)

    def decimals(self) -> dict[int, Decimals]:
        """For `Grid.decimals`."""
        found = {
            column: Decimals(
                shown.decimals, {row: other.decimals for row, other in self.others.get(column, {}).items()}
            )
            for column, shown in self.usual.items()
        }
        return {column: known for column, known in found.items() if known.usual is not None or known.others}

    def scaled(self) -> dict[int, int]:
        """For `Grid.scaled`."""
        return {column: shown.scale for column, shown in self.usual.items() if shown.scale}


@dataclass(slots=True)
class SheetFacts:
    """What the reader of cells does not tell of a sheet; rows and columns from 0.

    Args:
        lost: an Excel error such as #REF!, or a formula that was never calculated, by row and column.
        merges: None where the reader of cells knows them.
    """

    lost: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    numbers: ShownNumbers = field(default_factory=ShownNumbers)
    merges: Sequence[Merge] | None = None
