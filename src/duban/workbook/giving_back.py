"""Giving a workbook back with what was found marked in it, where the part that writes it is installed."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from duban.workbook.findings import Finding

_WRITER = "duban.workbook.annotated"


def can_annotate() -> bool:
    """Whether a marked copy can be written."""
    return find_spec(_WRITER) is not None


def annotated(source: Path, findings: Sequence[Finding], out: IO[bytes]) -> None:
    """Write the same workbook into `out`, its findings marked and listed."""
    import_module(_WRITER).write_annotated(source, findings, out)
