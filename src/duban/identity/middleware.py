"""Every request enters before its view runs, and everything it does is one transaction."""

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from duban.identity import entry, queries
from duban.identity.models import Appointment
from duban.identity.origin import coming_from

type_of_view = Callable[..., HttpResponse]
POLL_HEADER = "X-Duban-Poll"
"""Sent by what a page asks by itself; it does not keep the session alive."""
WITHOUT_NEW_PASSWORD = frozenset({"identity:change_password", "identity:sign_out", "set_language"})


class Nobody:
    """Whoever has not signed in."""

    is_authenticated = False


class Request(HttpRequest):
    """A request that has been through the door; views of signed-in pages may take `user` for an appointment."""

    user: Appointment  # type: ignore[assignment]  # stands where Django has a user
    token: str


class EnterMiddleware:
    """Opens the transaction of a request, enters it with the session's token, and asks for a sign-in where needed.

    A view that everybody may see is marked with Django's `login_not_required`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the whole request, its template included, in one transaction; a failed one leaves nothing behind."""
        token = bearer(request) or request.COOKIES.get(settings.SESSION_COOKIE, "")
        via = "api" if is_api(request) else "page"
        with coming_from(via, address=address_of(request)), transaction.atomic():
            actor = entry.enter(token, active=POLL_HEADER not in request.headers) if token else None
            if actor is not None:
                actor.unit_name = queries.unit_name(actor.unit, on=timezone.localdate())
            request.user = actor or Nobody()  # type: ignore[assignment]  # stands where Django has a user
            request.token = token  # type: ignore[attr-defined]  # an attribute of our `Request`
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response

    def process_view(
        self,
        request: HttpRequest,
        view: type_of_view,
        args: object,  # noqa: ARG002 - Django's signature
        kwargs: object,  # noqa: ARG002 - Django's signature
    ) -> HttpResponse | None:
        """Send whoever has not entered to the sign-in page, and whoever must to the page for a new password."""
        if not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        match = request.resolver_match
        if match and match.view_name not in WITHOUT_NEW_PASSWORD and queries.must_change_password():
            return redirect("identity:change_password")
        return None


def bearer(request: HttpRequest) -> str:
    """The token of an API call, from its Authorization header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: what the proxy before us says where there is one, else the other end of the line.

    A proxy adds the address it sees to the end of the list; what stands before that is only the caller's word.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() if settings.BEHIND_TLS else ""
    return (forwarded or request.META.get("REMOTE_ADDR", ""))[:64]


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, which is answered in JSON."""
    return request.path.startswith("/api/")


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, in the form that the asker understands; it comes back here afterwards."""
    if is_api(request):
        return JsonResponse({"detail": str(entry.NotEntered())}, status=401)
    address = f"{reverse('identity:sign_in')}?next={quote(request.get_full_path())}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("identity:sign_in")})
    return redirect(address)
