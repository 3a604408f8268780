"""Digits as people type and print them, and rounding as offices round."""

from decimal import ROUND_HALF_UP, Context, Decimal

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0x00A0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x3000), " ")
_MINUS_SIGNS = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFE63), "-")
_HALF_WIDTH = _FULL_WIDTH | _SPACES | _MINUS_SIGNS | {0xFFE5: "¥"}


def half_width(text: str) -> str:
    """Write full-width digits, letters, signs and spaces in their half-width form, and every minus as a hyphen.

    Nothing else changes. Unicode's own NFKC form is not used: it would also read 12² as 122 and ½ as three characters.
    """
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def shortened(text: str, *, to: int = 40) -> str:
    """What was typed, for a refusal: without the spaces around it, and with an ellipsis after `to` characters."""
    text = text.strip()
    return text if len(text) <= to else text[:to] + "…"


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Round to `places` decimals, a half away from zero, as Chinese statistics and accounts do (四舍五入).

    The result is exact whatever the caller's decimal context, and never a negative zero.
    """
    context = Context(prec=max(1, value.adjusted() + places + 2))
    rounded = value.quantize(Decimal((0, (1,), -places)), rounding=ROUND_HALF_UP, context=context)
    return rounded or rounded.copy_abs()
