"""Units of money as sheets name them: in a line above a table, or inside a heading."""

import re

from duban.kernel.money import Unit
from duban.kernel.numbers import half_width

_UNITS = {"分": Unit.FEN, "元": Unit.YUAN, "千元": Unit.QIAN, "万元": Unit.WAN, "亿元": Unit.YI}
_WORD = r"亿\s*元|万\s*元|千\s*元|元"
_CURRENCY = r"(?:人民币\s*[:：]?\s*)?"
# 填报单位：元江县 names a reporter, so nothing Chinese may follow the unit directly.
_LINE = re.compile(rf"单\s*位\s*[:：]?\s*[(（]?\s*{_CURRENCY}({_WORD})(?![一-鿿])")
_IN_BRACKETS = re.compile(rf"[(（\[【]\s*(?:单位\s*[:：]?\s*)?{_CURRENCY}({_WORD})\s*[)）\]】]")
_AT_THE_END = re.compile(rf"[(\[【/,:、]?(?:单位:?)?{_CURRENCY}({_WORD})[)\]】]?$")

_NOTE = re.compile(
    rf"[(（\[【]?\s*(?:金额|货币|计量)?\s*单\s*位\s*[:：]?\s*{_CURRENCY}(?:{_WORD})(?:[、,，/].{{1,6}})?\s*[)）\]】]?"
)


def _unit(word: str) -> Unit:
    return _UNITS[re.sub(r"\s", "", word)]


def unit_word(unit: Unit) -> str:
    """How a unit is called in a sheet."""
    return next(word for word, named in _UNITS.items() if named is unit)


def unit_note(unit: Unit) -> str:
    """The line that names a unit above a table."""
    return f"单位：{unit_word(unit)}"


def unit_in_line(line: str) -> Unit | None:
    """The unit that a line outside the headings names: 单位：万元, or a title that ends in （万元）."""
    named = _LINE.search(line) or _IN_BRACKETS.search(line)
    return _unit(named[1]) if named else None


def is_unit_note(text: str) -> bool:
    """Whether a cell says nothing but the unit of the amounts around it: （单位：万元）."""
    return _NOTE.fullmatch(text.strip()) is not None


def unit_of_heading(heading: str) -> tuple[str, Unit | None]:
    """A heading in half width and without spaces, parted from the unit that it names."""
    text = re.sub(r"\s+", "", half_width(heading))
    named = _AT_THE_END.search(text)
    if named:
        return text[: named.start()], _unit(named[1])
    inside = _IN_BRACKETS.search(text)
    return (text[: inside.start()] + text[inside.end() :], _unit(inside[1])) if inside else (text, None)
