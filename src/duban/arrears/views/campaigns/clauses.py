"""Saying what holds in a campaign: a form for each clause, and one for targets."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears.commands import campaign as commands
from duban.arrears.forms.campaigns import FORMS, ClauseForm, TargetForm
from duban.arrears.queries.campaigns.campaign import CampaignView, campaign
from duban.arrears.queries.campaigns.places import coverable, places
from duban.arrears.rules.campaigns import Clause, plain_scope
from duban.arrears.views.campaigns.listing import crumbs, to_campaign
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.ui.components import Crumb
from duban.ui.pages import page

TARGET = "target"


def clause(request: Request, uid: UUID, name: str) -> HttpResponse:
    """The form of a clause or of a target, and setting it."""
    access.require(request.user, Permission.CAMPAIGNS_MANAGE)
    if name not in {*Clause, TARGET}:
        raise Http404
    today = timezone.localdate()
    found = campaign(uid, actor=request.user, on=today)
    form = _form(request, found, name, today)
    title = _("Set a target") if name == TARGET else str(Clause(name).label)
    if request.method == "POST" and form.is_valid():
        try:
            _set(request, found, name, form, today)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Done: {act}").format(act=title))
            return redirect("arrears:campaign", uid=uid)
    context = {
        "heading": title,
        "lead": found.name,
        "crumbs": crumbs(to_campaign(found), Crumb(title)),
        "form": form,
        "back": reverse("arrears:campaign", args=[uid]),
    }
    return page(request, "arrears/campaign_form", context, status=422 if form.errors else 200)


def _form(request: Request, found: CampaignView, name: str, today: date) -> Form:
    posted = request.POST or None
    units = coverable(found, on=today) if name in {Clause.SCOPE, TARGET} else []
    if name == TARGET:
        return TargetForm(posted, units=units)
    if name == Clause.SCOPE:
        scope = found.clauses.scope
        initial = plain_scope(scope) if scope else {"units": [code for code, _name in units[:1]]}
        lines = places(on=today).lines
        return FORMS[Clause.SCOPE](posted, latest=today, units=units, lines=lines, initial=initial)
    return FORMS[Clause(name)](posted, latest=today)


def _set(request: Request, found: CampaignView, name: str, form: Form, today: date) -> None:
    given = form.cleaned_data
    if isinstance(form, TargetForm):
        commands.set_target(
            campaign=found.uid, unit_code=given["unit"], debtor=given["debtor"], target=form.target(), today=today,
            source=given["source"], holds=not given["is_taken_back"], actor=request.user,
        )  # fmt: skip
    elif isinstance(form, ClauseForm):
        commands.set_clause(
            campaign=found.uid, clause=Clause(name), value=form.value(), since=given["since"], source=given["source"],
            actor=request.user,
        )  # fmt: skip
