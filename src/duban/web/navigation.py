"""The main navigation: what a role may open, in the order in which the day goes."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from duban.identity.access import may
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.ui.components import Acting, NavItem

# Label, name of the address, icon, key after `g`, permission.
PLACES: tuple[tuple[Callable[[], str], str, str, str, Permission | None], ...] = (
    (lambda: _("Today"), "home", "home", "h", None),
    (lambda: _("Progress table"), "arrears:progress", "table", "p", Permission.ARREARS_VIEW),
    (lambda: _("Ledger"), "arrears:ledger", "list-details", "l", Permission.ARREARS_VIEW),
    (lambda: _("Import"), "arrears:imports", "file-import", "i", Permission.ARREARS_IMPORT),
    (lambda: _("Reporting"), "arrears:board", "checklist", "b", Permission.ARREARS_VIEW),
    (lambda: _("Campaigns"), "arrears:campaigns", "target", "c", Permission.ARREARS_VIEW),
    (lambda: _("Look at a workbook"), "intake:looks", "file-spreadsheet", "w", Permission.WORKBOOK_LOOK),
    (lambda: _("Parties"), "register:parties", "users", "m", Permission.ARREARS_VIEW),
    (lambda: _("Trail"), "trail", "history", "t", Permission.TRAIL_VIEW),
)


def places(request: HttpRequest) -> list[NavItem]:
    """The places that the acting appointment may open. Asks the database nothing."""
    actor: object = request.user
    if not isinstance(actor, Appointment):
        return []
    return [
        NavItem(label(), url := reverse(name), icon, active=_is_here(request, url), key=key)
        for label, name, icon, key, permission in PLACES
        if permission is None or may(actor, permission)
    ]


def context(request: HttpRequest) -> dict[str, object]:
    """Navigation and acting appointment, for every page."""
    actor: object = getattr(request, "user", None)
    if not isinstance(actor, Appointment):
        return {"navigation": [], "acting": None}
    acting = Acting(name=actor.person.name, unit=actor.unit_name, role=str(actor.role_label), several=True)
    return {"navigation": places(request), "acting": acting}


def _is_here(request: HttpRequest, url: str) -> bool:
    return request.path == url if url == "/" else request.path.startswith(url)
