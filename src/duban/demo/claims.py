"""Claims of the fictional city: skewed amounts, six years of due days, and clearing that differs by unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp
from random import Random

from duban.demo.parties import Party

SHARE_CLEARED = {"539902": 0.82, "539903": 0.61, "539921": 0.45, "539922": 0.30, "539923": 0.0, "539924": 0.12,
                 "539981": 0.70, "539900-JYJ": 0.90, "539900-CGJ": 0.0, "539900-SW": 0.88}  # fmt: skip
"""Which share of its undisputed claims a unit has begun to pay; 石渡县 and the urban management bureau pay nothing."""
USUAL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class DemoClaim:
    """One claim, amounts in fen. The parts divide the amount as first owed, and `cleared` is out of `undisputed`."""

    debtor: Party
    creditor: Party
    project: str
    contract_no: str
    signed_on: date
    contract_amount: int
    category: str
    due_on: date | None
    parts: dict[str, int]
    cleared: int
    method: str

    @property
    def amount(self) -> int:
        """What was owed at first."""
        return sum(self.parts.values())


_PLACE_NAMES = (
    "滨江路",
    "迎宾大道",
    "老城片区",
    "北部新区",
    "白鹭湖",
    "临渡",
    "松坪",
    "柳湾",
    "桃溪",
    "东门",
    "南城",
    "金滩",
)
_WORKS = {
    "住建": ("市政道路改造工程", "污水管网工程", "保障性住房建设项目", "老旧小区改造项目"),
    "交通": ("农村公路硬化工程", "桥梁加固工程", "客运站建设项目", "公路水毁修复工程"),
    "教育": ("教学楼建设项目", "运动场改造工程", "学生食堂建设项目"),
    "卫健": ("门诊楼建设项目", "病房改造工程", "发热门诊建设项目"),
    "水务": ("河道治理工程", "饮水安全巩固提升工程", "水库除险加固工程"),
    "农业农村": ("高标准农田建设项目", "人居环境整治项目", "产业路建设项目"),
    "城管": ("垃圾转运站建设项目", "亮化工程", "公园提升改造项目"),
    "工信": ("标准厂房建设项目", "园区供水管网工程", "信息化平台建设项目"),
}
_WHAT_FOR = {"货款": "采购", "服务款": "服务", "租金水电": "场地租赁", "其他": "零星工程", "保证金": "质量保证金"}
_CATEGORIES = {"工程款": 52, "货款": 18, "服务款": 17, "保证金": 7, "租金水电": 3, "其他": 3}
_STATES = {"undisputed": 66, "partly_disputed": 6, "disputed": 8, "judicial": 8, "not_due": 7, "unsettled": 5}
_METHODS = {"现金转账": 78, "银行承兑汇票": 9, "商业承兑汇票": 5, "以物/以房抵债": 4, "债务置换债券": 4}
_LETTERS = {"工程款": "GC", "货款": "HW", "服务款": "FW", "保证金": "BZ", "租金水电": "ZL", "其他": "QT"}


def claims_of(
    unit_code: str, debtors: list[Party], firms: dict[str, list[Party]], count: int, *, rng: Random, as_of: date
) -> Iterator[DemoClaim]:
    """The claims that one unit reports."""
    share = SHARE_CLEARED.get(unit_code, USUAL_SHARE)
    for number in range(1, count + 1):
        debtor, category, state = rng.choice(debtors), _drawn(_CATEGORIES, rng), _drawn(_STATES, rng)
        creditor = rng.choice(firms.get(category) or firms["工程款"])
        due_on = _due_day(state, rng, as_of)
        signed_on = (due_on or as_of) - timedelta(days=rng.randint(60, 900))
        signed_on = min(signed_on, as_of - timedelta(days=rng.randint(15, 200)))
        parts = _divided(_amount(rng), state, rng)
        cleared = _cleared(parts.get("undisputed", 0), share, rng)
        project = rng.choice(_PLACE_NAMES) + rng.choice(_WORKS[debtor.line]) + _WHAT_FOR.get(category, "")
        yield DemoClaim(
            debtor=debtor,
            creditor=creditor,
            project=project,
            contract_no=f"{unit_code.replace('-', '')}-{_LETTERS[category]}-{signed_on.year}-{number:05}",
            signed_on=signed_on,
            contract_amount=_whole_yuan(int(sum(parts.values()) * rng.uniform(1.05, 6))),
            category=category,
            due_on=due_on,
            parts=parts,
            cleared=cleared,
            method=_drawn(_METHODS, rng) if cleared else "",
        )


def _drawn(weights: dict[str, int], rng: Random) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _amount(rng: Random) -> int:
    """Many small claims and a few of tens of millions: median 280,000 yuan."""
    yuan = min(max(280_000 * exp(rng.gauss(0, 1.55)), 3_000), 60_000_000)
    return round(yuan * 100) if rng.random() < 0.6 else _whole_yuan(int(yuan * 100))


def _whole_yuan(fen: int) -> int:
    return (fen + 99) // 100 * 100


def _due_day(state: str, rng: Random, as_of: date) -> date | None:
    if state == "unsettled":
        return None
    if state == "not_due":
        return as_of + timedelta(days=rng.randint(1, 700))
    return as_of - timedelta(days=int(6 * 365 * rng.betavariate(1.1, 1.7)))


def _divided(amount: int, state: str, rng: Random) -> dict[str, int]:
    if state != "partly_disputed":
        return {state: amount}
    disputed = _whole_yuan(int(amount * rng.uniform(0.1, 0.6)))
    return {"undisputed": amount - disputed, "disputed": disputed}


def _cleared(undisputed: int, share: float, rng: Random) -> int:
    """A good third of those who begin to pay have paid all."""
    if not undisputed or rng.random() >= share:
        return 0
    return undisputed if rng.random() < 0.35 else _whole_yuan(int(undisputed * rng.uniform(0.1, 0.9)))
