"""Notes (comments) on cells: their texts are one part, and the boxes in which they show are another, in VML."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice

from duban.workbook.findings import cell_name
from duban.workbook.naming import Place, place_named
from duban.workbook.ooxml.parts import Package
from duban.workbook.ooxml.sheets import SheetXml
from duban.workbook.ooxml.surroundings import Head
from duban.workbook.ooxml.xml import (
    RELATIONS,
    Element,
    UnsuitableWorkbook,
    child,
    child_or_new,
    local,
    made,
    plain_text,
)
from duban.workbook.widths import text_width

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_NAMES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_NO_SHAPES = f"<xml {_NAMES}></xml>".encode()
_KIND = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_BLOCKS = re.compile(rb"""<o:idmap\b[^>]*?\bdata=["']([0-9, ]*)["']""")
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.DOTALL)
_BOX_ROW, _BOX_COLUMN = (re.compile(rb"<x:%s>\s*([0-9]+)\s*<" % name) for name in (b"Row", b"Column"))
_INK = "FF1F2933"  # by this colour we know our own texts again
_END = re.compile(rb"</(?:\w+:)?xml\s*>\s*$")
_WIDTH, _LINE = 300, 16  # of a box and of a line of text in it, in pixels
_LINE_LETTERS = 46  # half-width letters that fit into a line
_MOST_LINES = 30
_FURTHEST = 400  # columns or rows, where a sheet hides so many
_LONGEST = 5_000  # letters; a note holds 32,767
_BLOCK = 1024  # VML counts shapes in blocks of so many


@dataclass(frozen=True, slots=True)
class Note:
    """What is said on a cell: labels, which are bold, each with a text that follows it."""

    author: str
    said: Sequence[tuple[str, str]]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join([self.author, *(label + said for label, said in self.said)])


def add_notes(package: Package, part: str, sheet: SheetXml, notes: Mapping[Place, Note], *, namespace: str) -> None:
    """Put notes on cells of a sheet; a cell that has a note keeps it and gets the text below.

    Args:
        part: of the sheet in the package.
        namespace: of the workbook.
    """
    comments = _comments_of(package, part, namespace)
    authors = child_or_new(comments, "authors", before=("commentList", "extLst"))
    texts = child_or_new(comments, "commentList", before=("extLst",))
    present = {comment.get("ref"): comment for comment in texts}
    new = []
    for place, note in sorted(notes.items(), key=lambda item: item[0]):
        name = cell_name(place[0] + 1, place[1])
        if name in present:
            _append(present[name], note)
        else:
            comment = made(texts, "comment", {"ref": name, "authorId": _author(authors, note)})
            _write(made(comment, "text"), note)
            new.append((place, note))
    _draw(package, part, sheet, new, namespace)


def remove_notes(package: Package, part: str, *, author: str) -> None:
    """Take away what was written by `add_notes` before: notes of that author, and texts below other notes."""
    name = package.related(part, "comments")
    if name is None or not package.holds(name):
        return
    comments = package.edit(name)
    gone = []
    for comment in [*child_or_new(comments, "commentList", before=("extLst",))]:
        text = child(comment, "text")
        runs = [] if text is None else [run for run in text if _is_ours(run)]
        for run in runs:
            text.remove(run)
        if runs and "".join(text.itertext()).strip() in {"", f"{author}:"}:
            comment.getparent().remove(comment)
            gone.append(comment.get("ref", ""))
    shapes = package.related(part, "vmlDrawing")
    if gone and shapes:
        package.replace(shapes, _without_boxes(package.read(shapes), {place_named(ref) for ref in gone}))


def _is_ours(run: Element) -> bool:
    return any(colour.get("rgb") == _INK for colour in run.iter("{*}color"))


def _without_boxes(shapes: bytes, places: Collection[Place | None]) -> bytes:
    def kept(box: re.Match[bytes]) -> bytes:
        row, column = _BOX_ROW.search(box[0]), _BOX_COLUMN.search(box[0])
        return b"" if row and column and (int(row[1]), int(column[1])) in places else box[0]

    return _SHAPE.sub(kept, shapes)


def _comments_of(package: Package, part: str, namespace: str) -> Element:
    name = package.related(part, "comments")
    if name is None or not package.holds(name):
        empty = f'<comments xmlns="{namespace}"><authors/><commentList/></comments>'.encode()
        name = package.add("xl", "comments", "xml", empty, _COMMENTS_TYPE)
        package.relate(part, f"{RELATIONS[namespace]}/comments", name)
    return package.edit(name)


def _append(comment: Element, note: Note) -> None:
    text = child_or_new(comment, "text")
    for bare in [one for one in text if local(one) == "t"]:
        made(text, "r", before=("t",)).append(bare)
    _write(text, note, before="\n\n")


