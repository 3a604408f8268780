"""The shapes that the law on paying small firms comes in: whom it binds, what starts a term, what it forbids. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from duban.kernel.words import N_, Sentence


class PayerClass(StrEnum):
    """Whom the regulation binds (article 2; group organisations by article 28 of 2020, 36 of 2025)."""

    AGENCY = "agency"
    INSTITUTION = "institution"
    GROUP = "group"
    LARGE_STATE = "large_state"
    LARGE_OTHER = "large_other"

    @property
    def label(self) -> Sentence:
        """The class in the reader's language."""
        return Sentence(_PAYERS[self])


_PAYERS = {
    PayerClass.AGENCY: N_("Agency"),
    PayerClass.INSTITUTION: N_("Public institution"),
    PayerClass.GROUP: N_("Group organisation with fiscal funds"),
    PayerClass.LARGE_STATE: N_("Large state enterprise"),
    PayerClass.LARGE_OTHER: N_("Large enterprise, not of the state"),
}

PAYER_CLASSES: Mapping[str, PayerClass] = MappingProxyType(
    {
        "agency": PayerClass.AGENCY,
        "institution": PayerClass.INSTITUTION,
        "soe_central": PayerClass.LARGE_STATE,
        "soe_provincial": PayerClass.LARGE_STATE,
        "soe_local": PayerClass.LARGE_STATE,
        "platform": PayerClass.LARGE_STATE,
        "private_large": PayerClass.LARGE_OTHER,
        # A park committee and a street office are sent out by a government; a township is one.
        "park": PayerClass.AGENCY,
        "township": PayerClass.AGENCY,
    }
)
"""The class of each debtor kind of the ledger. A firm of the state is taken to have been large when it signed: a
smaller one is not bound, which its size at the contract's day shows and its kind does not."""


class Ground(StrEnum):
    """What starts the term of payment."""

    DELIVERY = "delivery"
    ACCEPTANCE = "acceptance"
    ACCEPTANCE_RUN_OUT = "acceptance_run_out"
    SETTLEMENT = "settlement"

    @property
    def label(self) -> Sentence:
        """The ground in the reader's language, as the end of “counted from”."""
        return Sentence(_GROUNDS[self])


_GROUNDS = {
    Ground.DELIVERY: N_("the delivery of the goods, works or services"),
    Ground.ACCEPTANCE: N_("their passing the inspection or acceptance on which the contract makes payment depend"),
    Ground.ACCEPTANCE_RUN_OUT: N_("the end of the agreed acceptance period, which the payer let pass"),
    Ground.SETTLEMENT: N_("both sides' confirming the settled amount"),
}


class AuditGround(StrEnum):
    """On what a payer rests a demand for an audit result as the basis of settlement."""

    CONTRACT = "contract"
    LAW = "law"
    """A law or an administrative regulation."""


class Breach(StrEnum):
    """What an edition forbids and a contract or a payer does all the same."""

    TERM = "V_TERM"
    """A term longer than the cap."""
    PAY_WHEN_PAID = "V_PAY_WHEN_PAID"
    """Payment made to wait for, or to follow in proportion, what a third party pays."""
    AUDIT = "V_AUDIT"
    """An audit result demanded as the basis of settlement."""
    NONCASH = "V_NONCASH"
    """Bills, e-vouchers or other means that are no money forced on the creditor."""
    RATE = "V_RATE"
    """An agreed rate of interest below the loan prime rate of the contract's day."""


@dataclass(frozen=True, slots=True)
class Article:
    """A place in an edition: an article, and a paragraph of it where it has several."""

    number: int
    paragraph: int | None = None

    @property
    def label(self) -> Sentence:
        """The place in the reader's language."""
        if self.paragraph is None:
            return Sentence(N_("article {number}"), {"number": self.number})
        values = {"number": self.number, "paragraph": self.paragraph}
        return Sentence(N_("article {number}, paragraph {paragraph}"), values)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerTerms:
    """How many days a class of payers has.

    Args:
        article: where the term stands; None before there was a regulation.
        default_days: where no term is agreed; None where the edition gives no number.
        cap_days: the longest that a contract may agree; None where a contract may agree any number.
        pay_when_paid_barred: the article that bars making payment wait for a third party's.
        no_number: said where there is no default, and what to do.
    """

    article: Article | None = None
    default_days: int | None = None
    cap_days: int | None = None
    pay_when_paid_barred: Article | None = None
    no_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRule:
    """Who may not make an audit result the basis of settlement, and on what grounds they may."""

    article: Article
    bound: frozenset[PayerClass]
    admits: frozenset[AuditGround]
    admitted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestRule:
    """What delay costs. An agreed rate may not be below the one-year loan prime rate of the contract's day.

    Args:
        daily: the ratio for one day where no rate is agreed.
    """

    article: Article
    daily: Decimal
