"""Beginning a campaign, and saying what holds in it: its clauses and its targets."""

from datetime import date
from uuid import UUID

from django.db import connection, transaction

from duban.arrears.commands.claim.acting import DayNotCome
from duban.arrears.models import Campaign, CampaignClause, CampaignTarget
from duban.arrears.rules.accounts import Rule
from duban.arrears.rules.campaigns import Clause, ScopeRule, plain_clause
from duban.arrears.rules.targets import Target, check_target
from duban.audit import commands as audit
from duban.audit.models import Posting
from duban.identity import access
from duban.identity import queries as units
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.kernel.words import N_, Sentence
from duban.register.commands.acting import find_typed


class CodeTaken(DomainError):
    """A campaign of that code exists."""

    text = N_("There is a campaign {code} already. Give another code, or set a new version of its clauses.")

    def __init__(self, *, code: str) -> None:
        super().__init__(code=code)


@transaction.atomic
def begin(
    *, code: str, name: str, source: str, unit_code: str, began_on: date, today: date, actor: Appointment
) -> Campaign:
    """Begin a campaign that a unit keeps.

    Args:
        source: the document that ordered it.

    Raises:
        UnknownUnit: there is no such unit.
        PermissionDenied: `actor` may not manage campaigns there.
        CodeTaken: there is one of that code.
        DayNotCome: it begins on a day to come.
    """
    unit = units.unit_on(unit_code, today)
    scope_id = scope_of(unit.id, None)
    access.require(actor, Permission.CAMPAIGNS_MANAGE, scope_id=scope_id)
    check_day(began_on, today)
    if Campaign.objects.filter(code=code).exists():
        raise CodeTaken(code=code)
    posting = audit.open_posting(actor=actor, kind="arrears.campaign", scope_id=scope_id, reason=source)
    campaign = Campaign.objects.create(
        code=code, name=name, source=source, unit_id=unit.id, scope_id=scope_id, began_on=began_on, posting=posting
    )
    words = Sentence(N_("Began campaign {code} ({name}) by {source}."), {"code": code, "name": name, "source": source})
    trace(campaign, "arrears.campaign_begun", words, actor)
    return campaign


@transaction.atomic
def set_clause(
    *,
    campaign: UUID,
    clause: Clause,
    value: ScopeRule | Rule | Money | int,
    since: date,
    source: str,
    actor: Appointment,
) -> CampaignClause:
    """Say what holds from a day on; a later version of the same day stands in the place of the earlier one.

    Raises:
        PermissionDenied: `actor` may not manage this campaign.
        BadClause: it cannot say that.
    """
    held = hold(campaign, actor)
    plain = plain_clause(clause, value)
    posting = open_act(held, "arrears.campaign_clause", source, actor)
    row = CampaignClause.objects.create(
        campaign=held, scope_id=held.scope_id, posting=posting, clause=clause.value, since=since, value=plain,
        source=source,
    )  # fmt: skip
    words = Sentence(
        N_("Campaign {code}, {clause}: a new version holds from {since} on, by {source}."),
        {"code": held.code, "clause": clause.label, "since": since, "source": source},
    )
    trace(held, "arrears.campaign_clause_set", words, actor)
    return row


@transaction.atomic
def set_target(
    *,
    campaign: UUID,
    unit_code: str,
    target: Target,
    source: str,
    today: date,
    actor: Appointment,
    debtor: str = "",
    holds: bool = True,
) -> CampaignTarget:
    """Say what a unit, or a debtor in it, is to reach by a day, or that it no longer is.

    Args:
        debtor: its code or name; empty for the unit itself with everything under it.

    Raises:
        PermissionDenied: `actor` may not manage this campaign, or not in that unit.
        UnknownUnit, PartyUnknown: there is nobody of that name.
        BadTarget: its number does not fit its metric.
    """
    held = hold(campaign, actor)
    unit = units.unit_on(unit_code, today)
    scope_id = scope_of(unit.id, None)
    access.require(actor, Permission.CAMPAIGNS_MANAGE, scope_id=scope_id)
    check_target(target)
    debtor_id = find_typed(debtor) if debtor else None
    posting = open_act(held, "arrears.campaign_target", source, actor)
    row = CampaignTarget.objects.create(
        campaign=held, scope_id=scope_id, posting=posting, unit_id=unit.id, debtor_id=debtor_id, source=source,
        layer=target.layer.value, metric=target.metric.value, due_on=target.due_on, holds=holds,
        buffer_days=target.buffer_days, rate=target.rate, amount=target.amount,
    )  # fmt: skip
    text = N_("Target of {unit} for {due_on}: {metric}.") if holds else N_("Target of {unit} for {due_on} taken back.")
    words = Sentence(text, {"unit": unit.name, "due_on": target.due_on, "metric": target.metric.label})
    trace(held, "arrears.campaign_target_set", words, actor)
    return row


# -- What every act on a campaign shares ------------------------------------------------------------------------------


def hold(uid: UUID, actor: Appointment, permission: Permission = Permission.CAMPAIGNS_MANAGE) -> Campaign:
    """The campaign, held to the end of the transaction: a second writer waits, and sees what this one did.

    Raises:
        PermissionDenied: `actor` may not do this where it is kept.
    """
    campaign = Campaign.objects.get(uid=uid)
    access.require(actor, permission, scope_id=campaign.scope_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT arrears.hold_campaign(%s)", [campaign.pk])
    return campaign


def check_day(day: date, today: date) -> None:
    """Let a day pass that has come, or raise `DayNotCome`."""
    if day > today:
        raise DayNotCome(day=day, today=today)


def open_act(campaign: Campaign, kind: str, reason: str, actor: Appointment) -> Posting:
    """Open the posting of an act on a campaign that is held."""
    return audit.open_posting(actor=actor, kind=kind, scope_id=campaign.scope_id, reason=reason)


def trace(campaign: Campaign, action: str, words: Sentence, actor: Appointment) -> None:
    """Leave a row in the trail on a campaign."""
    subject = ("arrears.campaign", str(campaign.uid))
    audit.record(actor=actor, action=action, subject=subject, scope_id=campaign.scope_id, words=words)
