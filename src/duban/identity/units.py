"""The organisation tree as people type it: kinds of unit, and rows of a `units load` file. Pure."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from itertools import count

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class Kind(StrEnum):
    """What a unit is; it decides the group of the progress table, and whether it is a territory."""

    CITY = "city"
    COUNTY = "county"
    PARK = "park"
    TOWNSHIP = "township"
    BUREAU = "bureau"
    OFFICE = "office"
    HOSPITAL = "hospital"
    SCHOOL = "school"
    SOE = "soe"
    PLATFORM = "platform"
    ENTERPRISE = "enterprise"
    OTHER = "other"

    @property
    def is_territory(self) -> bool:
        """A region with everything in it."""
        return self in {Kind.CITY, Kind.COUNTY, Kind.PARK, Kind.TOWNSHIP}


_KIND_WORDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.CITY: ("市", "市政府", "州", "盟", "prefecture", "municipality"),
    Kind.COUNTY: ("县", "区", "县市区", "县（市）", "县(市)", "县（市、区）", "县级市", "旗", "district"),
    Kind.PARK: ("园区", "开发区", "高新区", "zone"),
    Kind.TOWNSHIP: ("乡镇", "镇", "乡", "街道", "乡镇（街道）", "town", "street"),
    Kind.BUREAU: ("部门", "市直部门", "局", "委", "department", "agency", "institution"),
    Kind.OFFICE: ("专班", "办公室", "清欠办"),
    Kind.HOSPITAL: ("医院",),
    Kind.SCHOOL: ("学校", "university", "college"),
    Kind.SOE: ("国企", "国有企业", "state_firm", "firm"),
    Kind.PLATFORM: ("平台", "平台公司", "政府平台公司"),
    Kind.ENTERPRISE: ("企业", "company"),
}
KIND_OF_WORD = {word: kind for kind, words in _KIND_WORDS.items() for word in (kind.value, *words)}


class Group(StrEnum):
    """The groups of the progress table, in their official order."""

    COUNTY = "county"
    BUREAU = "bureau"
    PARK = "park"
    SOE = "soe"

    @property
    def label(self) -> Sentence:
        """The group's heading in the reader's language."""
        return Sentence(_GROUP_LABELS[self])


_GROUP_LABELS = {
    Group.COUNTY: N_("Counties, cities and districts"),
    Group.BUREAU: N_("Municipal departments"),
    Group.PARK: N_("Parks"),
    Group.SOE: N_("State firms"),
}


def group_of(kind: str) -> Group:
    """Which group of the progress table a unit stands in."""
    if kind in {Kind.COUNTY, Kind.TOWNSHIP}:
        return Group.COUNTY
    if kind == Kind.PARK:
        return Group.PARK
    if kind in {Kind.SOE, Kind.PLATFORM, Kind.ENTERPRISE}:
        return Group.SOE
    return Group.BUREAU


class UnitsFileRefused(DomainError):
    """A file of units cannot be loaded; nothing of it was."""

    text = N_("Line {line} of the units file: {problem} Correct it and load the file again; nothing was changed.")

    def __init__(self, *, line: int, problem: Sentence) -> None:
        super().__init__(line=line, problem=problem)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line of a units file."""

    line_number: int
    code: str
    name: str
    kind: Kind
    region: str
    parent: str
    line: str
    aliases: tuple[str, ...]


COLUMNS = ("code", "name", "kind", "region", "parent", "line", "aliases")


def read_units(text: str) -> list[UnitRow]:
    """Read a CSV with the header `code,name,kind,region,parent,line,aliases`; parents stand before their children.

    Aliases are parted by `;`, `；`, `|` or `、`. A kind may be given by its English or Chinese word; one that is not
    known is kept as `other`.

    Raises:
        UnitsFileRefused: a column, a code or a name is missing, a code comes twice, or a parent is not above.
    """
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff")))
    missing = [column for column in ("code", "name") if column not in (reader.fieldnames or ())]
    if missing:
        raise UnitsFileRefused(line=1, problem=Sentence(N_("the column {column} is missing."), {"column": missing[0]}))
    rows = [_row(number, record) for number, record in enumerate(reader, start=2) if any(record.values())]
    _check(rows)
    return _parents_first(rows)


def _row(number: int, record: Mapping[str, str | None]) -> UnitRow:
    cell = {column: (record.get(column) or "").strip() for column in COLUMNS}
    aliases = cell["aliases"]
    for mark in "；|、":
        aliases = aliases.replace(mark, ";")
    return UnitRow(
        line_number=number,
        code=cell["code"],
        name=cell["name"],
        kind=KIND_OF_WORD.get(cell["kind"], Kind.OTHER),
        region=cell["region"],
        parent=cell["parent"],
        line=cell["line"],
        aliases=tuple(alias.strip() for alias in aliases.split(";") if alias.strip()),
    )


def _check(rows: Iterable[UnitRow]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if not row.code or not row.name:
            raise UnitsFileRefused(line=row.line_number, problem=Sentence(N_("the code or the name is empty.")))
        if row.code in seen:
            problem = Sentence(
                N_("the code {code} stands on line {first} already."), {"code": row.code, "first": seen[row.code]}
            )
            raise UnitsFileRefused(line=row.line_number, problem=problem)
        seen[row.code] = row.line_number


def _parents_first(rows: list[UnitRow]) -> list[UnitRow]:
    """The rows in file order, except that a parent named later in the file comes before its children."""
    by_code = {row.code: row for row in rows}
    placed: dict[str, UnitRow] = {}

    def place(row: UnitRow, below: tuple[str, ...]) -> None:
        if row.code in placed:
            return
        if row.code in below:
            problem = Sentence(N_("{code} stands under itself."), {"code": row.code})
            raise UnitsFileRefused(line=row.line_number, problem=problem)
        parent = by_code.get(row.parent)
        if parent is not None:
            place(parent, (*below, row.code))
        placed[row.code] = row

    for row in rows:
        place(row, ())
    return list(placed.values())


def official_order(codes: Sequence[str], known: Mapping[str, int]) -> list[int]:
    """The position of each unit of a file.

    A file that names every known unit is the official order. One that names some of them says nothing about the order
    of the rest: known units keep their position, and new ones follow after all others.

    Args:
        codes: in the order of the file.
        known: the units that stand in the tree, each with its position.
    """
    if known.keys() <= set(codes):
        return list(range(len(codes)))
    after = count(max(known.values()) + 1)
    return [known[code] if code in known else next(after) for code in codes]
