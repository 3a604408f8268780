"""Workbooks for tests, written in a line."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl.workbook.workbook import Workbook


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, place, cell)
                    elif isinstance(cell, str):
                        sheet.write_string(number, place, cell)
                    elif cell is not None:
                        sheet.write(number, place, cell)
    return path


def write_sheet(path: Path, *rows: Sequence[Any]) -> Path:
    return write_workbook(path, {"清欠台账": rows})


def write_formulas(path: Path, *rows: Sequence[Any]) -> Path:
    """Write texts such as "=1+1" as formulas that nobody has calculated, and "#REF!" as an error."""
    make: Any = Workbook  # ships no types
    book = make()
    sheet = book.create_sheet("甲 & 乙", 0)
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path
