"""How a sheet that we write comes out of the printer."""

from math import ceil
from typing import Any

_A3, _A4 = 8, 9
_WIDTH_OF_A3, _WIDTH_OF_A4 = 230, 150  # half-width letters that can still be read


def fit_to_paper(sheet: Any, width: float) -> None:  # noqa: ANN401 - ships no types
    """Print across: on A4 or A3, on as many sheets side by side as a width in half-width letters needs to be read."""
    sheet.set_landscape()
    sheet.set_paper(_A4 if width <= _WIDTH_OF_A4 else _A3)
    sheet.fit_to_pages(pages_across(width), 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&C&P / &N")


def pages_across(width: float) -> int:
    """How many sheets of paper stand side by side."""
    return max(1, ceil(width / _WIDTH_OF_A3))
