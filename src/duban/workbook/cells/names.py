"""Codes, choices, telephone numbers, yes and no."""

import re
from difflib import get_close_matches

from duban.kernel.codes import BodyCodeCheck, Uscc
from duban.kernel.errors import DomainError
from duban.kernel.numbers import half_width, shortened
from duban.kernel.regions import RegionCode
from duban.kernel.words import N_
from duban.workbook.cells.common import Converter, Doubt, plain, text
from duban.workbook.naming import shown_cell
from duban.workbook.schema import Column


class UnknownChoice(DomainError):
    """A cell holds none of the names of its list."""

    text = N_("“{seen}” is not one of the names for {column}: {names}.")

    def __init__(self, *, seen: object, column: Column) -> None:
        labels = [choice.label for choice in column.choices]
        shown = shown_cell(seen)
        self.expected = next(iter(get_close_matches(shown, labels, n=1, cutoff=0.5)), "")
        super().__init__(seen=shortened(shown), column=column.label, names="、".join(labels))


class UnreadablePhone(DomainError):
    """A cell holds no telephone number."""

    text = N_("“{seen}” is not a telephone number. Write its digits, the area code first.")

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shortened(shown_cell(seen)))


class UnreadableTruth(DomainError):
    """A cell says neither yes nor no."""

    text = N_("“{seen}” says neither yes nor no. Write 是 or 否.")

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shortened(shown_cell(seen)))


_LIST_MARK = re.compile(r"^[(（]?[0-9]{1,2}[)）.、．]\s*")
_YES = frozenset({"是", "有", "√", "✓", "y", "yes", "true", "1", "已"})
_NO = frozenset({"否", "无", "×", "✗", "x", "n", "no", "false", "0", "不是", "没有", "未"})


def chosen(column: Column) -> Converter:
    """One of a list, by any of its names, also behind the number of a list: 3.工程款."""
    codes = {
        plain(name): choice.code for choice in column.choices for name in (choice.code, choice.label, *choice.aliases)
    }

    def read(cell: object) -> str:
        shown = shown_cell(cell)
        code = codes.get(plain(shown)) or codes.get(plain(_LIST_MARK.sub("", shown)))
        if code is None:
            raise UnknownChoice(seen=cell, column=column)
        return code

    return read


def uscc(cell: object) -> Uscc | Doubt:
    """A credit code, checked."""
    seen = text(cell)
    try:
        return Uscc.parse(seen)
    except BodyCodeCheck as odd:
        # Some licences are printed like this; the last character, which finds every single slip, is right.
        return Doubt(Uscc.parse(seen, as_issued=True), odd.sentence)


def region(cell: object) -> RegionCode:
    """A region code."""
    return RegionCode.parse(text(cell))


def phone(cell: object) -> str:
    """A telephone number, kept as it is written."""
    seen = re.sub(r"\s+", " ", half_width(text(cell)))
    if not 5 <= sum(map(str.isdecimal, seen)) <= 40:
        raise UnreadablePhone(seen=cell)
    return seen


def truth(cell: object) -> bool:
    """Yes or no."""
    word = plain(shown_cell(cell))
    if word in _YES or word in _NO:
        return word in _YES
    raise UnreadableTruth(seen=cell)
