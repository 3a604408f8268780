"""Claims enter a campaign and leave it: as its scope rule says, in one act for all, or one by hand with a reason."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from psycopg import sql

from duban.arrears.commands.campaign.keeping import check_day, hold, open_act, trace
from duban.arrears.models import Campaign, CampaignMember, Claim
from duban.arrears.queries.campaigns.campaign import clauses_of, managed
from duban.arrears.queries.campaigns.matching import asked, changes_query
from duban.arrears.rules.bases import DayBeforeLast
from duban.arrears.rules.campaigns import ScopeRule
from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class NoScopeRule(DomainError):
    """Members are to be entered before anybody said who is in."""

    text = N_("Campaign {code} has no scope rule on {day}. Set one that holds by that day first.")

    def __init__(self, *, code: str, day: date) -> None:
        super().__init__(code=code, day=day)


class ProposalChanged(DomainError):
    """Between the look and the act, other claims enter or leave."""

    text = N_(
        "The ledger has moved since: now {entering} claims enter and {leaving} leave, instead of {expected_entering} "
        "and {expected_leaving}. Nothing was entered. Look at the proposal again, and enter it then."
    )

    def __init__(self, *, found: "Moved", expected: "Moved") -> None:
        super().__init__(
            entering=found.entered,
            leaving=found.left,
            expected_entering=expected.entered,
            expected_leaving=expected.left,
        )


class AlreadySo(DomainError):
    """A claim is to enter that is in, or to leave that is not."""

    text = N_("Claim {number} is already that way on {day}: nothing would change. Look at the members again.")

    def __init__(self, *, number: str, day: date) -> None:
        super().__init__(number=number, day=day)


@dataclass(frozen=True, slots=True)
class Moved:
    """How many claims entered and left."""

    entered: int
    left: int


_ENTER = sql.SQL("""
    INSERT INTO arrears_campaignmember (campaign_id, claim_id, scope_id, posting_id, n, since, enters, by_hand, reason)
    SELECT %(campaign)s, c.claim_id, c.scope_id, %(posting)s, c.n + 1, %(on)s, c.out IS NULL, false, coalesce(c.out, '')
    FROM ({changes}) c
    RETURNING enters
""")


@transaction.atomic
def enter_members(*, campaign: UUID, on: date, expected: Moved, today: date, actor: Appointment) -> Moved:
    """Let claims enter and leave as the scope rule of a day says, all where `actor` manages, in one statement.

    Args:
        expected: what was proposed and looked at.

    Raises:
        PermissionDenied: `actor` may not manage this campaign.
        DayNotCome, DayBeforeLast: nothing can be entered for that day.
        NoScopeRule: nobody said yet who is in.
        ProposalChanged: other claims would enter or leave by now; nothing was entered.
    """
    held = hold(campaign, actor)
    rule = _rule_on(held, on, today)
    posting = open_act(held, "arrears.campaign_members", "", actor)
    query = sql.SQL("WITH done AS ({}) SELECT enters, count(*) FROM done GROUP BY enters").format(
        _ENTER.format(changes=changes_query(rule, managed(actor)))
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {**asked(held.pk, rule, on), "posting": posting.pk})
        counts = dict(cursor.fetchall())
    found = Moved(counts.get(True, 0), counts.get(False, 0))
    if found != expected:
        raise ProposalChanged(found=found, expected=expected)
    words = Sentence(
        N_("Campaign {code} on {day}: {entered} claims entered, {left} left, by its scope rule."),
        {"code": held.code, "day": on, "entered": found.entered, "left": found.left},
    )
    trace(held, "arrears.campaign_members_entered", words, actor)
    return found


@transaction.atomic
def set_member(
    *, campaign: UUID, claim: UUID, on: date, enters: bool, reason: str, today: date, actor: Appointment
) -> CampaignMember:
    """Let one claim enter or leave against the scope rule, with a reason. The rule does not undo it later.

    Raises:
        PermissionDenied: `actor` may not manage this campaign, or not where the claim is.
        DayNotCome, DayBeforeLast: nothing can be entered for that day.
        AlreadySo: nothing would change.
    """
    held = hold(campaign, actor)
    found = Claim.objects.select_related("now").get(uid=claim)
    access.require(actor, Permission.CAMPAIGNS_MANAGE, scope_id=found.scope_id)
    _check_day(held, on, today)
    last = CampaignMember.objects.filter(campaign=held, claim=found).order_by("-n").first()
    if enters is bool(last and last.enters):
        raise AlreadySo(number=found.now.ledger_no, day=on)
    posting = open_act(held, "arrears.campaign_exception", reason, actor)
    member = CampaignMember.objects.create(
        campaign=held, claim=found, scope_id=found.scope_id, posting=posting, n=last.n + 1 if last else 1, since=on,
        enters=enters, by_hand=True, reason=reason,
    )  # fmt: skip
    text = N_("Claim {number} entered campaign {code} by hand: {reason}")
    if not enters:
        text = N_("Claim {number} left campaign {code} by hand: {reason}")
    words = Sentence(text, {"number": found.now.ledger_no, "code": held.code, "reason": reason})
    trace(held, "arrears.campaign_exception", words, actor)
    return member


def _rule_on(campaign: Campaign, on: date, today: date) -> ScopeRule:
    _check_day(campaign, on, today)
    rule = clauses_of([campaign.pk], on=on)[campaign.pk].scope
    if rule is None:
        raise NoScopeRule(code=campaign.code, day=on)
    return rule


def _check_day(campaign: Campaign, on: date, today: date) -> None:
    check_day(on, today)
    last = CampaignMember.objects.filter(campaign=campaign).aggregate(last=Max("since"))["last"]
    if last is not None and on < last:
        raise DayBeforeLast(day=on, last=last)
