"""What the tests of the ledger are made of: reporters, workbooks and statements. A test names only what it is about."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import xlsxwriter
from django.utils import timezone
from tests import make

from duban.arrears import commands
from duban.arrears.commands.claim.acting import Paper
from duban.arrears.commands.posting import ClaimMoves, post_moves
from duban.arrears.models import ClaimNow, Statement
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.acts import Ground
from duban.arrears.rules.asking import Verdict
from duban.arrears.rules.statement import Move
from duban.arrears.sheet import LEDGER
from duban.audit import commands as audit
from duban.identity.models import Appointment
from duban.identity.units import Kind
from duban.kernel.money import Money
from duban.workbook.schema import Kind as ColumnKind

CODE = "53640000MJX173680A"


def today() -> date:
    return timezone.localdate()


def days_ago(days: int) -> date:
    return today() - timedelta(days=days)


def office(unit: str = "East", *, under: str = "") -> Appointment:
    """A clerk of the clearing office of a county."""
    return make.appointment(of=make.unit(unit, kind=Kind.COUNTY, under=under))


def workbook(*claims: dict[str, Any], in_wan: bool = False) -> bytes:
    """A ledger of these claims, given in yuan; what a claim does not name gets a harmless value.

    Args:
        in_wan: whether the sheet shows its amounts in 万元 with two decimals.
    """
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd"}) as book:
        # Files are kept by their content, for all tests that run side by side: no two share one by chance.
        book.set_properties({"comments": str(uuid4())})
        sheet = book.add_worksheet("清欠台账")
        sheet.write_row(0, 0, ["单位：万元" if in_wan else "单位：元"])
        wan = book.add_format({"num_format": "0.00"})
        sheet.write_row(1, 0, [column.label for column in LEDGER.columns])
        for number, claim in enumerate(claims):
            values = {"debtor_name": "甲局", "creditor_name": "乙公司", "due_on": date(2024, 3, 1), **claim}
            for place, column in enumerate(LEDGER.columns):
                value = values.get(column.name)
                if in_wan and column.kind is ColumnKind.MONEY and value is not None:
                    sheet.write_number(number + 2, place, value / 10_000, wan)
                elif isinstance(value, date):
                    sheet.write_datetime(number + 2, place, value)
                elif value is not None:
                    sheet.write(number + 2, place, value)
    return content.getvalue()


def receive(
    actor: Appointment,
    content: bytes,
    *,
    as_of: date | None = None,
    unit: str = "",
    mode: str = "full",
    covers: dict[str, str] | None = None,
) -> Statement:
    with make.acting(actor) as entered:
        return commands.receive(
            unit_code=unit or actor.unit.code, as_of=as_of or days_ago(10), today=today(),
            name="台账.xlsx", content=[content], mode=mode, covers=covers, actor=entered,
        )  # fmt: skip


def check(actor: Appointment, statement: Statement) -> Statement:
    with make.acting(actor) as entered:
        return commands.check(statement.uid, today=today(), actor=entered)


def hand_in(
    actor: Appointment,
    *claims: dict[str, Any],
    as_of: date | None = None,
    unit: str = "",
    mode: str = "full",
    covers: dict[str, str] | None = None,
) -> Statement:
    """A statement that was received and checked."""
    return check(actor, receive(actor, workbook(*claims), as_of=as_of, unit=unit, mode=mode, covers=covers))


def accept(actor: Appointment, statement: Statement, *, hold_errors: bool = False) -> Statement:
    decide(actor, statement.uid, hold_errors=hold_errors)
    with make.acting(actor) as entered:
        return commands.accept(statement.uid, actor=entered)


def decide(actor: Appointment, uid: UUID, *, hold_errors: bool = False) -> None:
    with make.acting(actor) as entered:
        commands.ask_to_accept(uid, hold_errors=hold_errors, actor=entered)


def enter(actor: Appointment, *claims: dict[str, Any], as_of: date | None = None, mode: str = "full") -> Statement:
    """A statement that was received, checked and accepted."""
    return accept(actor, hand_in(actor, *claims, as_of=as_of, mode=mode))


def claim(actor: Appointment, number: str) -> ClaimNow:
    """A claim as it stands, by its ledger number."""
    with make.acting(actor):
        return ClaimNow.objects.select_related("claim").get(ledger_no=number)


def balances(actor: Appointment, number: str) -> dict[str, str]:
    """What the accounts of a claim hold, in yuan, without those that hold nothing."""
    now = claim(actor, number)
    held = {account.value: getattr(now, account.value) for account in Account if account is not Account.RECOGNISED}
    return {name: str(amount) for name, amount in held.items() if amount.fen}


def post(
    actor: Appointment,
    now: ClaimNow,
    *moves: tuple[str, str, str],
    on: date,
    recorded_at: datetime | None = None,
) -> None:
    """Post moves on a claim as they come, in a transaction that has entered already."""
    posting = audit.open_posting(actor=actor, kind="arrears.test", scope_id=now.scope_id, recorded_at=recorded_at)
    made = [Move(Account(source), Account(destination), Money.of(amount)) for source, destination, amount in moves]
    present = ClaimNow.objects.get(pk=now.pk)
    moves_of = ClaimMoves(now.claim_id, now.scope_id, made, present.transfers, ground=Ground.LISTED_IN_ERROR)
    post_moves([moves_of], effective_on=on, posting=posting)


def answer(
    actor: Appointment,
    statement: Statement,
    verdict: Verdict,
    *roles: str,
    kind: str = "",
    deadlines: Sequence[date] = (),
) -> int:
    """Decide alike on the questions of a statement, or on those of a kind."""
    with make.acting(actor) as entered:
        asked = statement.questions.filter(kind=kind) if kind else statement.questions.all()
        papers = [Paper(role, f"{role}.pdf", [str(uuid4()).encode()]) for role in roles]
        decision = commands.Decision(verdict, "双方已对账", papers)
        ids = list(asked.values_list("pk", flat=True))
        return commands.answer(statement.uid, ids, decision, actor=entered)
