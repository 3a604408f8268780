"""The sheet by which offices list firms (企业名录)."""

from duban.workbook.schema import Kind, SheetSchema, choice, column

SIZES = (
    choice("large", "大型", "大型企业", "大"),
    choice("medium", "中型", "中型企业", "中"),
    choice("small", "小型", "小型企业", "小"),
    choice("micro", "微型", "微型企业", "微"),
)

PARTIES = SheetSchema(
    code="register.parties",
    title="企业名录",
    columns=(
        column("name", "企业名称", "单位名称", "名称", "单位详细名称", "企业全称", required=True),
        column("uscc", "统一社会信用代码", "信用代码", "社会信用代码", "组织机构代码", kind=Kind.USCC, required=True),
        column("former_names", "曾用名", "原名称"),
        column("region", "所属区域", "所在县区", "县区", "属地", "行政区划"),
        column("address", "详细地址", "地址", "注册地址", "经营地址"),
        column("industry", "所属行业", "行业", "行业名称", "国民经济行业"),
        column("size", "企业规模", "规模", "企业类型", choices=SIZES),
        column("founded_on", "成立日期", "成立时间", "注册日期", kind=Kind.DAY),
        column("capital", "注册资本", "注册资金", kind=Kind.MONEY),
        column("employees", "从业人员", "从业人数", "从业人员期末人数", "职工人数", kind=Kind.INT),
        column("note", "备注"),
    ),
)
