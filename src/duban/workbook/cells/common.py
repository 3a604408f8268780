"""What reading any cell needs: blanks, plain text, doubt."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from duban.kernel.errors import DomainError
from duban.kernel.numbers import half_width
from duban.kernel.words import N_, Sentence
from duban.workbook.naming import shown_cell
from duban.workbook.schema import QUANTITIES, Kind

Converter = Callable[[object], object]

BLANKS = frozenset({"", "-", "--", "—", "——", "–", "/", "//", "\\", "／", "－", "―", "─"})
"""What people write to say that nothing stands here."""

NONE_WORDS = frozenset({"无", "暂无", "没有", "N/A", "n/a", "NA"})
"""The same in words; in a text column they are text."""

_WORDY = frozenset({Kind.TEXT, Kind.CODE, Kind.BOOL})
_ZERO_IS_A_VALUE = QUANTITIES | {Kind.TEXT, Kind.BOOL, Kind.CODE}

EXACT_DIGITS = 2**53  # beyond it a number in a sheet no longer holds every digit


class LostDigits(DomainError):
    """A long number was typed as a number, and Excel kept fifteen digits of it."""

    text = N_(
        "{seen} was typed as a number, and a sheet keeps only 15 digits of a number. "
        "Set the cell to text and type it again."
    )

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shown_cell(seen))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that was read, with something to be said about how."""

    value: object
    message: Sentence


@cache
def nothing(kind: Kind) -> frozenset[object]:
    """What says, in a column of that kind, that nothing stands here; texts without the spaces around them.

    A zero does so where it cannot be a value: it is what a formula that refers to a blank cell leaves.
    """
    words = BLANKS if kind in _WORDY else BLANKS | NONE_WORDS
    return frozenset(words) if kind in _ZERO_IS_A_VALUE else words | {"0", 0}


def text(cell: object) -> str:
    """The text of a cell, as it stands."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and abs(cell) >= EXACT_DIGITS:
        raise LostDigits(seen=cell)
    return shown_cell(cell)


def code(cell: object) -> str:
    """An identifier: half width, capitals, no spaces."""
    return tight(text(cell)).upper()


def tight(seen: str) -> str:
    """A text in half width and without any space."""
    return "".join(half_width(seen).split())


def plain(name: str) -> str:
    """A name without what does not tell names apart: width, spaces, capitals, brackets, the marks of a list."""
    return re.sub(r"[\s()（）\[\]【】〔〕*:：、,，/_—-]", "", half_width(name)).casefold()
