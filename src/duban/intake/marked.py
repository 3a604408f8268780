"""A workbook that was handed in, given back with what was found marked in it."""

from collections.abc import Sequence
from pathlib import PurePath

from django.http import FileResponse
from django.utils.translation import gettext as _

from duban.evidence.commands import path_of
from duban.ui.exports import workbook_response
from duban.workbook.annotated import write_annotated
from duban.workbook.findings import Finding
from duban.workbook.schema import SheetSchema


def marked_response(
    sha256: str, findings: Sequence[Finding], *, file_name: str, schemas: Sequence[SheetSchema]
) -> FileResponse:
    """Answer with the workbook of that hash, marked; `schemas` are those that it may follow."""
    name = _("{file}, marked.xlsx").format(file=PurePath(file_name).stem)
    return workbook_response(lambda file: write_annotated(path_of(sha256), findings, file, schemas=schemas), name=name)
