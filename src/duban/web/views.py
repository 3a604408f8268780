"""Pages that belong to no single context."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from duban.identity.middleware import Request
from duban.ui.pages import page


def home(request: Request) -> HttpResponse:
    """Where a day begins."""
    return page(request, "web/home", {"heading": _("Today")})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form that was open too long, or was not ours."""
    refusal = _("This form was opened in another session. Open the page again and repeat what you did.")
    return page(request, "web/refusal", {"refusal": refusal}, status=403)
