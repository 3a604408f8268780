from collections.abc import Iterator

import pytest
from django.contrib.messages import success
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import RequestFactory, override_settings

from duban.ui.pages import page, retarget

PAGES = {
    "orders/list.html": "whole({% include 'orders/_list.html' %})",
    "orders/_list.html": "part of {{ name }}",
    "ui/_messages_swapped.html": "{% for message in messages %}[{{ message }}]{% endfor %}",
}


@pytest.fixture(autouse=True)
def _pages_of_our_own() -> Iterator[None]:
    options = {
        "loaders": [("django.template.loaders.locmem.Loader", PAGES)],
        "context_processors": ["django.contrib.messages.context_processors.messages"],
    }
    backend = "django.template.backends.django.DjangoTemplates"
    with override_settings(TEMPLATES=[{"BACKEND": backend, "OPTIONS": options}]):
        yield


def asked(**headers: str) -> HttpRequest:
    request = RequestFactory().get(
        "/orders", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # as its middleware does
    return request


def test_a_browser_gets_the_whole_page() -> None:
    response = page(asked(), "orders/list", {"name": "Linhe"})
    assert response.content == b"whole(part of Linhe)"


def test_htmx_gets_the_part() -> None:
    response = page(asked(HX_Request="true"), "orders/list", {"name": "Linhe"}, status=422)
    assert (response.status_code, response.content) == (422, b"part of Linhe")


@pytest.mark.parametrize("whole", ["HX_Boosted", "HX_History_Restore_Request"])
def test_a_boosted_link_and_the_back_button_get_the_whole_page(whole: str) -> None:
    assert page(asked(HX_Request="true", **{whole: "true"}), "orders/list").content.startswith(b"whole(")


def test_whole_and_part_are_never_mixed_up_or_kept() -> None:
    response = page(asked(), "orders/list")
    assert (response["Vary"], response["Cache-Control"]) == ("HX-Request", "no-store")


def test_a_part_carries_waiting_messages() -> None:
    request = asked(HX_Request="true")
    success(request, "Saved")
    assert page(request, "orders/list").content == b"part of [Saved]"


def test_a_form_with_errors_goes_back_to_its_own_place() -> None:
    response = retarget(page(asked(), "orders/list", status=422), "#payment")
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#payment", "outerHTML")
