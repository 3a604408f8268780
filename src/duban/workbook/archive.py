"""Many files in one: the workbooks of a zip archive, read member by member and never extracted by their paths."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from duban.kernel.errors import DomainError
from duban.kernel.words import N_

READABLE = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv"})
CHUNK = 1024 * 1024
MB = 1024 * 1024
_ENCRYPTED = 0x1
_NAME_IS_UTF_8 = 0x800
_OTHER_ARCHIVES = {b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold; far more than any office sends, and less than would hurt."""

    files: int = 500
    file_mb: int = 100
    total_mb: int = 1000
    ratio: int = 200
    """Unpacked bytes for each packed one, over the whole archive; workbooks are packed already."""


class NotAnArchive(DomainError):
    """A file that should be a zip archive is none, or is damaged."""

    text = N_("The file {file} is not a zip archive that can be opened. Pack the workbooks again as .zip.")

    def __init__(self, *, file: str) -> None:
        super().__init__(file=file)


class OtherArchive(DomainError):
    """An archive of another kind."""

    text = N_("The file {file} is packed as {kind}. Unpack it, and hand the workbooks in as .zip or one by one.")

    def __init__(self, *, file: str, kind: str) -> None:
        super().__init__(file=file, kind=kind)


class ArchiveLocked(DomainError):
    """A member opens only with a password."""

    text = N_("The archive {file} is protected by a password. Pack the workbooks again without one.")

    def __init__(self, *, file: str) -> None:
        super().__init__(file=file)


class ArchiveTooLarge(DomainError):
    """An archive that holds more than is taken at once; the database and the disk are not for bombs."""

    text = N_(
        "The archive {file} holds {files} files that unpack to {size} MB; at most {most_files} files and {most} MB are "
        "taken at once, {each} MB for a file, and no more than {ratio} times the packed size. "
        "Hand it in as several archives."
    )

    def __init__(self, *, file: str, files: int, size: int, limits: Limits) -> None:
        super().__init__(
            file=file, files=files, size=size, most_files=limits.files, most=limits.total_mb, each=limits.file_mb,
            ratio=limits.ratio,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A workbook in an archive; `name` has the folders it lies in, parted by slashes."""

    name: str
    archive: Path
    index: int

    def chunks(self) -> Iterator[bytes]:
        """Its bytes, a chunk at a time.

        Raises:
            NotAnArchive: the member is damaged.
        """
        try:
            with zipfile.ZipFile(self.archive) as opened, opened.open(opened.infolist()[self.index]) as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, zlib.error) as damage:
            raise NotAnArchive(file=self.name) from damage


@dataclass(slots=True)
class Unpacked:
    """The workbooks of an archive, and the names of other files in it, which are passed over."""

    members: list[Member] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def is_readable(name: str) -> bool:
    """Whether a file is a workbook by its name, and not what Macs and open editors leave beside one."""
    return PurePosixPath(name).suffix.lower() in READABLE and not _is_litter(name)


def is_archive(path: Path) -> bool:
    """Whether a file is a zip archive of files rather than a workbook, which is a zip archive too."""
    if not zipfile.is_zipfile(path):
        return False
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as opened:
        names = set(opened.namelist())
        return not names & {"[Content_Types].xml", "mimetype", "content.xml"}
    return True


def check_kind(path: Path, *, name: str) -> None:
    """Refuse archives of kinds that we do not open.

    Raises:
        OtherArchive: it is one.
    """
    with path.open("rb") as file:
        start = file.read(8)
    for magic, kind in _OTHER_ARCHIVES.items():
        if start.startswith(magic):
            raise OtherArchive(file=name, kind=kind)


def unpack(path: Path, *, name: str, limits: Limits | None = None) -> Unpacked:
    """List the workbooks of an archive. Nothing is unpacked yet, and nothing is ever written under a member's name.

    Raises:
        NotAnArchive, ArchiveLocked, ArchiveTooLarge: nothing of it is taken.
    """
    limits = limits or Limits()
    try:
        with zipfile.ZipFile(path) as opened:
            members = opened.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as damage:
        raise NotAnArchive(file=name) from damage
    files = [(index, member) for index, member in enumerate(members) if not member.is_dir()]
    _check(files, path, name=name, limits=limits)
    unpacked = Unpacked()
    for index, member in files:
        called = _name(member)
        if is_readable(called):
            unpacked.members.append(Member(called, path, index))
        elif not _is_litter(called):
            unpacked.passed_over.append(called)
    return unpacked


def _check(files: list[tuple[int, zipfile.ZipInfo]], path: Path, *, name: str, limits: Limits) -> None:
    # What a member declares is all that is ever read of it, so declared sizes are the real ones.
    sizes = [member.file_size for _, member in files]
    total = sum(sizes)
    too_dense = total > MB and total > limits.ratio * path.stat().st_size
    too_large = total > limits.total_mb * MB or max(sizes, default=0) > limits.file_mb * MB
    if len(files) > limits.files or too_large or too_dense:
        raise ArchiveTooLarge(file=name, files=len(files), size=-(-total // MB), limits=limits)
    if any(member.flag_bits & _ENCRYPTED for _, member in files):
        raise ArchiveLocked(file=name)


def _name(member: zipfile.ZipInfo) -> str:
    """The name as it was meant: Windows in China packs names in GBK, and the library reads them as if in cp437."""
    name = member.orig_filename
    if not member.flag_bits & _NAME_IS_UTF_8:
        raw = name.encode("cp437", errors="replace")
        with suppress(UnicodeDecodeError):
            return _plain(raw.decode("utf-8"))
        name = raw.decode("gb18030", errors="replace")
    return _plain(name)


def _plain(name: str) -> str:
    """Without steps that lead out of a folder; the name is only ever shown and guessed from."""
    steps = [step for step in name.replace("\\", "/").split("/") if step not in {"", ".", ".."}]
    return "/".join(steps)[:255]


def _is_litter(name: str) -> bool:
    """What Macs and open editors leave beside the files."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith(("~$", "._", ".")) or path.name in {"Thumbs.db", ""}
