"""How values look, in tables, sentences and exports alike."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from duban.kernel.money import Money, Unit

NOTHING = "—"


def yuan(amount: Money | None) -> str:
    """Yuan with thousands marks and two decimals."""
    return NOTHING if amount is None else amount.shown(Unit.YUAN, 2)


def wan(amount: Money | None) -> str:
    """万元 with thousands marks and two decimals."""
    return NOTHING if amount is None else amount.shown(Unit.WAN, 2)


def percent(rate: Decimal | None) -> str:
    """A ratio as per cent with two decimals, halves up."""
    return NOTHING if rate is None else f"{_hundredths(rate * 100):,}%"


def points(difference: Decimal | None) -> str:
    """A difference of ratios in percentage points, signed, two decimals."""
    return NOTHING if difference is None else f"{_hundredths(difference * 100):+,}"


def count(number: int | None) -> str:
    """A whole number with thousands marks."""
    return NOTHING if number is None else f"{number:,}"


def day(value: date | None) -> str:
    """ISO, the form that sorts and is read the same in every office."""
    if value is None:
        return NOTHING
    return (timezone.localdate(value) if isinstance(value, datetime) else value).isoformat()


def long_day(value: date | None) -> str:
    """As in a sentence of the reader's language."""
    # Translators: PHP date format of a day in a sentence.
    return NOTHING if value is None else date_format(value, _("j F Y"))


def month(first: date) -> str:
    """A month, named by any of its days: 2026年10月, or 2026-10."""
    return _("{year}-{month:02}").format(year=first.year, month=first.month)


def instant(value: datetime | date | None) -> str:
    """Day and minute in the city's time; a day stays a day."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return day(value)


def _hundredths(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP) + 0  # adding nothing turns a negative zero into zero
