"""People and their browser, for the tests of acts on a claim."""

import pytest
from django.conf import settings
from django.test import Client
from tests import make

from duban.arrears.tests.making import enter, office
from duban.identity.models import Appointment


@pytest.fixture
def clerk(database: str) -> Appointment:
    """A clerk of the office who entered two claims of one debtor: 100 and 50 yuan, undisputed."""
    clerk = office()
    enter(clerk, {"ledger_no": "1", "amount": 100}, {"ledger_no": "2", "amount": 50, "project": "桥"})
    return clerk


@pytest.fixture
def second(clerk: Appointment) -> Appointment:
    """Another person of the same office."""
    return make.appointment(of="East")


@pytest.fixture
def browser(clerk: Appointment) -> Client:
    """The browser of the clerk, in English."""
    client = Client(headers={"Accept-Language": "en"})
    client.cookies[settings.SESSION_COOKIE] = make.session(clerk)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client
