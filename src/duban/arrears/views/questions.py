"""Deciding on a checked statement: answering what it asks, submitting it, and returning it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from duban.arrears import commands
from duban.arrears.commands import claim as acts
from duban.arrears.forms import AnswerForm, ReturnForm, WithdrawForm
from duban.arrears.queries.imports import StatementView
from duban.arrears.queries.questions import is_own, questions_of
from duban.arrears.rules.asking import BLANKET, Verdict
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError

MOST = 200
"""How many questions are listed at once; the rest follow when these are answered."""


def decisions(view: StatementView, request: Request, form: AnswerForm | None = None) -> dict[str, Any]:
    """What the page of a statement shows of its questions, and of who may do what now."""
    asked = questions_of(view.uid, actor=request.user)
    waits = view.state in {"checked", "submitted"}
    may_decide = waits and access.may(request.user, Permission.ARREARS_DECIDE)
    needed = Permission.ARREARS_DECIDE if view.state == "accepted" else Permission.ARREARS_IMPORT
    may_withdraw = (waits or view.state in {"returned", "accepted"}) and access.may(request.user, needed)
    mine = is_own(view.uid, actor=request.user)
    answerable = [one for one in asked if not (mine and one.asked in BLANKET)] if may_decide else []
    return {
        "questions": asked[:MOST],
        "open_questions": sum(one.answer is None for one in asked),
        "answerable": {one.id for one in answerable},
        "needs_another": may_decide and mine and any(one.asked in BLANKET for one in asked),
        "answer_form": form or AnswerForm(kinds=sorted({one.asked for one in answerable})) if answerable else None,
        "return_form": ReturnForm() if may_decide else None,
        "withdraw_form": WithdrawForm() if may_withdraw else None,
        "may_accept": may_decide,
        "may_submit": view.state in {"checked", "returned"} and access.may(request.user, Permission.ARREARS_IMPORT),
    }


@require_POST
def answer(request: Request, uid: UUID) -> HttpResponse:
    """Decide on the questions that are ticked, or on all of a kind."""
    access.require(request.user, Permission.ARREARS_DECIDE)
    asked = questions_of(uid, actor=request.user)
    form = AnswerForm(request.POST, request.FILES, kinds=sorted({one.asked for one in asked}))
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("arrears:statement", uid=uid)
    ticked = {int(pk) for pk in request.POST.getlist("question") if pk.isdecimal()}
    which = form.cleaned_data["which"]
    chosen = [one.id for one in asked if (one.asked == which and one.answer is None if which else one.id in ticked)]
    if not chosen:
        messages.error(request, _("Nothing was chosen. Tick what you decide on, or choose a kind."))
        return redirect("arrears:statement", uid=uid)
    papers = [acts.Paper(role, file.name, list(file.chunks())) for role, file in form.papers()]
    decision = commands.Decision(Verdict(form.cleaned_data["verdict"]), form.cleaned_data["reason"], papers)
    try:
        count = commands.answer(uid, chosen, decision, actor=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Decided on {count} questions.").format(count=count))
    return redirect("arrears:statement", uid=uid)


@require_POST
def submit(request: Request, uid: UUID) -> HttpResponse:
    """Stand by a checked statement."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    try:
        commands.submit(uid, actor=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("arrears:statement", uid=uid)


@require_POST
def send_back(request: Request, uid: UUID) -> HttpResponse:
    """Return a statement to its unit."""
    access.require(request.user, Permission.ARREARS_DECIDE)
    try:
        commands.send_back(uid, reason=request.POST.get("reason", ""), actor=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("arrears:statement", uid=uid)


@require_POST
def withdraw(request: Request, uid: UUID) -> HttpResponse:
    """Take a statement back."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    try:
        commands.withdraw(uid, reason=request.POST.get("reason", ""), today=timezone.localdate(), actor=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("arrears:statement", uid=uid)
