"""Handing in several workbooks at once, and confirming whose each one is."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from duban.arrears import commands, jobs
from duban.arrears.forms.statements import ConfirmForm, DeliveryForm
from duban.arrears.queries import deliveries as queries
from duban.arrears.queries.deliveries import DeliveryView, FileView
from duban.arrears.queries.imports import may_report_for
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.queries import UnitView
from duban.identity.rules import Permission
from duban.identity.work import put_off
from duban.kernel.errors import DomainError
from duban.ui import shown
from duban.ui.components import Badge, Crumb, Progress, Tone
from duban.ui.pages import page

NAMES = "unit-names"
SURE = 0.7
"""A guess as sure as this is ticked beforehand."""
STATES: Mapping[str, tuple[Callable[[], str], Tone]] = {
    "waiting": (lambda: _("Waiting"), Tone.INFO),
    "unpacked": (lambda: _("Unpacked"), Tone.QUIET),
    "guessed": (lambda: _("To be confirmed"), Tone.WATCH),
    "refused": (lambda: _("Refused"), Tone.ALARM),
    "handed_in": (lambda: _("Handed in"), Tone.GOOD),
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as the page shows it; without a form nothing is to be decided."""

    file: FileView
    state: Badge
    said: list[str]
    url: str = ""
    form: ConfirmForm | None = None


@require_POST
def deliver(request: Request) -> HttpResponse:
    """Take several files in, and let the worker sort them."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    form = DeliveryForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose the workbooks to hand in, or a zip archive of them."))
        return redirect("arrears:imports")
    given = [(file.name, file.chunks()) for file in form.cleaned_data["workbooks"]]
    try:
        with transaction.atomic():
            made = commands.deliver(given, actor=request.user)
            put_off(jobs.sort_out, made.uid)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("arrears:imports")
    return redirect("arrears:delivery", uid=made.uid)


def delivery(request: Request, uid: UUID) -> HttpResponse:
    """The files of a delivery with what was guessed; sent back, those ticked are handed in."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    view = queries.delivery(uid, actor=request.user)
    units = may_report_for(actor=request.user, today=timezone.localdate())
    forms = _forms(view, units, request.POST if request.method == "POST" else None)
    wrong = False
    if request.method == "POST":
        taken, wrong = _hand_in(request, view, forms)
        if taken:
            text = ngettext("{count} file was handed in.", "{count} files were handed in.", taken)
            messages.success(request, text.format(count=taken))
        if not wrong:
            return redirect("arrears:delivery", uid=uid)
        view = queries.delivery(uid, actor=request.user)
    return page(request, "arrears/delivery", _context(view, units, forms), status=422 if wrong else 200)


def progress(request: Request, uid: UUID) -> HttpResponse:
    """How far the worker is; when it is done the whole page is asked for again."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    view = queries.delivery(uid, actor=request.user)
    if not _is_working(view):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return page(request, "arrears/working", {"progress": _progress(view)})


def _hand_in(request: Request, view: DeliveryView, forms: Mapping[int, ConfirmForm]) -> tuple[int, bool]:
    """Hand in what was ticked, each by itself: how many, and whether something was wrong."""
    taken, wrong = 0, False
    for n, form in forms.items():
        if not form.is_valid():
            wrong = True
        elif form.cleaned_data["take"]:
            try:
                _hand_in_one(request, view.uid, n, form.cleaned_data)
                taken += 1
            except DomainError as refusal:
                form.add_error("unit", str(refusal))
                wrong = True
    return taken, wrong


def _hand_in_one(request: Request, uid: UUID, n: int, given: dict[str, Any]) -> None:
    with transaction.atomic():
        made = commands.hand_in(
            uid, n, unit_code=given["unit"], as_of=given["as_of"], today=timezone.localdate(), actor=request.user
        )
        put_off(jobs.check, made.uid)


# -- What the page shows ----------------------------------------------------------------------------------------------


def _forms(view: DeliveryView, units: list[UnitView], given: QueryDict | None) -> dict[int, ConfirmForm]:
    names = _typed_names(units)
    today, twice = timezone.localdate(), _guessed_twice(view)
    return {
        file.n: _form(file, names, given, today=today, is_sure=_is_sure(file) and file.n not in twice)
        for file in view.open_files
    }


def _is_sure(file: FileView) -> bool:
    return bool(file.unit_code and file.day) and file.confidence >= SURE


def _guessed_twice(view: DeliveryView) -> set[int]:
    """Files of which another one seems to be the same unit's ledger of the same day; a person must choose."""
    waiting = [file for file in view.open_files if file.unit_code and file.day]
    times = Counter((file.unit_code, file.day) for file in waiting)
    return {file.n for file in waiting if times[file.unit_code, file.day] > 1}


def _form(
    file: FileView, names: Mapping[str, str], given: QueryDict | None, *, today: date, is_sure: bool
) -> ConfirmForm:
    proposed = {"take": is_sure, "unit": names.get(file.unit_code or "", ""), "as_of": file.day}
    return ConfirmForm(given, prefix=f"file-{file.n}", initial=proposed, names=NAMES, latest=today)


def _typed_names(units: list[UnitView]) -> dict[str, str]:
    """What is typed for a unit, by its code: its name, or the code where several bear the name."""
    bearers = Counter(unit.name for unit in units)
    return {unit.code: unit.name if bearers[unit.name] == 1 else unit.code for unit in units}


def _context(view: DeliveryView, units: list[UnitView], forms: Mapping[int, ConfirmForm]) -> dict[str, Any]:
    twice = _guessed_twice(view)
    lines = [_line(file, forms.get(file.n), is_twice=file.n in twice) for file in view.files]
    return {
        "heading": _("Several workbooks"),
        "lead": _("Handed in on {day}; nothing enters a ledger before you have seen what it would do.").format(
            day=shown.instant(view.received_at)
        ),
        "crumbs": [Crumb(_("Arrears")), Crumb(_("Import"), reverse("arrears:imports")), Crumb(_("Several workbooks"))],
        "delivery": view,
        "lines": lines,
        "to_confirm": any(line.form for line in lines),
        "names_id": NAMES,
        "names": list(_typed_names(units).values()),
        "progress": _progress(view) if _is_working(view) else None,
    }


def _line(file: FileView, form: ConfirmForm | None, *, is_twice: bool) -> FileLine:
    label, tone = STATES[file.state]
    said = [str(sentence) for sentence in (file.refusal, file.reason, file.day_reason) if sentence]
    if is_twice:
        said.append(_("Another file here seems to be of the same unit and day; hand in one of them."))
    if file.passed_over:
        said.append(_("Passed over, being no workbooks: {names}").format(names=_("; ").join(file.passed_over)))
    url = reverse("arrears:statement", args=[file.statement]) if file.statement else ""
    open_form = form if file.state == "guessed" else None
    return FileLine(file, Badge(label(), tone), said, url, open_form)


def _is_working(view: DeliveryView) -> bool:
    return view.state == "waiting" and not view.is_stopped


def _progress(view: DeliveryView) -> Progress:
    return Progress(
        url=reverse("arrears:delivery_progress", args=[view.uid]),
        label=_("Unpacking, and guessing whose each workbook is"),
        done=view.done,
        total=view.total,
        note=_("You may leave this page; the work goes on."),
    )
