"""Handing in a ledger workbook, seeing what it would do, and deciding."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from duban.arrears import commands, jobs
from duban.arrears.forms.statements import AcceptForm, DeliveryForm, ImportForm
from duban.arrears.queries import deliveries
from duban.arrears.queries import imports as queries
from duban.arrears.queries.imports import StatementView
from duban.arrears.rules.statement import Change
from duban.arrears.views.findings import findings_table, wanted
from duban.arrears.views.questions import decisions
from duban.arrears.words import label
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.identity.work import put_off
from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.ui import shown
from duban.ui.components import Badge, Crumb, Empty, Progress, Step, Tile, Tone
from duban.ui.exports import workbook_response, xlsx_response
from duban.ui.pages import page, retarget
from duban.ui.tables import Ask, Column, Kind, Listing, Table

TONES = {
    "received": Tone.INFO,
    "checked": Tone.WATCH,
    "submitted": Tone.WATCH,
    "returned": Tone.ALARM,
    "refused": Tone.ALARM,
    "accepting": Tone.INFO,
    "accepted": Tone.GOOD,
    "withdrawn": Tone.WATCH,
}
STEPS = ("received", "checked", "submitted", "accepting", "accepted")


@dataclass(frozen=True, slots=True)
class Line:
    """A statement in the list."""

    file_name: str
    unit_name: str
    for_another: str
    as_of: date
    received_at: datetime
    rows: int | None
    state: Badge
    url: str


def imports(request: Request) -> HttpResponse:
    """What has been handed in, and a form to hand in more."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    today = timezone.localdate()
    reporters = queries.may_report_for(actor=request.user, today=today)
    units = [(unit.code, unit.name) for unit in reporters]
    if len(units) > 1:
        units.insert(0, ("", _("Choose a unit")))
    form = ImportForm(request.POST or None, request.FILES or None, units=units, latest=today)
    if request.method == "POST" and form.is_valid():
        try:
            uid = _receive(request, form.cleaned_data, form.covers(), today)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("arrears:statement", uid=uid)
    context = {
        "heading": _("Import"),
        "lead": _("Hand in the ledger workbook you have. Nothing is entered before you have seen what it would do."),
        "crumbs": [Crumb(_("Arrears")), Crumb(_("Import"))],
        "form": form,
        "reporters": [(unit.code, unit.name) for unit in reporters],
        "several": DeliveryForm(),
        "deliveries": deliveries.open_deliveries(actor=request.user),
        "listing": _listing(request, today),
    }
    answer = page(request, "arrears/imports", context, status=422 if form.errors else 200)
    return retarget(answer, "#import") if form.errors else answer


def next_ledger(request: Request) -> HttpResponseBase:
    """The ledger of a unit as the workbook for next month."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    today = timezone.localdate()
    unit_code = request.GET.get("unit") or request.user.unit.code
    return workbook_response(
        lambda file: commands.give_ledger(file, unit_code=unit_code, today=today, actor=request.user),
        name=_("Ledger {unit}.xlsx").format(unit=unit_code),
    )


def _receive(request: Request, given: dict[str, Any], covers: dict[str, str], today: date) -> UUID:
    statement = commands.receive(
        unit_code=given["unit"],
        as_of=given["as_of"],
        today=today,
        name=given["file"].name,
        content=given["file"].chunks(),
        covers=covers,
        actor=request.user,
    )
    put_off(jobs.check, statement.uid)
    return statement.uid


def _listing(request: Request, today: date) -> Listing:
    table = Table(
        id="statements",
        caption=_("Workbooks handed in"),
        columns=[
            Column("file_name", _("Workbook"), url="url", phone="title", sortable=False),
            Column("unit_name", _("Unit"), sortable=False, note="for_another"),
            Column("as_of", _("As of"), Kind.DAY, sortable=False),
            Column("received_at", _("Handed in"), Kind.INSTANT, sortable=False, phone="hide"),
            Column("rows", _("Rows"), Kind.INT, sortable=False),
            Column("state", _("State"), Kind.BADGE, sortable=False),
        ],
        page_size=20,
        export=False,
    )
    ask = Ask.of(request, table)
    rows = [
        Line(
            view.file_name,
            view.unit_name,
            _("Handed in for it") if view.is_for_another else "",
            view.as_of,
            view.received_at,
            _count(view.summary.get("rows")),
            Badge(label("state", view.state), TONES[view.state]),
            reverse("arrears:statement", args=[view.uid]),
        )
        for view in queries.statements(actor=request.user, today=today, window=ask.window)
    ]
    empty = Empty(_("Nothing was handed in yet"), _("The workbooks of your units will be listed here."))
    return Listing(table, ask, rows, empty=empty)


def _count(number: object) -> int | None:
    return number if isinstance(number, int) else None


def statement(request: Request, uid: UUID) -> HttpResponseBase:
    """One workbook: how far it is, what was found, what it would do."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    view = queries.statement(uid, actor=request.user, today=timezone.localdate())
    table = findings_table()
    ask = Ask.of(request, table)
    found = wanted(queries.findings(uid, actor=request.user), ask)
    if ask.wants_export:
        return xlsx_response(table.columns, found, title=_("Findings in {file}").format(file=view.file_name))
    context = _context(view) | {
        "listing": replace(Listing.of(table, ask, found), empty=Empty(_("Nothing was found"), icon="circle-check")),
        "form": AcceptForm(),
        **decisions(view, request),
    }
    return page(request, "arrears/statement", context)


