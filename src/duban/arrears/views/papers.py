"""Papers that were handed in with acts on a claim."""

from uuid import UUID

from django.http import FileResponse

from duban.arrears.commands import claim as commands
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission


def paper(request: Request, uid: UUID, paper: int) -> FileResponse:
    """A paper as it was handed in. It is saved, never shown: nobody has looked at what is in it."""
    access.require(request.user, Permission.ARREARS_VIEW)
    found, path = commands.open_paper(claim=uid, paper_id=paper, actor=request.user)
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    answer["Cache-Control"] = "no-store"
    return answer
