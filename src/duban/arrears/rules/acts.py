"""What acts on a claim name: why it is disputed or reduced, how it went on in another one, and the papers. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class Ground(StrEnum):
    """Why a claim is reduced (核减); never payment."""

    LISTED_IN_ERROR = "error"
    TWO_SIDED = "two_sided"
    DISCOUNT = "discount"
    MOVED = "moved"
    """No reduction: with a `ClaimLink`, the amount is no longer recognised here and goes on in another claim."""
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

    @property
    def posting_kind(self) -> str:
        """The kind of a posting that makes such a link; all its transfers belong to it."""
        return f"arrears.{self.value}"


_LINK_LABELS = {
    Link.REASSIGNED: N_("Reassigned to another debtor"),
    Link.SPLIT: N_("Split"),
    Link.MERGED: N_("Merged"),
    Link.DUPLICATE: N_("Duplicate"),
}


CARRYING = frozenset(link.posting_kind for link in Link)
"""The kinds of postings that carry over (划转)."""


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
    "source": N_("what shows that it is so"),
    "basis": N_("what the claim rests on: contract, delivery note, invoice"),
    "settlement": N_("the settlement that both sides signed"),
    "creditor_consent": N_("the creditor's written consent"),
    "reconciliation": N_("the reconciliation that both sides signed"),
    "comparison": N_("what shows that the two are one debt"),
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
