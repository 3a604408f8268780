"""Pages that belong to no single context."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears.queries import imports
from duban.arrears.queries.progress import progress_table
from duban.arrears.views.progress import position_tiles
from duban.arrears.words import label
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.ui import shown
from duban.ui.components import Badge, Tile, Tone
from duban.ui.pages import page
from duban.web.navigation import places

WAITING = slice(0, 50)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for this person."""

    title: str
    note: str
    state: Badge
    url: str


def home(request: Request) -> HttpResponse:
    """Where a day begins: what waits, and where to go."""
    context = {
        "heading": _("Today"),
        "lead": shown.long_day(timezone.localdate()),
        "waiting": _waiting(request),
        "places": places(request)[1:],
        "tiles": _tiles(request),
    }
    return page(request, "web/home", context)


def _waiting(request: Request) -> list[Waiting]:
    if not access.may(request.user, Permission.ARREARS_IMPORT):
        return []
    handed_in = imports.statements(actor=request.user, today=timezone.localdate(), window=WAITING)
    return [
        Waiting(
            title=view.file_name,
            note=_("{unit}, ledger as of {day}").format(unit=view.unit_name, day=shown.long_day(view.as_of)),
            state=Badge(label("state", view.state), Tone.WATCH),
            url=reverse("arrears:statement", args=[view.uid]),
        )
        for view in handed_in
        if view.state == "checked"
    ]


def _tiles(request: Request) -> list[Tile]:
    if not access.may(request.user, Permission.ARREARS_VIEW):
        return []
    today = timezone.localdate()
    return position_tiles(progress_table(actor=request.user, as_of=today).total, as_of=today, today=today)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form that was open too long, or was not ours."""
    refusal = _("This form was opened in another session. Open the page again and repeat what you did.")
    return page(request, "web/refusal", {"refusal": refusal}, status=403)
