"""The columns of the ledger sheet that say what the law needs to know, who may have to answer, and how it will be paid.

Few offices have all of them, and some write prose in them. A cell that cannot be read is left out with a warning, so
that nothing of what is owed is held back by it.
"""

from collections.abc import Iterator
from typing import Any

from duban.arrears.rules.facts import WANTED, is_possible
from duban.kernel.words import N_, Sentence
from duban.workbook.findings import Fault, Severity, SheetRow
from duban.workbook.schema import Choice, Column, Kind, choice, column

SIZES = (
    choice("large", "大型", "大型企业", "大"),
    choice("medium", "中型", "中型企业", "中"),
    choice("small", "小型", "小型企业", "小"),
    choice("micro", "微型", "微型企业", "微"),
)
BASES = (
    choice("delivery", "交付", "交付后", "交货", "到货"),
    choice("acceptance", "验收", "验收合格", "检验或者验收", "检验或验收合格", "竣工验收"),
    choice("settlement", "结算", "结算确认", "双方确认结算金额", "进度结算", "定期结算", "按进度结算"),
)
FUNDING = (
    choice("budget", "财政预算", "财政资金", "财政预算资金", "预算资金", "财政拨款", "本级财政"),
    choice("assets", "处置国有资产", "资产处置", "处置资产", "盘活资产"),
    choice("bonds", "发行债券", "债券", "专项债", "专项债券", "政府债券"),
    choice("bank", "银行融资", "银行贷款", "贷款", "融资"),
    choice("upper", "争取上级资金", "上级资金", "上级补助", "上级转移支付"),
    choice("savings", "压减一般性支出", "压减支出"),
    choice("own", "自有资金", "自筹", "自筹资金", "企业自有资金"),
)
CLUES = (
    choice("self", "自查", "自查发现", "单位自查"),
    choice("platform", "国家平台转办", "国家平台", "登记平台", "国家登记平台"),
    choice("internet", "国务院“互联网+督查”", "互联网+督查", "互联网督查"),
    choice("province", "省平台", "省级平台"),
    choice("hotline", "12345", "12345热线", "政务热线"),
    choice("audit", "审计", "审计发现", "审计移交"),
    choice("petition", "信访", "信访件"),
    choice("media", "媒体", "媒体曝光"),
)
CAUSES = (
    choice("amount", "金额", "金额争议", "金额分歧"),
    choice("quality", "质量", "质量问题", "质量争议", "工程质量"),
    choice("unsettled", "未结算/未审计", "未结算", "未审计", "未决算"),
    choice("contract", "合同效力", "合同争议"),
    choice("party", "主体认定", "主体争议"),
    choice("invoice", "发票", "发票问题"),
    choice("other", "其他", "其它"),
)
"""Codes of `acts.Cause`."""


def _lenient(
    name: str, *headings: str, kind: Kind = Kind.TEXT, choices: tuple[Choice, ...] = (), measure: str = ""
) -> Column:
    return column(name, *headings, kind=kind, choices=choices, measure=measure, lenient=True)


FURTHER = (
    _lenient("size_at_contract", "签约时规模", "合同签订时规模", "签约时企业规模", choices=SIZES),
    _lenient("sme_declared", "是否主动告知中小企业", "是否告知中小企业", "是否告知中小企业身份",
             "是否主动告知中小企业身份", kind=Kind.BOOL),
    _lenient("payment_basis", "付款条件", "支付条件", "付款起算依据", choices=BASES),
    _lenient("delivered_on", "交付日", "交付日期", "交付时间", "交货日期", "货物交付日期", kind=Kind.DAY),
    _lenient("accepted_on", "验收日", "验收日期", "验收时间", "验收合格日期", "竣工验收日期", "竣工验收时间",
             kind=Kind.DAY),
    _lenient("agreed_acceptance_by", "约定验收截止日", "约定验收截止日期", "验收截止日期", "应验收日期", kind=Kind.DAY),
    _lenient("payer_delays_acceptance", "是否拖延验收", "付款方是否拖延验收", kind=Kind.BOOL),
    _lenient("settlement_confirmed_on", "结算确认日", "结算确认日期", "结算日期", "结算时间", "结算审定日期",
             kind=Kind.DAY),
    _lenient("agreed_term_days", "约定付款期限", "合同约定付款期限", "付款期限", "约定付款天数", "付款期限天数",
             "约定付款期限（天）", "付款期限（天）", "约定付款期限（日）", "付款期限（日）", kind=Kind.INT,
             measure="天、日、日内、天内、个自然日"),
    _lenient("pays_when_paid", "是否背靠背付款", "是否背靠背", "背靠背条款", "是否背靠背条款", "是否以第三方付款为条件",
             kind=Kind.BOOL),
    _lenient("forced_noncash", "是否强制非现金支付", "是否强制接受非现金支付", "是否强制接受商业汇票", kind=Kind.BOOL),
    _lenient("agreed_rate", "约定逾期年利率", "约定逾期利率", "逾期年利率", "逾期利率", "约定年利率",
             kind=Kind.PERCENT),
    _lenient("year_days", "计息年天数", "计息天数基数", kind=Kind.INT, measure="天、日"),
    _lenient("reviewed_from", "财政评审送审日", "财政评审送审日期", "财政评审开始日期", "送审日期", kind=Kind.DAY),
    _lenient("reviewed_to", "财政评审完成日", "财政评审完成日期", "财政评审结束日期", "评审完成日期", kind=Kind.DAY),
    _lenient("using_unit", "用款单位", "资金使用单位"),
    _lenient("funding_unit", "资金来源单位", "出资单位", "拨款单位"),
    _lenient("territory", "属地", "属地政府", "所属县区", "所属区县", "所在县区", "所属地区"),
    _lenient("responsible_unit", "责任单位", "清偿责任单位", "化解责任单位", "牵头责任单位"),
    _lenient("planned_clear_on", "计划清偿日", "计划清偿日期", "计划清偿时间", "拟清偿日期", "预计清偿时间",
             "计划还款日期", "计划支付时间", kind=Kind.DAY),
    _lenient("funding_source", "资金来源", "清偿资金来源", "偿债资金来源", choices=FUNDING),
    _lenient("clue_source", "线索来源", "问题来源", "线索渠道", choices=CLUES),
    _lenient("arrears_reason", "拖欠原因", "欠款原因", "未支付原因", "未付原因"),
    _lenient("dispute_cause", "分歧原因", "争议原因", choices=CAUSES),
    _lenient("case_number", "案号", "司法案号", "诉讼案号", "案件编号"),
)  # fmt: skip

IMPOSSIBLE = "L19"


def as_fact(name: str, value: Any) -> Any:  # noqa: ANN401 - each column has its own type
    """What stands in a column, as the fact it is: a rate in per cent is a ratio."""
    return value / 100 if name == "agreed_rate" and value is not None else value


def what_is_agreed_is_possible(row: SheetRow) -> Iterator[Fault]:
    """L19: a term, a rate or a division of the year that nobody can have agreed is left out."""
    for name, wanted in WANTED.items():
        value = row.values[name]
        if not is_possible(name, as_fact(name, value)):
            text = N_("{value} cannot have been agreed, and was left out. Write {wanted}.")
            message = Sentence(text, {"value": value, "wanted": Sentence(wanted)})
            yield Fault(IMPOSSIBLE, name, message, Severity.WARNING)
