"""What a number format of Excel shows of a number: how many decimals, and whether it moves the point."""

import re
from functools import lru_cache
from typing import NamedTuple


class Shown(NamedTuple):
    """How a number is displayed.

    Args:
        decimals: behind the point that is shown; None where the format does not say.
        scale: the power of ten by which the number shown is smaller than the number stored; a percentage has none.
    """

    decimals: int | None
    scale: int = 0


UNKNOWN = Shown(None)

BUILT_IN = {
    **dict.fromkeys((1, 3, 5, 6, 9, 37, 38, 41, 42), Shown(0)),
    **dict.fromkeys((2, 4, 7, 8, 10, 39, 40, 43, 44), Shown(2)),
}
"""Formats that have a number and no text of their own (ECMA-376 part 1, 18.8.30)."""

# A quoted text, an escaped sign, a sign that stands for its width or fills the cell, and what is in brackets.
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)|[_*].|\[[^\]]*\]', re.DOTALL)
_DIGITS = re.compile(r"[0#?][0#?,]*")
_DRAWN_POINT = "·"


@lru_cache(maxsize=4096)
def shown_by(code: str) -> Shown:
    """What the first section of a format, the one for positive numbers, shows: ``#,##0.00;[Red]-0`` has 2 decimals.

    A comma behind the last digit divides by a thousand. A point that is drawn rather than meant, as in ``0!.0,``,
    moves it too: that is how 12345 yuan are shown as 1.2 万元.
    """
    section = _LITERAL.sub(_literal, code).split(";")[0]
    if not re.search("[0#?]", section) or re.search("[A-DF-Za-df-z@/]|E[+-]", section):
        return UNKNOWN  # General, text, a date, a fraction, or powers of ten
    whole, _, decimals = section.partition(".")
    digits = _DIGITS.findall(section)
    scale = 3 * (len(digits[-1]) - len(digits[-1].rstrip(",")))
    behind = len(re.findall("[0#?]", decimals))
    if _DRAWN_POINT in whole and "." not in section:
        behind = len(re.findall("[0#?]", whole.partition(_DRAWN_POINT)[2]))
        scale += behind
    return Shown(behind, scale)


def _literal(found: re.Match[str]) -> str:
    return _DRAWN_POINT if (found[1] or found[2]) == "." else ""
