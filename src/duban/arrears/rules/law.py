"""What the law says of paying small firms, edition by edition: a dated table, and how a row of it is chosen. Pure.

Source: 《保障中小企业款项支付条例》, Order 728 of the State Council (2020) and its revision, Order 802 (2025). Neither
has a clause on earlier debts, so the row in force when the duty to pay arose is the usual one, and a person may choose
another with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from duban.arrears.rules.provisions import (
    Article,
    AuditGround,
    AuditRule,
    Ground,
    InterestRule,
    PayerClass,
    PayerTerms,
)
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class Edition(StrEnum):
    """The code of a row of the table, kept with every claim."""

    PRE_2020 = "pre-2020"
    """No regulation: what the contract says, and nothing else."""
    ORDER_728 = "2020"
    ORDER_802 = "2025"


@dataclass(frozen=True, slots=True, kw_only=True)
class LawVersion:
    """One row of the table.

    Args:
        in_force_on: the first day on which the edition is the usual one.
        starts: what can start a term, and where that stands; None where it rests on the contract alone.
        by_reference: the article by which what is said of agencies holds for another class too.
        other_law: the article that gives way to terms set elsewhere.
        declaring: the article by which a creditor says that it is a small or medium firm.
        noncash_barred: the article that bars forcing means other than money on a creditor.
        audit, interest: None where the edition has no such rule.
    """

    edition: Edition
    name: str
    in_force_on: date
    terms: Mapping[PayerClass, PayerTerms]
    starts: Mapping[Ground, Article | None]
    by_reference: Mapping[PayerClass, Article] = field(default_factory=dict)
    other_law: Article | None = None
    declaring: Article | None = None
    noncash_barred: Article | None = None
    audit: AuditRule | None = None
    interest: InterestRule | None = None

    @property
    def label(self) -> Sentence:
        """The edition in the reader's language."""
        return Sentence(self.name)

    def cite(self, article: Article | None, payer: PayerClass) -> Sentence:
        """Name a place of this edition, as it holds for a class of payers; the edition alone where there is none."""
        if article is None:
            return self.label
        through = self.by_reference.get(payer)
        if through is None:
            return Sentence(N_("{law}, {article}"), {"law": self.label, "article": article.label})
        values = {"law": self.label, "article": article.label, "through": through.label}
        return Sentence(N_("{law}, {article} by way of {through}"), values)


_PUBLIC = (PayerClass.AGENCY, PayerClass.INSTITUTION, PayerClass.GROUP)
_LARGE = (PayerClass.LARGE_STATE, PayerClass.LARGE_OTHER)
_AUDIT_BOUND = frozenset({*_PUBLIC, PayerClass.LARGE_STATE})

_BY_CONTRACT = PayerTerms(
    no_number=N_(
        "No regulation set a term before 1 September 2020; only the contract does. Enter the term it agrees, in days."
    )
)
_PUBLIC_2020 = PayerTerms(article=Article(8, 1), default_days=30, cap_days=60)
_LARGE_2020 = PayerTerms(
    article=Article(8, 2),
    no_number=N_(
        "Order 728 wants a large enterprise's term to be reasonable in its trade and gives no number (article 8, "
        "paragraph 2). Enter the term that the contract agrees, in days."
    ),
)
_PUBLIC_2025 = PayerTerms(article=Article(9, 1), default_days=30, cap_days=60)
_LARGE_2025 = PayerTerms(article=Article(9, 2), default_days=60, pay_when_paid_barred=Article(9, 2))

