"""The sheet 问题清单 at the end of a workbook that is given back: what was found, with a link to each cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from duban.kernel.numbers import shortened
from duban.kernel.words import N_, Sentence
from duban.workbook.findings import Finding, Severity, cell_name, column_letters
from duban.workbook.ooxml.book import quoted
from duban.workbook.ooxml.styles import Look, Styles
from duban.workbook.ooxml.xml import escaped
from duban.workbook.widths import text_width

TITLE = N_("List of findings")
LABELS = {Severity.ERROR: N_("Error"), Severity.WARNING: N_("Warning")}
FILLS = {  # a little beside the usual ones, so that we know our own marks again
    Severity.ERROR: "FFC7CF",
    Severity.WARNING: "FFEB9D",
}

_COLUMNS = (
    (N_("No."), 6),
    (N_("Severity"), 8),
    (N_("Sheet"), 16),
    (N_("Cell"), 9),
    (N_("What stands there"), 22),
    (N_("What is wrong"), 62),
    (N_("What would be right"), 22),
    (N_("Rule"), 8),
)
_TAB = "FFC00001"
_WIDTH = sum(width for _, width in _COLUMNS)
_LONGEST_VALUE, _LONGEST_MESSAGE = 300, 2_000  # letters; a cell holds 32,767
_MOST_LINES = 25  # a row can be 409 points high


@dataclass(frozen=True, slots=True)
class Listed:
    """A finding, and where its link leads: the name of a sheet and of a cell, or nowhere."""

    finding: Finding
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class _Looks:
    """The styles of the sheet, by their number in the workbook."""

    title: int
    line: int
    head: int
    text: int
    middle: int
    link: int
    severity: dict[Severity, int]

    @classmethod
    def of(cls, styles: Styles) -> "_Looks":
        edge, wrapped = "BFC7CF", {"vertical": "center", "wrapText": "1"}
        middle = {"vertical": "center", "horizontal": "center"}
        return cls(
            title=styles.add(Look(bold=True, size=5, align={"vertical": "center"})),
            line=styles.add(Look(align=wrapped)),
            head=styles.add(
                Look(bold=True, fill="DCE6F1", border=edge, align={"horizontal": "center", "vertical": "center"})
            ),
            text=styles.add(Look(border=edge, align=wrapped)),
            middle=styles.add(Look(border=edge, align=middle)),
            link=styles.add(Look(colour="0563C1", underline=True, border=edge, align=middle)),
            severity={
                severity: styles.add(Look(fill=fill, border=edge, align=middle)) for severity, fill in FILLS.items()
            },
        )


def is_findings_sheet(data: bytes) -> bool:
    """Whether the part of a sheet is a list of findings from before."""
    return f'<tabColor rgb="{_TAB}"'.encode() in data


def head_row(lines: Sequence[str]) -> int:
    """The number of the row of headings, from 1, under a title and some lines."""
    return len(lines) + 3


def findings_sheet(styles: Styles, namespace: str, listed: Sequence[Listed], *, lines: Sequence[str]) -> bytes:
    """Make the part of the sheet.

    Args:
        namespace: of the workbook.
        listed: in the order of the list.
        lines: sentences under the title.
    """
    looks, head = _Looks.of(styles), head_row(lines)
    last = column_letters(len(_COLUMNS) - 1)
    rows = [_wide_row(1, str(Sentence(TITLE)), looks.title, height=30)]
    rows += [
        _wide_row(at, line, looks.line, height=17 * _lines(line, _WIDTH)) for at, line in enumerate(lines, start=2)
    ]
    rows.append(
        _row(head, (_cell(head, at, str(Sentence(name)), looks.head) for at, (name, _) in enumerate(_COLUMNS)), 24)
    )
    rows += [_finding(head + at, at, one, looks) for at, one in enumerate(listed, start=1)]
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}.7109375" customWidth="1"/>'
        for at, (_, width) in enumerate(_COLUMNS, start=1)
    )
    merged = "".join(f'<mergeCell ref="A{at}:{last}{at}"/>' for at in range(1, head - 1))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}">'
        f'<sheetPr><tabColor rgb="{_TAB}"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView showGridLines="0" workbookViewId="0">'
        f'<pane ySplit="{head}" topLeftCell="A{head + 1}" activePane="bottomLeft" state="frozen"/>'
        "</sheetView></sheetViews>"
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>{"".join(rows)}</sheetData>'
        f'<autoFilter ref="A{head}:{last}{head + max(1, len(listed))}"/>'
        f'<mergeCells count="{head - 2}">{merged}</mergeCells>{_links(listed, head)}'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
    ).encode()


def _finding(row: int, number: int, one: Listed, looks: _Looks) -> str:
    finding = one.finding
    texts = (
        (str(Sentence(LABELS[finding.severity])), looks.severity[finding.severity]),
        (finding.sheet, looks.text),
        (finding.cell, looks.link if one.cell else looks.middle),
        (shortened(finding.value, to=_LONGEST_VALUE), looks.text),
        (shortened(str(finding.message), to=_LONGEST_MESSAGE), looks.text),
        (shortened(finding.expected, to=_LONGEST_VALUE), looks.text),
        (finding.rule, looks.middle),
    )
    cells = [_cell(row, place, text, style) for place, (text, style) in enumerate(texts, start=1)]
    lines = max(_lines(text, _COLUMNS[place][1]) for place, (text, _) in enumerate(texts, start=1))
    return _row(
        row, [f'<c r="A{row}" s="{looks.middle}"><v>{number}</v></c>', *cells], 4 + 16 * min(lines, _MOST_LINES)
    )


def _links(listed: Sequence[Listed], head: int) -> str:
    links = "".join(
        f'<hyperlink ref="D{row}" location="{escaped(quoted(one.sheet))}!{one.cell}" display="{one.finding.cell}"/>'
        for row, one in enumerate(listed, start=head + 1)
        if one.cell
    )
    return f"<hyperlinks>{links}</hyperlinks>" if links else ""


def _wide_row(row: int, text: str, style: int, *, height: int) -> str:
    """A row whose first cell runs over all columns."""
    blank = "".join(f'<c r="{cell_name(row, at)}" s="{style}"/>' for at in range(1, len(_COLUMNS)))
    return _row(row, (_cell(row, 0, text, style), blank), height)


def _row(row: int, cells: Iterable[str], height: int) -> str:
    return f'<row r="{row}" ht="{height}" customHeight="1">{"".join(cells)}</row>'


def _cell(row: int, place: int, text: str, style: int) -> str:
    """A cell of text, which stays text even when it begins with an equals sign."""
    name = cell_name(row, place)
    if not text:
        return f'<c r="{name}" s="{style}"/>'
    return f'<c r="{name}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped(text)}</t></is></c>'


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column; words break a little before its edge."""
    return sum(max(1, ceil(text_width(line) / (width * 0.93 - 1))) for line in text.split("\n"))