def _author(authors: Element, note: Note) -> str:
    names = [author.text for author in authors]
    if note.author not in names:
        made(authors, "author").text = note.author
        names.append(note.author)
    return str(names.index(note.author))


def _write(text: Element, note: Note, *, before: str = "") -> None:
    # Some programs forget how the first words of a note look. They are the author, as Excel writes it, so that we know
    # the note again all the same.
    _run(text, f"{before}{note.author}:", bold=True)
    for label, said in note.said:
        _run(text, f"\n{label}", bold=True)
        _run(text, said, bold=False)


def _run(text: Element, said: str, *, bold: bool) -> None:
    run = made(text, "r", before=("rPh", "phoneticPr"))
    look = made(run, "rPr")
    if bold:
        made(look, "b")
    made(look, "sz", {"val": "9"})
    made(look, "color", {"rgb": _INK})
    made(look, "rFont", {"val": "Microsoft YaHei"})
    piece = made(run, "t")
    piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    piece.text = plain_text(said[:_LONGEST])


def _draw(package: Package, part: str, sheet: SheetXml, notes: Sequence[tuple[Place, Note]], namespace: str) -> None:
    """Draw the boxes of notes, beside those that the sheet has."""
    if not notes:
        return
    name = package.target(part, sheet.tail.shapes, "vmlDrawing") if sheet.tail.shapes else None
    if name is None:
        package.allow("vml", _VML_TYPE)
        name = package.add("xl/drawings", "vmlDrawing", "vml", _NO_SHAPES, _VML_TYPE)
        sheet.name_shapes(package.relate(part, f"{RELATIONS[namespace]}/vmlDrawing", name), RELATIONS[namespace])
    blocks = list(islice(_free_blocks(package), (len(notes) - 1) // (_BLOCK - 1) + 1))
    identities = (block * _BLOCK + at for block in blocks for at in range(1, _BLOCK))
    boxes = [
        _box(identity, place, _anchor(place, note.text, sheet.head))
        for identity, (place, note) in zip(identities, notes, strict=False)
    ]
    package.replace(name, _with_boxes(package.read(name), "".join(boxes).encode(), blocks))


def _free_blocks(package: Package) -> Iterator[int]:
    """Blocks of numbers for shapes that no drawing of the workbook uses."""
    shapes = b"".join(package.read(name) for name in package.names() if name.lower().endswith(".vml"))
    taken = {int(one) for data in _BLOCKS.findall(shapes) for one in data.split(b",") if one.strip().isdigit()}
    return (block for block in count(1) if block not in taken)


def _with_boxes(shapes: bytes, boxes: bytes, blocks: Sequence[int]) -> bytes:
    """The drawing with more boxes; Excel writes drawings that are no sound XML, so they are not parsed."""
    end = _END.search(shapes)
    if end is None:
        raise UnsuitableWorkbook("a drawing of notes without an end")
    new = ",".join(map(str, blocks)).encode()
    kind = b"" if b"_x0000_t202" in shapes[: end.start()] else _KIND
    layout = _BLOCKS.search(shapes)
    if layout is None:
        kind = b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%s"/></o:shapelayout>' % new + kind
    else:
        shapes = shapes[: layout.end(1)] + b"," + new + shapes[layout.end(1) :]
        end = _END.search(shapes) or end
    return shapes[: end.start()] + kind + boxes + shapes[end.start() :]


def _box(identity: int, place: Place, anchor: str) -> str:
    row, column = place
    return (
        f'<v:shape id="_x0000_s{identity}" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
        "</x:ClientData></v:shape>"
    )


def _anchor(place: Place, text: str, head: Head) -> str:
    """Where a box stands: columns and rows of two corners, each with pixels into it; as high as its text."""
    lines = sum(1 + (max(1, text_width(line)) - 1) // _LINE_LETTERS for line in text[:_LONGEST].split("\n"))
    row, column = place
    top = max(0, row - 1)
    width = (head.widths.get(at, head.usual_width) for at in count(column + 1))
    height = (head.heights.get(at, head.usual_height) for at in count(top))
    across, pixels_across = _reach(width, 15 + _WIDTH)
    down, pixels_down = _reach(height, 4 + 12 + _LINE * min(lines, _MOST_LINES))
    return f"{column + 1}, 15, {top}, 4, {column + 1 + across}, {pixels_across}, {top + down}, {pixels_down}"


def _reach(sizes: Iterable[int], pixels: int) -> tuple[int, int]:
    """How many columns or rows lie within so many pixels, and what remains."""
    for at, size in enumerate(sizes):
        if pixels < size or at == _FURTHEST:
            return at, min(pixels, size)
        pixels -= size
    return 0, 0
