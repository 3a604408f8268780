"""What stands around the table of a sheet: its title, and the line of the seal that names whose it is."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from duban.kernel.numbers import half_width
from duban.workbook.grid import Cell, Grid
from duban.workbook.guessing import Clue, Where
from duban.workbook.naming import is_blank, shown_cell

LINES_ABOVE = 12
"""So many rows above headings may be the title, unit, seal line and remarks of their table."""
SEAL_ROWS = 8
"""Under the table a seal line is among the last rows."""
MOST_CELLS = 4

_SEAL = re.compile(r"(?:填报|报送|上报|编报|汇总|填表|申报)单位[^:：]{0,8}[:：]\s*(.*)")


def clues_around(grid: Grid) -> Iterator[Clue]:
    """The sheet's name, the lines above its headings, and seal lines under its table."""
    yield Clue(Where.SHEET, grid.name)
    above = takewhile(is_line, map(_texts, grid.rows[:LINES_ABOVE]))
    below = [texts for texts in map(_texts, grid.rows[LINES_ABOVE:][-SEAL_ROWS:]) if _SEAL.search(" ".join(texts))]
    for texts in (*above, *below):
        line = " ".join(texts)
        if seal := _SEAL.search(line):
            yield Clue(Where.SEAL, seal[1])
            line = line[: seal.start()]
        if line.strip():
            yield Clue(Where.TITLE, line)


def is_line(texts: Sequence[str]) -> bool:
    """Whether the texts of a row may be a line around a table.

    A title stands alone in its row; a seal line has colons. Headings are several, and have none.
    """
    return len(texts) <= 1 or (len(texts) <= MOST_CELLS and any(":" in text or "：" in text for text in texts))


_ATTACHMENT = re.compile(r"附[件表]\s*[0-9０-９一二三四五六七八九十]*\s*[:：]?")


def numbers_attachment(line: str) -> bool:
    """Whether a line only numbers the attachment that a table is, and is no title: 附件2."""
    return _ATTACHMENT.fullmatch(line) is not None


_NUMBER = re.compile(r"[¥(]?-?[0-9][0-9,. ]*(?:[千万亿]?元)?\)?")


def is_number(text: str) -> bool:
    """Whether a text is a number or an amount."""
    return _NUMBER.fullmatch(half_width(text).strip()) is not None


def is_title_or_remark(stated: Sequence[Cell]) -> bool:
    """Whether what stands in a row can be a title or a remark, and no record and no sum of a table.

    Args:
        stated: its cells without the blank ones.
    """
    texts = [cell.strip() for cell in stated if isinstance(cell, str)]
    return len(texts) == len(stated) and not any(map(is_number, texts)) and is_line(texts)


def _texts(row: Sequence[object]) -> list[str]:
    return [cell.strip() for cell in row if isinstance(cell, str) and cell.strip()]


def line_of(row: Sequence[Cell]) -> str:
    """A row that is no row of a table, as one line of text."""
    return "  ".join(shown_cell(cell) for cell in row if not is_blank(cell))
