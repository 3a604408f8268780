"""What each column wants: in words on a sheet of explanations, beside the cell, and as a check of what is typed."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from duban.kernel.money import Unit
from duban.kernel.words import N_, Sentence
from duban.workbook.prefilled_cells import Formats, Look, write_cell
from duban.workbook.printing import fit_to_paper
from duban.workbook.schema import Column, Kind, SheetSchema
from duban.workbook.widths import text_width

TITLE = N_("How to fill it in")
_LONGEST_PROMPT, _LONGEST_TITLE = 255, 32  # letters that Excel takes
_LARGEST = 10**14

_WANTED = {
    Kind.TEXT: N_("Text."),
    Kind.CODE: N_("A number or code, kept as text."),
    Kind.MONEY: N_("An amount in {unit}, as a number."),
    Kind.DAY: N_("A day with year, month and day, such as 2026-03-05."),
    Kind.USCC: N_("A unified social credit code of 18 characters."),
    Kind.INT: N_("A whole number."),
    Kind.CHOICE: N_("One of: {names}."),
    Kind.DECIMAL: N_("A number."),
    Kind.PERCENT: N_("A number of per cent: 5.2 for 5.2 %."),
    Kind.MONTH: N_("A month such as 2026-03."),
    Kind.REGION: N_("A region code of 6 digits."),
    Kind.PHONE: N_("A telephone number, kept as text."),
    Kind.BOOL: N_("Yes (是) or no (否)."),
}
_REQUIRED = N_("Every row needs it.")
_LOCKED = N_("Grey: filled in and locked.")
_EMPTY = N_("Yellow: to be filled in this time.")
_SPARE = N_("New rows go into the blank rows below the last one; nothing is locked there.")
_HEADS = ((N_("Column"), 26), (N_("What belongs there"), 70), (N_("Remarks"), 44))


def wanted(column: Column, unit: Unit) -> str:
    """What a column wants, in a sentence."""
    names = "、".join(choice.label for choice in column.choices)
    return str(Sentence(_WANTED.get(column.kind, _WANTED[Kind.TEXT]), {"unit": unit.label(), "names": names}))


def check_of(column: Column, unit: Unit, source: str | Sequence[str]) -> dict[str, Any]:
    """The check and the prompt of the cells of a column.

    Args:
        source: of a drop-down: its entries, or a reference to them.
    """
    checks: dict[Kind, dict[str, Any]] = {
        Kind.MONEY: {"validate": "decimal", "criteria": "between", "minimum": -_LARGEST, "maximum": _LARGEST},
        Kind.INT: {"validate": "integer", "criteria": "between", "minimum": -_LARGEST, "maximum": _LARGEST},
        Kind.DAY: {
            "validate": "date", "criteria": "between", "minimum": date(1949, 1, 1), "maximum": date(2100, 12, 31),
        },
        Kind.USCC: {"validate": "length", "criteria": "==", "value": 18, "error_type": "warning"},
        Kind.CHOICE: {"validate": "list", "source": source},
    }  # fmt: skip
    title, said = column.label[:_LONGEST_TITLE], _cut(wanted(column, unit))
    shown = {"input_title": title, "input_message": said, "error_title": title, "error_message": said}
    return {"validate": "any", **checks.get(column.kind, {}), **shown}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_PROMPT else text[: _LONGEST_PROMPT - 1] + "…"


def write_guide(
    sheet: Any,  # noqa: ANN401 - ships no types
    formats: Formats,
    schema: SheetSchema,
    units: dict[str, Unit],
    *,
    locked: Collection[str],
    empty: Collection[str],
    notes: Sequence[str],
) -> None:
    """Fill the sheet of explanations: some sentences, and what each column of the table wants."""
    plain = Look(text_wrap=True)
    sheet.merge_range(
        0, 0, 0, 2, f"{schema.title} · {Sentence(TITLE)}", formats[Look(bold=True, font_size=14, border=0)]
    )
    sheet.set_row(0, 28)
    sentences = [*notes, str(Sentence(_SPARE))]
    for at, sentence in enumerate(sentences, start=1):
        sheet.merge_range(at, 0, at, 2, sentence, formats[Look(text_wrap=True, border=0)])
        sheet.set_row(at, 15 * (1 + text_width(sentence) // 130) + 3)
    head = len(sentences) + 2
    for place, (name, width) in enumerate(_HEADS):
        sheet.set_column(place, place, width)
        sheet.write_string(
            head, place, str(Sentence(name)), formats[Look(bold=True, bg_color="#DCE6F1", align="center")]
        )
    columns = [column for column in schema.columns if column.name in units]
    for at, column in enumerate(columns, start=head + 1):
        remarks = ((_REQUIRED, column.required), (_LOCKED, column.name in locked), (_EMPTY, column.name in empty))
        said = " ".join(str(Sentence(remark)) for remark, holds in remarks if holds)
        for place, text in enumerate((column.label, wanted(column, units[column.name]), said)):
            write_cell(sheet, (at, place), text, formats[plain])
        sheet.set_row(at, 15 * (1 + text_width(wanted(column, units[column.name])) // 66) + 3)
    fit_to_paper(sheet, sum(width for _, width in _HEADS))
    sheet.hide_gridlines(2)
