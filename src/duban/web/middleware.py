"""A missing row or permission is answered once for all views."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext

from duban.identity.entry import NotEntered
from duban.identity.middleware import ask_to_sign_in, is_api
from duban.identity.rules import PermissionDenied
from duban.kernel.errors import DomainError
from duban.ui.pages import page


class LanguageMiddleware:
    """Chinese, until the person chooses English on a page; what a browser prefers by itself decides nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of the cookie."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen in dict(settings.LANGUAGES)
        with translation.override(chosen if known else settings.LANGUAGE_CODE):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
            return response


class RefusalMiddleware:
    """Turns a refusal that a view let through into the page that says it, and undoes what the request wrote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way in."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else is a bug, and stops loudly."""
        if isinstance(exception, ObjectDoesNotExist):
            if is_api(request):
                return JsonResponse(
                    {"detail": gettext("There is nothing here, or nothing that you may see.")}, status=404
                )
            raise Http404 from exception
        if not isinstance(exception, DomainError):
            return None
        transaction.set_rollback(True)
        if isinstance(exception, NotEntered):
            return ask_to_sign_in(request)
        status = 403 if isinstance(exception, PermissionDenied) else 422
        if is_api(request):
            return JsonResponse({"detail": str(exception)}, status=status)
        return page(request, "web/refusal", {"refusal": str(exception)}, status=status)
