"""Who would enter a campaign and leave it, why a claim is in or out, and exceptions by hand."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears.campaign_words import explained
from duban.arrears.commands import campaign as commands
from duban.arrears.forms.campaigns import EnterMembersForm, ExceptionForm
from duban.arrears.queries.campaigns.campaign import CampaignView, campaign
from duban.arrears.queries.campaigns.matching import Change, Judgement, changes, judgements, members_count
from duban.arrears.queries.campaigns.places import Places, places
from duban.arrears.views.campaigns.listing import crumbs, to_campaign
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO
from duban.ui import shown
from duban.ui.components import Crumb, Tile
from duban.ui.pages import page
from duban.workbook.cells.common import code

Post = dict[str, Any]


def members(request: Request, uid: UUID) -> HttpResponse:
    """The proposal of a day, entering it, and one claim explained."""
    access.require(request.user, Permission.CAMPAIGNS_MANAGE)
    today = timezone.localdate()
    on = _day(request.GET.get("on", ""), today)
    number = code(request.GET.get("number", ""))[:64]
    found = campaign(uid, actor=request.user, on=on)
    refusal = ""
    if request.method == "POST":
        try:
            done = _act(request, found, number, today)
        except DomainError as refused:
            refusal = str(refused)
        else:
            if done:
                messages.success(request, done)
                return redirect("arrears:campaign_members", uid=uid)
            refusal = _("Something is missing. Choose the claim, say what happens, and give the day and the reason.")
    context = {
        "heading": _("Members"),
        "lead": found.name,
        "crumbs": crumbs(to_campaign(found), Crumb(_("Members"))),
        "found": found,
        "refusal": refusal,
        "on": on,
        "today": today,
        "number": number,
        **_proposal(request, found, on),
        **_asked(request, found, number, on, today),
    }
    return page(request, "arrears/campaign_members", context, status=422 if refusal else 200)


def _day(typed: str, today: date) -> date:
    try:
        return min(date.fromisoformat(typed), today)
    except ValueError:
        return today


def _act(request: Request, found: CampaignView, number: str, today: date) -> str:
    """Do what was posted; returns what was done, or nothing where a field is missing."""
    if "claim" in request.POST:
        form = ExceptionForm(request.POST, claims=_choices(_judged(request, found, number, today)))
        if not form.is_valid():
            return ""
        given = form.cleaned_data
        commands.set_member(
            campaign=found.uid, claim=UUID(given["claim"]), on=given["on"], enters=given["enters"] == "1",
            reason=given["reason"], today=today, actor=request.user,
        )  # fmt: skip
        return _("The exception is entered.")
    entering = EnterMembersForm(request.POST)
    if not entering.is_valid():
        return ""
    given = entering.cleaned_data
    moved = commands.enter_members(
        campaign=found.uid, on=given["on"], expected=commands.Moved(given["entering"], given["leaving"]), today=today,
        actor=request.user,
    )  # fmt: skip
    return _("{entered} claims entered, {left} left.").format(
        entered=shown.count(moved.entered), left=shown.count(moved.left)
    )


def _proposal(request: Request, found: CampaignView, on: date) -> Post:
    rows = _changes(request, found, on)
    entering = sum(row.claims for row in rows if row.out is None)
    leaving = sum(row.claims for row in rows if row.out is not None)
    amount = sum((row.amount for row in rows if row.out is None), ZERO)
    return {
        "tiles": [
            Tile(_("Claims in it"), shown.count(members_count(found.id, on=on, actor=request.user))),
            Tile(_("Would enter"), shown.count(entering), note=_("{amount} 万元").format(amount=shown.wan(amount))),
            Tile(_("Would leave"), shown.count(leaving)),
        ],
        "changes": _lines(rows, places(on=on)),
        "form": EnterMembersForm(initial={"on": on, "entering": entering, "leaving": leaving}),
    }


def _changes(request: Request, found: CampaignView, on: date) -> list[Change]:
    if found.clauses.scope is None:
        return []
    return changes(found.id, found.clauses.scope, on=on, actor=request.user)


def _lines(rows: Sequence[Change], named: Places) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            unit=named.names.get(row.unit_code, row.unit_code),
            what=_("leave: {reason}").format(reason=row.out.label) if row.out else _("enter"),
            claims=row.claims,
            amount=row.amount,
        )
        for row in sorted(rows, key=lambda row: named.order(row.unit_code))
    ]


def _judged(request: Request, found: CampaignView, number: str, on: date) -> list[Judgement]:
    if not number or found.clauses.scope is None:
        return []
    return judgements(found.id, found.clauses.scope, number, on=on, actor=request.user)


def _choices(claims: Sequence[Judgement]) -> list[tuple[str, str]]:
    return [(str(claim.claim_uid), f"{claim.ledger_no} · {claim.creditor_name}") for claim in claims]


def _asked(request: Request, found: CampaignView, number: str, on: date, today: date) -> Post:
    claims = _judged(request, found, number, on)
    rule = found.clauses.scope
    return {
        "explained": [
            SimpleNamespace(
                name=f"{claim.ledger_no} · {claim.creditor_name}",
                says=explained(claim, rule),
                url=reverse("arrears:claim", args=[claim.claim_uid]),
            )
            for claim in claims
            if rule is not None
        ],
        "exception": ExceptionForm(request.POST if "claim" in request.POST else None, claims=_choices(claims),
                                   initial={"on": today}) if claims else None,
    }  # fmt: skip
