"""Which rows of a table are records, which are sums of others, and which are remarks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from duban.workbook.grid import Cell
from duban.workbook.naming import is_blank
from duban.workbook.schema import QUANTITIES, Kind, SheetSchema
from duban.workbook.tables import Found, Record

_SUM = re.compile(r"[合总小共累]计.{0,12}|.{0,40}[合总小共累]计(?:\(.*\)|（.*）)?[:：]?")
_SUM_WORD = re.compile(r"[合总小共累]\s*计")
_PURE_SUM = re.compile(r"(?:本页|全市|全县|全区)?[合总小共]计[:：]?")
_PART = re.compile(r"其中[:：]?.{0,40}")
_GROUP = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．].{1,40}")
_REMARK = re.compile(
    r"(?:注|备注|说明|填表说明|填报说明|填报|填表|制表|制单|审核|复核|审批|单位负责|负责|分管|主管|联系|经办|报送|盖章|报表|报告|日期)"
    r"[^:：]{0,8}[:：]|^(?:注|备注|说明)[0-9一二三、.．\s]"
)
_SIGNATURE = re.compile(r"盖章|公章|签字|签名|。|^[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?$")
_LONG = 25
_HAS_DIGIT = re.compile(r"[0-9０-９]")


@dataclass(frozen=True, slots=True)
class Sum:
    """A row of sums.

    Args:
        position: how many records of its table stand above it.
        before: whether it stands above the rows that it covers, as 一、市直部门 does.
        part: whether it covers a part that nothing tells, as 其中 does.
    """

    record: Record
    place: int
    label: str
    position: int
    before: bool = False
    part: bool = False

    @property
    def is_grand(self) -> bool:
        """Whether it is called the sum of everything."""
        return self.label.rstrip(":：") in {"合计", "总计", "共计"} or "总计" in self.label


@dataclass(slots=True)
class Parted:
    """The rows of a table, parted.

    Args:
        pages: how many records stand before each repetition of the headings.
    """

    records: list[Record] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    remarks: list[tuple[Record, int, str]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)


class _Looking:
    """What has to be known of a table to tell its rows apart."""

    def __init__(self, found: Found, schema: SheetSchema) -> None:
        places = found.headings.places
        self.amounts = [places[c.name] for c in schema.columns if c.kind in QUANTITIES and c.name in places]
        names = [c for c in schema.columns if c.kind not in QUANTITIES and c.name in places]
        self.asked = [places[c.name] for c in names if c.required]
        self.named = [places[c.name] for c in names]
        money = [places[c.name] for c in schema.of_kind(Kind.MONEY) if c.name in places]
        self.before_amounts = min(money or self.amounts, default=max(places.values(), default=0) + 1)
        self.needed = self.asked + [
            places[c.name] for c in schema.columns if c.required and places.get(c.name) in money
        ]
        self.wide = {merge.top + 1 for merge in found.grid.merges if merge.right - merge.left >= 2}
        self.filled = {
            (row + 1, merge.left)
            for merge in found.grid.merges
            if merge.bottom > merge.top > found.headings.row
            for row in range(merge.top + 1, min(merge.bottom + 1, len(found.grid.rows)))
        }


def part_rows(found: Found, schema: SheetSchema) -> Parted:
    """Tell the records of a table from its sums and remarks."""
    parted, looking = Parted(), _Looking(found, schema)
    pages = list(found.pages)
    for record in found.records:
        while pages and pages[0] < record[0]:
            parted.pages.append(len(parted.records))
            del pages[0]
        if _is_surely_a_record(record[1], looking):
            parted.records.append(record)
        else:
            _part(record, looking, parted)
    return parted


def _is_surely_a_record(row: Sequence[Cell], looking: _Looking) -> bool:
    """The quick way to see it, for nearly all rows: what every row needs is there, and no word of a sum or remark."""
    for place in looking.needed:
        cell = row[place]
        if is_blank(cell):
            return False
        if isinstance(cell, str) and ("：" in cell or ":" in cell or ("计" in cell and _SUM_WORD.search(cell))):
            return False
    return bool(looking.asked)


def _part(record: Record, looking: _Looking, parted: Parted) -> None:
    number, row = record
    texts = [(place, re.sub(r"\s", "", cell)) for place, cell in enumerate(row) if isinstance(cell, str)]
    labels = [(place, text) for place, text in texts if text]
    lacks = any(is_blank(row[place]) and (number, place) not in looking.filled for place in looking.asked)
    amounts = [row[place] for place in looking.amounts if _is_amount(row[place])]
    sum_row = _sum_of(record, labels, looking, parted, lacks=lacks, stated=bool(amounts))
    if sum_row is not None:
        parted.sums.append(sum_row)
    elif all(map(is_blank, amounts)) and _is_remark(record, labels, looking, lacks=lacks):
        parted.remarks.append((record, *labels[0]))
    else:
        parted.records.append(record)


def _sum_of(
    record: Record,
    labels: Sequence[tuple[int, str]],
    looking: _Looking,
    parted: Parted,
    *,
    lacks: bool,
    stated: bool,
) -> Sum | None:
    """The row as a row of sums, if it is one; a payer whose name ends like a sum is a payer."""
    alone = len(labels) == 1 or all(is_blank(record[1][place]) for place in looking.named if place != labels[0][0])
    for place, label in labels:
        if place > looking.before_amounts:
            break
        if _SUM.fullmatch(label) and (lacks or _PURE_SUM.fullmatch(label) or (alone and stated)):
            return Sum(record, place, label, len(parted.records))
        if lacks and stated and _PART.fullmatch(label):
            return Sum(record, place, label, len(parted.records), part=True)
        if lacks and stated and _GROUP.fullmatch(label):
            return Sum(record, place, label, len(parted.records), before=True)
    return None


def _is_amount(cell: Cell) -> bool:
    """Whether a cell states an amount, if only zero; the text of a signature may stand in a column of amounts."""
    if not isinstance(cell, str):
        return True
    return bool(_HAS_DIGIT.search(cell)) and not (_REMARK.search(cell) or _SIGNATURE.search(cell.strip()))


def _is_remark(record: Record, labels: Sequence[tuple[int, str]], looking: _Looking, *, lacks: bool) -> bool:
    """Whether a row without amounts is a remark: a note, a signature, a group's name, a text over many columns."""
    if not lacks:
        return bool(labels) and all(_REMARK.match(text) for _, text in labels)
    number, row = record
    if not labels:
        return False
    text = labels[0][1]
    if _REMARK.match(text) or _REMARK.match(labels[-1][1]):
        return True
    stated = [cell for cell in row if not is_blank(cell)]
    if len(stated) > 1:
        return False
    if isinstance(stated[0], date):
        return True
    return number in looking.wide or len(text) >= _LONG or bool(_SIGNATURE.search(text) or _GROUP.fullmatch(text))
