"""Regions by code: which code, name and parent a place had on a day."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from duban.kernel.errors import DomainError
from duban.kernel.numbers import half_width, shortened
from duban.kernel.words import N_, Sentence

GB2260 = "GB/T 2260"

_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_UNDER_PROVINCE = "90"  # counties and cities run by the province itself; there is no prefecture of this number
# Prefectures are 01-70 and 90. Descriptions of GB/T 2260 end districts at 18, but 110119 and 310120 are in force, so
# the last two digits may be anything.
_DIGITS = re.compile(
    r"(?P<province>1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])"
    r"(?P<prefecture>0[0-9]|[1-6][0-9]|70|90)(?P<county>[0-9]{2})"
)
_OWN_CODE = re.compile(r"[0-9A-Z][0-9A-Z.-]{0,31}")


class RegionLevel(StrEnum):
    """How high a region stands; a park or zone has a code of its own scheme and no level in GB/T 2260."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    OWN = "own"


class UnreadableRegionCode(DomainError):
    """A text has not the form of a region code."""

    text = N_(
        "“{seen}” is not a region code of {scheme}. Give six digits such as 530102, or two or four for a province or "
        "prefecture; a park has a code in a scheme of its own, written scheme:code."
    )

    def __init__(self, *, seen: str, scheme: str) -> None:
        super().__init__(seen=shortened(seen), scheme=scheme)


class UnknownRegion(DomainError):
    """A region code was never in the table."""

    text = N_("The region table has no {code}. Check the code, or load the region with the day from which it is valid.")

    def __init__(self, *, code: "RegionCode") -> None:
        super().__init__(code=code)


class RegionNotValid(DomainError):
    """A region code is known, but not on the day asked for."""

    text = N_("Region {code} was not valid on {day}; it was valid as {spans}. {advice}")

    def __init__(self, *, code: "RegionCode", day: date, spans: str, advice: Sentence) -> None:
        super().__init__(code=code, day=day, spans=spans, advice=advice)


class RegionSpansOverlap(DomainError):
    """Two rows say what one code means on the same day."""

    text = N_("Region {code} is both {first} and {second} on {day}. Let the first row end before the second begins.")

    def __init__(self, *, code: "RegionCode", first: str, second: str, day: date) -> None:
        super().__init__(code=code, first=first, second=second, day=day)


class RegionSpanEmpty(DomainError):
    """A region row ends before it begins."""

    text = N_("Region {code} {name} cannot end on {valid_to} when it begins on {valid_from}. Correct one of the days.")

    def __init__(self, *, code: "RegionCode", name: str, valid_from: date, valid_to: date) -> None:
        super().__init__(code=code, name=name, valid_from=valid_from, valid_to=valid_to)


@dataclass(frozen=True, slots=True, order=True)
class RegionCode:
    """A region's code in a scheme: six digits in GB/T 2260, or a code of a scheme of one's own for parks and zones.

    `str()` is the digits alone in GB/T 2260 and "scheme:code" elsewhere; `parse` reads both back.

    Raises:
        UnreadableRegionCode.
    """

    code: str
    scheme: str = GB2260

    def __post_init__(self) -> None:
        form = _DIGITS if self.scheme == GB2260 else _OWN_CODE
        match = form.fullmatch(self.code)
        if match is None or not self.scheme or ":" in self.scheme:
            raise UnreadableRegionCode(seen=self.code, scheme=self.scheme)

    @classmethod
    def parse(cls, text: str) -> "RegionCode":
        """Read a code as typed or printed: 53, 5301, 530102, or scheme:code; full width and spaces do not matter."""
        scheme, colon, code = half_width(text).strip().rpartition(":")
        if colon:
            return cls(code.strip().upper(), scheme.strip())
        digits = "".join(code.split())
        return cls(digits.ljust(6, "0") if len(digits) in {2, 4} else digits)

    @property
    def level(self) -> RegionLevel:
        """Province, prefecture or county; `OWN` outside GB/T 2260."""
        if self.scheme != GB2260:
            return RegionLevel.OWN
        if self.code.endswith("0000"):
            return RegionLevel.PROVINCE
        return RegionLevel.PREFECTURE if self.code.endswith("00") else RegionLevel.COUNTY

    @property
    def parent(self) -> "RegionCode | None":
        """The code one level up; None for a province and outside GB/T 2260.

        A district of a municipality and a county run by the province (digits 3 and 4 are 90, or 00) belong to the
        province: 市辖区 and 省直辖县 are placeholders in lists, and no places.
        """
        if self.level in {RegionLevel.OWN, RegionLevel.PROVINCE}:
            return None
        direct = self.code[:2] in _MUNICIPALITIES or self.code[2:4] == _UNDER_PROVINCE
        if direct or self.level is RegionLevel.PREFECTURE:
            return RegionCode(self.code[:2] + "0000")
        return RegionCode(self.code[:4] + "00")

    def __str__(self) -> str:
        return self.code if self.scheme == GB2260 else f"{self.scheme}:{self.code}"


