"""What becomes of a stated payment. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from duban.arrears.rules.accounts import Account
from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.kernel.words import N_, Sentence


class Method(StrEnum):
    """How a debt is paid (清偿方式, domain.md §2.3); the codes are those of the ledger's sheet."""

    CASH = "cash"
    BANK_BILL = "bank_bill"
    COMMERCIAL_BILL = "commercial_bill"
    E_VOUCHER = "e_voucher"
    ASSET = "asset"
    OFFSET = "offset"
    BOND = "bond"
    ASSIGNMENT = "assignment"
    COURT = "court"
    UNKNOWN = "unknown"
    """A statement gave an amount and no method. It stays reported until somebody finds out."""

    @property
    def label(self) -> Sentence:
        """The method's name in the reader's language."""
        return Sentence(_METHOD_LABELS[self])


_METHOD_LABELS = {
    Method.CASH: N_("Bank transfer"),
    Method.BANK_BILL: N_("Bank acceptance bill"),
    Method.COMMERCIAL_BILL: N_("Commercial acceptance bill"),
    Method.E_VOUCHER: N_("E-voucher of a receivable"),
    Method.ASSET: N_("Goods or property in payment"),
    Method.OFFSET: N_("Set-off of mutual debts"),
    Method.BOND: N_("Debt-swap bond"),
    Method.ASSIGNMENT: N_("Assignment or factoring"),
    Method.COURT: N_("Judicial enforcement"),
    Method.UNKNOWN: N_("Method not stated"),
}

SETTLES_AS: Mapping[Method, Account] = MappingProxyType(
    {
        Method.CASH: Account.CASH,
        Method.BOND: Account.CASH,
        Method.BANK_BILL: Account.INSTRUMENT,
        Method.COMMERCIAL_BILL: Account.INSTRUMENT,
        Method.E_VOUCHER: Account.INSTRUMENT,
        Method.ASSET: Account.OFFSET,
        Method.OFFSET: Account.OFFSET,
    }
)
"""Where a confirmed payment goes. An assignment is no payment (domain.md §2.6: T3 不计入), and what a court enforced
never was stated by the debtor: neither is here."""


class Step(StrEnum):
    """What happened to a stated payment, one event after another."""

    STATED = "stated"
    EVIDENCED = "evidenced"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    DISHONOURED = "dishonoured"
    REOPENED = "reopened"
    """The creditor's word was taken back; the voucher is to be shown again."""
    WITHDRAWN = "withdrawn"
    """Whoever stated it says that it was not paid, or the whole entry was taken back."""

    @property
    def label(self) -> Sentence:
        """The step's name in the reader's language."""
        return Sentence(_STEP_LABELS[self])


_STEP_LABELS = {
    Step.STATED: N_("Stated as paid"),
    Step.EVIDENCED: N_("Voucher shown"),
    Step.CONFIRMED: N_("Confirmed by the creditor"),
    Step.DENIED: N_("Denied by the creditor"),
    Step.DISHONOURED: N_("Dishonoured"),
    Step.REOPENED: N_("Taken back, waits for its voucher"),
    Step.WITHDRAWN: N_("Taken back by its reporter"),
}

NEXT: Mapping[Step, frozenset[Step]] = MappingProxyType(
    {
        Step.STATED: frozenset({Step.EVIDENCED, Step.DENIED}),
        Step.EVIDENCED: frozenset({Step.EVIDENCED, Step.CONFIRMED, Step.DENIED}),
        Step.CONFIRMED: frozenset({Step.DISHONOURED}),
        Step.DENIED: frozenset(),
        Step.DISHONOURED: frozenset(),
        Step.REOPENED: frozenset({Step.EVIDENCED, Step.DENIED}),
        Step.WITHDRAWN: frozenset(),
    }
)
"""What may follow. A payment counts by the strict rule only with a voucher and then the creditor's word."""

