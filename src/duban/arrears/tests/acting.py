"""What the tests of acts on a claim are made of: papers, an act, and doing it as somebody."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests import make

from duban.arrears.commands import claim as acts
from duban.arrears.models import Settlement
from duban.arrears.rules.settling import Method
from duban.arrears.tests import making
from duban.arrears.tests.making import days_ago, today
from duban.identity.models import Appointment
from duban.kernel.money import Money

BOTH_SIDES = ("debtor_statement", "creditor_statement")


def papers(*roles: str) -> list[acts.Paper]:
    return [acts.Paper(role, f"{role}.pdf", [role.encode()]) for role in roles]


def act(*roles: str, **given: Any) -> acts.Act:  # noqa: ANN401 - of the act
    asked = {"effective_on": days_ago(3), "today": today(), "reason": "材料齐全", **given}
    return acts.Act(papers=papers(*roles), **asked)


def claim_id(clerk: Appointment, number: str) -> int:
    return making.claim(clerk, number).claim.pk


def report(
    clerk: Appointment, amount: str = "40", *roles: str, number: str = "1", method: Method = Method.CASH,
    voucher: str = "", total: str = "0", payee: str = "",
) -> acts.Reported:  # fmt: skip
    where = claim_id(clerk, number)
    with make.acting(clerk) as actor:
        return acts.report_payment(
            claim_id=where, method=method, amount=Money.of(amount), act=act(*roles), actor=actor,
            voucher=acts.Voucher(voucher, Money.of(total), payee),
        )  # fmt: skip


def say(who: Appointment, what: Callable[..., Settlement], payment: UUID, *roles: str) -> Settlement:
    with make.acting(who) as actor:
        return what(settlement=payment, act=act(*roles), actor=actor)


def confirmed(clerk: Appointment, second: Appointment, method: Method) -> UUID:
    payment = report(clerk, "40", "voucher", method=method).settlement.uid
    say(second, acts.confirm_payment, payment, "creditor_confirmation")
    return payment


def do(who: Appointment, what: Callable[..., Any], number: str = "1", /, **given: Any) -> None:  # noqa: ANN401 - of the act
    where = claim_id(who, number)
    with make.acting(who) as actor:
        what(claim_id=where, actor=actor, **given)


def address(clerk: Appointment, name: str = "") -> str:
    uid = making.claim(clerk, "1").claim.uid
    return f"/arrears/claims/{uid}/{name}/" if name else f"/arrears/claims/{uid}/"
