"""A ledger of 39 columns as offices keep it, fictional and always the same: its schema, and workbooks full of it.

The columns are those of a detailed ledger of arrears; the schema is the bench's own, so that what a context declares
does not change what is measured.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from openpyxl.workbook.workbook import Workbook

from duban.demo.city import COUNTIES, REPORTERS
from duban.demo.parties import creditors, debtors_of
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence
from duban.workbook.findings import Fault, SheetRow
from duban.workbook.schema import Choice, Kind, SheetSchema, choice, column

TITLE = "清理拖欠民营企业中小企业账款明细台账"
UNIT_NOTE = "单位：万元"
_BALANCE = N_("The balance is not the amount less what was cleared.")
_DUE = N_("The money was due before the work was accepted.")


def _list(*names: str) -> list[Choice]:
    return [choice(name, name) for name in names]


CATEGORIES = _list("工程款", "货款", "服务款", "保证金", "租金水电", "其他")
KINDS = _list(
    *("机关", "事业单位", "园区管委会", "乡镇(街道)", "国有企业-央企", "国有企业-省属", "国有企业-市县属"),
    *("政府平台公司", "大型民营企业"),
)
CLUES = _list("自查", "国家平台转办", "省平台", "12345", "审计", "信访", "媒体")
AGES = _list("≤1年", "1–3年", "3–5年", ">5年")


def _balance(row: SheetRow) -> Iterable[Fault]:
    amount, cleared, balance = (row.values[name] for name in ("amount", "cleared", "balance"))
    if amount is not None and balance is not None and amount - (cleared or ZERO) != balance:
        yield Fault("B01", "balance", Sentence(_BALANCE, {}))


def _due(row: SheetRow) -> Iterable[Fault]:
    accepted, due = row.values["accepted_on"], row.values["due_on"]
    if accepted is not None and due is not None and due < accepted:
        yield Fault("B02", "due_on", Sentence(_DUE, {}))


SCHEMA = SheetSchema(
    code="bench",
    title=TITLE,
    columns=(
        column("ledger_no", "台账编号", kind=Kind.CODE, required=True),
        column("campaign", "统计口径批次", choices=_list("2018年底存量", "2020清零", "2022专项", "新发生")),
        column("debtor_name", "拖欠主体名称", required=True),
        column("debtor_uscc", "拖欠主体统一社会信用代码", kind=Kind.USCC),
        column("debtor_kind", "拖欠主体类别", choices=KINDS),
        column("department", "主管部门"),
        column("region", "属地", kind=Kind.CODE),
        column("funding", "经费来源", choices=_list("全额", "差额", "自收自支", "企业")),
        column("creditor_name", "债权企业名称", required=True),
        column("creditor_uscc", "债权企业统一社会信用代码", kind=Kind.USCC),
        column("creditor_size", "签约时规模", choices=_list("中型", "小型", "微型", "个体工商户", "民营")),
        column("declared", "是否主动告知中小企业", choices=_list("是", "否")),
        column("project", "项目名称"),
        column("approval", "项目立项或资金批文"),
        column("contract_no", "合同编号", kind=Kind.CODE),
        column("purchase", "采购方式", choices=_list("公开招标", "竞争性磋商", "询价", "单一来源", "直接采购")),
        column("category", "欠款类别", choices=CATEGORIES),
        column("accepted_on", "验收日期", kind=Kind.DAY),
        column("term", "约定付款期限（天）", kind=Kind.INT),
        column("due_on", "法定到期日", kind=Kind.DAY),
        column("amount", "欠款原始金额", kind=Kind.MONEY, required=True),
        column("undisputed", "无分歧金额", kind=Kind.MONEY),
        column("dispute", "分歧原因与证据"),
        column("court", "司法状态与案号"),
        column("cause", "拖欠原因"),
        column("age", "账龄", choices=AGES),
        column("planned_on", "计划清偿日", kind=Kind.DAY),
        column("source", "资金来源"),
        column("person", "责任人"),
        column("cleared", "累计已清偿", kind=Kind.MONEY),
        column("balance", "余额", kind=Kind.MONEY),
        column("voucher", "支付凭证号", kind=Kind.CODE),
        column("confirmed", "企业确认函", choices=_list("有", "无此件")),
        column("finding", "核查结论"),
        column("closed_on", "销号日", kind=Kind.DAY),
        column("clue", "线索来源", choices=CLUES),
        column("interest", "逾期利息测算", kind=Kind.MONEY),
        column("history", "变更历史"),
        column("remark", "备注"),
    ),
    checks=(_balance, _due),
)


def write_ledger(path: Path, rows: int, *, seed: int) -> None:
    """Write a ledger as an office's program does: texts in a table shared by the cells, days as formatted numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("明细台账")
    sheet.append([TITLE])
    sheet.append([UNIT_NOTE])
    sheet.append([column.label for column in SCHEMA.columns])
    for row in ledger_rows(rows, seed=seed):
        sheet.append(row)
    book.save(path)


