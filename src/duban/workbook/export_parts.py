"""The parts of an xlsx package beside its sheets: which sheets there are, and how cells look."""

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FIRST_NUMBER_FORMAT = 164  # those below are fixed
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

TITLE, NOTE, HEADING, FIRST_FIELD = 1, 2, 3, 4
"""Styles of cells by number; those of the fields follow from the last on, one for each number format."""


def sheet_path(number: int) -> str:
    """Where a sheet lies in the package; sheets count from 1."""
    return f"xl/worksheets/sheet{number}.xml"


def root_links() -> str:
    """Say which part is the workbook."""
    return _links([("officeDocument", "xl/workbook.xml")])


def workbook_links(sheets: int) -> str:
    """Say where the workbook's sheets and styles are: the sheets first, by number."""
    paths = [sheet_path(number).removeprefix("xl/") for number in range(1, sheets + 1)]
    return _links([*(("worksheet", path) for path in paths), ("styles", "styles.xml")])


def _links(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def content_types(sheets: int) -> str:
    """Say what each part is."""
    parts = [("xl/workbook.xml", "sheet.main"), ("xl/styles.xml", "styles")]
    parts += [(sheet_path(number), "worksheet") for number in range(1, sheets + 1)]
    listed = "".join(f'<Override PartName="/{path}" ContentType="{_TYPE}.{kind}+xml"/>' for path, kind in parts)
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def workbook(filtered: Sequence[str], *, heading_row: int) -> str:
    """List the sheets, what is filtered in them, and the headings printed on each page.

    Args:
        filtered: of each sheet the cells its filter covers, `$A$3:$F$5`, or nothing.
    """
    names = [f"Sheet{number}" for number in range(1, len(filtered) + 1)]
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(names, start=1)
    )
    # Defined names stand in the order of the alphabet.
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{place}" hidden="1">{name}!{cells}</definedName>'
        for place, (name, cells) in enumerate(zip(names, filtered, strict=True))
        if cells
    )
    titles = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{place}">{name}!${heading_row}:${heading_row}'
        "</definedName>"
        for place, name in enumerate(names)
    )
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{listed}</sheets><definedNames>{filters}{titles}</definedNames></workbook>"
    )


def styles(number_formats: Sequence[str]) -> str:
    """How cells look: the title, the notes, the headings, and one style for each number format, in that order."""
    numbered = list(enumerate(number_formats, start=FIRST_NUMBER_FORMAT))
    fonts = [
        '<sz val="11"/><name val="Calibri"/><family val="2"/>',
        '<b/><sz val="14"/><name val="Calibri"/><family val="2"/>',
        '<sz val="9"/><color rgb="FF57606A"/><name val="Calibri"/><family val="2"/>',
        '<b/><sz val="10"/><name val="Calibri"/><family val="2"/>',
        '<sz val="10"/><name val="Calibri"/><family val="2"/>',
    ]
    fills = [
        '<patternFill patternType="none"/>',
        '<patternFill patternType="gray125"/>',  # the second fill is always this one
        '<patternFill patternType="solid"><fgColor rgb="FFE8EDF3"/><bgColor indexed="64"/></patternFill>',
    ]
    edges = "".join(
        f'<{edge} style="thin"><color rgb="FFC9D0D8"/></{edge}>' for edge in ("left", "right", "top", "bottom")
    )
    cells = [
        _style(),
        _style(font=1),
        _style(font=2),
        _style(font=3, fill=2, border=1, alignment='horizontal="center" vertical="center" wrapText="1"'),
        *(_style(number_format=number, font=4, border=1, alignment='vertical="center"') for number, _ in numbered),
    ]
    listed = [
        ("numFmts", [f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>' for number, code in numbered]),
        ("fonts", [f"<font>{font}</font>" for font in fonts]),
        ("fills", [f"<fill>{fill}</fill>" for fill in fills]),
        ("borders", [_border("<left/><right/><top/><bottom/>"), _border(edges)]),
        ("cellStyleXfs", ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>']),
        ("cellXfs", cells),
        ("cellStyles", ['<cellStyle name="Normal" xfId="0" builtinId="0"/>']),
    ]
    return f'{HEAD}<styleSheet xmlns="{MAIN}">{"".join(_counted(*items) for items in listed)}</styleSheet>'


def _counted(name: str, items: Sequence[str]) -> str:
    return f'<{name} count="{len(items)}">{"".join(items)}</{name}>'


def _border(edges: str) -> str:
    return f"<border>{edges}<diagonal/></border>"


def _style(*, number_format: int = 0, font: int = 0, fill: int = 0, border: int = 0, alignment: str = "") -> str:
    aligned = f"<alignment {alignment}/>" if alignment else ""
    return (
        f'<xf numFmtId="{number_format}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" '
        f'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">{aligned}</xf>'
    )
