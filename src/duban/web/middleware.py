"""A missing row or permission is answered once for all views."""

from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from duban.identity.entry import NotEntered
from duban.identity.middleware import ask_to_sign_in, is_api
from duban.identity.rules import PermissionDenied
from duban.kernel.errors import DomainError
from duban.ui.pages import page


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
