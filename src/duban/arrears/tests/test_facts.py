from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import make

from duban.arrears import words
from duban.arrears.checks import claims, facts
from duban.arrears.models import Facts
from duban.arrears.queries.claim import claim_on
from duban.arrears.queries.prefilled import prefilled_rows
from duban.arrears.rules.acts import Cause
from duban.arrears.rules.facts import FACTS, RATE_PLACES, FactKind, FactValues, facts_from, plain_facts
from duban.arrears.rules.start import Basis
from duban.arrears.sheet import LEDGER
from duban.arrears.sheet.further import BASES, CAUSES
from duban.arrears.tests import making
from duban.arrears.tests.test_sheet import read, rules
from duban.arrears.views.facts import FURTHER, said_further
from duban.kernel.money import Money
from duban.workbook.findings import Severity

ANYTHING = {
    FactKind.TEXT: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    FactKind.DAY: st.dates(),
    FactKind.MONEY: st.integers(-(10**15), 10**15).map(Money),
    FactKind.COUNT: st.integers(0, 10_000),
    FactKind.RATIO: st.decimals(0, 1, places=6).map(lambda rate: rate.quantize(RATE_PLACES)),
    FactKind.TRUTH: st.booleans(),
}
SAID = {
    "size_at_contract": "小型", "sme_declared": "是", "contract_amount": 900, "payment_basis": "验收合格",
    "delivered_on": date(2024, 1, 2), "accepted_on": date(2024, 2, 3), "agreed_acceptance_by": date(2024, 2, 1),
    "payer_delays_acceptance": "否", "settlement_confirmed_on": date(2024, 3, 4), "agreed_term_days": "30天",
    "pays_when_paid": "是", "forced_noncash": "否", "agreed_rate": "4.35%", "year_days": 360,
    "reviewed_from": date(2024, 4, 5), "reviewed_to": date(2024, 5, 6), "using_unit": "县医院",
    "funding_unit": "县财政局", "territory": "东县", "responsible_unit": "县卫健局",
    "planned_clear_on": date(2026, 12, 31),
    "funding_source": "专项债", "clue_source": "12345", "arrears_reason": "资金未到位", "dispute_cause": "质量问题",
    "case_number": "（2024）东民初12号",
}  # fmt: skip
MEANT = {
    "size_at_contract": "small", "sme_declared": True, "contract_amount": Money.of("900"),
    "payment_basis": "acceptance", "delivered_on": date(2024, 1, 2), "accepted_on": date(2024, 2, 3),
    "agreed_acceptance_by": date(2024, 2, 1), "payer_delays_acceptance": False,
    "settlement_confirmed_on": date(2024, 3, 4), "agreed_term_days": 30, "pays_when_paid": True,
    "forced_noncash": False, "agreed_rate": Decimal("0.0435"), "year_days": 360, "reviewed_from": date(2024, 4, 5),
    "reviewed_to": date(2024, 5, 6), "using_unit": "县医院", "funding_unit": "县财政局", "territory": "东县",
    "responsible_unit": "县卫健局", "planned_clear_on": date(2026, 12, 31), "funding_source": "bonds",
    "clue_source": "hotline", "arrears_reason": "资金未到位", "dispute_cause": "quality",
    "case_number": "（2024）东民初12号",
}  # fmt: skip


def test_the_ledger_stores_every_fact_and_nothing_else() -> None:
    assert {field.name for field in Facts._meta.get_fields()} == set(FACTS)
    assert [field.name for field in fields(FactValues)] == list(FACTS)


def test_every_fact_has_a_name_for_people() -> None:
    assert all(words.fact_label(name) for name in FACTS)


def test_the_lists_of_the_sheet_are_those_of_the_rules() -> None:
    assert {choice.code for choice in BASES} == set(Basis)
    assert {choice.code for choice in CAUSES} == set(Cause)
    for column in LEDGER.columns:
        if column.name in FURTHER:
            assert all(words.label(column.name, choice.code) != choice.code for choice in column.choices)


ALWAYS_SAID = ("ledger_no", "debtor_name", "creditor_name")


@given(
    st.fixed_dictionaries(
        dict.fromkeys(ALWAYS_SAID, st.just("x")),
        optional={name: ANYTHING[kind] for name, kind in FACTS.items() if name not in ALWAYS_SAID},
    )
)
def test_facts_are_read_back_as_they_were_kept(said: dict[str, Any]) -> None:
    values = FactValues(**said)
    assert facts_from(plain_facts(values)) == values


def test_a_sheet_says_what_the_law_needs(tmp_path: Path) -> None:
    reading = read(tmp_path, {"amount": 5, **SAID})
    assert rules(reading) == []
    assert {name: getattr(reading.rows[0], name) for name in MEANT} == MEANT


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("accepted_on", "验收合格后", "S03"),
        ("funding_source", "想办法", "S04"),
        ("agreed_term_days", "按进度", "S06"),
        ("agreed_rate", "LPR加50个基点", "S21"),
        ("pays_when_paid", "部分", "S25"),
        ("agreed_term_days", "99999", "L19"),
        ("year_days", 364, "L19"),
        ("agreed_rate", "4.35001%", "L19"),
        ("agreed_rate", "435%", "L19"),
    ],
)
def test_what_cannot_be_read_of_a_further_fact_is_left_out_and_holds_nothing_back(
    tmp_path: Path, column: str, cell: object, rule: str
) -> None:
    reading = read(tmp_path, {"amount": 5, column: cell})
    assert [(found.rule, found.severity) for found in reading.findings] == [(rule, Severity.WARNING)]
    assert getattr(reading.rows[0], column) in {None, ""}


def test_what_a_ledger_says_is_in_the_claim_its_page_and_its_next_ledger(database: str) -> None:
    office = making.office()
    making.enter(office, {"ledger_no": "1", "amount": 900, **SAID}, {"ledger_no": "2", "amount": 5})
    now = making.claim(office, "1")
    assert {name: getattr(now, name) for name in MEANT} == MEANT
    uids = [making.claim(office, number).claim.uid for number in ("1", "2")]
    with make.acting(office) as actor:
        shown, empty = (said_further(claim_on(uid, as_of=making.today(), actor=actor)) for uid in uids)
        prefilled = prefilled_rows("East", actor=actor, today=making.today())[0]
    assert {name: prefilled[name] for name in MEANT} == MEANT | {"agreed_rate": Decimal("4.35")}
    assert len(shown) == len(MEANT)
    assert "4.35 %" in [fact.value for fact in shown]
    assert empty == []
    with make.operator():
        assert [*facts.breaks(), *claims.breaks()] == []
