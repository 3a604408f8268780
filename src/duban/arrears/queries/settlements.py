"""Stated payments: what stands against a voucher, and what became of each payment of a claim."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Subquery

from duban.arrears.models import Settlement, SettlementEvent
from duban.arrears.rules.settling import Method, Step
from duban.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Against:
    """What is stated against a voucher, None where nothing is; and what it is worth, None where nobody said."""

    stated: Money | None
    total: Money | None


def stated_against(number: str, *, debtor_id: int) -> Against:
    """What a debtor states to have paid by one voucher and was not found void, in every ledger there is. One query.

    Whoever may act on none of the debtor's claims is told nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT stated, total FROM arrears.stated_on_voucher(%s, %s)", [number, debtor_id])
        return Against(*(None if fen is None else Money.from_fen(fen) for fen in cursor.fetchone()))


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A stated payment and where it stands."""

    uid: UUID
    method: Method
    amount: Money
    voucher_number: str
    payee_name: str
    value_on: date | None
    step: Step


def payments_of(uid: UUID) -> list[PaymentRow]:
    """The payments stated on a claim, over what the reader sees, the newest first. One query."""
    last = SettlementEvent.objects.filter(settlement=OuterRef("pk")).order_by("-n").values("step")[:1]
    rows = Settlement.objects.filter(claim__uid=uid).annotate(step=Subquery(last)).order_by("-pk")
    return [
        PaymentRow(
            row.uid, Method(row.method), row.amount, row.voucher_number, row.payee_name, row.value_on,
            Step(row.step),
        )
        for row in rows
    ]  # fmt: skip
