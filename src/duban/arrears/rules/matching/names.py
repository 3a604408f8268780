"""Whether two names mean the same party, and which part of them differs.

A name is read as region, trade name, business and legal form. Nothing is looked up: the few words below are those that
tell the parts of a Chinese firm's name apart, and they are no list of anything.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache

from duban.kernel.words import N_, Sentence
from duban.register.rules import name_key

_FORM = re.compile(
    r"(?:股份有限责任|股份有限|有限责任|责任有限|有限|股份)公司"  # also before a branch
    r"|(?<![分支子总])公司$|(?:特殊)?普通合伙$|有限合伙$|(?:co)?(?:ltd|limited)$"
)
_PROVINCE = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|"
    "四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾|中国"
)
_REGION = re.compile(rf"(?:(?:{_PROVINCE})(?:省|市)?)?" + r"(?:[^市州]{2,4}(?:市|自治州|州))?(?:[^县区市]{2,4}[县区])?")
_BUSINESS = re.compile(
    r"(?:建筑|建设|工程|市政|路桥|园林|绿化|装饰|装修|设计|勘察|监理|咨询|科技|技术|信息|网络|电子|机电|电气|电力|机械|设备|"
    r"材料|建材|商贸|贸易|实业|工贸|物资|物流|运输|汽车|医药|医疗|器械|食品|农业|林业|环保|能源|矿业|化工|投资|资产|管理|"
    r"服务|劳务|物业|文化|传媒|广告|教育|安装|消防|水利|测绘|租赁|置业|房地产|开发|集团|控股|发展|国际|中心|厂|店|部).*$"
)
_SUFFIXES = "省市县区州"
_LONGEST_REGION = 12
_LONGEST_PLACE = 3
_NEAR = 0.8
_NEAR_TRADE = 0.6


class Kind(IntEnum):
    """How near two names are, the farthest first."""

    OTHER = 0
    NEAR = 1
    """A typing error would explain it; so would another firm."""
    REGION = 2
    """One writes 市, 省 or 县 after a place, the other leaves it out."""
    FORM = 3
    """Only the legal form differs: 有限公司, 有限责任公司, 股份有限公司."""
    SAME = 4


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near two names are, and what is different, each as it stands in its name."""

    kind: Kind
    first: str = ""
    second: str = ""

    @property
    def reason(self) -> Sentence:
        """The difference, for people."""
        return Sentence(_REASONS[self.kind], {"first": self.first or "—", "second": self.second or "—"})


_REASONS = {
    Kind.SAME: N_("The names are the same."),
    Kind.FORM: N_("Only the legal form differs: {first}, {second}."),
    Kind.REGION: N_("Only the word after the place differs: {first}, {second}."),
    Kind.NEAR: N_("The names are near to each other; what differs is {first} and {second}."),
    Kind.OTHER: N_("The names are different: {first}, {second}."),
}


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


def trade_name(name: str) -> str:
    """What is left of a name without region, business and legal form; empty when nothing is."""
    bare = without_form(name)
    region = _REGION.match(bare)
    local = bare[region.end() :] if region else bare
    return _BUSINESS.sub("", local)


@lru_cache(maxsize=2**18)
def likeness(first: str, second: str) -> Likeness:
    """Compare two names."""
    if spelling(first) == spelling(second):
        return Likeness(Kind.SAME)
    bare_first, bare_second = without_form(first), without_form(second)
    if bare_first == bare_second:
        return Likeness(Kind.FORM, *_difference(spelling(first), spelling(second)))
    difference = _difference(bare_first, bare_second)
    if _only_suffixes(bare_first, bare_second):
        return Likeness(Kind.REGION, *difference)
    kind = Kind.NEAR if _are_near(bare_first, bare_second, trade_name(first), trade_name(second)) else Kind.OTHER
    return Likeness(kind, *difference)


def _difference(first: str, second: str) -> tuple[str, str]:
    """The parts between what two texts begin and end with."""
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    end = 0
    while end < min(len(first), len(second)) - start and first[-1 - end] == second[-1 - end]:
        end += 1
    return first[start : len(first) - end], second[start : len(second) - end]


def _only_suffixes(first: str, second: str) -> bool:
    """Whether the shorter text is the longer one without some of 省市县区州 after places at its beginning.

    A suffix in place of another (吉林省, 吉林市) is another place.
    """
    short, long = sorted((first, second), key=len)
    at = 0
    for position, letter in enumerate(long):
        if at < len(short) and short[at] == letter:
            at += 1
        elif letter not in _SUFFIXES or not 2 <= position < _LONGEST_REGION:
            return False
    return at == len(short)


def _are_near(first: str, second: str, trade_first: str, trade_second: str) -> bool:
    """Whether most letters are the same, and most of the trade name: 甲建筑 and 乙建筑 share all but who they are."""
    if _alike(trade_first, trade_second) < _NEAR_TRADE or _differ_behind_a_place(trade_first, trade_second):
        return False
    return _alike(first, second) >= _NEAR or _holds(first, second)


def _differ_behind_a_place(first: str, second: str) -> bool:
    """Whether all is different but two or three letters at the beginning, which are a place: 昆明甲, 昆明乙."""
    one, other = _difference(first, second)
    shared = len(first) - len(one)
    return bool(one and other) and shared <= _LONGEST_PLACE and first.endswith(one) and second.endswith(other)


def _holds(first: str, second: str) -> bool:
    short, long = sorted((first, second), key=len)
    return len(short) >= 4 and short in long


def _alike(first: str, second: str) -> float:
    # The matcher prefers one order of its texts to the other; sorted, the answer is the same both ways.
    low, high = sorted((first, second))
    return float(SequenceMatcher(None, low, high, autojunk=False).ratio())
