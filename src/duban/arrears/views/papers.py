"""Papers that were handed in with acts on a claim."""

from uuid import UUID

from django.http import FileResponse

from duban.arrears.commands import claim as commands
from duban.arrears.views.scans import scan_response
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission


def paper(request: Request, uid: UUID, paper: int) -> FileResponse:
    """A paper as it was handed in."""
    access.require(request.user, Permission.ARREARS_VIEW)
    found = commands.open_paper(claim=uid, paper_id=paper, actor=request.user)
    return scan_response(found.sha256, found.name)
