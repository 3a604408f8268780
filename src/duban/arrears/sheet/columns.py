"""The columns of the ledger sheet 清欠台账 (domain.md §2.4), and the closed lists that stand in them (§2.3)."""

from duban.arrears.sheet import checks
from duban.arrears.sheet.further import FURTHER, what_is_agreed_is_possible
from duban.workbook.schema import Kind, SheetSchema, choice, column

DEBTOR_KINDS = (
    choice("agency", "机关", "党政机关", "行政机关", "政府部门", "政府机关"),
    choice("institution", "事业单位", "公立医院", "学校", "公立学校"),
    choice("soe_central", "国有企业-央企", "央企", "中央企业", "国企-央企"),
    choice("soe_provincial", "国有企业-省属", "省属国企", "省属国有企业", "省属企业", "国企-省属"),
    choice("soe_local", "国有企业-市县属", "市属国企", "县属国企", "市县国企", "市属国有企业", "县属国有企业",
           "市县属国有企业", "地方国企", "地方国有企业", "国企-市县属", "国有企业", "国企"),
    choice("platform", "政府平台公司", "平台公司", "融资平台", "政府融资平台", "城投公司"),
    choice("private_large", "大型民营企业", "大型民企", "大型企业-非国有", "大型企业"),
    choice("park", "园区管委会", "管委会", "开发区管委会", "园区"),
    choice("township", "乡镇(街道)", "乡镇", "街道", "乡镇街道", "乡镇政府", "街道办事处", "乡(镇)", "乡镇人民政府"),
)  # fmt: skip

CREDITOR_KINDS = (
    choice("private", "民营", "民营企业", "私营企业", "中小微", "中小微企业", "中小企业", "民企"),
    choice("medium", "中型", "中型企业", "中"),
    choice("small", "小型", "小型企业", "小"),
    choice("micro", "微型", "微型企业", "小微企业", "微"),
    choice("individual", "个体工商户", "个体户", "个体"),
)

CATEGORIES = (
    choice("works", "工程款", "工程", "工程类", "工程建设款", "施工款", "工程欠款"),
    choice("goods", "货款", "货物", "货物款", "采购款", "设备款", "材料款", "货物类", "物资采购"),
    choice("services", "服务款", "服务", "服务费", "服务类", "设计费", "监理费", "咨询费", "勘察费",
           "设计", "监理", "咨询"),
    choice("deposit", "保证金", "质保金", "履约保证金", "投标保证金", "质量保证金", "工程质量保证金",
           "农民工工资保证金", "押金"),
    choice("rent", "租金水电", "租金", "房租", "水电费", "租金、水电", "租金及水电", "租金水电费"),
    choice("other", "其他", "其它", "其他欠款", "其他类"),
)  # fmt: skip

METHODS = (
    choice("cash", "现金转账", "转账", "银行转账", "现金", "现金支付", "货币资金"),
    choice("bank_bill", "银行承兑汇票", "银承", "银票"),
    choice("commercial_bill", "商业承兑汇票", "商承", "商票"),
    choice("e_voucher", "应收账款电子凭证", "电子凭证", "供应链票据"),
    choice("asset", "以物/以房抵债", "以物抵债", "以房抵债", "以资抵债"),
    choice("offset", "债权债务抵销", "债务抵销", "债权债务抵消", "抵销", "抵账"),
    choice("bond", "债务置换债券", "置换债券", "债券置换", "专项债券"),
    choice("assignment", "债权转让/保理", "债权转让", "保理"),
    choice("court", "司法执行", "法院执行", "强制执行"),
    choice("reduction", "核减"),
)

