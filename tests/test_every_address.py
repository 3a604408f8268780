"""Every address × every role: who is answered, who is refused, who is asked to sign in."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from duban.identity.rules import POWERS, Permission, Role
from tests import make

PUBLIC = {
    "sign-in/": "there is nobody yet",
    "language/": "the sign-in page can be read in English",
    "api/v1/session": "a program signs in here",
    "api/openapi.json": "describes the API and says nothing of the data",
}
NEEDS = {
    "arrears/progress/": Permission.ARREARS_VIEW,
    "arrears/ledger/": Permission.ARREARS_VIEW,
    "arrears/ledger/new/": Permission.ARREARS_POST,
    "arrears/board/": Permission.ARREARS_VIEW,
    "arrears/board/year/": Permission.ARREARS_VIEW,
    "arrears/board/reporters/": Permission.ARREARS_DECIDE,
    "arrears/board/zero/": Permission.ARREARS_IMPORT,
    "arrears/board/zero/form/": Permission.ARREARS_IMPORT,
    "arrears/board/zero/<uuid:uid>/": Permission.ARREARS_VIEW,
    "arrears/board/zero/<uuid:uid>/scan/": Permission.ARREARS_VIEW,
    "arrears/board/zero/<uuid:uid>/withdraw/": Permission.ARREARS_IMPORT,
    "arrears/rollforward/": Permission.ARREARS_VIEW,
    "arrears/rollforward/claims/": Permission.ARREARS_VIEW,
    "arrears/claims/<uuid:uid>/": Permission.ARREARS_VIEW,
    "arrears/claims/<uuid:uid>/<slug:name>/": Permission.ARREARS_POST,
    "arrears/claims/<uuid:uid>/papers/<int:paper>/": Permission.ARREARS_VIEW,
    "arrears/proposals/": Permission.ARREARS_POST,
    "arrears/proposals/<uuid:uid>/": Permission.ARREARS_POST,
    "arrears/imports/": Permission.ARREARS_IMPORT,
    "arrears/imports/next/": Permission.ARREARS_IMPORT,
    "arrears/imports/<uuid:uid>/": Permission.ARREARS_IMPORT,
    "arrears/imports/<uuid:uid>/progress/": Permission.ARREARS_IMPORT,
    "arrears/imports/<uuid:uid>/annotated/": Permission.ARREARS_IMPORT,
    "arrears/imports/<uuid:uid>/sheet/": Permission.ARREARS_VIEW,
    "arrears/imports/<uuid:uid>/sheet/<int:number>/": Permission.ARREARS_VIEW,
    "arrears/imports/<uuid:uid>/accept/": Permission.ARREARS_IMPORT,
    "arrears/imports/<uuid:uid>/answer/": Permission.ARREARS_DECIDE,
    "arrears/imports/<uuid:uid>/papers/<int:paper>/": Permission.ARREARS_VIEW,
    "arrears/imports/<uuid:uid>/submit/": Permission.ARREARS_IMPORT,
    "arrears/imports/<uuid:uid>/return/": Permission.ARREARS_DECIDE,
    "arrears/imports/<uuid:uid>/withdraw/": Permission.ARREARS_IMPORT,
    "arrears/deliveries/": Permission.ARREARS_IMPORT,
    "arrears/deliveries/<uuid:uid>/": Permission.ARREARS_IMPORT,
    "arrears/deliveries/<uuid:uid>/progress/": Permission.ARREARS_IMPORT,
    "arrears/campaigns/": Permission.ARREARS_VIEW,
    "arrears/campaigns/begin/": Permission.CAMPAIGNS_MANAGE,
    "arrears/campaigns/<uuid:uid>/": Permission.ARREARS_VIEW,
    "arrears/campaigns/<uuid:uid>/set/<slug:name>/": Permission.CAMPAIGNS_MANAGE,
    "arrears/campaigns/<uuid:uid>/members/": Permission.CAMPAIGNS_MANAGE,
    "arrears/campaigns/<uuid:uid>/orders/<slug:name>/": Permission.CAMPAIGNS_MANAGE,
    "arrears/campaigns/<uuid:uid>/base/": Permission.ARREARS_VIEW,
    "arrears/campaigns/<uuid:uid>/bridge/": Permission.ARREARS_VIEW,
    "arrears/campaigns/<uuid:uid>/bridge/claims/": Permission.ARREARS_VIEW,
    "arrears/orders/<uuid:uid>/": Permission.ARREARS_VIEW,
    "arrears/orders/<uuid:uid>/decide/": Permission.ARREARS_DECIDE,
    "parties/": Permission.ARREARS_VIEW,
    "parties/duplicates/": Permission.PARTIES_MANAGE,
    "parties/duplicates/look/": Permission.PARTIES_MANAGE,
    "parties/duplicates/<uuid:first>/<uuid:second>/": Permission.PARTIES_MANAGE,
    "parties/<uuid:uid>/": Permission.ARREARS_VIEW,
    "parties/<uuid:uid>/<slug:name>/": Permission.PARTIES_MANAGE,
    "workbooks/": Permission.WORKBOOK_LOOK,
    "workbooks/<uuid:uid>/": Permission.WORKBOOK_LOOK,
    "workbooks/<uuid:uid>/progress/": Permission.WORKBOOK_LOOK,
    "workbooks/<uuid:uid>/rows/": Permission.WORKBOOK_LOOK,
    "workbooks/<uuid:uid>/findings/": Permission.WORKBOOK_LOOK,
    "workbooks/<uuid:uid>/findings.json": Permission.WORKBOOK_LOOK,
    "workbooks/<uuid:uid>/annotated/": Permission.WORKBOOK_LOOK,
    "workbooks/<uuid:uid>/again/": Permission.WORKBOOK_LOOK,
    "workbooks/<uuid:uid>/meanings/": Permission.WORKBOOK_LOOK,
    "workbooks/<uuid:uid>/meanings/<int:meaning>/forget/": Permission.WORKBOOK_LOOK,
    "api/v1/position": Permission.ARREARS_VIEW,
    "api/v1/claims": Permission.ARREARS_VIEW,
    "api/v1/claims/<uid>": Permission.ARREARS_VIEW,
    "api/v1/statements/<uid>": Permission.ARREARS_IMPORT,
    "trail/": Permission.TRAIL_VIEW,
}
"""Addresses that ask for a permission; the rest is everybody's who signed in."""


