"""Who reports, and by when: what people said of it, and saying it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears import commands
from duban.arrears.forms.reporting import DeadlineForm, DutyForm
from duban.arrears.queries.imports import may_report_for
from duban.arrears.queries.reporting import deadlines, duties
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.ui.components import Crumb
from duban.ui.pages import page

Form = DutyForm | DeadlineForm


def reporters(request: Request) -> HttpResponseBase:
    """What was said of who reports and by when, and the two forms to say more."""
    access.require(request.user, Permission.ARREARS_DECIDE)
    today = timezone.localdate()
    units = [(unit.code, unit.name) for unit in may_report_for(actor=request.user, today=today)]
    asked = request.POST.get("asked") if request.method == "POST" else None
    duty = DutyForm(request.POST if asked == "duty" else None, units=units, today=today)
    deadline = DeadlineForm(request.POST if asked == "deadline" else None, units=units, today=today)
    for form, say in ((duty, _say_duty), (deadline, _say_deadline)):
        if form.is_bound and form.is_valid() and _done(form, say, request, today):
            return redirect("arrears:reporters")
    context = {
        "heading": _("Who reports, and by when"),
        "lead": _("A unit reports from its first claim or statement on. What is said here goes before that."),
        "crumbs": [Crumb(_("Arrears")), Crumb(_("Reporting"), reverse("arrears:board")), Crumb(_("Who reports"))],
        "duty": duty,
        "deadline": deadline,
        "duties": duties(actor=request.user, today=today),
        "deadlines": deadlines(actor=request.user, today=today),
    }
    answer: HttpResponse = page(
        request, "arrears/reporters", context, status=422 if duty.errors or deadline.errors else 200
    )
    return answer


def _done(form: Any, say: Callable[..., object], request: Request, today: date) -> bool:  # noqa: ANN401 - either form
    try:
        say(form.cleaned_data, request, today)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Saved. What was said before holds for the months before."))
    return True


def _say_duty(given: dict[str, Any], request: Request, today: date) -> None:
    commands.expect_report(
        unit_code=given["unit"], since=given["since"], is_expected=given["is_expected"] == "yes",
        reason=given["reason"], today=today, actor=request.user,
    )  # fmt: skip


def _say_deadline(given: dict[str, Any], request: Request, today: date) -> None:
    commands.set_deadline(
        unit_code=given["unit"], since=given["since"], day=given["day"], reason=given["reason"], today=today,
        actor=request.user,
    )  # fmt: skip