@dataclass(frozen=True, slots=True)
class Region:
    """What a code meant for a time.

    Args:
        code: in GB/T 2260 or a scheme of one's own.
        name: the name in that time.
        valid_from: the first day.
        valid_to: the first day on which it no longer holds; None while it holds.
        parent: where it belongs; by default what the code says.
        successor: the code that took its place, when there is one and it is known.
    """

    code: RegionCode
    name: str
    valid_from: date
    valid_to: date | None = None
    parent: RegionCode | None = None
    successor: RegionCode | None = None

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise RegionSpanEmpty(code=self.code, name=self.name, valid_from=self.valid_from, valid_to=self.valid_to)

    @property
    def scheme(self) -> str:
        """The scheme of the code."""
        return self.code.scheme

    @property
    def belongs_to(self) -> RegionCode | None:
        """The parent as recorded, or else as the code says; None for a province."""
        return self.parent or self.code.parent

    def __contains__(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class RegionTable:
    """Regions over time; asked for a code or a name, it always wants to know the day.

    Raises:
        RegionSpansOverlap: two rows give one code a meaning on the same day.
    """

    def __init__(self, rows: Iterable[Region]) -> None:
        self._by_code: dict[RegionCode, list[Region]] = defaultdict(list)
        self._by_name: dict[str, list[Region]] = defaultdict(list)
        self._by_parent: dict[RegionCode, list[Region]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (row.code, row.valid_from)):
            self._by_code[row.code].append(row)
            self._by_name[row.name].append(row)
            if row.belongs_to:
                self._by_parent[row.belongs_to].append(row)
        for first, second in (pair for held in self._by_code.values() for pair in pairwise(held)):
            if second.valid_from in first:
                raise RegionSpansOverlap(code=first.code, first=first.name, second=second.name, day=second.valid_from)

    def on(self, code: RegionCode, day: date) -> Region:
        """Return what a code meant on a day.

        Raises:
            UnknownRegion: the code was never in the table.
            RegionNotValid: it was, but not on that day; the sentence says when, and what took its place.
        """
        held = self._by_code.get(code)
        if not held:
            raise UnknownRegion(code=code)
        for row in held:
            if day in row:
                return row
        raise RegionNotValid(code=code, day=day, spans="; ".join(map(_span, held)), advice=_advice(held, day))

    def name_on(self, code: RegionCode, day: date) -> str:
        """Return the name that a code had on a day; raises as `on` does."""
        return self.on(code, day).name

    def find(self, name: str, day: date) -> tuple[Region, ...]:
        """Return every region of exactly that name on a day, by code; several districts are called 鼓楼区."""
        return tuple(row for row in self._by_name.get(name.strip(), ()) if day in row)

    def children(self, code: RegionCode, day: date) -> tuple[Region, ...]:
        """Return the regions directly below a code on a day, by code; raises as `on` does."""
        self.on(code, day)
        return tuple(row for row in self._by_parent.get(code, ()) if day in row)


def _span(row: Region) -> str:
    last_day = row.valid_to - timedelta(days=1) if row.valid_to else ""
    return f"{row.name} {row.valid_from}..{last_day}"


def _advice(held: list[Region], day: date) -> Sentence:
    """Say where to look instead of a code that did not hold on `day`."""
    ended = [row for row in held if row.valid_to is not None and row.valid_to <= day]
    if not ended:
        return Sentence(N_("Use the code that the place had on that day."))
    if ended[-1].successor is None:
        return Sentence(N_("Its successor is not recorded: look the place up by its name."))
    return Sentence(N_("Use its successor, {successor}."), {"successor": ended[-1].successor})
