"""Column types that Django does not know: a place in a tree, and money in 分."""

from typing import TYPE_CHECKING, Any

from django.db import models

from duban.kernel.money import Money

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
    CharField = models.CharField[str, str]
    BigIntegerField = models.BigIntegerField[Money | int, Money]
    OptionalBigIntegerField = models.BigIntegerField[Money | int | None, Money | None]
else:
    TextField, CharField, BigIntegerField = models.TextField, models.CharField, models.BigIntegerField
    OptionalBigIntegerField = models.BigIntegerField


class PathField(TextField):
    """A place in the organisation tree as a PostgreSQL `ltree`: the ids of the units above, then its own."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002 - Django's signature
        """The column is an ltree; text is cast when written."""
        return "ltree"


class _Fen:
    """An amount on its way into a bigint of 分 and out of it."""

    def from_db_value(self, value: int | None, *_: object) -> Money | None:
        """The stored 分 as `Money`."""
        return None if value is None else Money.from_fen(value)

    def to_python(self, value: Any) -> Money | None:  # noqa: ANN401 - Django's signature
        """Whatever a form or a fixture gives, as `Money`."""
        return value if value is None or isinstance(value, Money) else Money.from_fen(int(value))

    def get_prep_value(self, value: Any) -> int | None:  # noqa: ANN401 - Django's signature
        """What is stored."""
        return value.fen if isinstance(value, Money) else value


class MoneyField(_Fen, BigIntegerField):
    """An exact amount, stored as a bigint of 分 (leakproof, so row security keeps its indexes)."""


class OptionalMoneyField(_Fen, OptionalBigIntegerField):
    """An amount that may not be known."""


class AccountField(CharField):
    """The name of an account of the ledger."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - Django's own options
        options.setdefault("max_length", 12)
        super().__init__(**options)
