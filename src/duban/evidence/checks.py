"""What `audit verify` recomputes of files: each is there, and its content is still that of its hash."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from duban.audit.verify import Break, Check
from duban.audit.verify import register as add
from duban.evidence.commands import path_of
from duban.evidence.models import File


def register() -> None:
    """Add the check of this context."""
    add(Check("files", File.objects.count, breaks))


def breaks() -> Iterator[Break]:
    """Files that are gone, or that hold something else than what was handed in. Every file is read."""
    for sha256, name in File.objects.order_by("sha256", "pk").distinct("sha256").values_list("sha256", "name"):
        path = path_of(sha256)
        if not path.is_file():
            yield Break("evidence_file", sha256, "sha256", f"The file {name} is not in the store any more.")
        elif _hash(path) != sha256:
            yield Break("evidence_file", sha256, "sha256", f"The file {name} is not what was handed in any more.")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
