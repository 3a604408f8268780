"""One party: what it is called, what is known of it, and which others are the same one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.register import commands
from duban.register.elsewhere import places
from duban.register.forms import RenameForm
from duban.register.queries.party import PartyView, party_on
from duban.ui import shown
from duban.ui.components import Action, Crumb, Fact
from duban.ui.pages import page


def party(request: Request, uid: UUID) -> HttpResponse:
    """Everything the register knows of one party."""
    access.require(request.user, Permission.ARREARS_VIEW)
    found = party_on(uid, on=timezone.localdate())
    context = {
        "heading": found.name,
        "lead": found.uscc or _("without code"),
        "crumbs": [Crumb(_("Parties"), reverse("register:parties")), Crumb(found.name)],
        "actions": _actions(request, uid),
        "facts": _facts(found),
        "names": _names(found),
        "written": found.written,
        "relatives": found.relatives,
        "places": places([found.name, *found.written]),
    }
    return page(request, "register/party", context)


def _actions(request: Request, uid: UUID) -> list[Action]:
    if not access.may(request.user, Permission.PARTIES_MANAGE):
        return []
    return [Action(_("Enter a new name"), reverse("register:rename", args=[uid]), "edit")]


def _facts(found: PartyView) -> list[Fact]:
    facts = [Fact(_("Name today"), found.name, wide=True), Fact(_("Credit code"), found.uscc or _("without code"))]
    if found.survivor:
        url = reverse("register:party", args=[found.survivor.uid])
        facts.append(Fact(_("Counts as"), found.survivor.name, url=url, wide=True))
    return facts


def _names(found: PartyView) -> list[tuple[str, str, str]]:
    """Name, since when, and by which paper; the latest first."""
    began = (found.first_name, _("as first written"), "—")
    return [*((known.name, shown.day(known.since), known.paper) for known in reversed(found.names)), began]


def rename(request: Request, uid: UUID) -> HttpResponse:
    """The form of a new name, and entering it."""
    form = RenameForm(request.POST or None, latest=timezone.localdate())
    return _entry(request, uid, _("Enter a new name"), form, commands.rename)


def _entry(request: Request, uid: UUID, title: str, form: Form, command: Callable[..., Any]) -> HttpResponse:
    """A form of an entry about a party, whose fields are the arguments of its command."""
    access.require(request.user, Permission.PARTIES_MANAGE)
    today = timezone.localdate()
    found = party_on(uid, on=today)
    if request.method == "POST" and form.is_valid():
        try:
            command(party=uid, today=today, actor=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Done: {act}").format(act=title))
            return redirect("register:party", uid=uid)
    party_url = reverse("register:party", args=[uid])
    context = {
        "heading": title,
        "lead": found.name,
        "crumbs": [Crumb(_("Parties"), reverse("register:parties")), Crumb(found.name, party_url), Crumb(title)],
        "form": form,
        "back_url": party_url,
    }
    return page(request, "register/entry", context, status=422 if form.errors else 200)
