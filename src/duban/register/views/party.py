"""One party: what it is called, what is known of it, and which others are the same one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.words import N_
from duban.register import commands
from duban.register.elsewhere import places
from duban.register.forms import KindForm, NoSuccessorForm, PaperForm, RenameForm, SizeForm, SuccessorForm, WithdrawForm
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
        "actions": _actions(request.user, found),
        "facts": _facts(found),
        "names": _names(found),
        "sizes": _sizes(found),
        "written": found.written,
        "relatives": found.relatives,
        "places": places([found.name, *found.written]),
    }
    return page(request, "register/party", context)


def _actions(actor: Appointment, found: PartyView) -> list[Action]:
    if not access.may(actor, Permission.PARTIES_MANAGE):
        return []
    idle = {"verify" if found.verified else "withdraw"} | ({"no-successor"} if not found.successors else set())
    offered = [(name, entry) for name, entry in ENTRIES.items() if name not in idle]
    return [
        Action(_(entry.title), reverse("register:enter", args=[found.uid, name]), entry.icon) for name, entry in offered
    ]


def _facts(found: PartyView) -> list[Fact]:
    facts = [
        Fact(_("Name today"), found.name, wide=True),
        Fact(_("Credit code"), found.uscc or _("without code")),
        _verified(found),
        *_kind(found),
    ]
    if found.survivor:
        url = reverse("register:party", args=[found.survivor.uid])
        facts.append(Fact(_("Counts as"), found.survivor.name, url=url, wide=True))
    for successor in found.successors:
        url = reverse("register:party", args=[successor.uid])
        facts.append(Fact(_("In its place today"), successor.name, url=url, wide=True))
    return facts


def _verified(found: PartyView) -> Fact:
    if found.verified is None:
        return Fact(_("Check of the party"), _("not yet verified"))
    by = found.verified.signed
    who = f"{by.who} · {shown.instant(by.at)}" if by else _("another office")
    return Fact(_("Check of the party"), _("checked"), note=f"{found.verified.paper} · {who}", wide=True)


def _kind(found: PartyView) -> list[Fact]:
    if found.kind is None:
        return [Fact(_("Kind"), "—")]
    since = _("since {day}, by {paper}").format(day=shown.day(found.kind.since), paper=found.kind.paper)
    facts = [Fact(_("Kind"), str(found.kind.kind.label), note=since, wide=True)]
    if found.head:
        url = reverse("register:party", args=[found.head.uid])
        facts.append(Fact(_("Body it belongs to"), found.head.name, url=url, wide=True))
    return facts


def _sizes(found: PartyView) -> list[tuple[str, str, str]]:
    """For contracts of which year, what the size was, and what it rests on."""
    return [
        (str(known.shown.year + 1), str(known.explained), known.shown.paper) for known in found.sizes if known.shown
    ]


def _names(found: PartyView) -> list[tuple[str, str, str]]:
    """Name, since when, and by which paper; the latest first."""
    began = (found.first_name, _("as first written"), "—")
    return [*((known.name, shown.day(known.since), known.paper) for known in reversed(found.names)), began]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is entered about a party: the fields of its form are the arguments of its command."""

    title: str
    icon: str
    form: Callable[..., Form]
    command: Callable[..., object]
    is_dated: bool = False


ENTRIES: Mapping[str, Entry] = {
    "verify": Entry(N_("Verify"), "rosette-discount-check", PaperForm, commands.verify),
    "withdraw": Entry(N_("Withdraw the verification"), "arrow-back-up", WithdrawForm, commands.withdraw_verification),
    "name": Entry(N_("Enter a new name"), "edit", RenameForm, commands.rename, is_dated=True),
    "kind": Entry(N_("Enter the kind"), "building", KindForm, commands.set_kind, is_dated=True),
    "size": Entry(N_("Enter figures of size"), "chart-bar", SizeForm, commands.show_size),
    "successor": Entry(N_("Merged or split"), "git-compare", SuccessorForm, commands.succeed, is_dated=True),
    "no-successor": Entry(N_("Take a merger back"), "arrow-back-up", NoSuccessorForm, commands.undo_succession),
}
"""Every entry that has a form, by its address."""


def enter(request: Request, uid: UUID, name: str) -> HttpResponse:
    """The form of an entry about a party, and entering it."""
    access.require(request.user, Permission.PARTIES_MANAGE)
    entry, today = ENTRIES.get(name), timezone.localdate()
    if entry is None:
        raise Http404
    found = party_on(uid, on=today)
    dated = {"latest": today} if entry.is_dated else {}
    form = entry.form(request.POST or None, **dated)
    if request.method == "POST" and form.is_valid():
        try:
            entry.command(party=uid, today=today, actor=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Done: {act}").format(act=_(entry.title)))
            return redirect("register:party", uid=uid)
    party_url, title = reverse("register:party", args=[uid]), _(entry.title)
    context = {
        "heading": title,
        "lead": found.name,
        "crumbs": [Crumb(_("Parties"), reverse("register:parties")), Crumb(found.name, party_url), Crumb(title)],
        "form": form,
        "back_url": party_url,
    }
    return page(request, "register/entry", context, status=422 if form.errors else 200)
