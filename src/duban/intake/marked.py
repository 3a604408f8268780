"""A workbook that was handed in, given back with what was found marked in it."""

import tempfile
from collections.abc import Sequence
from pathlib import PurePath
from typing import IO

from django.http import FileResponse
from django.utils.translation import gettext as _

from duban.evidence.commands import path_of
from duban.ui.exports import IN_MEMORY, TYPE
from duban.workbook.annotated import write_annotated
from duban.workbook.findings import Finding


def marked_response(sha256: str, findings: Sequence[Finding], *, file_name: str) -> FileResponse:
    """Answer with the workbook of that hash, marked."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_annotated(path_of(sha256), findings, file)
    file.seek(0)
    name = _("{file}, marked.xlsx").format(file=PurePath(file_name).stem)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=TYPE)
    response["Cache-Control"] = "no-store"
    return response
