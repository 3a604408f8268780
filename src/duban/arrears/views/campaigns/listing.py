"""The campaigns, and beginning one."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears.campaign_words import rule_name
from duban.arrears.commands import campaign as commands
from duban.arrears.forms.campaigns import BeginForm
from duban.arrears.queries.campaigns.bases import approved_orders
from duban.arrears.queries.campaigns.campaign import CampaignView, campaigns
from duban.arrears.queries.campaigns.matching import members_count
from duban.arrears.queries.campaigns.places import keepers
from duban.arrears.queries.campaigns.progress import added_up, campaign_progress
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import Unit
from duban.ui import shown
from duban.ui.components import Action, Badge, Crumb, Empty, Tone
from duban.ui.exports import xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, Kind, Listing, Table


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page of campaigns."""
    return [Crumb(_("Arrears")), Crumb(_("Campaigns"), reverse("arrears:campaigns")), *more]


def to_campaign(found: CampaignView) -> Crumb:
    """The step to one campaign."""
    return Crumb(found.code, reverse("arrears:campaign", args=[found.uid]))


def table() -> Table:
    """The columns of the list."""
    return Table(
        id="campaigns",
        caption=_("Campaigns"),
        columns=[
            Column("name", _("Campaign"), url="url", note="code", phone="title", sortable=False),
            Column("keeper", _("Kept by"), phone="hide"),
            Column("began_on", _("Began on"), Kind.DAY, phone="hide"),
            Column("counting", _("Counting rule"), sortable=False, phone="hide"),
            Column("members", _("Claims in it"), Kind.INT),
            Column("base", _("Base"), Kind.MONEY, unit=Unit.WAN),
            Column("stated_rate", _("Progress, as stated"), Kind.RATE, bar=True),
            Column("verified_rate", _("Progress, verified"), Kind.RATE),
            Column("state", _("State"), Kind.BADGE, sortable=False),
        ],
        sort="-began_on",
    )


def listing(request: Request) -> HttpResponseBase:
    """The campaigns that concern the reader, each with how far it is."""
    access.require(request.user, Permission.ARREARS_VIEW)
    today = timezone.localdate()
    made = table()
    ask = Ask.of(request, made)
    lines = [_line(found, today, request.user) for found in campaigns(actor=request.user, on=today)]
    if ask.wants_export:
        return xlsx_response(made.columns, lines, title=_("Campaigns"))
    may_begin = access.may(request.user, Permission.CAMPAIGNS_MANAGE)
    begin_url = reverse("arrears:begin_campaign")
    actions = [Action(_("Begin a campaign"), begin_url, icon="plus", primary=True)] if may_begin else []
    empty = Empty(
        _("There is no campaign yet"),
        _("A campaign says which debts are counted, over which base, and what is to be reached by when."),
        actions=actions,
    )
    context = {
        "heading": _("Campaigns"),
        "lead": _("Which debts are counted, over which base, and what is to be reached by when."),
        "crumbs": [*crumbs()[:-1], Crumb(_("Campaigns"))],
        "actions": actions,
        "listing": replace(Listing.of(made, ask, lines), empty=empty),
    }
    return page(request, "arrears/campaigns", context)


def _line(found: CampaignView, today: date, actor: Appointment) -> SimpleNamespace:
    is_signed = bool(approved_orders(found.id, on=today))
    whole = added_up(campaign_progress(found, as_of=today, actor=actor, by=None), is_signed=is_signed).progress
    counting = found.clauses.counting
    return SimpleNamespace(
        name=found.name,
        code=found.code,
        keeper=found.keeper,
        began_on=found.began_on,
        counting=rule_name(counting) if counting else shown.NOTHING,
        members=members_count(found.id, on=today, actor=actor),
        base=whole.base if is_signed else None,
        stated_rate=whole.stated_rate,
        verified_rate=whole.verified_rate,
        state=Badge(_("Base locked"), Tone.GOOD) if is_signed else Badge(_("Base not locked"), Tone.WATCH),
        url=reverse("arrears:campaign", args=[found.uid]),
    )


def begin(request: Request) -> HttpResponse:
    """The form of a new campaign."""
    access.require(request.user, Permission.CAMPAIGNS_MANAGE)
    today = timezone.localdate()
    form = BeginForm(request.POST or None, units=keepers(actor=request.user, on=today), initial={"began_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            uid = _begin(form, today, request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("arrears:campaign", uid=uid)
    context = {
        "heading": _("Begin a campaign"),
        "crumbs": crumbs(Crumb(_("Begin a campaign"))),
        "form": form,
        "back": reverse("arrears:campaigns"),
    }
    return page(request, "arrears/campaign_form", context, status=422 if form.errors else 200)


def _begin(form: BeginForm, today: date, actor: Appointment) -> UUID:
    given = form.cleaned_data
    made = commands.begin(
        code=given["code"], name=given["name"], source=given["source"], unit_code=given["unit"],
        began_on=given["began_on"], today=today, actor=actor,
    )  # fmt: skip
    return made.uid
