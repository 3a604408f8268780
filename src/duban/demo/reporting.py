"""What the demo city's units hand in beside ledgers: zero reports, one of them void, and sealed sheets."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import date, timedelta

from duban.arrears import commands
from duban.arrears.queries.board import board
from duban.arrears.rules.reporting import month_of
from duban.demo.city import CITY_CODE
from duban.demo.scans import scan
from duban.identity.models import Appointment

Enter = Callable[[], AbstractContextManager[Appointment]]

FINANCE, AUDITORS, LUCHUAN = f"{CITY_CODE}-CZJ", f"{CITY_CODE}-SJJ", "539924"
"""One that owes nothing, one that hands in nothing, and a county whose zero report does not hold."""
SEALING = frozenset({"539902", "539922"})
"""Counties whose reconciliation sheets have come back."""
DEADLINE_DAY = 28
"""Late in the month, so that what was made today is not late."""


def report_zeros(*, as_of: date, today: date, enter: Enter, leave_out: Collection[str]) -> None:
    """Say who reports, and hand in zero reports. It comes before the ledgers, one of which shows that a zero was none.

    Args:
        as_of: the day of the ledgers that follow, the last of a month.
    """
    month = month_of(as_of)
    before = month_of(month - timedelta(days=1))
    with enter() as actor:
        if board(actor=actor, months=[before, month], today=today):
            return
        commands.set_deadline(
            unit_code=CITY_CODE, since=before, day=DEADLINE_DAY, reason="澜清欠办〔2026〕7号：月报于次月28日前报送",
            today=today, actor=actor,
        )  # fmt: skip
        for unit_code in (FINANCE, AUDITORS, LUCHUAN):
            commands.expect_report(
                unit_code=unit_code, since=before, is_expected=True, reason="列入全市清欠报送名单", today=today,
                actor=actor,
            )  # fmt: skip
    zeros = [(FINANCE, before, "总会计师"), (FINANCE, month, "总会计师"), (LUCHUAN, before, "副县长")]
    for unit_code, of_month, post in zeros:
        if unit_code not in leave_out:
            _hand_in(unit_code, of_month, post, today, enter)


def seal_sheets(*, as_of: date, enter: Enter) -> None:
    """Hand back the reconciliation sheets of two counties."""
    with enter() as actor:
        for row in board(actor=actor, months=[month_of(as_of)], today=as_of):
            handed = row.cells[month_of(as_of)].handed
            if row.unit.code in SEALING and handed and handed.state == "accepted" and not handed.sealed_at:
                content = scan("RECONCILIATION SHEET", row.unit.code, "signed and sealed (demo)")
                form = commands.Signed("周敏", "县长助理", f"对账确认单-{row.unit.code}.pdf", [content])
                commands.hand_in_sealed(handed.uid, form=form, actor=actor)


def _hand_in(unit_code: str, month: date, post: str, today: date, enter: Enter) -> None:
    content = scan("ZERO REPORT", f"{unit_code}  {month:%Y-%m}", "signed and sealed (demo)")
    with enter() as actor:
        commands.hand_in_zero(
            unit_code=unit_code, month=month, today=today, actor=actor,
            form=commands.Signed("陈立", post, f"零报告-{unit_code}-{month:%Y-%m}.pdf", [content]),
        )  # fmt: skip
