"""What the headings of a schema may be called, and which column a heading means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from duban.kernel.money import Unit
from duban.workbook.cells import plain
from duban.workbook.schema import Kind, SheetSchema
from duban.workbook.units import unit_of_heading

_REMARK = re.compile(r"\([^)]*(?:\)|$)|\[[^\]]*(?:\]|$)|【[^】]*(?:】|$)")
_ORDINAL = re.compile(r"^(?:[0-9]{1,2}[.、．]|[一二三四五六七八九十]{1,3}、|其中[:：]?|[*＊※]+)")
_ABOUT = re.compile(r"(?<=..)(?:基本)?(?:情况|信息|资料)$")
_WHOLE = frozenset({"合计", "小计", "总计", "总额", "金额", "数额", "计", "其中", "名称", ""})
"""Below a name these say no more than the name itself: 债务单位情况/名称 is the debtor."""


class Strength(IntEnum):
    """How sure a meaning is."""

    ALONE = 1
    """Only the lowest of several names is known."""
    TOGETHER = 2
    """The names above the column are known together, or there is only one."""
    SAID = 3
    """A person said so."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the names above a column mean.

    Args:
        column: of the schema; None when unknown; empty when there is nothing to keep under it.
        unit: of money, when the names tell it.
    """

    column: str | None
    unit: Unit | None
    strength: Strength = Strength.ALONE


@lru_cache(maxsize=20_000)
def _forms(heading: str) -> tuple[tuple[str, ...], Unit | None]:
    """A heading as written, without its unit, and without remarks and numbers before it; each in plain form."""
    bare, unit = unit_of_heading(heading)
    short = _ABOUT.sub("", _ORDINAL.sub("", _REMARK.sub("", bare)))
    return (plain(heading), plain(bare), plain(short)), unit


class Vocabulary:
    """The headings that a schema knows, and those that a person has placed.

    Args:
        mapping: from a heading to a column's name, or to "" for one that holds nothing to keep.

    Attributes:
        needed: so many known headings make a row of headings.
        written: the headings as they are declared.
    """

    def __init__(self, schema: SheetSchema, mapping: Mapping[str, str]) -> None:
        self.schema = schema
        self.needed = min(2, len(schema.columns))
        self.money = {column.name for column in schema.columns if column.kind is Kind.MONEY}
        names = {column.name for column in schema.columns} | {""}
        self._said = {plain(heading): name for heading, name in mapping.items() if name in names}
        self.written = {name for column in schema.columns for name in (column.label, *column.aliases)} | set(mapping)
        self._known = dict.fromkeys(map(plain, schema.ignored), "") | {
            plain(name): column.name for column in schema.columns for name in (column.label, *column.aliases)
        }

    def meaning(self, path: Sequence[str]) -> Meaning:
        """What the names above a column mean, from the highest to the lowest: 清偿情况, 累计已清偿."""
        forms, units = zip(*map(_forms, path), strict=True)
        unit = next((unit for unit in reversed(units) if unit is not None), None)
        said = self._said.get("".join(form[0] for form in forms), self._said.get(forms[-1][0]))
        if said is not None:
            return Meaning(said, unit, Strength.SAID)
        for parts, strength in _readings(len(path), whole=forms[-1][2] in _WHOLE):
            for form in range(3):
                name = self._known.get("".join(forms[part][form] for part in parts))
                if name is not None:
                    return Meaning(name, unit, strength)
        return Meaning(None, unit)


def _readings(length: int, *, whole: bool) -> list[tuple[tuple[int, ...], Strength]]:
    """Which names to try together, the surest first: all, the last two in either order, the outer two, the lowest."""
    last = length - 1
    if length == 1:
        return [((0,), Strength.TOGETHER)]
    tried = [
        (tuple(range(length)), Strength.TOGETHER),
        ((last - 1, last), Strength.TOGETHER),
        ((last, last - 1), Strength.TOGETHER),
    ]
    if length > 2:
        tried.append(((0, last), Strength.TOGETHER))
    tried.append(((last,), Strength.ALONE))
    if whole:
        tried += [(tuple(range(last)), Strength.TOGETHER), ((last - 1,), Strength.ALONE)]
    return tried