def ledger_rows(count: int, *, seed: int) -> Iterator[list[Any]]:
    """Rows in the order of the columns; some days are typed as text, some amounts are noise, some cells are blank."""
    rng = Random(seed)
    debtors = [debtor for unit in REPORTERS for debtor in debtors_of(unit)]
    firms = [firm for trade in creditors(max(30, count // 5), rng).values() for firm in trade]
    names = {column.name: [choice.label for choice in column.choices] for column in SCHEMA.columns if column.choices}
    for number in range(1, count + 1):
        debtor, firm = rng.choice(debtors), rng.choice(firms)
        accepted = date(2016, 1, 1) + timedelta(rng.randrange(3500))
        term = rng.choice((30, 60, 90, 180))
        amount = rng.randrange(10**5, 10**9)
        cleared = rng.choice((0, 0, amount, amount // 3))
        due = accepted + timedelta(term if rng.random() > 0.002 else -1)
        values = {name: rng.choice(labels) for name, labels in names.items()} | {
            "ledger_no": f"5399{accepted.year}{number:06}",
            "debtor_name": debtor.name,
            "debtor_uscc": debtor.uscc,
            "debtor_kind": debtor.kind,
            "department": f"市{debtor.line}局" if debtor.line else "",
            "region": rng.choice(COUNTIES).region,
            "creditor_name": firm.name,
            "creditor_uscc": firm.uscc,
            "creditor_size": firm.kind,
            "project": f"{debtor.name}{accepted.year}年第{rng.randrange(1, 40)}批次建设项目",
            "approval": f"发改投资〔{accepted.year}〕{rng.randrange(1, 900)}号",
            "contract_no": f"HT-{accepted.year}-{rng.randrange(10**6):06}",
            "accepted_on": _typed(accepted, rng),
            "term": term,
            "due_on": _typed(due, rng),
            "amount": _wan(amount, rng),
            "undisputed": _wan(amount - cleared, rng),
            "dispute": "结算金额双方未确认，已委托审计" if rng.random() < 0.1 else "",
            "court": f"（{accepted.year}）民初{rng.randrange(9000)}号" if rng.random() < 0.05 else "",
            "cause": rng.choice(("财政资金未到位", "项目未决算", "资金周转困难", "无")),
            "planned_on": date(2026, rng.randrange(1, 13), 25),
            "source": rng.choice(("财政预算", "处置国有资产", "发行债券", "争取上级资金")),
            "person": rng.choice("赵钱孙李周吴郑王") + rng.choice("建国志强丽华敏静"),
            "cleared": _wan(cleared, rng) if cleared else None,
            "balance": _wan(amount - cleared + (100 if rng.random() < 0.002 else 0), rng),
            "voucher": f"PZ{rng.randrange(10**10):010}" if cleared else "",
            "finding": "属实" if rng.random() < 0.7 else "",
            "closed_on": date(2025, 12, 20) if cleared == amount else None,
            "interest": _wan((amount - cleared) // 29, rng),
            "history": "",
            "remark": "质保期满后支付" if rng.random() < 0.1 else "",
        }
        yield [values[column.name] for column in SCHEMA.columns]


def _wan(fen: int, rng: Random) -> float | str:
    """An amount in 万元: mostly a number, now and then typed as text with thousands marks."""
    return f"{Money(fen).yuan / 10_000:,.6f}" if rng.random() < 0.03 else fen / 1_000_000


def _typed(day: date, rng: Random) -> date | str:
    return f"{day.year}.{day.month}.{day.day}" if rng.random() < 0.1 else day
