"""Money: exact to the fen (分), and never a float."""

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from enum import Enum
from typing import Self

from duban.kernel.amounts import (
    AmountTooFine,
    AmountWithoutUnit,
    NoAmount,
    Unit,
    UnreadableAmount,
    fen_in_words,
    read_fen,
)
from duban.kernel.errors import DomainError
from duban.kernel.numbers import round_half_up, shortened
from duban.kernel.words import N_

__all__ = [
    "ZERO",
    "AmountOutOfRange",
    "AmountTooFine",
    "AmountWithoutUnit",
    "InexactAmount",
    "Money",
    "NoAmount",
    "Rounding",
    "Unit",
    "UnreadableAmount",
]

LARGEST_FEN = 2**63 - 1  # what a bigint column holds


class Rounding(Enum):
    """What happens to the part of an amount below one fen."""

    HALF_UP = ROUND_HALF_UP
    HALF_EVEN = ROUND_HALF_EVEN
    UP = ROUND_UP
    DOWN = ROUND_DOWN


class InexactAmount(DomainError):
    """Money was to be made from a float or from something that is no number."""

    text = N_("{seen} is not an exact amount. Give it as text, as a Decimal, or as a whole number of yuan.")

    def __init__(self, *, seen: object) -> None:
        super().__init__(seen=shortened(repr(seen)))


class AmountOutOfRange(DomainError):
    """An amount is larger than the ledger can hold."""

    text = N_("An amount of {seen} yuan is beyond what can be kept, {largest} yuan. Check the number and its unit.")

    def __init__(self, *, yuan: Decimal) -> None:
        super().__init__(seen=f"{yuan:.3E}", largest=_plain(LARGEST_FEN))


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in yuan, kept as a whole number of fen.

    `str()` is the stable form that programs exchange: yuan with two decimals and no thousands marks, "-1234.50".
    People read `shown()`.
    """

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise InexactAmount(seen=self.fen)
        if abs(self.fen) > LARGEST_FEN:
            raise AmountOutOfRange(yuan=Decimal(f"{self.fen}E-2"))

    @classmethod
    def from_fen(cls, fen: int) -> Self:
        """Make money from a whole number of fen."""
        return cls(fen)

    @classmethod
    def of(cls, yuan: str | int | Decimal) -> Self:
        """Make money from an exact number of yuan; text is plain, as `str()` writes it.

        Raises:
            InexactAmount: a float, a truth value, or a Decimal that is not a number.
            UnreadableAmount: text that is not a plain number; `parse` reads what people type.
            AmountTooFine: there is a part below one fen; `rounded` says what to do with it.
            AmountOutOfRange.
        """
        return cls(_whole_fen(_exact(yuan), rounding=None))

    @classmethod
    def rounded(cls, yuan: str | int | Decimal, *, rounding: Rounding = Rounding.HALF_UP) -> Self:
        """Make money from an exact number of yuan, rounded to the fen; a half goes away from zero unless said."""
        return cls(_whole_fen(_exact(yuan), rounding=rounding))

    @classmethod
    def parse(cls, text: str, unit: Unit = Unit.YUAN) -> Self:
        """Read an amount as people type and print it: 1,234.5万元, （¥８０．００）, 壹佰元整.

        Args:
            text: see `amounts.read_fen`.
            unit: what a bare number stands for; a unit written in the text goes first.

        Raises:
            NoAmount, UnreadableAmount, AmountWithoutUnit, AmountTooFine, AmountOutOfRange.
        """
        return cls(read_fen(text, unit))

    @property
    def yuan(self) -> Decimal:
        """The exact number of yuan, with two decimals."""
        return self.in_unit(Unit.YUAN)

    def in_unit(self, unit: Unit) -> Decimal:
        """Return the exact number of `unit`s, with as many decimals as the unit has places above one fen."""
        return Decimal(f"{self.fen}E-{unit.value}")

    def shown(self, unit: Unit = Unit.YUAN, places: int = 2) -> str:
        """Return the number of `unit`s for people: thousands marks, `places` decimals, a half away from zero."""
        return f"{round_half_up(self.in_unit(unit), places):,f}"

    def in_words(self) -> str:
        """Return the amount as bank papers write it (大写), without 人民币 before it; `parse` reads it back."""
        return fen_in_words(self.fen)

    def times(self, ratio: Decimal, *, rounding: Rounding) -> Self:
        """Multiply by an exact ratio and round to the fen, once, in the way the rule at hand prescribes."""
        enough_digits = Context(prec=len(_exact(ratio).as_tuple().digits) + 20)
        return type(self)(_whole_fen(enough_digits.multiply(self.yuan, ratio), rounding=rounding))

    def __str__(self) -> str:
        return _plain(self.fen)

    def __add__(self, other: Self) -> Self:
        return type(self)(self.fen + other.fen)

    def __radd__(self, other: int) -> Self:
        # sum() starts from the number 0.
        return self if other == 0 else NotImplemented

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.fen - other.fen)

    def __mul__(self, count: int) -> Self:
        return type(self)(self.fen * count)

    __rmul__ = __mul__

    def __neg__(self) -> Self:
        return type(self)(-self.fen)

    def __abs__(self) -> Self:
        return type(self)(abs(self.fen))


def _exact(yuan: str | int | Decimal) -> Decimal:
    if isinstance(yuan, str):
        if not re.fullmatch(r"-?[0-9]{1,100}(\.[0-9]{1,100})?", yuan):
            raise UnreadableAmount(seen=yuan)
        return Decimal(yuan)
    if type(yuan) is int or (isinstance(yuan, Decimal) and yuan.is_finite()):
        return Decimal(yuan)
    raise InexactAmount(seen=yuan)


def _whole_fen(yuan: Decimal, *, rounding: Rounding | None) -> int:
    """Turn yuan into fen, exactly or rounded as told; the largest are refused before their digits are written out."""
    if yuan.adjusted() > 17:
        raise AmountOutOfRange(yuan=yuan)
    sign, digits, exponent = yuan.as_tuple()
    fen = Decimal((sign, digits, int(exponent) + 2))
    whole = fen.to_integral_value(rounding=rounding.value if rounding else None)
    if rounding is None and whole != fen:
        raise AmountTooFine(seen=str(yuan))
    return int(whole)


def _plain(fen: int) -> str:
    yuan, small = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{small:02}"


ZERO = Money(0)
