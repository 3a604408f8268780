"""Whole numbers in Chinese numerals: 壹佰贰拾叁万 for the bank, 一百二十三万 for everybody."""

import re
from collections.abc import Iterator

DIGITS = "零壹贰叁肆伍陆柒捌玖"
SCALES = "拾佰仟万亿"

_TO_FORMAL = str.maketrans(
    "〇○一二三四五六七八九两兩貳参參叄陸十百千萬億圓圆負",
    "零零壹贰叁肆伍陆柒捌玖贰贰贰叁叁叁陆拾佰仟万亿元元负",
)
_PLACES = ("", "拾", "佰", "仟")
_ZERO_PLACE = re.compile("零[拾佰仟]")
_STEP = re.compile(f"(?P<zero>零?)(?:(?P<digit>[{DIGITS[1:]}])(?P<place>[拾佰仟]?)|(?P<ten>拾))")


def formal(text: str) -> str:
    """Write every numeral, scale, 圆 and 負 in `text` in its simplified bank form; the rest stays."""
    return text.translate(_TO_FORMAL)


def numeral(number: int) -> str:
    """Write a whole number of 0 or more in bank numerals: 100500 is 壹拾万零伍佰.

    A run of zeros is one 零. Where the last place before 万 or 亿 is zero but a full group follows, the rule leaves
    the 零 free (107000 is 壹拾万柒仟), and we leave it out.

    Source: 正确填写票据和结算凭证的基本规定, annexed to 支付结算办法 (PBC 1997 No. 393).
    """
    for scale, mark in ((10**8, "亿"), (10**4, "万")):
        if number >= scale:
            high, low = divmod(number, scale)
            gap = "零" if 0 < low < scale // 10 else ""
            return numeral(high) + mark + gap + (numeral(low) if low else "")
    return _write_group(number) if number else "零"


def _write_group(number: int) -> str:
    written, skipped = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            written += ("零" if skipped and written else "") + DIGITS[digit] + _PLACES[place]
        skipped = digit == 0
    return written


def numeral_value(text: str) -> int | None:
    """Read a whole number in bank or everyday numerals, simplified or traditional.

    Returns:
        The number, or None when `text` is no such numeral. Positional digits (一二三) and forms that leave out their
        last place (一万二 may mean 12,000 or 10,002) count as none: they must not be guessed.
    """
    text = _ZERO_PLACE.sub("零", formal(text))
    return _value(re.sub("零+", "零", text))


def _value(text: str) -> int | None:
    for mark, scale in (("亿", 10**8), ("万", 10**4)):
        if mark in text:
            high_text, low_text = text.rsplit(mark, 1)
            high, low = _value(high_text), _value(low_text) if low_text else 0
            if not high or low is None or low >= scale or (mark == "万" and high >= scale):
                return None
            last_place_left_out = 0 < low < 10 and not low_text.startswith("零")
            return None if last_place_left_out else high * scale + low
    return _group_value(text)


def _group_value(text: str) -> int | None:
    """Read up to four places, each lower than the one before."""
    if text == "零":
        return 0
    total, last_place = 0, 4
    for step in _steps(text.removesuffix("零")):
        if step is None:
            return None
        place = 1 if step["ten"] else _PLACES.index(step["place"])
        last_place_left_out = place == 0 and 1 < last_place < 4 and not step["zero"]
        if place >= last_place or last_place_left_out:
            return None
        total += (DIGITS.index(step["digit"]) if step["digit"] else 1) * 10**place
        last_place = place
    return total or None


def _steps(text: str) -> Iterator[re.Match[str] | None]:
    """Take `text` apart place by place; a None says that the rest is not a numeral."""
    position = 0
    while position < len(text):
        step = _STEP.match(text, position)
        yield step
        if step is None:
            return
        position = step.end()