LEDGER = SheetSchema(
    code="arrears.ledger",
    title="清欠台账",
    columns=(
        column("ledger_no", "台账编号", "编号", "台账号", "债务编号", "欠款编号", kind=Kind.CODE, required=True),
        column("debtor_name", "拖欠主体名称", "拖欠主体", "拖欠单位", "拖欠单位名称", "债务单位", "债务人",
               "债务人名称", "债务主体", "欠款单位", "欠款单位名称", "欠款主体", required=True),
        column("debtor_uscc", "拖欠主体统一社会信用代码", "拖欠单位统一社会信用代码", "债务人统一社会信用代码",
               "欠款单位统一社会信用代码", "债务单位统一社会信用代码", "拖欠主体信用代码", "拖欠单位信用代码",
               kind=Kind.USCC),
        column("debtor_kind", "主体类别", "拖欠主体类别", "拖欠单位类别", "债务人类别", "欠款单位类别", "拖欠主体类型",
               "拖欠单位性质", "单位性质", choices=DEBTOR_KINDS),
        column("department", "主管部门", "行业主管部门", "主管单位"),
        column("creditor_name", "债权企业", "债权企业名称", "债权人", "债权人名称", "债权单位", "企业名称",
               "被拖欠企业", "被拖欠企业名称", required=True),
        column("creditor_uscc", "债权企业统一社会信用代码", "债权人统一社会信用代码", "企业统一社会信用代码",
               "被拖欠企业统一社会信用代码", "债权企业信用代码", kind=Kind.USCC),
        column("creditor_kind", "债权企业类型", "债权人类型", "企业类型", "企业规模", "债权企业规模",
               choices=CREDITOR_KINDS),
        column("project", "项目名称", "工程名称", "项目", "工程项目名称"),
        column("contract_no", "合同编号", "合同号"),
        column("signed_on", "合同签订日期", "签订日期", "合同日期", "签约日期", "合同签订时间", "签订时间",
               kind=Kind.DAY),
        column("contract_amount", "合同金额", "合同总金额", "合同价款", "合同总价", kind=Kind.MONEY),
        column("category", "欠款类别", "欠款类型", "款项类别", "款项性质", "欠款性质", "债务类别", choices=CATEGORIES),
        column("due_on", "到期日", "到期日期", "应付日期", "约定付款日期", "付款到期日", "应付款日期", "到期时间",
               kind=Kind.DAY),
        column("amount", "欠款金额", "拖欠金额", "欠款原始金额", "欠款总额", "拖欠总额", "欠款总金额", "台账金额",
               kind=Kind.MONEY, required=True),
        column("undisputed", "无分歧金额", "无分歧欠款", "无分歧欠款金额", "其中无分歧", "无分歧", kind=Kind.MONEY),
        column("disputed", "有分歧金额", "分歧金额", "有分歧欠款", "有分歧欠款金额", "其中有分歧", "有分歧",
               kind=Kind.MONEY),
        column("judicial", "司法金额", "进入司法程序金额", "司法程序金额", "已进入司法程序金额", "涉诉金额", "诉讼金额",
               kind=Kind.MONEY),
        column("not_due", "未到期金额", "未到期", "未到期欠款", kind=Kind.MONEY),
        column("unsettled", "未结算金额", "未结算", "未结算欠款", kind=Kind.MONEY),
        column("cleared", "累计已清偿", "累计清偿", "累计清偿金额", "累计已清偿金额", "已清偿金额", "已清偿",
               "已支付金额", "累计已支付", "累计支付金额", kind=Kind.MONEY),
        column("balance", "余额", "欠款余额", "剩余欠款", "剩余金额", "未清偿金额", "未清偿余额", "剩余欠款金额",
               kind=Kind.MONEY),
        column("method", "清偿方式", "支付方式", "付款方式", "已清偿方式", choices=METHODS),
        *FURTHER,
        column("note", "备注", "备注说明", "说明"),
    ),
    checks=(*checks.ROW_CHECKS, what_is_agreed_is_possible),
    table_checks=checks.TABLE_CHECKS,
    wrong_sum=checks.STATED_TOTAL,
)  # fmt: skip
