"""The package of a workbook: parts, what they are, and which points to which."""

import posixpath
import zipfile
import zlib
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Self

from duban.workbook.ooxml.xml import Element, UnsuitableWorkbook, local, made, parsed, written

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that a zip can name: the same input makes the same bytes
_TYPES = "[Content_Types].xml"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NO_RELATIONS = f'<Relationships xmlns="{_PACKAGE_RELATIONS}"/>'.encode()
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
_RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"


class Package:
    """An opened package. Parts that are neither edited nor replaced are saved byte for byte."""

    def __init__(self, source: Path | IO[bytes]) -> None:
        """Open it.

        Raises:
            UnsuitableWorkbook: it is no such package.
        """
        try:
            self._zip = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise UnsuitableWorkbook(str(error)) from None
        # Of two members of one name the last is the part. Names differ neither by case nor by the slant of a stroke.
        self._members = {_key(member.filename): member for member in self._zip.infolist()}
        self._changed: dict[str, tuple[str, bytes]] = {}
        self._edited: dict[str, tuple[str, Element]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def names(self) -> list[str]:
        """The parts, as the package names them."""
        return [member.filename for member in self._members.values()]

    def size(self, name: str) -> int:
        """How many bytes a part says it unpacks to; 0 when there is none."""
        member = self._members.get(_key(name))
        return member.file_size if member else 0

    def holds(self, name: str) -> bool:
        """Whether there is such a part."""
        return any(_key(name) in known for known in (self._members, self._changed, self._edited))

    def read(self, name: str) -> bytes:
        """A part as it is now."""
        key = _key(name)
        if key in self._edited:
            return written(self._edited[key][1])
        if key in self._changed:
            return self._changed[key][1]
        if key not in self._members:
            raise UnsuitableWorkbook(f"no part {name}")
        try:
            return self._zip.read(self._members[key])
        except _BROKEN as error:
            raise UnsuitableWorkbook(str(error)) from None

    def edit(self, name: str) -> Element:
        """The root of a part; what is changed in it is saved."""
        key = _key(name)
        if key not in self._edited:
            self._edited[key] = (self._name(name), parsed(self.read(name)))
        return self._edited[key][1]

    def replace(self, name: str, data: bytes) -> None:
        """Give a part other bytes, or make it."""
        self._changed[_key(name)] = (self._name(name), data)

    def add(self, folder: str, stem: str, extension: str, data: bytes, content_type: str) -> str:
        """Make a part with a number in its name that no other has, and say what it is."""
        number = 1
        while self.holds(f"{folder}/{stem}{number}.{extension}"):
            number += 1
        name = f"{folder}/{stem}{number}.{extension}"
        self.replace(name, data)
        made(self.edit(_TYPES), "Override", {"PartName": f"/{name}", "ContentType": content_type})
        return name

    def allow(self, extension: str, content_type: str) -> None:
        """Say what parts with this extension are, unless that is said."""
        types = self.edit(_TYPES)
        known = {one.get("Extension", "").lower() for one in types if local(one) == "Default"}
        if extension not in known:
            made(types, "Default", {"Extension": extension, "ContentType": content_type}, before=("Override",))

    def related(self, part: str, kind: str) -> str | None:
        """The part to which `part` points by a relation of that kind, such as "comments"."""
        for relation in self._relations(part):
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
                return _resolved(part, relation.get("Target", ""))
        return None

    def target(self, part: str, identity: str, kind: str) -> str | None:
        """The part to which a certain relation of `part` points, when it is of that kind."""
        for relation in self._relations(part):
            if relation.get("Id") == identity and relation.get("Type", "").endswith(f"/{kind}"):
                return _resolved(part, relation.get("Target", ""))
        return None

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let `part` point to `target` by a relation of the full name `kind`; return its identity."""
        name = _relations_of(part)
        if not self.holds(name):
            self.replace(name, _NO_RELATIONS)
            self.allow("rels", _RELATIONS_TYPE)
        relations = self.edit(name)
        taken = {one.get("Id") for one in relations}
        identity = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
        made(relations, "Relationship", {"Id": identity, "Type": kind, "Target": _relative(part, target)})
        return identity

    def save(self, out: Path | IO[bytes]) -> None:
        """Write the package."""
        changed = self._changed | {key: (name, written(root)) for key, (name, root) in self._edited.items()}
        with zipfile.ZipFile(out, "w") as package:
            for key, member in self._members.items():
                if key in changed:
                    package.writestr(_entry(member.filename), changed.pop(key)[1])
                else:
                    self._copy(member, package)
            for name, data in sorted(changed.values()):
                package.writestr(_entry(name), data)

    def _copy(self, member: zipfile.ZipInfo, package: zipfile.ZipFile) -> None:
        entry = _entry(member.filename)
        entry.file_size = member.file_size
        try:
            with self._zip.open(member) as source, package.open(entry, "w") as copy:
                copyfileobj(source, copy, 1 << 20)
        except _BROKEN as error:
            raise UnsuitableWorkbook(str(error)) from None

    def _relations(self, part: str) -> list[Element]:
        name = _relations_of(part)
        if not self.holds(name):
            return []
        key = _key(name)
        root = self._edited[key][1] if key in self._edited else parsed(self.read(name))
        return [one for one in root if local(one) == "Relationship"]

    def _name(self, name: str) -> str:
        member = self._members.get(_key(name))
        return member.filename if member else name


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(part: str, target: str) -> str:
    """The name of a part from what another writes: relative to the folder of that one, or from the root."""
    target = target.replace("\\", "/")
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")


def _relative(part: str, target: str) -> str:
    return posixpath.relpath(f"/{target}", posixpath.join("/", posixpath.dirname(part)))
