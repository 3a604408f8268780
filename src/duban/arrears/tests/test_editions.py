"""What cannot be said of a claim, and the edition of the law that a person chooses for it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests import make

from duban.arrears.commands import claim as acts
from duban.arrears.commands.claim.correcting import ChosenByAnAct, NothingCorrected
from duban.arrears.models import ClaimFact
from duban.arrears.rules.facts import FACTS, FactImpossible
from duban.arrears.rules.law import Edition
from duban.arrears.tests import making
from duban.arrears.tests.acting import act, address, claim_id, do
from duban.audit import commands as audit
from duban.audit.verify import verify
from duban.identity.models import Appointment
from duban.identity.rules import PermissionDenied, Role


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"year_days": 364}, "364 cannot have been agreed. Write 360 or 365"),
        ({"agreed_rate": Decimal("1.5")}, r"150\.0 % cannot have been agreed"),
        ({"agreed_term_days": -1}, "-1 cannot have been agreed"),
    ],
)
def test_a_fact_is_not_corrected_to_what_it_cannot_be(
    clerk: Appointment, facts: dict[str, object], sentence: str
) -> None:
    with pytest.raises(FactImpossible, match=sentence):
        do(clerk, acts.correct_facts, facts=facts, act=act())


@pytest.mark.parametrize(
    ("wrong", "because"),
    [
        ({"law_edition": "2025"}, "an_edition_is_chosen_with_a_reason"),
        ({"law_reason": "因为"}, "an_edition_is_chosen_with_a_reason"),
        ({"law_edition": "1999", "law_reason": "因为"}, "an_edition_is_chosen_with_a_reason"),
        ({"year_days": 364}, "a_year_of_a_rate_is_a_known_one"),
        ({"agreed_rate": Decimal("1.5")}, "an_agreed_rate_is_a_ratio_for_a_year"),
    ],
)
def test_the_database_keeps_no_fact_that_cannot_be(clerk: Appointment, wrong: dict[str, Any], because: str) -> None:
    now = making.claim(clerk, "1")
    with make.acting(clerk) as actor:
        posting = audit.open_posting(actor=actor, kind="arrears.test", scope_id=now.scope_id)
        said = {name: getattr(now, name) for name in FACTS} | wrong
        with pytest.raises(DatabaseError, match=because), transaction.atomic():
            ClaimFact.objects.create(
                claim_id=now.pk, scope_id=now.scope_id, posting=posting, recorded_at=posting.recorded_at, n=2, **said
            )


def test_an_edition_needs_a_reason_and_whoever_decides(clerk: Appointment) -> None:
    with pytest.raises(NothingCorrected):
        do(clerk, acts.choose_edition, edition=Edition.ORDER_802, act=act(reason=" "))
    with pytest.raises(ChosenByAnAct, match="second person"):
        do(clerk, acts.correct_facts, facts={"law_edition": "2025"}, act=act())
    number = claim_id(clerk, "1")
    with make.acting(make.appointment(Role.DEBTOR, of="East")) as actor, pytest.raises(PermissionDenied):
        acts.choose_edition(claim_id=number, edition=Edition.ORDER_802, act=act(), actor=actor)


def test_an_edition_is_chosen_with_a_reason_shown_and_taken_back(clerk: Appointment, browser: Client) -> None:
    typed = {"edition": "2025", "reason": "法律顾问意见"}
    do(clerk, acts.correct_facts, facts={"debtor_kind": "agency", "delivered_on": date(2024, 1, 2)}, act=act())
    page = browser.post(address(clerk, "edition"), typed, follow=True).content.decode()
    assert "Order 802 of 2025 applies by choice" in page
    assert "法律顾问意见" in page
    assert (making.claim(clerk, "1").law_edition, making.claim(clerk, "1").law_reason) == ("2025", "法律顾问意见")
    again = browser.post(address(clerk, "edition"), typed)
    assert "says this already" in again.content.decode()
    do(clerk, acts.choose_edition, edition=None, act=act())
    assert (making.claim(clerk, "1").law_edition, making.claim(clerk, "1").law_reason) == ("", "")
    with make.operator():
        assert verify().ok
