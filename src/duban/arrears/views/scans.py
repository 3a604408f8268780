"""Giving out what somebody signed and handed in."""

from django.http import FileResponse

from duban.evidence.commands import path_of


def scan_response(sha256: str, name: str) -> FileResponse:
    """A file to keep, never one to be shown in the page's own place: what is in it is somebody else's.

    Whoever calls this has asked whether the reader may have it.
    """
    response = FileResponse(
        path_of(sha256).open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response["Cache-Control"] = "no-store"
    return response
