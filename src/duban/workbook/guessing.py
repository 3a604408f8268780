"""Whose a workbook is and of which day, guessed from what stands around its table. A person confirms.

Pure: texts and names come in, a guess with its reason comes out.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from duban.kernel.numbers import half_width
from duban.kernel.words import N_, Sentence

SHORTEST_NAME = 2


class Where(StrEnum):
    """Where a text stands. The first says most about whose the workbook is."""

    SEAL = "seal"
    """填报单位（盖章）：…"""
    TITLE = "title"
    FILE = "file"
    """The name of the file and of the folders it lies in."""
    SHEET = "sheet"


CONFIDENCE = {Where.SEAL: 0.95, Where.TITLE: 0.9, Where.FILE: 0.8, Where.SHEET: 0.7}
CONTRADICTED = 0.5
"""How sure a guess is at most when another text names another unit."""
_PLACES = {
    Where.SEAL: N_("The line of the seal"),
    Where.TITLE: N_("The title"),
    Where.FILE: N_("The name of the file"),
    Where.SHEET: N_("The name of a sheet"),
}


@dataclass(frozen=True, slots=True)
class Clue:
    """A text around a table."""

    where: Where
    text: str


@dataclass(frozen=True, slots=True)
class UnitNames:
    """A unit and all its names.

    Args:
        others: former names and aliases.
        above: codes of the units it stands under, in any order.
        may_report: whether the person may hand in for it.
    """

    code: str
    name: str
    others: Sequence[str] = ()
    above: frozenset[str] = frozenset()
    may_report: bool = True


@dataclass(frozen=True, slots=True)
class Guess:
    """Whose a workbook seems to be.

    Args:
        unit_code: None where nothing, or nothing certain, can be said.
        reason: why, in a sentence; also why not.
        confidence: from 0 to 1.
        rivals: codes of other units that were named.
    """

    unit_code: str | None
    reason: Sentence
    confidence: float = 0.0
    rivals: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DayGuess:
    """Of which day a workbook seems to be, and why; None where no text says."""

    day: date | None
    reason: Sentence


# -- Whose ------------------------------------------------------------------------------------------------------------


def guess_unit(clues: Sequence[Clue], units: Sequence[UnitNames]) -> Guess:
    """Guess the unit from the strongest text that names just one; weaker ones may contradict it.

    In one text the longest name wins, a body wins over the region it stands in, and a region's own office that the tree
    does not know (青石县住建局) means the region, not the city's bureau of that name.
    """
    named = [(clue, found) for clue in _strongest_first(clues) if (found := _units_in(clue.text, units))]
    certain = [(clue, found[0]) for clue, found in named if len(found) == 1]
    rivals = _codes(unit for _, found in named for unit in found)
    if not named:
        return Guess(None, Sentence(N_("Neither title, seal line, sheets nor file name a unit that is known here.")))
    if not certain or not _among(certain[0][1], named):
        names = "、".join(_names(units, rivals))
        return Guess(None, Sentence(N_("Several units are named: {names}. Choose one."), {"names": names}), 0.0, rivals)
    clue, unit = certain[0]
    others = [code for code in rivals if code != unit.code]
    if not unit.may_report:
        text = N_("{place} names {unit}, for which you may not hand in.")
        return Guess(None, Sentence(text, _said(clue, unit)), 0.0, rivals)
    if others:
        text = N_("{place} names {unit}; elsewhere stands {others}.")
        values = _said(clue, unit) | {"others": "、".join(_names(units, others))}
        return Guess(unit.code, Sentence(text, values), CONTRADICTED, others)
    return Guess(unit.code, Sentence(N_("{place} names {unit}."), _said(clue, unit)), CONFIDENCE[clue.where])


def _among(unit: UnitNames, named: Sequence[tuple[Clue, Sequence[UnitNames]]]) -> bool:
    """Whether the strongest text that names any unit names this one too; a weaker text only decides between its."""
    return unit in named[0][1]


def _strongest_first(clues: Sequence[Clue]) -> list[Clue]:
    order = list(Where)
    return sorted(clues, key=lambda clue: order.index(clue.where))


def _codes(units: "Iterator[UnitNames]") -> list[str]:
    return list(dict.fromkeys(unit.code for unit in units))


def _names(units: Sequence[UnitNames], codes: Sequence[str]) -> list[str]:
    names = {unit.code: unit.name for unit in units}
    return [names[code] for code in codes]


def _said(clue: Clue, unit: UnitNames) -> dict[str, object]:
    return {"place": Sentence(_PLACES[clue.where]), "unit": unit.name}


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    unit: UnitNames

    def is_within(self, other: "_Match") -> bool:
        longer = other.end - other.start > self.end - self.start
        return longer and other.start <= self.start and self.end <= other.end


def _units_in(text: str, units: Sequence[UnitNames]) -> list[UnitNames]:
    """The units that a text means, each once."""
    matches = list(_matches(_run_together(text), units))
    matches = [match for match in matches if not any(match.is_within(other) for other in matches)]
    matches = [match for match in matches if not _is_office_of_another(match, matches)]
    meant = {match.unit.code: match.unit for match in matches}
    above = {code for unit in meant.values() for code in unit.above}
    return [unit for code, unit in meant.items() if code not in above]


def _matches(text: str, units: Sequence[UnitNames]) -> Iterator[_Match]:
    for unit in units:
        for name in {_run_together(name) for name in (unit.name, *unit.others)}:
            if len(name) >= SHORTEST_NAME:
                for start in (found.start() for found in re.finditer(re.escape(name), text)):
                    yield _Match(start, start + len(name), unit)


def _run_together(text: str) -> str:
    """A text without what stands between the parts of one name; what parts two names (、) stays."""
    return re.sub(r"[\s()\[\]【】《》:*/_-]", "", half_width(text)).casefold()


def _is_office_of_another(match: _Match, matches: Sequence[_Match]) -> bool:
    """Whether a name follows directly on that of a unit under which its bearer does not stand."""
    before = [other for other in matches if other.end == match.start and other.unit.code != match.unit.code]
    return bool(before) and not any(other.unit.code in match.unit.above for other in before)


# -- Of which day -----------------------------------------------------------------------------------------------------

_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_FULL = re.compile(r"(?<!\d)(20\d{2})(?:年|[-./])(1[0-2]|0?[1-9])(?:月|[-./])(3[01]|[12]\d|0?[1-9])(?:日|号|(?!\d))")
_EIGHT = re.compile(r"(?<!\d)(20\d{2})(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])(?!\d)")
_MONTH = re.compile(r"(?<!\d)(20\d{2})(?:年|[-./])(1[0-2]|0?[1-9])(?:月|(?!\d|[./-]\d))")
_SIX = re.compile(r"(?<!\d)(20\d{2})(1[0-2]|0[1-9])(?!\d)")
_AS_OF = re.compile(r"截[至止]\s*(?:到|于)?[:：]?")
_DAY_OF_WRITING = re.compile(r"(?:填报|填表|报送|上报|制表|打印|编制)(?:日期|时间)[:：]?\s*[\d年月日号./-]*")


def guess_day(clues: Sequence[Clue], *, today: date) -> DayGuess:
    """Guess the day at which the ledger stood: 截至…, a day, or the last day of a month that is named.

    The day on which a sheet was filled in (填报日期) says nothing. Of a month that has not ended, today is proposed.
    """
    texts = [(clue, _searchable(clue.text)) for clue in _strongest_first(clues)]
    texts.sort(key=lambda one: _AS_OF.search(one[1]) is None)
    for patterns in ((_FULL, _EIGHT), (_MONTH, _SIX)):
        for clue, text in texts:
            for pattern in patterns:
                if found := pattern.search(text):
                    return _day_guess(found, clue, today)
    return DayGuess(None, Sentence(N_("No text names a day or a month. Give the day at which the ledger stood.")))


def _searchable(text: str) -> str:
    text = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", text)  # a space between two numbers parts them
    text = re.sub("十([一二])", r"1\1", text).replace("十月", "10月").translate(_CHINESE_DIGITS)
    return _DAY_OF_WRITING.sub("", text)


def _day_guess(found: "re.Match[str]", clue: Clue, today: date) -> DayGuess:
    numbers = [int(part) for part in found.groups()]
    year, month = numbers[:2]
    last = monthrange(year, month)[1]
    day = date(year, month, min(numbers[2], last) if len(numbers) > 2 else last)
    values = {"place": Sentence(_PLACES[clue.where]), "text": found[0]}
    if day <= today:
        return DayGuess(day, Sentence(N_("{place} says {text}."), values))
    if (year, month) == (today.year, today.month) and len(numbers) == 2:
        return DayGuess(today, Sentence(N_("{place} says {text}, which has not ended; today is proposed."), values))
    return DayGuess(None, Sentence(N_("{place} says {text}, which has not come. Give the day."), values))
