"""What is learned of a party after it became known: its kind, the figures of its size, that it is who it is."""

from datetime import date
from uuid import UUID

from django.db import transaction

from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.kernel.words import N_, Sentence
from duban.register.commands.acting import find_typed, hold_decisions, open_act, party_of, trace
from duban.register.models import KindVersion, Party, SizeEvidence, Verification
from duban.register.queries.resolving import survivors
from duban.register.rules.dated import check_entry
from duban.register.rules.evidence_of_size import check_shown
from duban.register.rules.kinds import Kind, check_head
from duban.register.rules.sizes import Figures


class AlreadySo(DomainError):
    """A verification that changes nothing."""

    text = N_("{name} is verified already. Withdraw that first if it was wrong.")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


class NothingVerified(DomainError):
    """A withdrawal of nothing."""

    text = N_("{name} is not verified, so there is nothing to withdraw.")

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


@transaction.atomic
def set_kind(
    *, party: UUID, kind: Kind, since: date, paper: str, today: date, actor: Appointment, head: str = ""
) -> KindVersion:
    """Enter what a party is from a day on. For a day that has an entry already it takes that one's place.

    Args:
        head: the code or the name of the body that a branch belongs to.

    Raises:
        PermissionDenied: `actor` may not manage parties.
        PaperMissing, DayNotCome: the entry is none.
        PartyUnknown, HeadMissing, HeadNotWanted, HeadIsItself: the body above does not fit.
    """
    access.require(actor, Permission.PARTIES_MANAGE)
    found = party_of(party)
    check_entry(name=found.name, paper=paper, since=since, today=today)
    head_id = find_typed(head) if head.strip() else None
    check_head(kind, name=found.name, party_id=survivors([found.pk])[found.pk], head_id=head_id)
    posting = open_act(actor=actor, kind="register.kind", reason=paper)
    version = KindVersion.objects.create(
        party=found, kind=kind.value, head_id=head_id, since=since, paper=paper.strip(), posting=posting
    )
    text = N_("{party} is of the kind “{kind}” from {day} on, by {paper}.")
    words = Sentence(text, {"party": found.name, "kind": kind.label, "day": since, "paper": version.paper})
    trace(found, posting=posting, words=words, actor=actor)
    return version


@transaction.atomic
def show_size(
    *, party: UUID, year: int, industry: str, figures: Figures, paper: str, today: date, actor: Appointment
) -> SizeEvidence:
    """Keep the figures of a year, by which the size on a contract's day is told (regulation, article 3).

    Raises:
        PermissionDenied: `actor` may not manage parties.
        PaperMissing, YearNotOver, NothingShown, LineNotSettled: the evidence is none.
    """
    access.require(actor, Permission.PARTIES_MANAGE)
    found = party_of(party)
    check_entry(name=found.name, paper=paper, since=today, today=today)
    check_shown(figures, industry=industry, year=year, today=today)
    posting = open_act(actor=actor, kind="register.size", reason=paper)
    evidence = SizeEvidence.objects.create(
        party=found, year=year, industry=industry.strip(), staff=figures.staff, revenue_fen=_fen(figures.revenue),
        assets_fen=_fen(figures.assets), paper=paper.strip(), posting=posting,
    )  # fmt: skip
    words = Sentence(
        N_("Figures of {year} were shown for {party}, by {paper}."),
        {"year": str(year), "party": found.name, "paper": evidence.paper},
    )
    trace(found, posting=posting, words=words, actor=actor)
    return evidence


def _fen(amount: Money | None) -> int | None:
    return None if amount is None else amount.fen


@transaction.atomic
def verify(*, party: UUID, paper: str, today: date, actor: Appointment) -> Verification:
    """State that a party was checked against a paper and is who it is said to be.

    Raises:
        PermissionDenied: `actor` may not manage parties.
        PaperMissing: it rests on nothing.
        AlreadySo: it is verified already.
    """
    access.require(actor, Permission.PARTIES_MANAGE)
    found = _held(party)
    check_entry(name=found.name, paper=paper, since=today, today=today)
    if _is_verified(found):
        raise AlreadySo(name=found.name)
    return _state(found, holds=True, paper=paper, text=N_("{party} was verified by {paper}."), actor=actor)


@transaction.atomic
def withdraw_verification(*, party: UUID, paper: str, today: date, actor: Appointment) -> Verification:
    """Take a verification back.

    Args:
        paper: why.

    Raises:
        PermissionDenied: `actor` may not manage parties.
        PaperMissing: there is no reason.
        NothingVerified: it is not verified.
    """
    access.require(actor, Permission.PARTIES_MANAGE)
    found = _held(party)
    check_entry(name=found.name, paper=paper, since=today, today=today)
    if not _is_verified(found):
        raise NothingVerified(name=found.name)
    text = N_("The verification of {party} was withdrawn: {paper}")
    return _state(found, holds=False, paper=paper, text=text, actor=actor)


def _held(uid: UUID) -> Party:
    """The party, while nobody else verifies."""
    hold_decisions()
    return party_of(uid)


def _is_verified(party: Party) -> bool:
    latest = party.verifications.order_by("-pk").first()
    return latest is not None and latest.holds


def _state(party: Party, *, holds: bool, paper: str, text: str, actor: Appointment) -> Verification:
    posting = open_act(actor=actor, kind="register.verified" if holds else "register.unverified", reason=paper)
    stated = Verification.objects.create(party=party, holds=holds, paper=paper.strip(), posting=posting)
    words = Sentence(text, {"party": party.name, "paper": stated.paper})
    trace(party, posting=posting, words=words, actor=actor)
    return stated