VERSIONS = (
    LawVersion(
        edition=Edition.PRE_2020,
        name=N_("The contract alone, before there was a regulation"),
        in_force_on=date.min,
        terms=MappingProxyType(dict.fromkeys(PayerClass, _BY_CONTRACT)),
        starts=MappingProxyType({Ground.DELIVERY: None, Ground.ACCEPTANCE: None, Ground.SETTLEMENT: None}),
    ),
    LawVersion(
        edition=Edition.ORDER_728,
        name=N_("Regulation on Payments to Small and Medium-sized Enterprises, Order 728 of 2020"),
        in_force_on=date(2020, 9, 1),  # article 29
        terms=MappingProxyType(dict.fromkeys(_PUBLIC, _PUBLIC_2020) | dict.fromkeys(_LARGE, _LARGE_2020)),
        by_reference=MappingProxyType({PayerClass.GROUP: Article(28, 1)}),
        starts=MappingProxyType(
            {
                Ground.DELIVERY: Article(8, 1),
                Ground.ACCEPTANCE: Article(9, 1),
                Ground.ACCEPTANCE_RUN_OUT: Article(9, 2),
                Ground.SETTLEMENT: Article(8, 3),
            }
        ),
        declaring=Article(3, 2),
        noncash_barred=Article(10),
        audit=AuditRule(
            article=Article(11),
            bound=_AUDIT_BOUND,
            admits=frozenset({AuditGround.CONTRACT, AuditGround.LAW}),
            admitted=N_("a clause of the contract, a law or an administrative regulation"),
        ),
        interest=InterestRule(article=Article(15), daily=Decimal("0.0005")),
    ),
    LawVersion(
        edition=Edition.ORDER_802,
        name=N_("Regulation on Payments to Small and Medium-sized Enterprises, Order 802 of 2025"),
        in_force_on=date(2025, 6, 1),  # article 37
        terms=MappingProxyType(dict.fromkeys(_PUBLIC, _PUBLIC_2025) | dict.fromkeys(_LARGE, _LARGE_2025)),
        by_reference=MappingProxyType({PayerClass.GROUP: Article(36, 1)}),
        starts=MappingProxyType(
            {
                Ground.DELIVERY: Article(9, 1),
                Ground.ACCEPTANCE: Article(10, 1),
                Ground.ACCEPTANCE_RUN_OUT: Article(10, 2),
                Ground.SETTLEMENT: Article(9, 4),
            }
        ),
        other_law=Article(9, 3),
        declaring=Article(3, 2),
        noncash_barred=Article(11),
        audit=AuditRule(
            article=Article(12),
            bound=_AUDIT_BOUND,
            admits=frozenset({AuditGround.LAW}),
            admitted=N_("a law or an administrative regulation"),
        ),
        interest=InterestRule(article=Article(17), daily=Decimal("0.0005")),
    ),
)
"""Every edition, by its first day."""


def version_on(day: date) -> LawVersion:
    """The edition in force on `day`."""
    return [version for version in VERSIONS if version.in_force_on <= day][-1]


class ReasonMissing(DomainError):
    """Another edition than the usual one was chosen, and nobody said why."""

    text = N_("Choosing {law} instead of the edition of the day needs a reason. Write what the choice rests on.")

    def __init__(self, *, edition: Edition) -> None:
        super().__init__(law=version_of(edition).label)


@dataclass(frozen=True, slots=True)
class Override:
    """A person's choice of an edition, with the reason that is kept beside it."""

    edition: Edition
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ReasonMissing(edition=self.edition)


@dataclass(frozen=True, slots=True)
class Applied:
    """The edition that holds for a claim, and the sentence that says why."""

    version: LawVersion
    why: Sentence


_BY_EDITION = {version.edition: version for version in VERSIONS}


def version_of(edition: Edition) -> LawVersion:
    """The row of an edition."""
    return _BY_EDITION[edition]


def applicable(arose_on: date, *, override: Override | None = None) -> Applied:
    """Choose the edition for a duty to pay that arose on `arose_on`, or the one that a person has chosen."""
    usual = version_on(arose_on)
    if override is None:
        text = N_("{law} applies, because it was in force when the duty to pay arose, on {day}.")
        return Applied(usual, Sentence(text, {"law": usual.label, "day": arose_on}))
    chosen = version_of(override.edition)
    text = N_(
        "{law} applies by choice; by the day on which the duty to pay arose, {day}, it would be {usual}: {reason}"
    )
    values = {"law": chosen.label, "day": arose_on, "usual": usual.label, "reason": override.reason}
    return Applied(chosen, Sentence(text, values))
