from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.arrears.rules.facts import FactValues
from duban.arrears.rules.law import Edition
from duban.arrears.rules.lawful import Lawful, NotApplied, lawful
from duban.arrears.rules.provisions import Breach, Ground
from duban.arrears.rules.start import NotStarted, Started
from duban.arrears.tests.test_sheet import read
from duban.kernel.calendar import WorkCalendar

TODAY = date(2026, 10, 31)
DELIVERED = date(2025, 7, 1)


def applied(**facts: Any) -> Lawful | NotApplied:  # noqa: ANN401 - any facts
    given = {"ledger_no": "1", "debtor_name": "甲局", "creditor_name": "乙公司", "debtor_kind": "agency", **facts}
    return lawful(FactValues(**given), as_of=TODAY, calendar=WorkCalendar.shipped())


def of_law(**facts: Any) -> Lawful:  # noqa: ANN401 - any facts
    found = applied(**facts)
    assert isinstance(found, Lawful)
    return found


def why_not(**facts: Any) -> str:  # noqa: ANN401 - any facts
    found = applied(**facts)
    assert isinstance(found, NotApplied)
    return str(found.why)


def test_goods_delivered_to_an_agency_are_due_in_thirty_days() -> None:
    found = of_law(delivered_on=DELIVERED)
    assert (found.due.on, found.applied.version.edition) == (date(2025, 7, 31), Edition.ORDER_802)
    assert found.remarks == ()


def test_the_edition_is_that_of_the_delivery_and_not_of_the_contract() -> None:
    assert of_law(signed_on=date(2019, 1, 1), delivered_on=DELIVERED).applied.version.edition is Edition.ORDER_802
    assert of_law(signed_on=date(2019, 1, 1)).applied.version.edition is Edition.PRE_2020
    assert of_law(due_on=date(2021, 1, 1)).applied.version.edition is Edition.ORDER_728


def test_a_chosen_edition_holds_with_its_reason() -> None:
    found = of_law(delivered_on=date(2024, 1, 2), law_edition="2025", law_reason="法律顾问意见")
    assert found.applied.version.edition is Edition.ORDER_802
    assert str(found.applied.why).endswith("法律顾问意见")


@pytest.mark.parametrize(
    ("facts", "ground", "day"),
    [
        ({"delivered_on": DELIVERED, "accepted_on": date(2025, 8, 1)}, Ground.DELIVERY, DELIVERED),
        ({"accepted_on": date(2025, 8, 1)}, Ground.ACCEPTANCE, date(2025, 8, 1)),
        ({"settlement_confirmed_on": date(2025, 9, 1)}, Ground.SETTLEMENT, date(2025, 9, 1)),
        (
            {"delivered_on": DELIVERED, "accepted_on": date(2025, 8, 1), "payment_basis": "acceptance"},
            Ground.ACCEPTANCE,
            date(2025, 8, 1),
        ),
        (
            {
                "delivered_on": DELIVERED,
                "agreed_acceptance_by": date(2025, 7, 20),
                "payer_delays_acceptance": True,
                "accepted_on": date(2025, 12, 1),
            },
            Ground.ACCEPTANCE_RUN_OUT,
            date(2025, 7, 20),
        ),
    ],
)
def test_the_start_is_what_is_stated_or_what_the_stated_days_speak_for(
    facts: dict[str, Any], ground: Ground, day: date
) -> None:
    start = of_law(**facts).due.start
    assert isinstance(start, Started)
    assert (start.ground, start.on) == (ground, day)


def test_what_is_taken_for_granted_is_said() -> None:
    several = {"delivered_on": DELIVERED, "accepted_on": date(2025, 8, 1)}
    [remark] = of_law(**several).remarks
    assert "Delivery is taken" in str(remark)
    assert of_law(**several, payment_basis="delivery").remarks == ()


def test_a_day_that_stands_in_for_the_one_on_which_the_duty_arose_is_said() -> None:
    [remark] = of_law(signed_on=date(2024, 5, 6), due_on=DELIVERED).remarks
    assert "the edition is that of 2024-05-06" in str(remark)


def test_a_holiday_that_is_not_known_yet_moves_nothing_and_is_said() -> None:
    found = of_law(delivered_on=date(2026, 10, 30), agreed_term_days=60, debtor_kind="private_large")
    assert found.due.on is not None
    late = lawful(
        FactValues(
            ledger_no="1", debtor_name="甲", creditor_name="乙", debtor_kind="private_large",
            delivered_on=date(2026, 10, 30), agreed_term_days=200,
        ), as_of=TODAY, calendar=WorkCalendar.shipped(),
    )  # fmt: skip
    assert isinstance(late, Lawful)
    assert late.due.on == late.on_or_before_shift == date(2027, 5, 18)
    assert "holiday notices" in str(late.remarks[0])


