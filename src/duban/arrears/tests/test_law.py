import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared_data import shared

from duban.arrears.rules.law import VERSIONS, Edition, LawVersion, Override, ReasonMissing, applicable, version_on
from duban.arrears.rules.provisions import PAYER_CLASSES, Article, AuditGround, Ground, PayerClass
from duban.arrears.sheet.columns import DEBTOR_KINDS

PRE_2020, ORDER_728, ORDER_802 = VERSIONS
TEXTS = {
    Edition.ORDER_728: "保障中小企业款项支付条例(2020-07-05).md",
    Edition.ORDER_802: "保障中小企业款项支付条例(2025-03-17).md",
}
NUMERALS = "〇一二三四五六七八九十"


def in_numerals(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return NUMERALS[ones]
    return (NUMERALS[tens] if tens > 1 else "") + "十" + (NUMERALS[ones] if ones else "")


def official(version: LawVersion, article: Article | None) -> str:
    """The paragraph that an article points at, as promulgated."""
    assert article is not None
    text = shared("law", TEXTS[version.edition]).read_text(encoding="utf-8")
    found = re.search(rf"^第{in_numerals(article.number)}条 (.*?)(?=^第|^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    paragraphs = found[1].split("\n\n")
    return paragraphs[article.paragraph - 1] if article.paragraph else found[1]


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2000, 1, 1), Edition.PRE_2020),
        (date(2020, 8, 31), Edition.PRE_2020),
        (date(2020, 9, 1), Edition.ORDER_728),
        (date(2025, 5, 31), Edition.ORDER_728),
        (date(2025, 6, 1), Edition.ORDER_802),
        (date(2099, 1, 1), Edition.ORDER_802),
    ],
)
def test_the_edition_is_that_of_the_day_on_which_the_duty_arose(day: date, edition: Edition) -> None:
    applied = applicable(day)
    assert applied.version.edition is edition
    assert str(day) in str(applied.why)


@given(st.dates())
def test_every_day_has_an_edition_and_editions_never_go_back(day: date) -> None:
    assert version_on(day).in_force_on <= day
    assert version_on(day).in_force_on <= version_on(date.max).in_force_on


def test_another_edition_can_be_chosen_and_its_reason_is_kept() -> None:
    applied = applicable(date(2024, 3, 1), override=Override(Edition.ORDER_802, "the works went on until 2026"))
    assert applied.version is ORDER_802
    assert "by choice" in str(applied.why)
    assert "Order 728" in str(applied.why)
    assert str(applied.why).endswith("the works went on until 2026")


def test_a_choice_without_a_reason_is_refused() -> None:
    with pytest.raises(ReasonMissing, match=r"Order 802 of 2025 instead .* needs a reason"):
        Override(Edition.ORDER_802, "  ")


def test_every_debtor_kind_of_the_ledger_has_a_payer_class() -> None:
    assert set(PAYER_CLASSES) == {kind.code for kind in DEBTOR_KINDS}


def test_every_edition_says_something_of_every_class() -> None:
    for version in VERSIONS:
        assert set(version.terms) == set(PayerClass)
        for terms in version.terms.values():
            assert (terms.default_days is None) == bool(terms.no_number)


def test_before_the_regulation_there_is_only_the_contract() -> None:
    assert PRE_2020.interest is None
    assert PRE_2020.audit is None
    assert all(article is None for article in PRE_2020.starts.values())
    assert {terms.cap_days for terms in PRE_2020.terms.values()} == {None}


def test_a_group_organisation_follows_the_rules_of_agencies_by_reference() -> None:
    for version, article in ((ORDER_728, 28), (ORDER_802, 36)):
        assert version.terms[PayerClass.GROUP] == version.terms[PayerClass.AGENCY]
        cited = version.cite(version.terms[PayerClass.GROUP].article, PayerClass.GROUP)
        assert str(cited).endswith(f"by way of article {article}, paragraph 1")
        assert "团体组织" in official(version, version.by_reference[PayerClass.GROUP])


@pytest.mark.parametrize("version", [ORDER_728, ORDER_802])
def test_the_terms_are_those_of_the_official_text(version: LawVersion) -> None:
    public = version.terms[PayerClass.AGENCY]
    text = official(version, public.article)
    assert text.startswith("机关、事业单位")
    assert f"{public.default_days}日内支付款项" in text
    assert f"最长不得超过{public.cap_days}日" in text
    for payer in (PayerClass.LARGE_STATE, PayerClass.LARGE_OTHER):
        large = version.terms[payer]
        text = official(version, large.article)
        assert text.startswith("大型企业")
        assert (f"{large.default_days}日内支付款项" in text) == (large.default_days is not None)
        assert ("以收到第三方付款" in text) == (large.pay_when_paid_barred is not None)
        assert large.cap_days is None


@pytest.mark.parametrize("version", [ORDER_728, ORDER_802])
def test_every_start_of_a_term_is_where_the_official_text_has_it(version: LawVersion) -> None:
    said = {
        Ground.DELIVERY: "交付之日起",
        Ground.ACCEPTANCE: "自检验或者验收合格之日起算",
        Ground.ACCEPTANCE_RUN_OUT: "自约定的检验或者验收期限届满之日起算",
        Ground.SETTLEMENT: "自双方确认结算金额之日起算",
    }
    assert set(version.starts) == set(said)
    for ground, words in said.items():
        assert words in official(version, version.starts[ground])


@pytest.mark.parametrize("version", [ORDER_728, ORDER_802])
def test_interest_and_audit_are_those_of_the_official_text(version: LawVersion) -> None:
    assert version.interest is not None
    assert version.audit is not None
    interest = official(version, version.interest.article)
    assert "不得低于合同订立时1年期贷款市场报价利率" in interest
    assert "每日利率万分之五" in interest
    assert version.interest.daily == Decimal(5) / 10_000
    audit = official(version, version.audit.article)
    assert "机关、事业单位和国有大型企业不得强制要求以审计机关的审计结果作为结算依据" in audit
    assert ("合同另有约定" in audit) == (AuditGround.CONTRACT in version.audit.admits)
    assert "法律、行政法规另有规定的" in audit
    assert AuditGround.LAW in version.audit.admits


@pytest.mark.parametrize("version", [ORDER_728, ORDER_802])
def test_what_is_said_of_declaring_and_of_means_other_than_money_is_in_the_official_text(version: LawVersion) -> None:
    assert "应当主动告知其属于中小企业" in official(version, version.declaring)
    assert "不得强制中小企业接受商业汇票" in official(version, version.noncash_barred)


def test_only_the_edition_of_2025_gives_way_to_terms_of_other_law() -> None:
    assert "另有规定的，从其规定" in official(ORDER_802, ORDER_802.other_law)
    assert ORDER_728.other_law is None


@pytest.mark.parametrize("version", [ORDER_728, ORDER_802])
def test_each_edition_is_in_force_from_the_day_that_it_says(version: LawVersion) -> None:
    last = {Edition.ORDER_728: Article(29), Edition.ORDER_802: Article(37)}[version.edition]
    day = version.in_force_on
    assert f"自{day.year}年{day.month}月{day.day}日起施行" in official(version, last)