TAKEN_BACK: Mapping[Step, Step] = MappingProxyType(
    {
        Step.STATED: Step.WITHDRAWN,
        Step.EVIDENCED: Step.WITHDRAWN,
        Step.CONFIRMED: Step.REOPENED,
        Step.DENIED: Step.REOPENED,
        Step.DISHONOURED: Step.CONFIRMED,
        Step.REOPENED: Step.WITHDRAWN,
        Step.WITHDRAWN: Step.REOPENED,
    }
)
"""What a payment is at when the posting that brought it to a step is taken back, or a later statement says that it
was not paid; a posting of another kind never leads there."""

WAITING = frozenset({Step.STATED, Step.EVIDENCED, Step.REOPENED})
"""Stated as paid, and nobody has spoken for the creditor: its amount stands in `reported`."""
VOID = frozenset({Step.DENIED, Step.DISHONOURED, Step.WITHDRAWN})
"""Nothing was paid: it is owed again, and its voucher has room for others."""


class StepNotNext(DomainError):
    """Something is said of a payment that does not follow from where it stands."""

    text = N_(
        "This payment is at: {now}. “{wanted}” cannot follow. A voucher comes before the creditor's word, "
        "and a payment that was denied or dishonoured is stated anew."
    )

    def __init__(self, *, now: Step, wanted: Step) -> None:
        super().__init__(now=now.label, wanted=wanted.label)


class NotAPayment(DomainError):
    """A method by which nothing is paid, or of which nobody said what it is."""

    text = N_(
        "A payment by “{method}” is not confirmed as paid: it counts as none (T3), or its method is not known. "
        "Deny it, and state it anew by the method that it was."
    )

    def __init__(self, *, method: Method) -> None:
        super().__init__(method=method.label)


class NotHonouredYet(DomainError):
    """A payment is called dishonoured that is no bill or e-voucher."""

    text = N_("Only a bill or an e-voucher is dishonoured; this one was paid by “{method}”. Reverse the entry instead.")

    def __init__(self, *, method: Method) -> None:
        super().__init__(method=method.label)


class VoucherSpent(DomainError):
    """More is stated against a voucher than it is worth."""

    text = N_(
        "Voucher {number} is worth {total}, and {stated} is stated against it already; {amount} more does not fit. "
        "State {left} or less, or give the right voucher."
    )

    def __init__(self, *, number: str, total: Money, stated: Money, amount: Money) -> None:
        super().__init__(number=number, total=total, stated=stated, amount=amount, left=total - stated)


class VoucherShared(DomainError):
    """A voucher stands on another claim already, and nobody said what it is worth in all."""

    text = N_(
        "Voucher {number} stands on another claim already, with {stated}. Give the total of the voucher, "
        "so that it can be seen whether {amount} more fits."
    )

    def __init__(self, *, number: str, stated: Money, amount: Money) -> None:
        super().__init__(number=number, stated=stated, amount=amount)


def check_step(now: Step, wanted: Step) -> None:
    """Let an event follow, or raise `StepNotNext`."""
    if wanted not in NEXT[now]:
        raise StepNotNext(now=now, wanted=wanted)


def settles_as(method: Method) -> Account:
    """The account of a confirmed payment.

    Raises:
        NotAPayment: nothing is paid that way.

    Source: domain.md §2.6, counting tiers; regulation of 2025, article 11, for bills.
    """
    if method not in SETTLES_AS:
        raise NotAPayment(method=method)
    return SETTLES_AS[method]


def check_voucher(number: str, amount: Money, *, total: Money | None, stated: Money | None) -> None:
    """Let an amount be stated against a voucher.

    Args:
        total: what the voucher is worth, where somebody said so.
        stated: what stands against it elsewhere and was not denied; None where it stands nowhere.

    Raises:
        VoucherShared: it stands elsewhere, and its total is not known.
        VoucherSpent: the total would be exceeded.
    """
    if total is None and stated is not None:
        raise VoucherShared(number=number, stated=stated, amount=amount)
    already = stated or Money(0)
    if total is not None and already + amount > total:
        raise VoucherSpent(number=number, total=total, stated=already, amount=amount)