def addresses(patterns: list[URLPattern | URLResolver], above: str = "") -> Iterator[str]:
    for pattern in patterns:
        here = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        else:
            yield here


EVERY = sorted(set(addresses(get_resolver().url_patterns)))


def filled(address: str) -> str:
    places = {
        "<uuid:uid>": str(uuid4()),
        "<uuid:first>": str(uuid4()),
        "<uuid:second>": str(uuid4()),
        "<uid>": str(uuid4()),
        "<int:meaning>": "1",
        "<int:paper>": "1",
        "<int:number>": "1",
        "<slug:name>": "dispute",
    }
    for place, value in places.items():
        address = address.replace(place, value)
    return "/" + address


def test_whoever_has_not_signed_in_is_asked_to_everywhere_but_on_the_public_pages(database: str) -> None:
    client = Client()
    for address in EVERY:
        answer = client.get(filled(address))
        if address in PUBLIC:
            assert answer.status_code in {200, 302, 405}, address
            assert "sign-in" not in answer.headers.get("Location", ""), address
        elif address.startswith("api/"):
            assert answer.status_code == 401, address
        else:
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/sign-in/"), address


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_a_role_is_refused_what_it_may_not_do(database: str, role: Role) -> None:
    make.unit("City")
    client = Client()
    client.cookies[settings.SESSION_COOKIE] = make.session(make.appointment(role, of="City"))
    for address in EVERY:
        if address in PUBLIC:
            continue
        needed = NEEDS.get(address)
        answer = client.get(filled(address), {"as_of": "2026-03-31"})
        answer.close()  # a workbook is a file until then
        allowed = needed is None or needed in POWERS[role].may
        assert (answer.status_code == 403) == (not allowed and answer.status_code != 405), (address, answer.status_code)
        assert answer.status_code < 500, address


def test_every_address_with_a_permission_exists() -> None:
    assert set(NEEDS) | set(PUBLIC) <= set(EVERY)
