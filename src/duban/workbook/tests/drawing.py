"""What may stand in a random workbook, and how a table of it is laid out."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from duban.kernel.codes import Uscc
from duban.kernel.money import Money, Unit
from duban.workbook.schema import Kind, SheetSchema, choice, column

SCHEMA = SheetSchema(
    code="layouts",
    title="付款表",
    columns=(
        column("number", "编号", "台账编号", kind=Kind.CODE, required=True),
        column("payer", "付款单位", "付款人名称", "付款方", required=True),
        column("payer_code", "付款单位信用代码", "付款人信用代码", kind=Kind.USCC),
        column("payee", "收款单位", "收款人名称"),
        column("trade", "类别", "款项类别", choices=[choice("works", "工程款", "工程"), choice("goods", "货款")]),
        column("signed_on", "签订日期", "合同签订时间", kind=Kind.DAY),
        column("paid_on", "付款日期", "付款时间", kind=Kind.DAY),
        column("count", "笔数", kind=Kind.INT),
        column("owed", "应付金额", "应付账款", "金额情况应付", kind=Kind.MONEY),
        column("paid", "付款金额", "已付金额", "金额情况已付", kind=Kind.MONEY, required=True),
        column("left", "余额", "未付金额", "金额情况未付", kind=Kind.MONEY),
        column("note", "备注", "说明"),
    ),
)
COLUMNS = {one.name: one for one in SCHEMA.columns}
CODES = tuple(map(Uscc, ("53640000MJX173680A", "53640000MJX173672F", "91620105756580826D")))
UNITS = {"元": Unit.YUAN, "千元": Unit.QIAN, "万元": Unit.WAN, "亿元": Unit.YI}
NAMES = (
    "甲局",
    "第二人民医院",
    "某市会计师事务所",
    "青石县住房和城乡建设局",
    "合计伙食公司",
    "ＡＢ公司(本部)",
    "元江县 水务局",
)
CHILD = {"owed": "应付", "paid": "已付", "left": "未付", "payer": "名称", "payer_code": "信用代码"}


@dataclass
class Layout:
    """How one table is laid out: its columns from the left, with "" for one that is not asked for."""

    columns: list[str]
    heads: list[str]
    units: dict[str, Unit]
    grouped: bool
    unit_row: bool
    note: str | None


def draw_record(rng: Random, number: int) -> dict[str, Any]:
    day = date(1990, 1, 1) + timedelta(days=rng.randint(0, 20000))
    return {
        "number": f"A{number + 1:03}",
        "payer": rng.choice(NAMES),
        "payer_code": rng.choice([None, *CODES]),
        "payee": rng.choice([None, *NAMES]),
        "trade": rng.choice([None, "works", "goods"]),
        "signed_on": rng.choice([None, day]),
        "paid_on": rng.choice([None, day + timedelta(days=9)]),
        "count": rng.choice([None, rng.randint(1, 99999)]),
        "owed": rng.choice([None, _amount(rng)]),
        "paid": _amount(rng),
        "left": rng.choice([None, _amount(rng)]),
        "note": rng.choice([None, "急", "分两笔付清，另见附件。"]),
    }


def _amount(rng: Random) -> Money:
    return Money(rng.choice([0, 1, 99, 100, 10**6, rng.randint(0, 10**12), rng.randint(0, 10**6) * 10**4]))


def draw_layout(rng: Random) -> Layout:
    """Columns in any order, except that some text stands before the first amount, where sums have their label."""
    names = [
        "number",
        "payer",
        "paid",
        *(name for name in COLUMNS if name not in {"number", "payer", "paid"} and rng.random() < 0.6),
    ]
    rng.shuffle(names)
    first_money = min(names.index(name) for name in names if COLUMNS[name].kind is Kind.MONEY)
    named = [name for name in ("payer", "number") if names.index(name) < first_money]
    if not named:
        names.remove("payer")
        names.insert(0, "payer")
    if rng.random() < 0.4:
        names.insert(0, "序号")
    if rng.random() < 0.3:
        names.insert(rng.randint(1, len(names)), "天气")
    note = rng.choice(list(UNITS))
    style = rng.choice(["above", "two cells", "title", "inside", "mixed", "row", "none"])
    units = dict.fromkeys(COLUMNS, UNITS[note])
    money = [name for name in names if name in COLUMNS and COLUMNS[name].kind is Kind.MONEY]
    heads = [_head(rng, name) for name in names]
    if style == "none":
        units = dict.fromkeys(COLUMNS, SCHEMA.unit)
    if style in {"inside", "mixed"}:
        for name in money if style == "inside" else money[:1]:
            word = rng.choice(list(UNITS))
            units[name] = UNITS[word]
            at = names.index(name)
            heads[at] += rng.choice(["（{}）", "({})", "/{}", "（单位：{}）", " \n（{}）"]).format(word)
    lines = {
        "above": f"单位：{note}",
        "two cells": f"单位：|{note}",
        "title": f"付款情况表（{note}）",
        "mixed": f"金额单位: {note}",
    }
    grouped = rng.random() < 0.4
    return Layout(names, heads, units, grouped, style == "row", lines.get(style) if style != "row" else note)


def _head(rng: Random, name: str) -> str:
    if name not in COLUMNS:
        return name
    one = COLUMNS[name]
    words = [one.label, *(alias for alias in one.aliases if not alias.startswith("金额情况"))]
    head = rng.choice(words)
    if rng.random() < 0.2:
        head = rng.choice(["*{}", " {} ", "{}（必填）", "{}\n"]).format(head)
    return " ".join(head) if rng.random() < 0.1 else head


def is_money(name: str) -> bool:
    return name in COLUMNS and COLUMNS[name].kind is Kind.MONEY
