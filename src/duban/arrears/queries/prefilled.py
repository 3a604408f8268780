"""A reporter's own ledger as the rows of the workbook that it hands in next month."""

from datetime import date

from duban.arrears.models import ClaimNow
from duban.arrears.rules.accounts import COUNTED, HELD, Account, Rule
from duban.arrears.rules.facts import FACTS
from duban.arrears.sheet import LEDGER, PARTS
from duban.identity import queries as units
from duban.identity.access import in_sight
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import ZERO, Money

THIS_MONTH = ("method", "balance")
"""Columns of the ledger sheet that are left empty. 累计已清偿 is not among them: it is the sum to which this month's
payments are added, and a blank there would take earlier payments back."""
KEYS = ("ledger_no", "debtor_name", "debtor_uscc", "creditor_name", "creditor_uscc")
"""Columns by which a row is known again, which the reporter must not change."""

_FACTS = tuple(column.name for column in LEDGER.columns if column.name in FACTS)
TELLING = ("due_on", *PARTS, "cleared")
"""Columns without which a row that is handed in unchanged would say something else; an office that has none for them
gets them behind its own."""

LedgerValues = dict[str, object]
"""A row by the names of the sheet's columns, in kernel values; choices by their codes, None for nothing."""


def prefilled_rows(unit_code: str, *, actor: Appointment, today: date) -> list[LedgerValues]:
    """The claims of a reporter as they stand now, those still owed first, each group by ledger number.

    Handed in unchanged the rows propose nothing: their parts divide what is still owed. A claim that was reduced to
    nothing is not among them. Two queries.

    Raises:
        UnknownUnit: there is no such reporter.
    """
    unit = units.unit_on(unit_code, today)
    mine = ClaimNow.objects.filter(in_sight(actor, Permission.ARREARS_VIEW), scope__unit_id=unit.id)
    seen = mine.select_related("debtor", "creditor")
    rows = [_row(claim) for claim in seen.order_by("ledger_no", "pk")]
    stated = [row for row in rows if row["amount"] != ZERO]
    return sorted(stated, key=_is_settled)  # stable: each group keeps the order of its numbers


def _is_settled(row: LedgerValues) -> bool:
    return all(row[part] == ZERO for part in PARTS)


def _row(claim: ClaimNow) -> LedgerValues:
    balances: dict[Account, Money] = {account: getattr(claim, account.value) for account in HELD}
    facts: LedgerValues = {name: _unless_empty(getattr(claim, name)) for name in _FACTS}
    return {
        **facts,
        "debtor_uscc": claim.debtor.uscc,
        "creditor_uscc": claim.creditor.uscc,
        "agreed_rate": None if claim.agreed_rate is None else claim.agreed_rate * 100,
        "amount": sum(balances.values(), ZERO) - balances[Account.REDUCED],
        **{part: balances[Account(part)] for part in PARTS},
        "cleared": sum((balances[account] for account in COUNTED[Rule.C0]), ZERO),
        **dict.fromkeys(THIS_MONTH),
    }


def _unless_empty(value: object) -> object:
    return None if value == "" else value
