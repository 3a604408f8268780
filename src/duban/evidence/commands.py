"""Handing in files."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from duban.evidence.models import File
from duban.identity.models import Appointment
from duban.kernel.errors import DomainError
from duban.kernel.words import N_

LARGEST_FILE_BYTES = 200 * 1024 * 1024


class FileTooLarge(DomainError):
    """A file is larger than the store takes."""

    text = N_("The file {name} is larger than {limit} MB. Split it, or leave out pictures, and hand it in again.")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name, limit=LARGEST_FILE_BYTES // 1024 // 1024)


def keep(chunks: Iterable[bytes], *, name: str, scope_id: int, actor: Appointment) -> File:
    """Keep a file under the hash of its content.

    The bytes are on disk before the row is: a crash leaves at most a file that nothing points at.

    Raises:
        FileTooLarge: nothing was kept.
    """
    folder = Path(settings.HOME.files)
    digest, size = hashlib.sha256(), 0
    handle, temporary = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST_FILE_BYTES:
                    raise FileTooLarge(name=name)
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        place = path_of(digest.hexdigest())
        place.parent.mkdir(exist_ok=True)
        Path(temporary).replace(place)
        _sync_folder(place.parent)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return File.objects.create(
        sha256=digest.hexdigest(), name=Path(name).name[-255:], size=size, scope_id=scope_id, appointment=actor
    )


def _sync_folder(folder: Path) -> None:
    """Put the names in a folder on disk, as `fsync` puts the bytes of a file there."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash are."""
    return Path(settings.HOME.files) / sha256[:2] / sha256
