"""Workbooks as offices design them, and what is found in them."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl.reader.excel import load_workbook

from duban.kernel.words import Sentence
from duban.workbook.annotated import Given, Limits, write_annotated
from duban.workbook.findings import Finding, Severity
from duban.workbook.grid import Book

ERROR, WARNING = "FFFFC7CF", "FFFFEB9D"
SHEET = "清欠 '台账' & 表"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc33"
    "0000000049454e44ae426082"
)


def wrong(
    cell: str, message: str = "Not so.", *, sheet: str = SHEET, value: str = "", expected: str = "", rule: str = "T01"
) -> Finding:
    return Finding(rule, Severity.ERROR, sheet, cell, value, Sentence(message), expected)


def doubtful(cell: str, *, sheet: str = SHEET) -> Finding:
    return Finding("T02", Severity.WARNING, sheet, cell, "", Sentence("Look again."))


def never() -> Book:
    raise AssertionError("The file itself can be marked.")


def given_back(source: Path, *findings: Finding, limits: Limits | None = None) -> Any:  # noqa: ANN401 - ships no types
    return loaded(annotated(source, *findings, limits=limits))


def annotated(source: Path, *findings: Finding, limits: Limits | None = None) -> Path:
    out = source.with_name(f"{source.stem}-back{source.suffix}")
    given = write_annotated(source, findings, out, open_book=never, limits=limits or Limits())
    assert given.kind is Given.SAME
    return out


def designed(path: Path) -> Path:
    """A workbook with all that an office puts into one."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        white = book.add_format({"bold": True, "font_color": "white", "bg_color": "#1F4E79", "border": 1})
        money = book.add_format({"num_format": "#,##0.00", "border": 1})
        sheet.merge_range("A1:E1", "某县拖欠账款台账", white)
        sheet.write_row(1, 0, ["编号", "单位", "金额", "合计", "备注"], white)
        for row in range(2, 8):
            sheet.write_row(row, 0, [f"A{row}", "甲局"])
            sheet.write_number(row, 2, row * 1.25, money)
            sheet.write_formula(row, 3, f"=C{row + 1}*2", money, row * 2.5)
        sheet.write_comment("C4", "原有批注", {"author": "张三"})
        sheet.data_validation("E3:E8", {"validate": "list", "source": ["是", "否"]})
        sheet.conditional_format("C3:C8", {"type": "cell", "criteria": ">", "value": 5, "format": white})
        sheet.insert_image("G2", "dot.png", {"image_data": BytesIO(PICTURE)})
        sheet.protect("", {"select_locked_cells": True})
        sheet.set_column("C:C", 17)
        sheet.freeze_panes(2, 1)
        sheet.repeat_rows(0, 1)
        other = book.add_worksheet("说明")
        other.write("A1", "填表说明")
        book.define_name("金额", "=说明!$A$1")
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def rezipped(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


def loaded(path: Path, *, computed: bool = False) -> Any:  # noqa: ANN401 - ships no types
    load: Any = load_workbook
    return load(path, data_only=computed)


def notes(sheet: Any) -> dict[str, str]:  # noqa: ANN401 - ships no types
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}


def filled(sheet: Any) -> set[str]:  # noqa: ANN401 - ships no types
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb in {ERROR, WARNING}}
