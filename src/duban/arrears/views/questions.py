"""Deciding on a checked statement: answering what it asks, submitting it, and returning it."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from duban.arrears import commands
from duban.arrears.commands import claim as acts
from duban.arrears.forms.days import WithdrawForm
from duban.arrears.forms.statements import AnswerForm, ReturnForm
from duban.arrears.queries.imports import StatementView
from duban.arrears.queries.questions import is_own, questions_of
from duban.arrears.rules.asking import BLANKET, Verdict
from duban.arrears.views.scans import scan_response
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
    done = _("Decided on {count} questions.").format(count=len(chosen))
    return _after(request, uid, lambda: commands.answer(uid, chosen, decision, actor=request.user), done)


def paper(request: Request, uid: UUID, paper: int) -> FileResponse:
    """A paper of an answer, as it was handed in."""
    access.require(request.user, Permission.ARREARS_VIEW)
    return scan_response(*commands.open_answer_paper(uid, paper, actor=request.user))


@require_POST
def submit(request: Request, uid: UUID) -> HttpResponse:
    """Stand by a checked statement."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    return _after(request, uid, lambda: commands.submit(uid, actor=request.user), _("Submitted."))


@require_POST
def send_back(request: Request, uid: UUID) -> HttpResponse:
    """Return a statement to its unit."""
    access.require(request.user, Permission.ARREARS_DECIDE)
    reason = request.POST.get("reason", "")
    return _after(request, uid, lambda: commands.send_back(uid, reason=reason, actor=request.user), _("Returned."))


@require_POST
def withdraw(request: Request, uid: UUID) -> HttpResponse:
    """Take a statement back."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    reason, today = request.POST.get("reason", ""), timezone.localdate()
    taken_back = partial(commands.withdraw, uid, reason=reason, today=today, actor=request.user)
    return _after(request, uid, taken_back, _("Taken back."))


def _after(request: Request, uid: UUID, act: Callable[[], object], done: str) -> HttpResponse:
    """Do something to a statement, say that it is done or why not, and show its page again."""
    try:
        act()
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("arrears:statement", uid=uid)
