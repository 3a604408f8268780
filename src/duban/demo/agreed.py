"""What the units of the fictional city write of a claim beside its amounts: what was agreed and done, and the plan."""

from datetime import date, timedelta
from random import Random
from typing import Any

from duban.demo.claims import DemoClaim

UNSAID = frozenset({
    "payment_basis", "accepted_on", "agreed_acceptance_by", "payer_delays_acceptance", "settlement_confirmed_on",
    "pays_when_paid", "forced_noncash", "reviewed_from", "reviewed_to", "using_unit", "funding_unit",
    "responsible_unit",
})  # fmt: skip
"""Columns of the ledger sheet that no unit of the city has."""
_TERMS = {"机关": 30, "事业单位": 30}
_USUAL_TERM = 60
_FUNDING = ("财政预算", "争取上级资金", "专项债", "处置国有资产", "压减一般性支出")
_OF_FIRMS = ("自有资金", "银行融资", "处置国有资产")
_CLUES = ("自查", "自查", "自查", "国家平台转办", "省平台", "12345", "审计")
_REASONS = ("财政资金未到位", "上级补助未下达", "结算未办结", "项目资金缺口", "单位账户资金紧张")
_CAUSES = ("质量问题", "金额争议", "未结算/未审计")


def agreed(claim: DemoClaim, *, territory: str, as_of: date) -> dict[str, Any]:
    """The further columns of a row. The same claim says the same, whatever is drawn for others."""
    rng = Random(claim.contract_no)  # noqa: S311 - a city that can be made again, not a secret
    said: dict[str, Any] = {"territory": territory, "clue_source": rng.choice(_CLUES)}
    if claim.due_on and claim.due_on <= as_of and rng.random() < 0.7:
        said |= _terms(claim, claim.due_on, rng)
    if claim.cleared < claim.amount:
        sources = _OF_FIRMS if claim.debtor.kind.startswith(("国有", "政府平台")) else _FUNDING
        said |= {"funding_source": rng.choice(sources), "arrears_reason": rng.choice(_REASONS)}
        said["planned_clear_on"] = as_of + timedelta(days=30 * rng.randint(1, 12))
    if claim.parts.get("disputed"):
        said["dispute_cause"] = rng.choice(_CAUSES)
    if claim.parts.get("judicial"):
        said["case_number"] = f"（{claim.signed_on.year + 1}）临渡民初{rng.randint(100, 4999)}号"
    return said


def _terms(claim: DemoClaim, due_on: date, rng: Random) -> dict[str, Any]:
    """Terms by which the stated due day is the lawful one; one claim in five agrees a rate too."""
    term = _TERMS.get(claim.debtor.kind, _USUAL_TERM)
    said: dict[str, Any] = {
        "size_at_contract": rng.choice(("小型", "小型", "微型", "中型")),
        "sme_declared": "是",
        "agreed_term_days": term,
        "delivered_on": due_on - timedelta(days=term),
    }
    if rng.random() < 0.2:
        said |= {"agreed_rate": f"{rng.choice(('2.5', '3.85', '4.35', '6'))}%", "year_days": 360}
    return said
