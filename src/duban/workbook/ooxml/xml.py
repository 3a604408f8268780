"""XML of a workbook's parts: read safely, written as it was."""

import re
from typing import Any
from xml.parsers import expat

from lxml import etree

Element = Any  # lxml ships no types

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = {
    TRANSITIONAL: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    STRICT: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
"""Where relations between parts are named, by the namespace of the workbook."""

_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding=["']([\w.-]+)["']""")
_MOST_UNTIDY = 20_000_000  # bytes that are made into a tree, which takes ten times as much
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class UnsuitableWorkbook(Exception):
    """The file is no package that can be edited: not a zip, a part that is missing, or XML that is not well formed."""


def parsed(data: bytes) -> Element:
    """The root of a part; entities stay what they are, and nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnsuitableWorkbook(str(error)) from None
    if root.getroottree().docinfo.doctype:
        raise UnsuitableWorkbook("a document type")
    return root


def written(root: Element) -> bytes:
    """A part as bytes, with the declaration that Excel writes."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def tidy(data: bytes) -> bytes:
    """The same part without comments and CDATA and in UTF-8, so that its tags can be found as bytes.

    Nearly every part is so already and comes back as it is.
    """
    declared = _DECLARED.match(data)
    utf8 = not data.startswith((b"\xff\xfe", b"\xfe\xff")) and (not declared or declared[1].lower() == b"utf-8")
    if utf8 and b"<!" not in data:
        _check_well_formed(data)
        return data
    if len(data) > _MOST_UNTIDY:
        raise UnsuitableWorkbook("a large part with comments or in another encoding")
    parsed(data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, huge_tree=True)
    return written(etree.fromstring(data, parser))


def _check_well_formed(data: bytes) -> None:
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise UnsuitableWorkbook(str(error)) from None


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def child(parent: Element, name: str) -> Element:
    """The first child of that name, whatever its namespace; None when there is none."""
    return next((one for one in parent if local(one) == name), None)


def child_or_new(parent: Element, name: str, *, before: tuple[str, ...] = ()) -> Element:
    """The first child of that name, or else a new one."""
    found = child(parent, name)
    return made(parent, name, before=before) if found is None else found


def whole(element: Element, name: str, default: int = 0) -> int:
    """The whole number in an attribute; `default` when none can be read there."""
    told = element.get(name, "")
    return int(told) if re.fullmatch("[0-9]{1,9}", told) else default


def made(
    parent: Element, name: str, attributes: dict[str, str] | None = None, *, before: tuple[str, ...] = ()
) -> Element:
    """A new child in the namespace of its parent: in front of the first one named in `before`, or else the last."""
    new = parent.makeelement(f"{{{etree.QName(parent).namespace}}}{name}", attributes or {})
    follower = next((one for one in parent if local(one) in before), None) if before else None
    if follower is None:
        parent.append(new)
    else:
        follower.addprevious(new)
    return new


def plain_text(text: str) -> str:
    """Text as a sheet can hold it: no control characters, and what looks like Excel's _x000D_ kept as it reads."""
    return _LOOKS_ESCAPED.sub("_x005F_", _NOT_IN_XML.sub("", text))


def escaped(text: str) -> str:
    """Text for between tags or quotes."""
    text = plain_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")
