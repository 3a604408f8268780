"""Amounts of money as people type and print them, read into whole fen (分)."""

import re
from decimal import Decimal
from enum import Enum

from duban.kernel.errors import DomainError
from duban.kernel.numbers import half_width, shortened
from duban.kernel.numerals import DIGITS, SCALES, formal, numeral, numeral_value
from duban.kernel.words import N_, Sentence


class Unit(Enum):
    """A unit that ledgers are kept in; its value is the power of ten that turns it into fen."""

    FEN = 0
    YUAN = 2
    QIAN = 5
    WAN = 6
    YI = 10

    def label(self) -> Sentence:
        """How a column head names the unit: 元, 千元, 万元, 亿元, 分."""
        return Sentence(_UNIT_LABELS[self])


_UNIT_LABELS = {
    Unit.FEN: N_("fen"),
    Unit.YUAN: N_("yuan"),
    Unit.QIAN: N_("1,000 yuan"),
    Unit.WAN: N_("10,000 yuan"),
    Unit.YI: N_("100 million yuan"),
}


class NoAmount(DomainError):
    """An amount was asked for and nothing was written."""

    text = N_("No amount is written here. Write a number; write 0 only when the amount is known to be zero.")


class UnreadableAmount(DomainError):
    """A text is not one amount of money, or could be two different ones."""

    text = N_(
        "“{seen}” cannot be read as one amount of money. "
        "Write it in digits, for example 1,234.50, and name the unit after it if it is another one: 元, 万元 or 亿元."
    )

    def __init__(self, *, seen: str) -> None:
        super().__init__(seen=shortened(seen))


class AmountWithoutUnit(DomainError):
    """An amount in words names no unit, in a column that is not kept in yuan."""

    text = N_("“{seen}” may mean yuan or {unit}. Write the unit after it: 元, 万元 or 亿元.")

    def __init__(self, *, seen: str, unit: Unit) -> None:
        super().__init__(seen=shortened(seen), unit=unit.label())


class AmountTooFine(DomainError):
    """An amount has a part smaller than one fen."""

    text = N_(
        "{seen} has a part smaller than one fen (0.01 yuan). "
        "Give the amount to the fen, or round it first and say how it was rounded."
    )

    def __init__(self, *, seen: str) -> None:
        super().__init__(seen=shortened(seen))


_UNIT_POWERS = {"元": 2, "角": 1, "分": 0} | {
    word + suffix: power
    for word, power in {
        "佰": 4, "仟": 5, "万": 6, "拾万": 7, "佰万": 8, "仟万": 9,
        "亿": 10, "拾亿": 11, "佰亿": 12, "仟亿": 13, "万亿": 14,
    }.items()
    for suffix in ("", "元")
}  # fmt: skip

_CURRENCY = r"(?:(?:人民币(?:\(大写\))?:?|RMB|CNY|¥) ?)"
_UNIT_WORD = "|".join(sorted(_UNIT_POWERS, key=len, reverse=True))
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+"

_WRAPPED = re.compile(
    rf"{_CURRENCY}?(?P<open>\()? ?{_CURRENCY}?(?P<sign>[-+负])? ?{_CURRENCY}?"
    rf"(?P<body>[^-+()]+?)(?(open) ?\)(?P<unit> ?(?:{_UNIT_WORD}))?) ?[整正]?",
    re.IGNORECASE,
)
_PART = re.compile(rf"(?P<number>{_NUMBER})(?P<unit>{_UNIT_WORD})?")
_PARTS = re.compile(rf"(?:(?:{_NUMBER})(?:{_UNIT_WORD}))*(?:{_NUMBER})(?:{_UNIT_WORD})?")
_WORDS = re.compile(
    rf"(?:(?P<yuan>[{DIGITS}{SCALES}]+)元)?零?(?:(?P<jiao>[{DIGITS}])角)?零?(?:(?P<fen>[{DIGITS}])分)?(?:整|正)?"
)


def read_fen(text: str, unit: Unit) -> int:
    """Read one amount.

    Args:
        text: digits with or without thousands marks, ¥, a unit (also mixed: 1亿2000万元), or Chinese numerals; full or
            half width; negative by a minus, 负 or parentheses.
        unit: what a number stands for that names no unit itself.

    Returns:
        Whole fen.

    Raises:
        NoAmount, UnreadableAmount, AmountWithoutUnit, AmountTooFine.
    """
    plain = re.sub(r"\s+", " ", formal(half_width(text))).strip()
    if not plain:
        raise NoAmount
    wrapped = _WRAPPED.fullmatch(plain) if len(plain) <= 100 else None
    if wrapped is None or (wrapped["open"] and wrapped["sign"]):
        raise UnreadableAmount(seen=text)
    # A space between two digits may be a thousands mark; any other space means nothing.
    body = re.sub(r"(?<![0-9]) | (?![0-9])", "", wrapped["body"] + (wrapped["unit"] or ""))
    size = _digits_fen(body, unit, seen=text) if re.search("[0-9]", body) else _words_fen(body, unit, seen=text)
    return -size if wrapped["open"] or wrapped["sign"] in {"-", "负"} else size


def _digits_fen(body: str, unit: Unit, *, seen: str) -> int:
    parts = list(_PART.finditer(body))
    if not _PARTS.fullmatch(body) or (len(parts) > 1 and parts[-1]["unit"] is None):
        raise UnreadableAmount(seen=seen)
    total, limit = Decimal(0), None
    for part in parts:
        power = _UNIT_POWERS[part["unit"]] if part["unit"] else unit.value
        amount = Decimal(f"{re.sub('[ ,]', '', part['number'])}E{power}")
        # In 1亿2000万元 each part is whole and fits below the one before; else two numbers stand side by side.
        if limit is not None and (total != total.to_integral_value() or total % limit or amount >= limit):
            raise UnreadableAmount(seen=seen)
        total, limit = total + amount, Decimal(10) ** power
    if total != total.to_integral_value():
        raise AmountTooFine(seen=seen)
    return int(total)


def _words_fen(body: str, unit: Unit, *, seen: str) -> int:
    whole = numeral_value(body)
    if whole is not None:
        if unit is not Unit.YUAN:
            raise AmountWithoutUnit(seen=seen, unit=unit)
        return whole * 100
    words = _WORDS.fullmatch(body)
    if words is None or not any(words.groups()):
        raise UnreadableAmount(seen=seen)
    yuan = numeral_value(words["yuan"]) if words["yuan"] else 0
    if yuan is None:
        raise UnreadableAmount(seen=seen)
    return yuan * 100 + DIGITS.index(words["jiao"] or "零") * 10 + DIGITS.index(words["fen"] or "零")


def fen_in_words(fen: int) -> str:
    """Write an amount as bank papers do (大写): 壹仟陆佰肆拾元零伍分.

    整 closes an amount that ends at 元 or 角, so that nothing can be added behind it; after 分 there is none. A 零
    stands between 元 and 分 when there are no 角. Zero is 零元整, and a negative amount starts with 负.

    Source: 正确填写票据和结算凭证的基本规定, annexed to 支付结算办法 (PBC 1997 No. 393).
    """
    yuan, small = divmod(abs(fen), 100)
    jiao, last = divmod(small, 10)
    words = "负" if fen < 0 else ""
    words += numeral(yuan) + "元" if yuan or not small else ""
    words += DIGITS[jiao] + "角" if jiao else ""
    words += "零" if last and yuan and not jiao else ""
    return words + (DIGITS[last] + "分" if last else "整")