def progress(request: Request, uid: UUID) -> HttpResponse:
    """How far the worker is; when it is done the whole page is asked for again."""
    access.require(request.user, Permission.ARREARS_IMPORT)
    view = queries.statement(uid, actor=request.user, today=timezone.localdate())
    if not _is_working(view):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return page(request, "arrears/working", _context(view))


@require_POST
def accept(request: Request, uid: UUID) -> HttpResponse:
    """Decide to enter the statement; a worker does it."""
    form = AcceptForm(request.POST)
    hold = form.is_valid() and form.cleaned_data["hold_errors"]
    try:
        with transaction.atomic():
            commands.ask_to_accept(uid, hold_errors=hold, actor=request.user)
            put_off(jobs.accept, uid)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("arrears:statement", uid=uid)


def _is_working(view: StatementView) -> bool:
    return view.state in {"received", "accepting"} and not view.is_stopped


def _context(view: StatementView) -> dict[str, Any]:
    summary: dict[str, Any] = dict(view.summary)
    # What was held is not entered: afterwards the page shows what was.
    done = summary | summary.get("entered", {})
    return {
        "heading": view.file_name,
        "lead": _lead(view),
        "crumbs": [Crumb(_("Arrears")), Crumb(_("Import"), reverse("arrears:imports")), Crumb(view.file_name)],
        "statement": view,
        "steps": _steps(view),
        "summary": summary,
        "tiles": _tiles(summary) if summary else [],
        "changes": _changes(done),
        "terms": _terms(done),
        "progress": Progress(
            url=reverse("arrears:statement_progress", args=[view.uid]),
            label=_("Reading and checking") if view.state == "received" else _("Entering"),
            done=view.done,
            total=view.total,
            note=_("You may leave this page; the work goes on."),
        )
        if _is_working(view)
        else None,
    }


def _lead(view: StatementView) -> str:
    lead = _("{unit}, ledger as of {day}").format(unit=view.unit_name, day=shown.long_day(view.as_of))
    return _("{lead}; handed in for it by another unit").format(lead=lead) if view.is_for_another else lead


def _steps(view: StatementView) -> list[Step]:
    reached = STEPS.index(view.state) if view.state in STEPS else 1
    names = [_("Handed in"), _("Checked"), _("Submitted"), _("Decided"), _("Entered")]
    states = ["done" if number < reached else "now" if number == reached else "ahead" for number in range(len(names))]
    if view.state == "accepted":
        states[-1] = "done"
    return [Step(name, state) for name, state in zip(names, states, strict=True)]


def _tiles(summary: dict[str, Any]) -> list[Tile]:
    wan = _("万元")
    return [
        Tile(
            _("Rows"),
            shown.count(summary["rows"]),
            note=_("{count} without errors").format(count=shown.count(summary["clean_rows"])),
        ),
        Tile(
            _("Rows with errors"),
            shown.count(summary["error_rows"]),
            tone=Tone.ALARM if summary["error_rows"] else Tone.GOOD,
            note=_("{count} warnings").format(count=shown.count(summary["warnings"])),
        ),
        Tile(_("Owed, as stated"), shown.wan(Money.from_fen(summary["recognised_total"])), wan),
        Tile(_("Cleared, as stated"), shown.wan(Money.from_fen(summary["cleared_total"])), wan),
    ]


def _terms(summary: dict[str, Any]) -> list[tuple[str, Money]]:
    """What is owed now, what entering it would add and take away, and what would be owed then; without empty terms."""
    terms = summary.get("rollforward", {})
    return [
        (f"{sign} {label('term', name)}", Money.from_fen(terms[name]))
        for name, sign in _TERMS.items()
        if terms.get(name) or (terms and name in {"opening", "closing"})
    ]


_TERMS = {"opening": "", "new": "+", "raised": "+", "returned": "+", "cleared": "−", "reduced": "−", "closing": "="}
"""The terms in the order of the identity, each with its sign."""


def _changes(summary: dict[str, Any]) -> list[tuple[str, int, Money]]:
    """What entering it would change: name, count and amount, without what does not happen."""
    proposed = summary.get("proposed", {})
    return [
        (label("change", change), proposed[change], Money.from_fen(summary["proposed_fen"][change]))
        for change in map(str, Change)
        if proposed.get(change)
    ]
