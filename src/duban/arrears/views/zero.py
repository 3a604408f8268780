"""Zero reports (零报告): the form to print, handing it in signed and sealed, looking at it, taking it back."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from duban.arrears import commands, queries
from duban.arrears.forms.days import WithdrawForm
from duban.arrears.forms.reporting import ZeroForm
from duban.arrears.queries.imports import may_report_for
from duban.arrears.queries.zero import ZeroView, owed_on, zero_report
from duban.arrears.rules.reporting import last_day, month_of
from duban.arrears.rules.zero import check_month, check_nothing_owed
from duban.arrears.views.scans import scan_response
from duban.identity import access
from duban.identity import queries as units
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.ui import shown
from duban.ui.components import Badge, Crumb, Fact, Tone
from duban.ui.pages import page

MONTHS_OFFERED = 12


def hand_in(request: Request) -> HttpResponseBase:
    """First the form to print, then handing it in as it came back."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    today = timezone.localdate()
    offered = [(unit.code, unit.name) for unit in may_report_for(actor=request.user, today=today)]
    if len(offered) > 1:
        offered.insert(0, ("", _("Choose a unit")))
    form = ZeroForm(
        request.POST or None, request.FILES or None, units=offered, months=_months(today), initial=request.GET.dict()
    )
    if request.method == "POST" and form.is_valid():
        try:
            report = _hand_in(request, form.cleaned_data, today)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("arrears:zero_report", uid=report)
    context = {
        "heading": _("Zero report"),
        "lead": _(
            "A unit that owes nothing says so on a form that is signed and sealed. Handing in nothing is no zero."
        ),
        "crumbs": [*_crumbs(), Crumb(_("Zero report"))],
        "form": form,
        "units": offered,
        "months": _months(today),
    }
    return page(request, "arrears/zero", context, status=422 if form.errors else 200)


def _crumbs() -> list[Crumb]:
    return [Crumb(_("Arrears")), Crumb(_("Reporting"), reverse("arrears:board"))]


def _months(today: date) -> list[tuple[str, str]]:
    """The months that have ended, the latest first."""
    months, month = [], month_of(today)
    for _number in range(MONTHS_OFFERED):
        month = month_of(month.replace(day=1) - date.resolution)
        months.append((f"{month:%Y-%m}", shown.month(month)))
    return months


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _hand_in(request: Request, given: dict[str, Any], today: date) -> UUID:
    form = commands.Signed(
        given["signer_name"], given["signer_post"], given["file"].name, given["file"].chunks()
    )  # fmt: skip
    report = commands.hand_in_zero(
        unit_code=given["unit"], month=_first_day(given["month"]), form=form, today=today,
        actor=request.user,
    )  # fmt: skip
    return report.uid


def form(request: Request) -> HttpResponse:
    """The form on a sheet of A4, filled in as far as the ledger knows. It is not given out where something is owed."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    today = timezone.localdate()
    offered = {unit.code: unit for unit in may_report_for(actor=request.user, today=today)}
    unit = offered.get(request.GET.get("unit", "")) or units.unit_on(request.user.unit.code, today)
    asked = request.GET.get("month", "")
    month = _first_day(asked if asked in dict(_months(today)) else _months(today)[0][0])
    check_month(month, today=today, closed=queries.latest_closed_month(unit.id))
    claims, owed = owed_on(unit.id, last_day(month))
    check_nothing_owed(owed, day=last_day(month), claims=claims)
    context = {
        "heading": _("Zero report: form to print"),
        "crumbs": [*_crumbs(), Crumb(_("Zero report"), reverse("arrears:zero")), Crumb(_("Form"))],
        "unit_name": unit.name,
        "month_words": shown.month(month),
        "last": last_day(month),
        "number": f"LBG-{unit.code}-{month:%Y%m}",
        "owed": owed,
        "printed_at": timezone.now(),
    }
    return page(request, "arrears/zero_form", context)


def report(request: Request, uid: UUID) -> HttpResponse:
    """One zero report: who signed it, the scan, and whether it still holds."""
    access.require(request.user, Permission.ARREARS_VIEW)
    view = zero_report(uid, actor=request.user, today=timezone.localdate())
    month = shown.month(view.month)
    context = {
        "heading": _("{unit}: zero report for {month}").format(unit=view.unit_name, month=month),
        "crumbs": [*_crumbs(), Crumb(_("Zero report"))],
        "report": view,
        "state": _state(view),
        "facts": _facts(view),
        "form": WithdrawForm() if view.may_withdraw else None,
    }
    return page(request, "arrears/zero_report", context)


def _state(view: ZeroView) -> Badge:
    if view.withdrawn:
        return Badge(_("Withdrawn"), Tone.QUIET)
    return Badge(_("Void"), Tone.ALARM) if view.surfaced else Badge(_("Holds"), Tone.GOOD)


def _facts(view: ZeroView) -> list[Fact]:
    facts = [
        Fact(_("Unit"), view.unit_name),
        Fact(_("Month"), shown.month(view.month)),
        Fact(_("Signed by"), view.signer_name, note=view.signer_post),
        Fact(_("Handed in"), shown.instant(view.handed_in_at), note=view.who),
        Fact(_("Signed form"), view.file_name, url=reverse("arrears:zero_scan", args=[view.uid])),
        Fact("SHA-256", view.file_sha256, wide=True),
    ]
    if view.withdrawn:
        facts.append(Fact(_("Withdrawn"), shown.instant(view.withdrawn.at), note=view.withdrawn.who))
        facts.append(Fact(_("Reason"), view.withdrawn.reason, wide=True))
    return facts


@require_POST
def withdraw(request: Request, uid: UUID) -> HttpResponse:
    """Take a zero report back."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    form = WithdrawForm(request.POST)
    try:
        commands.withdraw_zero(uid, reason=form.data.get("reason", ""), actor=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Withdrawn. The form stays as it was handed in."))
    return redirect("arrears:zero_report", uid=uid)


def scan(request: Request, uid: UUID) -> HttpResponseBase:
    """The signed form as it was handed in."""
    access.require(request.user, Permission.ARREARS_VIEW)
    view = zero_report(uid, actor=request.user, today=timezone.localdate())
    return scan_response(view.file_sha256, view.file_name)
