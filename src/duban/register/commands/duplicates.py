"""Proposing parties that may be the same, deciding on them, and undoing a decision."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.queries import units_on
from duban.identity.rules import Permission
from duban.identity.units import Kind
from duban.kernel.words import N_, Sentence
from duban.register.commands.acting import hold_decisions, open_act, party_of, trace
from duban.register.models import Alias, Decision, Party, Proposal
from duban.register.queries.resolving import survivors
from duban.register.rules.duplicates import (
    Ground,
    IsAlias,
    Known,
    NothingDecided,
    NotTwo,
    ReasonMissing,
    Verdict,
    likely_duplicates,
)


@transaction.atomic
def propose(*, today: date, actor: Appointment) -> int:
    """Look through all parties for those that may be the same; returns how many pairs are new.

    What was proposed once, or decided as different, is not proposed again. Seven queries; 50,000 parties take seconds.

    Raises:
        PermissionDenied: `actor` may not manage parties.
    """
    access.require(actor, Permission.PARTIES_MANAGE)
    fresh = _fresh_pairs([unit.name for unit in units_on(today) if Kind(unit.kind).is_territory])
    if not fresh:
        return 0
    posting = open_act(actor=actor, kind="register.proposed", reason="")
    Proposal.objects.bulk_create(
        [
            Proposal(first_id=first, second_id=second, ground=ground.value, posting=posting)
            for (first, second), ground in sorted(fresh.items())
        ],
        ignore_conflicts=True,  # somebody else may be looking at the same time
        batch_size=5000,
    )
    return len(fresh)


def _fresh_pairs(places: Sequence[str]) -> dict[tuple[int, int], Ground]:
    """Pairs that are new, each told of those that the two count as today."""
    parties = [Known(*row) for row in Party.objects.values_list("id", "name", "uscc").order_by("id")]
    counts_as = survivors(party.id for party in parties)
    seen = set(Proposal.objects.values_list("first_id", "second_id"))
    seen |= set(Decision.objects.filter(verdict=Verdict.DIFFERENT).values_list("first_id", "second_id"))
    fresh: dict[tuple[int, int], Ground] = {}
    for likely in likely_duplicates(parties, places=places):
        first, second = sorted((counts_as[likely.first], counts_as[likely.second]))
        if first != second and not {(likely.first, likely.second), (first, second)} & seen:
            fresh.setdefault((first, second), likely.ground)
    return fresh


@transaction.atomic
def call_same(*, alias: UUID, survivor: UUID, reason: str, actor: Appointment) -> Decision:
    """Decide that two parties are the same: from now on the alias counts as the survivor, and keeps its rows.

    Raises:
        PermissionDenied: `actor` may not manage parties.
        ReasonMissing: the decision rests on nothing.
        NotTwo, IsAlias: one of the two counts as the other already, or as a third one.
    """
    access.require(actor, Permission.PARTIES_MANAGE)
    hold_decisions()
    one, other = party_of(alias), party_of(survivor)
    _check_reason(one, reason)
    now = survivors([one.pk, other.pk])
    if now[one.pk] == now[other.pk]:
        raise NotTwo(first=one.name, second=other.name)
    _refuse_alias(one, now)
    _refuse_alias(other, now)
    words = N_("{first} counts as {second} from now on: {reason}")
    return _decide(one, other, Verdict.SAME, words=words, reason=reason, survivor=other, actor=actor)


@transaction.atomic
def call_different(*, first: UUID, second: UUID, reason: str, actor: Appointment) -> Decision:
    """Decide that two parties are two; they are not proposed again.

    Raises:
        PermissionDenied: `actor` may not manage parties.
        ReasonMissing: the decision rests on nothing.
        NotTwo: they are decided to be the same; that has to be undone first.
    """
    access.require(actor, Permission.PARTIES_MANAGE)
    hold_decisions()
    one, other = party_of(first), party_of(second)
    _check_reason(one, reason)
    now = survivors([one.pk, other.pk])
    if now[one.pk] == now[other.pk]:
        raise NotTwo(first=one.name, second=other.name)
    words = N_("{first} and {second} are two parties: {reason}")
    return _decide(one, other, Verdict.DIFFERENT, words=words, reason=reason, actor=actor)


@transaction.atomic
def undo_decision(*, first: UUID, second: UUID, reason: str, actor: Appointment) -> Decision:
    """Take back what was decided on two parties, as if nobody had decided.

    What was entered under the survivor meanwhile stays there.

    Raises:
        PermissionDenied: `actor` may not manage parties.
        ReasonMissing: there is no reason.
        NothingDecided: nobody decided on the two, or it was undone already.
    """
    access.require(actor, Permission.PARTIES_MANAGE)
    hold_decisions()
    one, other = party_of(first), party_of(second)
    _check_reason(one, reason)
    low, high = sorted((one.pk, other.pk))
    latest = Decision.objects.filter(first_id=low, second_id=high).order_by("-pk").first()
    if latest is None or latest.verdict == Verdict.OPEN:
        raise NothingDecided(first=one.name, second=other.name)
    words = N_("What was decided on {first} and {second} is undone: {reason}")
    return _decide(one, other, Verdict.OPEN, words=words, reason=reason, actor=actor)


def _check_reason(party: Party, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(name=party.name)


def _refuse_alias(party: Party, now: dict[int, int]) -> None:
    if now[party.pk] != party.pk:
        raise IsAlias(
            alias=party.name, survivor=Alias.objects.select_related("survivor").get(pk=party.pk).survivor.name
        )


def _decide(
    one: Party,
    other: Party,
    verdict: Verdict,
    *,
    words: str,
    reason: str,
    actor: Appointment,
    survivor: Party | None = None,
) -> Decision:
    posting = open_act(actor=actor, kind=f"register.{verdict.value}", reason=reason)
    low, high = sorted((one, other), key=lambda party: party.pk)
    decision = Decision.objects.create(
        first=low, second=high, verdict=verdict.value, survivor=survivor, reason=reason.strip(), posting=posting
    )
    told = Sentence(words, {"first": one.name, "second": other.name, "reason": reason.strip()})
    trace(one, posting=posting, words=told, actor=actor)
    return decision
