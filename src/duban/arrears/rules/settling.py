"""What becomes of a stated payment, and on what grounds a claim is reduced. Pure."""

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


class Ground(StrEnum):
    """Why a claim is reduced (核减); never payment."""

    LISTED_IN_ERROR = "error"
    TWO_SIDED = "two_sided"
    DISCOUNT = "discount"
    MOVED = "moved"
    """A paired transfer of a `ClaimLink`: the amount goes on in another claim."""
    STATED_LOWER = "stated_lower"
    VANISHED = "vanished"

    @property
    def label(self) -> Sentence:
        """The ground's name in the reader's language."""
        return Sentence(_GROUND_LABELS[self])


_GROUND_LABELS = {
    Ground.LISTED_IN_ERROR: N_("Listed in error"),
    Ground.TWO_SIDED: N_("Two-sided reduction"),
    Ground.DISCOUNT: N_("Discount"),
    Ground.MOVED: N_("Moved to another claim"),
    Ground.STATED_LOWER: N_("Stated lower"),
    Ground.VANISHED: N_("No longer in the ledger handed in"),
}


class Step(StrEnum):
    """What happened to a stated payment, one event after another."""

    STATED = "stated"
    EVIDENCED = "evidenced"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    DISHONOURED = "dishonoured"

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
}

NEXT: Mapping[Step, frozenset[Step]] = MappingProxyType(
    {
        Step.STATED: frozenset({Step.EVIDENCED, Step.DENIED}),
        Step.EVIDENCED: frozenset({Step.EVIDENCED, Step.CONFIRMED, Step.DENIED}),
        Step.CONFIRMED: frozenset({Step.DISHONOURED}),
        Step.DENIED: frozenset(),
        Step.DISHONOURED: frozenset(),
    }
)
"""What may follow. A payment counts by the strict rule only with a voucher and then the creditor's word."""


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


class Link(StrEnum):
    """How an amount came from one claim to another; counted as 划转, neither new nor reduced."""

    REASSIGNED = "reassigned"
    SPLIT = "split"
    MERGED = "merged"
    DUPLICATE = "duplicate"

    @property
    def label(self) -> Sentence:
        """The link's name in the reader's language."""
        return Sentence(_LINK_LABELS[self])


_LINK_LABELS = {
    Link.REASSIGNED: N_("Reassigned to another debtor"),
    Link.SPLIT: N_("Split"),
    Link.MERGED: N_("Merged"),
    Link.DUPLICATE: N_("Duplicate"),
}


class Cause(StrEnum):
    """Why an amount is disputed (分歧原因, domain.md §2.3)."""

    AMOUNT = "amount"
    QUALITY = "quality"
    UNSETTLED = "unsettled"
    CONTRACT = "contract"
    PARTY = "party"
    INVOICE = "invoice"
    OTHER = "other"

    @property
    def label(self) -> Sentence:
        """The cause's name in the reader's language."""
        return Sentence(_CAUSE_LABELS[self])


_CAUSE_LABELS = {
    Cause.AMOUNT: N_("The amount"),
    Cause.QUALITY: N_("Quality"),
    Cause.UNSETTLED: N_("Not settled or audited"),
    Cause.CONTRACT: N_("Whether the contract is valid"),
    Cause.PARTY: N_("Who owes it"),
    Cause.INVOICE: N_("Invoices"),
    Cause.OTHER: N_("Something else"),
}


PAPERS: Mapping[str, str] = {
    "voucher": N_("the voucher of the payment"),
    "creditor_confirmation": N_("what the creditor signed"),
    "debtor_statement": N_("what the debtor says"),
    "creditor_statement": N_("what the creditor says"),
    "court_paper": N_("the court's or arbitrator's paper"),
    "agreement": N_("the agreement signed by both sides"),
    "proof": N_("the proof that it was listed in error"),
}
"""What a paper proves, by its role."""

REDUCIBLE: Mapping[Ground, tuple[str, ...]] = MappingProxyType(
    {
        Ground.LISTED_IN_ERROR: ("proof",),
        Ground.TWO_SIDED: ("agreement",),
        Ground.DISCOUNT: ("agreement",),
    }
)
"""The grounds on which a person reduces a claim, each with the papers it needs; the others come from a statement or
from a link."""


class NotByHand(DomainError):
    """A reduction by hand on a ground that comes about otherwise."""

    text = N_("A claim is not reduced by hand as “{ground}”. Choose listed in error, two-sided reduction or discount.")

    def __init__(self, *, ground: Ground) -> None:
        super().__init__(ground=ground.label)


def papers_for(ground: Ground) -> tuple[str, ...]:
    """The papers a reduction needs, or raise `NotByHand`."""
    if ground not in REDUCIBLE:
        raise NotByHand(ground=ground)
    return REDUCIBLE[ground]
