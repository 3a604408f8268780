"""How wide texts are in a sheet."""

from datetime import date
from unicodedata import east_asian_width

from duban.workbook.grid import Cell, Grid
from duban.workbook.surroundings import is_title_or_remark

NARROWEST, WIDEST = 8, 42
_DAY = 12
_LOOKED_AT = 200  # rows by which the width of a column is guessed


def text_width(text: str) -> int:
    """How wide the longest line of a text is, in half-width letters; a Chinese letter is two wide."""
    return max(sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line) for line in text.split("\n"))


def guessed_widths(grid: Grid) -> dict[int, int]:
    """Guess how wide the columns are; a line around the table, such as a title, does not count."""
    wide = {(one.top, one.left) for one in grid.merges if one.right > one.left}
    widths: dict[int, int] = dict.fromkeys(grid.hidden_columns, NARROWEST)
    for number, row in enumerate(grid.rows[:_LOOKED_AT]):
        filled = [(place, cell) for place, cell in enumerate(row) if cell != "" and (number, place) not in wide]
        for place, cell in () if is_title_or_remark([cell for _, cell in filled]) else filled:
            widths[place] = max(widths.get(place, NARROWEST), min(WIDEST, _width(cell)))
    return widths


def _width(cell: Cell) -> int:
    return _DAY if isinstance(cell, date) else text_width(str(cell)) + 2
