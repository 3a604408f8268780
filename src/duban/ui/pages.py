"""One URL, two sizes: the whole page for a browser, the part for htmx."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asked and will swap a part; a boosted link and the back button want the whole page."""
    asked = request.headers.get("HX-Request") == "true"
    whole = request.headers.get("HX-Boosted") == "true" or request.headers.get("HX-History-Restore-Request") == "true"
    return asked and not whole


def page(
    request: HttpRequest, name: str, context: Mapping[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with page `name` ("arrears/ledger"): `arrears/ledger.html`, or only its part `arrears/_ledger.html`.

    A part carries waiting messages along, so that "saved" is said at once. Figures are confidential: no answer is
    kept by the browser.
    """
    values = dict(context or {})
    if wants_part(request):
        folder, _, leaf = name.rpartition("/")
        html = render_to_string(f"{folder}/_{leaf}.html", values, request)
        html += render_to_string("ui/_messages_swapped.html", {}, request)
    else:
        html = render_to_string(f"{name}.html", values, request)
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request"])
    return response


def retarget(response: HttpResponse, selector: str) -> HttpResponse:
    """Put the answer in place of `selector`, whatever the form aimed at; used when a form comes back with errors."""
    response["HX-Retarget"] = selector
    response["HX-Reswap"] = "outerHTML"
    return response
