"""Giving a workbook back with what was found marked in it, where the part that writes it is installed."""

from collections.abc import Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from duban.kernel.errors import DomainError
from duban.kernel.words import N_
from duban.workbook.findings import Finding
from duban.workbook.opening import open_book


class CannotAnnotate(DomainError):
    """The part that writes marked workbooks is not there."""

    text = N_("Marked workbooks cannot be written here. Use the list of findings instead.")


_WRITER = "duban.workbook.annotated"


def can_annotate() -> bool:
    """Whether a marked copy can be written."""
    return find_spec(_WRITER) is not None


def require() -> None:
    """Let through where a marked copy can be written.

    Raises:
        CannotAnnotate: it cannot.
    """
    if not can_annotate():
        raise CannotAnnotate


def annotated(source: Path, findings: Sequence[Finding], out: IO[bytes]) -> None:
    """Write the same workbook into `out`, its findings marked and listed."""
    import_module(_WRITER).write_annotated(source, findings, out, open_book=partial(open_book, source))
