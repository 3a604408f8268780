"""Debtors and creditors of the fictional city: names by combination, credit codes that pass their checks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from stdnum.cn import uscc as gb32100

from duban.demo.city import CITY_NAME, COUNTIES, REPORTERS, DemoUnit
from duban.kernel.codes import ALPHABET, body_check_character

_ROOM = 31**6


@dataclass(frozen=True, slots=True)
class Party:
    """A debtor or a creditor: `kind` as the ledger prints it, `line` of the trade it belongs to."""

    name: str
    uscc: str
    kind: str
    line: str = ""


def credit_code(number: int, *, prefix: str, region: str) -> str:
    """A credit code that passes both checks; two numbers below 31⁶ never give the same.

    Args:
        number: a running number; neighbours look unrelated.
        prefix: two characters: 91 firm, 92 individual business, 11 agency, 12 institution.
        region: six digits.
    """
    scattered, body = number * 387_420_489 % _ROOM, ""
    for _ in range(6):
        scattered, digit = divmod(scattered, 31)
        body += ALPHABET[digit]
    body = "MA" + body
    code = prefix + region + body + body_check_character(body)
    return code + str(gb32100.calc_check_digit(code))


_TOWNS = ("白鹭镇", "临渡镇", "松坪镇", "柳湾镇", "岩脚乡", "云台街道", "桃溪乡", "金滩镇")
_COUNTY_BODIES = (
    ("住房和城乡建设局", "机关", "住建"),
    ("交通运输局", "机关", "交通"),
    ("教育体育局", "机关", "教育"),
    ("水务局", "机关", "水务"),
    ("农业农村局", "机关", "农业农村"),
    ("城市管理局", "机关", "城管"),
    ("人民医院", "事业单位", "卫健"),
    ("第一中学", "事业单位", "教育"),
    ("公路养护中心", "事业单位", "交通"),
    ("城市建设投资有限公司", "政府平台公司", "住建"),
    ("供水有限责任公司", "国有企业-市县属", "水务"),
)
_UNDER_BUREAU = {
    "住建": ("保障性住房管理中心", "建设工程质量监督站"),
    "交通": ("公路养护中心", "道路运输管理处"),
    "教育": ("第一中学", "职业技术学校"),
    "卫健": ("妇幼保健院", "疾病预防控制中心"),
    "水务": ("水库管理处", "河道管理站"),
    "农业农村": ("农业技术推广中心", "动物疫病预防控制中心"),
    "城管": ("环境卫生管理处", "园林绿化中心"),
    "工信": ("中小企业服务中心", "无线电监测站"),
}
_PREFIX_OF_KIND = {"机关": "11", "乡镇(街道)": "11", "园区管委会": "11", "事业单位": "12"}


def debtors_of(unit: DemoUnit) -> list[Party]:
    """The bodies whose debts a unit reports. The same for every seed."""
    first = 1000 * REPORTERS.index(unit)
    bodies = list(_bodies(unit))
    return [
        Party(
            name,
            credit_code(first + place, prefix=_PREFIX_OF_KIND.get(kind, "91"), region=unit.region),
            kind,
            line,
        )
        for place, (name, kind, line) in enumerate(bodies, start=1)
    ]


def _bodies(unit: DemoUnit) -> Iterator[tuple[str, str, str]]:
    """Name, kind and line of each body."""
    if unit.kind == "county":
        yield from ((unit.name + name, kind, line) for name, kind, line in _COUNTY_BODIES)
        town = int(unit.region) % 5
        yield from ((unit.name + name, "乡镇(街道)", "农业农村") for name in _TOWNS[town : town + 3])
    elif unit.kind == "bureau":
        yield unit.name, "机关", unit.line
        yield from ((CITY_NAME + name, "事业单位", unit.line) for name in _UNDER_BUREAU[unit.line])
    elif unit.kind == "park":
        yield unit.name + "管理委员会", "园区管委会", "工信"
        yield unit.aliases.split("、")[0] + "开发建设有限公司", "政府平台公司", "住建"
    elif unit.kind == "hospital":
        yield unit.name, "事业单位", unit.line
    else:
        yield unit.name, "国有企业-市县属", unit.line
        short = unit.name.removesuffix("集团有限公司")
        yield short + "工程建设有限公司", "国有企业-市县属", unit.line
        yield short + "物业服务有限公司", "国有企业-市县属", unit.line


_PLACES = (CITY_NAME, "澜江", *(county.name.rstrip("县区市") for county in COUNTIES))
_FIRST = "宏恒鼎信诚瑞嘉泰永盛华安博达启航凌云浩景昌隆金源润丰正远腾飞众合立新"
_SECOND = "达业通宇泽康美佳源辉腾跃程建基石岳峰海林川晟捷创联兴和顺德维科"
_TRADES = {
    "工程款": ("建筑工程", "市政工程", "路桥工程", "园林绿化", "水利工程", "装饰工程", "机电安装", "土石方工程"),
    "货款": ("商贸", "建材", "医疗器械", "办公设备", "机电设备", "农资", "印务", "电子科技"),
    "服务款": ("工程咨询", "勘测设计", "工程监理", "物业服务", "信息技术", "劳务", "检测技术", "环保科技"),
}
_ENDINGS = (("有限公司", 70), ("有限责任公司", 18), ("工程部", 4), ("经营部", 8))
_SIZES = (("微型", 35), ("小型", 40), ("中型", 10), ("民营", 15))


def creditors(count: int, rng: Random) -> dict[str, list[Party]]:
    """Firms with names of their own, by what they are usually owed for."""
    found: dict[str, list[Party]] = {trade: [] for trade in _TRADES}
    names: set[str] = set()
    trades = list(_TRADES)
    while len(names) < count:
        trade = rng.choices(trades, (45, 30, 25))[0]
        ending = _one_of(_ENDINGS, rng)
        name = rng.choice(_PLACES) + rng.choice(_FIRST) + rng.choice(_SECOND) + rng.choice(_TRADES[trade]) + ending
        if name in names:
            continue
        names.add(name)
        individual = not ending.endswith("公司")
        region = rng.choice(COUNTIES).region
        code = credit_code(100_000 + len(names), prefix="92" if individual else "91", region=region)
        found[trade].append(Party(name, code, "个体工商户" if individual else _one_of(_SIZES, rng)))
    return found


def _one_of(weighted: Sequence[tuple[str, int]], rng: Random) -> str:
    return rng.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]
