"""The cell styles of a workbook: new ones beside those that are there, which stay as they are."""

import re
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from duban.workbook.ooxml.xml import Element, child, made, whole

_PLAIN = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
MOST_STYLES = 64_000
"""How many cell styles Excel opens; a workbook that is full of them gets no new ones."""

_LISTS = ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
_AFTER = ("cellStyles", "dxfs", "tableStyles", "colors", "extLst")
_DARK = "FF1F2933"


def new_styles(namespace: str) -> bytes:
    """The styles of a workbook that has none."""
    return (
        f'<styleSheet xmlns="{namespace}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        f'<cellStyleXfs count="1">{_PLAIN}</cellStyleXfs><cellXfs count="1">{_PLAIN}</cellXfs></styleSheet>'
    ).encode()


@dataclass(frozen=True, slots=True)
class Look:
    """How a new cell looks.

    Args:
        size: of the font against the workbook's own, in points.
        colour, fill: "RRGGBB", or empty for none.
        align: attributes of the alignment, such as ``{"wrapText": "1"}``.
    """

    bold: bool = False
    size: int = 0
    colour: str = ""
    fill: str = ""
    underline: bool = False
    border: str = ""
    align: Mapping[str, str] = field(default_factory=dict)


class Styles:
    """The style sheet of a workbook."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._filled: dict[tuple[int, str], int] = {}
        self._fills: dict[str, int] = {}
        self._fonts: dict[int, int] = {}

    def filled(self, style: int, colour: str) -> int:
        """The style that is like `style` and has a fill of that colour ("RRGGBB")."""
        formats = self._list("cellXfs")
        if (style, colour) not in self._filled:
            if len(formats) >= MOST_STYLES:
                return style
            copy = deepcopy(formats[style if style < len(formats) else 0])
            copy.set("fillId", str(self._fill(colour)))
            copy.set("applyFill", "1")
            font = whole(copy, "fontId")
            if self._is_pale(font):
                copy.set("fontId", str(self._darkened(font)))
                copy.set("applyFont", "1")
            self._filled[style, colour] = _appended(formats, copy)
        return self._filled[style, colour]

    def unfilled(self, colours: Collection[str]) -> dict[int, int]:
        """The styles that have a fill of one of these colours, each with the style that is like it without a fill."""
        fills = {
            str(at)
            for at, fill in enumerate(self._list("fills"))
            for colour in fill.iter("{*}fgColor")
            if colour.get("rgb", "")[-6:] in colours
        }
        formats, plain = self._list("cellXfs"), dict[int, int]()
        for at, style in enumerate([*formats]):
            if style.get("fillId") in fills:
                copy = deepcopy(style)
                copy.set("fillId", "0")
                plain[at] = _appended(formats, copy)
        return plain

    def add(self, look: Look) -> int:
        """A new style, in the font of the workbook."""
        formats = self._list("cellXfs")
        if len(formats) >= MOST_STYLES:
            return 0
        style = formats.makeelement(formats[0].tag, {"numFmtId": "0", "fontId": str(self._font(look))})
        style.attrib.update({"fillId": str(self._fill(look.fill) if look.fill else 0), "xfId": "0", "applyFont": "1"})
        style.attrib.update({"borderId": str(self._border(look.border) if look.border else 0), "applyBorder": "1"})
        style.attrib.update({"applyFill": "1", "applyAlignment": "1"})
        made(style, "alignment", dict(look.align))
        return _appended(formats, style)

    def _list(self, name: str) -> Element:
        found = child(self._root, name)
        if found is None:
            later = (*_LISTS[_LISTS.index(name) + 1 :], *_AFTER)
            found = made(self._root, name, before=later)
        if not len(found):
            default = {"fonts": "font", "fills": "fill", "borders": "border"}.get(name, "xf")
            made(found, default)
            found.set("count", "1")
        return found

    def _fill(self, colour: str) -> int:
        if colour not in self._fills:
            fills = self._list("fills")
            fill = fills.makeelement(fills[0].tag, {})
            pattern = made(fill, "patternFill", {"patternType": "solid"})
            made(pattern, "fgColor", {"rgb": f"FF{colour}"})
            made(pattern, "bgColor", {"indexed": "64"})
            self._fills[colour] = _appended(fills, fill)
        return self._fills[colour]

    def _border(self, colour: str) -> int:
        borders = self._list("borders")
        border = borders.makeelement(borders[0].tag, {})
        for side in ("left", "right", "top", "bottom"):
            made(made(border, side, {"style": "thin"}), "color", {"rgb": f"FF{colour}"})
        made(border, "diagonal")
        return _appended(borders, border)

    def _font(self, look: Look) -> int:
        own = self._list("fonts")[0]
        name = child(own, "name")
        size = child(own, "sz")
        points = 11 if size is None else whole(size, "val", 11)
        parts: Sequence[tuple[str, dict[str, str]]] = (
            *([("b", {})] if look.bold else []),
            *([("u", {})] if look.underline else []),
            ("sz", {"val": f"{points + look.size:g}"}),
            ("color", {"rgb": f"FF{look.colour}"} if look.colour else {"rgb": _DARK}),
            ("name", {"val": "Calibri" if name is None else name.get("val", "Calibri")}),
        )
        fonts = self._list("fonts")
        font = fonts.makeelement(fonts[0].tag, {})
        for part, attributes in parts:
            made(font, part, attributes)
        return _appended(fonts, font)

    def _is_pale(self, font: int) -> bool:
        """Whether a font cannot be read on a light fill, such as the white letters of a dark heading."""
        fonts = self._list("fonts")
        colour = child(fonts[font], "color") if font < len(fonts) else None
        if colour is None:
            return False
        if colour.get("theme") is not None:
            return bool(colour.get("theme") == "0")
        if colour.get("indexed") is not None:
            return colour.get("indexed") in {"1", "9"}
        rgb = colour.get("rgb", "")[-6:]
        if not re.fullmatch("[0-9A-Fa-f]{6}", rgb):
            return False
        red, green, blue = bytes.fromhex(rgb)
        return 3 * red + 6 * green + blue > 1900

    def _darkened(self, font: int) -> int:
        if font not in self._fonts:
            fonts = self._list("fonts")
            copy = deepcopy(fonts[font])
            colour = child(copy, "color")
            colour.attrib.clear()
            colour.set("rgb", _DARK)
            self._fonts[font] = _appended(fonts, copy)
        return self._fonts[font]


def _appended(parent: Element, new: Element) -> int:
    parent.append(new)
    parent.set("count", str(len(parent)))
    return len(parent) - 1
