"""Acting on a claim: one form for every act."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears.commands import claim as commands
from duban.arrears.forms.acts import ActForm
from duban.arrears.forms.fields import choice_field, code_field, fact_fields
from duban.arrears.queries.claim import ClaimView, claim_on
from duban.arrears.queries.imports import may_report_for
from duban.arrears.views.act_kinds import ACTS
from duban.arrears.views.asking import ActKind, Asked
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.register.commands import Named
from duban.ui.components import Crumb
from duban.ui.pages import page


def act(request: Request, uid: UUID, name: str) -> HttpResponse:
    """The form of an act, and doing it."""
    kind = ACTS.get(name)
    if kind is None:
        raise Http404
    access.require(request.user, Permission.ARREARS_POST)
    today = timezone.localdate()
    found = claim_on(uid, as_of=today, actor=request.user)
    asked = Asked.of(found, actor=request.user, today=today)
    form = kind.form(asked, request.POST or None, request.FILES or None)
    title = title_for(request.user, kind)
    if request.method == "POST" and form.is_valid():
        try:
            done = _do(name, kind, form, asked)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, title, done)
            return redirect("arrears:claim", uid=uid)
    claim_url = reverse("arrears:claim", args=[uid])
    context = {
        "heading": title,
        "lead": _("{creditor}, owed by {debtor}").format(
            creditor=found.facts.creditor_name, debtor=found.facts.debtor_name
        ),
        "crumbs": [
            Crumb(_("Ledger"), reverse("arrears:ledger")), Crumb(found.facts.ledger_no, claim_url),
            Crumb(title),
        ],
        "form": form,
        "claim_url": claim_url,
    }  # fmt: skip
    return page(request, "arrears/act", context, status=422 if form.errors else 200)


def title_for(actor: Appointment, kind: ActKind) -> str:
    """What an act is called to a person: who may not decide on it proposes it."""
    title = _(kind.title)
    return _("Propose: {act}").format(act=title) if kind.is_proposed_by(actor) else title


def _do(name: str, kind: ActKind, form: ActForm, asked: Asked) -> object:
    given = _act(form, asked.today)
    if not kind.is_proposed_by(asked.actor):
        return kind.run(asked.found.claim_id, form.cleaned_data, given, asked.actor)
    return commands.propose(claim_id=asked.found.claim_id, name=name, given=form.typed(), act=given, actor=asked.actor)


@dataclass(frozen=True, slots=True)
class Offered:
    """An act that a person may do to a claim as it stands."""

    title: str
    url: str
    is_rare: bool


def acts_for(actor: Appointment, found: ClaimView, *, today: date) -> list[Offered]:
    """The acts that a person may do to a claim as it stands, in the order of the table."""
    if not found.may_act:
        return []
    asked = Asked.of(found, actor=actor, today=today)
    return [
        Offered(title_for(actor, kind), reverse("arrears:act", args=[found.uid, name]), kind.is_rare)
        for name, kind in ACTS.items()
        if kind.may_follow(asked)
    ]


FIRST = (
    "unit", "ledger_no", "debtor_name", "debtor_uscc", "debtor_kind", "creditor_name", "creditor_uscc", "creditor_kind",
    "owed", "estimated",
)  # fmt: skip
"""The order in which a claim is entered: whose ledger, who, whom, how much; then what else is said of it."""


def recognise(request: Request) -> HttpResponse:
    """The form of a claim that is entered by hand, and entering it."""
    access.require(request.user, Permission.ARREARS_POST)
    today = timezone.localdate()
    units = may_report_for(actor=request.user, today=today, permission=Permission.ARREARS_POST)
    more = {
        "unit": choice_field(_("Reporting unit"), [(unit.code, unit.name) for unit in units]),
        **fact_fields(),
        "debtor_uscc": code_field(_("Debtor's code")),
        "creditor_uscc": code_field(_("Creditor's code")),
    }
    form = ActForm(
        request.POST or None, request.FILES or None, asks=("owed", "estimated"), papers=("basis",), latest=today,
        more=more, field_order=FIRST,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            done = _recognise(form, today, request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, _("Enter a claim"), done)
            return redirect("arrears:claim", uid=done.uid)
    ledger = reverse("arrears:ledger")
    context = {
        "heading": _("Enter a claim"),
        "lead": _("A debt that no ledger has brought yet"),
        "crumbs": [Crumb(_("Ledger"), ledger), Crumb(_("Enter a claim"))],
        "form": form,
        "claim_url": ledger,
    }
    return page(request, "arrears/act", context, status=422 if form.errors else 200)


def _recognise(form: ActForm, today: date, actor: Appointment) -> commands.Recognised:
    given = form.cleaned_data
    return commands.recognise(
        unit_code=given["unit"],
        debtor=Named(given["debtor_name"], given["debtor_uscc"]),
        creditor=Named(given["creditor_name"], given["creditor_uscc"]),
        facts={name: given[name] for name in fact_fields()},
        owed=given["owed"], estimated=given["estimated"], act=_act(form, today), actor=actor,
    )  # fmt: skip


def _act(form: ActForm, today: date) -> commands.Act:
    given = form.cleaned_data
    papers = [commands.Paper(role, file.name, list(file.chunks())) for role, file in form.papers()]
    return commands.Act(given.get("effective_on", today), today, given["reason"], given.get("value_on"), papers)


def _tell(request: Request, title: str, done: object) -> None:
    messages.success(request, _("Done: {act}").format(act=title))
    if isinstance(done, commands.Reported | commands.Recognised):
        for warning in done.warnings:
            messages.warning(request, str(warning))