@given(st.dates(date(2021, 1, 1), date(2026, 6, 1)), st.integers(0, 90))
def test_the_shift_moves_a_day_onto_a_workday_and_never_back(delivered: date, term: int) -> None:
    found = of_law(delivered_on=delivered, agreed_term_days=term)
    assert found.due.on is not None
    assert found.on_or_before_shift == delivered + timedelta(min(term, 60))
    assert timedelta(0) <= found.due.on - found.on_or_before_shift < timedelta(12)
    assert WorkCalendar.shipped().is_workday(found.due.on)


def test_the_law_says_nothing_of_what_is_owed_to_a_large_creditor_or_by_a_debtor_of_no_kind() -> None:
    assert "large enterprise" in why_not(size_at_contract="large", delivered_on=DELIVERED)
    assert "主体类别" in why_not(debtor_kind="", delivered_on=DELIVERED)
    assert "which edition" in why_not()


def test_bills_that_are_forced_on_a_creditor_are_not_allowed_since_there_is_a_regulation() -> None:
    since = of_law(delivered_on=DELIVERED, forced_noncash=True).due
    assert [violation.breach for violation in since.violations] == [Breach.NONCASH]
    assert "article 11)" in str(since.violations[0].sentence)
    before = of_law(delivered_on=date(2019, 1, 1), forced_noncash=True).due
    assert before.violations == ()


def test_a_creditor_that_did_not_declare_its_size_is_pointed_at_article_3() -> None:
    assert "article 3, paragraph 2" in str(of_law(delivered_on=DELIVERED, sme_declared=False).due.warnings[0])
    assert of_law(delivered_on=DELIVERED, sme_declared=True).due.warnings == ()


def test_a_slow_settlement_starts_no_term() -> None:
    found = of_law(payment_basis="settlement", delivered_on=DELIVERED, reviewed_from=date(2025, 8, 1))
    assert isinstance(found.due.start, NotStarted)
    assert "no audit" in str(found.due.warnings[0])


# -- In the sheet -----------------------------------------------------------------------------------------------------

AGENCY = {"amount": 5, "debtor_kind": "机关", "delivered_on": DELIVERED}
SAID = [
    ("L20", "due_on", {**AGENCY, "due_on": date(2025, 9, 1)}, "by law it is due on 2025-07-31"),
    ("L21", "agreed_term_days", {**AGENCY, "due_on": None, "undisputed": 5, "agreed_term_days": 90}, "no more than 60"),
    (
        "L21",
        "pays_when_paid",
        {**AGENCY, "debtor_kind": "大型企业", "due_on": date(2025, 9, 1), "pays_when_paid": "是"},
        "may not be agreed",
    ),
    ("L21", "forced_noncash", {**AGENCY, "due_on": date(2025, 7, 31), "forced_noncash": "是"}, "which is not allowed"),
    (
        "L22",
        "agreed_acceptance_by",
        {**AGENCY, "due_on": None, "undisputed": 5, "agreed_acceptance_by": date(2025, 8, 1)},
        "not recorded that the payer",
    ),
    (
        "L22",
        "reviewed_from",
        {**AGENCY, "due_on": date(2025, 7, 31), "reviewed_from": date(2025, 8, 1)},
        "neither its beginning nor its end starts a term",
    ),
    (
        "L23",
        "reviewed_to",
        {**AGENCY, "due_on": date(2025, 7, 31), "reviewed_to": date(2025, 8, 1)},
        "cannot have begun",
    ),
]


@pytest.mark.parametrize(("rule", "column", "claim", "words"), SAID)
def test_a_row_that_differs_from_the_law_is_a_warning_at_its_cell(
    tmp_path: Path, rule: str, column: str, claim: dict[str, Any], words: str
) -> None:
    reading = read(tmp_path, claim)
    said = [found for found in reading.findings if found.rule.startswith("L2")]
    assert [found.rule for found in said] == [rule]
    assert said[0].cell == reading.where(3, column)[1]
    assert words in str(said[0].message)
    assert len(reading.rows) == 1


@pytest.mark.parametrize("due_on", [date(2025, 8, 2), date(2025, 8, 4)])
def test_a_due_day_on_a_weekend_may_be_stated_with_or_without_the_shift(tmp_path: Path, due_on: date) -> None:
    assert read(tmp_path, {**AGENCY, "delivered_on": date(2025, 7, 3), "due_on": due_on}).findings == []
