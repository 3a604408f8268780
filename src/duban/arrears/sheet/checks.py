"""What a row of the ledger must satisfy, and what deserves a second look.

The checks that need only the row, or all rows together, are declared with the columns; those that need a day are called
by `reading`. The rule of each finding is stable: help pages and trained eyes refer to it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from duban.arrears.sheet.rows import PARTS
from duban.kernel.money import ZERO, Money
from duban.kernel.words import N_, Sentence
from duban.workbook.findings import Fault, ReadSheet, Severity, SheetRow

NOT_POSITIVE = "L01"
NEGATIVE = "L02"
CLEARED_TOO_MUCH = "L03"
WRONG_BALANCE = "L04"
PARTS_MISFIT = "L05"
PARTS_DISAGREE = "L06"
CLEARED_UNPLACED = "L07"
SIGNED_LATER = "L08"
REPEATED_NUMBER = "L09"
REDUCTION_AS_PAYMENT = "L10"
DUE_BEFORE_SIGNED = "L11"
TWIN = "L12"
ABOVE_CONTRACT = "L13"
DUE_AND_PART = "L14"
NO_DUE_DAY = "L15"
STATED_TOTAL = "L16"
CLEARED_MOVED = "L17"
PARTS_ROUNDED = "L18"


def amount_is_positive(row: SheetRow) -> Iterator[Fault]:
    """L01: something is owed."""
    amount = row.values["amount"]
    if amount is not None and amount <= ZERO:
        text = N_("The amount owed is {amount} yuan. State what was owed at first, above zero, or remove the row.")
        yield Fault(NOT_POSITIVE, "amount", Sentence(text, {"amount": amount}))


def nothing_is_negative(row: SheetRow) -> Iterator[Fault]:
    """L02: contract, parts, cleared amount and balance are zero or more."""
    for name in (*PARTS, "contract_amount", "cleared", "balance"):
        amount = row.values[name]
        if amount is not None and amount < ZERO:
            text = N_("{amount} yuan is below zero. An amount that was returned or reversed is reported as a change.")
            yield Fault(NEGATIVE, name, Sentence(text, {"amount": amount}))


def cleared_is_within_the_amount(row: SheetRow) -> Iterator[Fault]:
    """L03: no more was cleared than was owed."""
    amount, cleared = row.values["amount"], row.values["cleared"]
    if amount is not None and cleared is not None and cleared > amount > ZERO:
        text = N_("{cleared} yuan are stated as cleared, more than the {amount} yuan owed. Check both amounts.")
        yield Fault(CLEARED_TOO_MUCH, "cleared", Sentence(text, {"cleared": cleared, "amount": amount}))


def balance_is_what_remains(row: SheetRow) -> Iterator[Fault]:
    """L04: a stated balance is the amount less what was cleared, as far as the sheet shows."""
    amount, balance = row.values["amount"], row.values["balance"]
    if amount is None or balance is None:
        return
    cleared = row.values["cleared"] or ZERO
    if not row.are_equal(balance, amount - cleared, "amount", "cleared", "balance"):
        text = N_("The balance is stated as {balance} yuan; {amount} owed less {cleared} cleared leaves {left}.")
        values = {"balance": balance, "amount": amount, "cleared": cleared, "left": amount - cleared}
        yield Fault(WRONG_BALANCE, "balance", Sentence(text, values), expected=str(amount - cleared))


def a_reduction_is_no_payment(row: SheetRow) -> Iterator[Fault]:
    """L10: 核减 is not 清偿."""
    if row.values["method"] == "reduction" and _above_zero(row.values["cleared"]):
        text = N_(
            "{cleared} yuan are stated as cleared by 核减. A reduction is not a payment: report it as a reduction."
        )
        yield Fault(REDUCTION_AS_PAYMENT, "method", Sentence(text, {"cleared": row.values["cleared"]}))


def due_day_follows_signing(row: SheetRow) -> Iterator[Fault]:
    """L11: money rarely falls due before its contract was signed."""
    signed_on, due_on = row.values["signed_on"], row.values["due_on"]
    if signed_on and due_on and due_on < signed_on:
        text = N_("It fell due on {due_on}, before the contract was signed on {signed_on}. Check both days.")
        yield _warning(DUE_BEFORE_SIGNED, "due_on", text, due_on=due_on, signed_on=signed_on)


def amount_is_within_the_contract(row: SheetRow) -> Iterator[Fault]:
    """L13: more is rarely owed than the contract is worth (domain.md §2.6, F14)."""
    amount, contract = row.values["amount"], row.values["contract_amount"]
    if amount is not None and contract is not None and amount > contract > ZERO:
        text = N_("{amount} yuan are owed on a contract of {contract} yuan. Check both amounts and their units.")
        yield _warning(ABOVE_CONTRACT, "amount", text, amount=amount, contract=contract)


ROW_CHECKS = (
    amount_is_positive,
    nothing_is_negative,
    cleared_is_within_the_amount,
    balance_is_what_remains,
    a_reduction_is_no_payment,
    due_day_follows_signing,
    amount_is_within_the_contract,
)


def signed_by_today(row: SheetRow, *, today: date) -> Iterator[Fault]:
    """L08: a contract was signed on a day that has come."""
    signed_on = row.values["signed_on"]
    if signed_on and signed_on > today:
        text = N_("The contract is signed on {signed_on}, which is still to come (today is {today}).")
        yield Fault(SIGNED_LATER, "signed_on", Sentence(text, {"signed_on": signed_on, "today": today}))


def parts_agree_with_the_due_day(row: SheetRow, *, as_of: date) -> Iterator[Fault]:
    """L14, L15: what is due and what is not follows from the due day; a part that says otherwise is looked at."""
    due_on, not_due, undisputed = (row.values[name] for name in ("due_on", "not_due", "undisputed"))
    if due_on is None:
        if all(row.values[part] is None for part in PARTS):
            text = N_(
                "There is neither a due day nor a division into parts; the amount is taken as due and undisputed."
            )
            yield _warning(NO_DUE_DAY, "due_on", text)
    elif _above_zero(not_due) and due_on <= as_of:
        text = N_("{amount} yuan are stated as not yet due, and they fell due on {due_on}. Check the day and the part.")
        yield _warning(DUE_AND_PART, "not_due", text, amount=not_due, due_on=due_on)
    elif _above_zero(undisputed) and due_on > as_of and undisputed > (row.values["cleared"] or ZERO):
        text = N_("{amount} yuan are stated as due, and they fall due on {due_on}. Check the day and the part.")
        yield _warning(DUE_AND_PART, "undisputed", text, amount=undisputed, due_on=due_on)


def repeated_numbers(sheet: ReadSheet) -> Iterator[tuple[SheetRow, Fault]]:
    """L09: a ledger number names one claim; the later rows are at fault."""
    text = N_("Ledger number {number} stands in row {first} already. Give each claim its own number.")
    for row, first in _repeats(sheet.rows, lambda row: row.values["ledger_no"]):
        number = row.values["ledger_no"]
        yield row, Fault(REPEATED_NUMBER, "ledger_no", Sentence(text, {"number": number, "first": first.number}))


def twins(sheet: ReadSheet) -> Iterator[tuple[SheetRow, Fault]]:
    """L12: one creditor, one debtor, one contract and one amount may be one claim listed twice."""
    text = N_("Row {first} has the same creditor, debtor, contract and amount. If it is one claim, remove one row.")
    for row, first in _repeats(sheet.rows, _identity):
        yield row, _warning(TWIN, "amount", text, first=first.number)


TABLE_CHECKS = (repeated_numbers, twins)


def _identity(row: SheetRow) -> object:
    values = row.values
    debtor = values["debtor_uscc"] or values["debtor_name"]
    creditor = values["creditor_uscc"] or values["creditor_name"]
    amount = values["amount"]
    return (debtor, creditor, values["contract_no"], amount) if debtor and creditor and amount is not None else None


def _repeats(rows: Sequence[SheetRow], key: Callable[[SheetRow], object]) -> Iterator[tuple[SheetRow, SheetRow]]:
    """Each row whose key an earlier row has, with the first such row; a key of None is none."""
    first: dict[object, SheetRow] = {}
    for row in rows:
        name = key(row)
        if name is not None and first.setdefault(name, row) is not row:
            yield row, first[name]


def _above_zero(amount: Money | None) -> bool:
    return amount is not None and amount > ZERO


def _warning(rule: str, column: str, text: str, **values: object) -> Fault:
    return Fault(rule, column, Sentence(text, values), Severity.WARNING)
