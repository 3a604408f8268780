"""The fictional city 澜江市: its units, its lines, and who signs in. Every name is invented.

Region codes start with 5399, a prefecture number that GB/T 2260 has never given out, so none is a real place.
"""

import csv
from dataclasses import astuple, dataclass, fields
from io import StringIO

CITY_CODE = "539900"
CITY_NAME = "澜江市"


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """One line of a `units load` file; aliases are parted by 、."""

    code: str
    name: str
    kind: str
    region: str
    parent: str
    line: str = ""
    aliases: str = ""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who signs in, named by the post and not by a person: `role` as in `identity.rules.Role`."""

    name: str
    unit: str
    role: str
    line: str = ""


def _county(code: str, name: str) -> DemoUnit:
    return DemoUnit(code, name, "county", code, CITY_CODE, aliases=f"{name}人民政府")


def _bureau(letters: str, name: str, line: str, *aliases: str) -> DemoUnit:
    return DemoUnit(
        f"{CITY_CODE}-{letters}", CITY_NAME + name, "bureau", CITY_CODE, CITY_CODE, line, "、".join((name, *aliases))
    )


COUNTIES = (
    _county("539902", "云渚区"),
    _county("539903", "枫溪区"),
    _county("539921", "青石县"),
    _county("539922", "河阳县"),
    _county("539923", "石渡县"),
    _county("539924", "鹿川县"),
    _county("539981", "禾川市"),
)
"""In official order, which is that of their codes."""

BUREAUS = (
    _bureau("ZJJ", "住房和城乡建设局", "住建", "市住建局", "住建局"),
    _bureau("JTJ", "交通运输局", "交通", "市交通局", "交通局"),
    _bureau("JYJ", "教育体育局", "教育", "市教体局", "教体局", "教育局"),
    _bureau("WJW", "卫生健康委员会", "卫健", "市卫健委", "卫健委", "卫健局", "卫生健康局"),
    _bureau("SWJ", "水务局", "水务", "市水务局", "水利局"),
    _bureau("NYJ", "农业农村局", "农业农村", "市农业农村局", "农业局"),
    _bureau("CGJ", "城市管理局", "城管", "市城管局", "城管局"),
    _bureau("GXJ", "工业和信息化局", "工信", "市工信局", "工信局"),
)

OVERSEERS = (
    _bureau("CZJ", "财政局", "", "市财政局"),
    _bureau("SJJ", "审计局", "", "市审计局"),
    DemoUnit(
        f"{CITY_CODE}-QQB",
        "澜江市清理拖欠企业账款工作专班办公室",
        "office",
        CITY_CODE,
        CITY_CODE,
        aliases="清欠办、市清欠办",
    ),
)
"""Bodies that watch and hand in no ledger."""

PARKS = (
    DemoUnit(f"{CITY_CODE}-GXQ", "澜江高新技术产业开发区", "park", CITY_CODE, CITY_CODE, aliases="澜江高新区、高新区"),
    DemoUnit(f"{CITY_CODE}-JKQ", "澜江经济技术开发区", "park", CITY_CODE, CITY_CODE, aliases="澜江经开区、经开区"),
)

STATE_FIRMS = (
    DemoUnit(
        f"{CITY_CODE}-CT", "澜江市城市建设投资集团有限公司", "soe", CITY_CODE, CITY_CODE, "住建", "澜江城投、市城投集团"
    ),
    DemoUnit(
        f"{CITY_CODE}-JT", "澜江市交通投资集团有限公司", "soe", CITY_CODE, CITY_CODE, "交通", "澜江交投、市交投集团"
    ),
    DemoUnit(f"{CITY_CODE}-SW", "澜江市水务集团有限公司", "soe", CITY_CODE, CITY_CODE, "水务", "澜江水务、市水务集团"),
)

HOSPITALS = (
    DemoUnit(
        f"{CITY_CODE}-YY1",
        "澜江市第一人民医院",
        "hospital",
        CITY_CODE,
        f"{CITY_CODE}-WJW",
        "卫健",
        "市一院、市第一人民医院",
    ),
)

UNITS = (
    DemoUnit(CITY_CODE, CITY_NAME, "city", CITY_CODE, "", aliases="澜江市人民政府"),
    *COUNTIES,
    *BUREAUS,
    *OVERSEERS,
    *HOSPITALS,
    *PARKS,
    *STATE_FIRMS,
)
"""The tree, parents first, in official order."""

REPORTERS = (*COUNTIES, *BUREAUS, *HOSPITALS, *PARKS, *STATE_FIRMS)
"""Who hands in a ledger."""

PEOPLE = (
    DemoPerson("分管副市长", CITY_CODE, "leader"),
    DemoPerson("清欠办", f"{CITY_CODE}-QQB", "office"),
    DemoPerson("清欠办复核", f"{CITY_CODE}-QQB", "office"),
    DemoPerson("市财政局", f"{CITY_CODE}-CZJ", "finance"),
    DemoPerson("市审计局", f"{CITY_CODE}-SJJ", "auditor"),
    *(DemoPerson(f"{county.name}专班", county.code, "office") for county in COUNTIES),
    *(DemoPerson(f"{park.aliases.split('、')[0]}专班", park.code, "office") for park in PARKS),
    *(DemoPerson(bureau.aliases.split("、")[1], bureau.code, "department", bureau.line) for bureau in BUREAUS),
    *(DemoPerson(firm.aliases.split("、")[0], firm.code, "debtor") for firm in STATE_FIRMS),
    *(DemoPerson(hospital.aliases.split("、")[0], hospital.code, "debtor") for hospital in HOSPITALS),
    DemoPerson("系统管理员", CITY_CODE, "system_admin"),
    DemoPerson("安全管理员", CITY_CODE, "security_admin"),
    DemoPerson("审计管理员", CITY_CODE, "audit_admin"),
)
"""Who signs in, each named by the post."""


def units_csv() -> str:
    """The tree as a file for `duban units load`."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(DemoUnit))
    writer.writerows(astuple(unit) for unit in UNITS)
    return text.getvalue()
