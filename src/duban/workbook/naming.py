"""How cells and columns are called, and how a cell looks as text."""

import re
from datetime import date, datetime

Place = tuple[int, int]
"""Row and column of a cell, from 0."""


def column_letters(place: int) -> str:
    """Name a column as spreadsheets do: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(row: int, place: int) -> str:
    """Name a cell as spreadsheets do: row 66, place 6 is G66."""
    return f"{column_letters(place)}{row}"


def place_of(letters: str) -> int:
    """The place of a column from 0: A is 0, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def place_named(name: str) -> Place | None:
    """The place of a cell such as "G66"; None when it is no name of a cell."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", name)
    return (int(found[2]) - 1, place_of(found[1])) if found else None


def shown_cell(cell: object) -> str:
    """What stands in a cell, as text: whole numbers without a point, days in ISO form."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e17:
        return f"{cell:.0f}"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()


def is_empty(cell: object) -> bool:
    """Whether nothing stands in a cell, not even a zero."""
    return is_blank(cell) and cell != 0


def is_blank(cell: object) -> bool:
    """Whether nothing is stated; a zero counts, for a formula leaves it in a row that nobody filled in."""
    return not (cell.strip() if isinstance(cell, str) else cell)
