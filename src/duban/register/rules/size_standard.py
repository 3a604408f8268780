"""The standard by which enterprises are large, medium, small or micro: sixteen lines, by industry. Pure.

Source: 《中小企业划型标准规定》, 工信部联企业〔2011〕300号; industries by GB/T 4754—2017.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from duban.kernel.errors import DomainError
from duban.kernel.numbers import half_width, shortened
from duban.kernel.words import N_, Sentence


class Metric(StrEnum):
    """What the standard measures by."""

    STAFF = "staff"
    REVENUE = "revenue"
    ASSETS = "assets"

    @property
    def label(self) -> Sentence:
        """The metric in the reader's language."""
        return Sentence(_METRICS[self])


_METRICS = {
    Metric.STAFF: N_("the number of staff"),
    Metric.REVENUE: N_("the operating revenue"),
    Metric.ASSETS: N_("the total assets"),
}


@dataclass(frozen=True, slots=True)
class Ladder:
    """From which number on an enterprise is large, medium or small by one metric. The number itself belongs to it.

    Persons for staff, 万元 for revenue and assets.
    """

    large: int
    medium: int
    small: int


@dataclass(frozen=True, slots=True)
class Line:
    """The standard for one industry: its number in the standard, and a ladder for each metric that it looks at.

    Args:
        codes: beginnings of industry codes: a section (A), divisions (01), groups (701).
    """

    number: int
    name: str
    codes: tuple[str, ...]
    ladders: Mapping[Metric, Ladder]

    @property
    def label(self) -> Sentence:
        """The industry in the reader's language."""
        return Sentence(self.name)


def _line(number: int, name: str, *codes: str, **ladders: tuple[int, int, int]) -> Line:
    return Line(number, name, codes, {Metric(metric): Ladder(*steps) for metric, steps in ladders.items()})


def _divisions(first: int, last: int) -> tuple[str, ...]:
    return tuple(f"{number:02}" for number in range(first, last + 1))


LINES = (
    _line(1, N_("Agriculture, forestry, animal husbandry and fishery"), "A", *_divisions(1, 5),
          revenue=(20_000, 500, 50)),
    _line(2, N_("Industry (mining, manufacturing, utilities)"), "B", "C", "D", *_divisions(6, 46),
          staff=(1_000, 300, 20), revenue=(40_000, 2_000, 300)),
    _line(3, N_("Construction"), "E", *_divisions(47, 50),
          revenue=(80_000, 6_000, 300), assets=(80_000, 5_000, 300)),
    _line(4, N_("Wholesale trade"), "51",
          staff=(200, 20, 5), revenue=(40_000, 5_000, 1_000)),
    _line(5, N_("Retail trade"), "52",
          staff=(300, 50, 10), revenue=(20_000, 500, 100)),
    _line(6, N_("Transport"), *_divisions(54, 58),
          staff=(1_000, 300, 20), revenue=(30_000, 3_000, 200)),
    _line(7, N_("Storage"), "592", "593", "594", "595", "596", "599",
          staff=(200, 100, 20), revenue=(30_000, 1_000, 100)),
    _line(8, N_("Postal services"), "60",
          staff=(1_000, 300, 20), revenue=(30_000, 2_000, 100)),
    _line(9, N_("Accommodation"), "61",
          staff=(300, 100, 10), revenue=(10_000, 2_000, 100)),
    _line(10, N_("Catering"), "62",
          staff=(300, 100, 10), revenue=(10_000, 2_000, 100)),
    _line(11, N_("Information transmission"), "63", "64",
          staff=(2_000, 100, 10), revenue=(100_000, 1_000, 100)),
    _line(12, N_("Software and information technology services"), "65",
          staff=(300, 100, 10), revenue=(10_000, 1_000, 50)),
    _line(13, N_("Property development"), "701",
          revenue=(200_000, 1_000, 100), assets=(10_000, 5_000, 2_000)),
    _line(14, N_("Property management"), "702",
          staff=(1_000, 300, 100), revenue=(5_000, 1_000, 500)),
    _line(15, N_("Leasing and business services"), "L", "71", "72",
          staff=(300, 100, 10), assets=(120_000, 8_000, 100)),
    _line(16, N_("Other industries"), "M", "N", "O", "R", *_divisions(73, 82), *_divisions(86, 90),
          staff=(300, 100, 10)),
)  # fmt: skip
"""No line holds industries that have a standard of their own or none (finance, education, health, public bodies), nor
those that the names of the lines do not settle (53 railways, 591 loading, 703 to 709 other property business)."""


class LineNotSettled(DomainError):
    """No line of the standard follows from an industry's code."""

    text = N_(
        "Which line of the size standard holds for industry “{code}” does not follow from the code. Give a longer "
        "code, or choose the line by hand and keep what the choice rests on."
    )

    def __init__(self, *, code: str) -> None:
        super().__init__(code=shortened(code))


_BY_CODE = {code: line for line in LINES for code in line.codes}
_LONGEST = max(map(len, _BY_CODE))


def line_of(industry: str) -> Line:
    """Find the line for an industry: a section letter (C), or two to four digits with or without it (C2511, 25).

    Raises:
        LineNotSettled: the code is too short to tell, or no line holds it.
    """
    code = half_width(industry).strip().upper()
    code = code[1:] if code[:1].isalpha() and len(code) > 1 else code
    for length in range(min(len(code), _LONGEST), 0, -1):
        if code[:length] in _BY_CODE:
            return _BY_CODE[code[:length]]
    raise LineNotSettled(code=industry)
