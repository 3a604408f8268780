"""Stated payments: what stands against a voucher, and what became of each payment of a claim."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Subquery

from duban.arrears.models import Settlement, SettlementEvent
from duban.arrears.rules.settling import VOID, Method, Step
from duban.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Against:
    """What is stated against a voucher; both are None where nothing is, or where nobody said what it is worth."""

    stated: Money | None
    total: Money | None


def stated_against(number: str, *, debtor_id: int) -> Against:
    """What a debtor states to have paid by one voucher and was not denied. One query, over what the reader sees."""
    last = SettlementEvent.objects.filter(settlement=OuterRef("pk")).order_by("-n").values("step")[:1]
    rows = list(
        Settlement.objects.filter(voucher_number=number, claim__debtor_id=debtor_id)
        .annotate(step=Subquery(last))
        .exclude(step__in=[step.value for step in VOID])
        .values_list("amount", "voucher_total")
    )
    if not rows:
        return Against(None, None)
    totals = [total for _, total in rows if total > ZERO]
    return Against(sum((amount for amount, _ in rows), ZERO), max(totals) if totals else None)


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
