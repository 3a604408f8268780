"""How a party is recognised when a paper gives only its name, and of what parts a name is made. Pure.

A name is read as region, trade name, business and legal form. Nothing is looked up: the few words below are those that
tell the parts of a Chinese firm's name apart, and they are no list of anything.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

LONGEST_KEY = 200
_BRACKETS = str.maketrans("〔【［{<《", "((((((") | str.maketrans("〕】］}>》", "))))))")

_FORM = re.compile(
    r"(?:股份有限责任|股份有限|有限责任|责任有限|有限|股份)公司"  # also before a branch
    r"|(?<![分支子总])公司$|(?:特殊)?普通合伙$|有限合伙$|(?:co)?(?:ltd|limited)$"
)
_PROVINCE = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|"
    "四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾|中国"
)
_REGION = re.compile(
    rf"(?:(?P<province>{_PROVINCE})(?:省|市)?)?"
    r"(?P<city>[^市州县区]{2,4}(?:市(?![政场容])|自治州|州))?(?P<county>[^县区市]{2,4}[县区])?"
)
_BUSINESS = re.compile(
    r"(?:建筑|建设|工程|市政|路桥|园林|绿化|装饰|装修|设计|勘察|监理|咨询|科技|技术|信息|网络|电子|机电|电气|电力|机械|设备|"
    r"材料|建材|商贸|贸易|实业|工贸|物资|物流|运输|汽车|医药|医疗|器械|食品|农业|林业|环保|能源|矿业|化工|投资|资产|管理|"
    r"服务|劳务|物业|文化|传媒|广告|教育|安装|消防|水利|测绘|租赁|置业|房地产|开发|集团|控股|发展|国际|中心|厂|店|部).*$"
)


def name_key(name: str) -> str:
    """A name without what typists vary: width, case, spaces and the shape of brackets.

    Two papers that give a party no code mean the same one when their keys are equal. It is a temporary key: the
    party stays unverified until somebody finds its code.
    """
    plain = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return re.sub(r"\s+", "", plain).casefold()[:LONGEST_KEY]


@lru_cache(maxsize=2**18)
def spelling(name: str) -> str:
    """A name as the register compares it, and without brackets and punctuation either."""
    plain = name_key(name)
    return plain if plain.isalnum() else "".join(letter for letter in plain if letter.isalnum())


@lru_cache(maxsize=2**18)
def without_form(name: str) -> str:
    """The spelling without the legal form; a name that is hardly more than one keeps it."""
    whole = spelling(name)
    bare = _FORM.sub("", whole)
    return bare if len(bare) > 1 else whole


@dataclass(frozen=True, slots=True)
class Parts:
    """What a firm's name is made of; a part that the name leaves out is empty.

    Args:
        places: province, city and county, the province without 省 or 市.
    """

    places: tuple[str, str, str]
    trade: str
    business: str
    form: str

    @property
    def place(self) -> str:
        """The smallest place named."""
        return next((place for place in reversed(self.places) if place), "")

    @property
    def is_whole(self) -> bool:
        """Whether region, trade name, business and legal form are all there."""
        return bool(self.place and self.trade and self.business and self.form)

    def may_lie_with(self, other: "Parts") -> bool:
        """Whether no place named in both names is another one."""
        return all(not (mine and yours) or mine == yours for mine, yours in zip(self.places, other.places, strict=True))


def stems_of(places: Iterable[str]) -> dict[str, str]:
    """Places by what is left of them without 市, 州, 县 or 区, which names often leave out: 昆明 is 昆明市."""
    return {place[:-1]: place for place in places if len(place) > 2 and place[-1] in "市州县区"}


def parts_of(name: str, stems: Mapping[str, str] | None = None) -> Parts:
    """Take a name apart.

    Args:
        stems: known places (`stems_of`), for a name that writes its place without saying what it is.
    """
    parts = _parts_of(name)
    for stem, place in () if parts.place else (stems or {}).items():
        if parts.trade.startswith(stem) and parts.trade != stem:
            places = ("", "", place) if place[-1] in "县区" else ("", place, "")
            return replace(parts, places=places, trade=parts.trade[len(stem) :])
    return parts


def _parts_of(name: str) -> Parts:
    whole, bare = spelling(name), without_form(name)
    region = _REGION.match(bare)
    places = region.group("province", "city", "county") if region else ("", "", "")
    local = bare[region.end() :] if region else bare
    business = _BUSINESS.search(local)
    form = _FORM.search(whole)
    return Parts(
        places=(places[0] or "", places[1] or "", places[2] or ""),
        trade=local[: business.start()] if business else local,
        business=business.group() if business else "",
        form=_form(form.group()) if form and bare != whole else "",
    )


def trade_name(name: str) -> str:
    """What is left of a name without region, business and legal form; empty when nothing is."""
    return parts_of(name).trade


def _form(written: str) -> str:
    """One word for the ways in which a legal form is written: 有限责任公司 is 有限公司."""
    return "股份" if "股份" in written else "有限" if "有限" in written and "合伙" not in written else written
