"""How cells and columns are called, and how a cell looks as text."""

from datetime import date, datetime


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


def shown_cell(cell: object) -> str:
    """What stands in a cell, as text: whole numbers without a point, days in ISO form."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e17:
        return f"{cell:.0f}"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()


def is_blank(cell: object) -> bool:
    """Whether nothing is stated; a zero counts, for a formula leaves it in a row that nobody filled in."""
    return not (cell.strip() if isinstance(cell, str) else cell)
