"""The workbooks that were looked at, and a form to look at another one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.identity.work import put_off
from duban.intake import commands, jobs, queries
from duban.intake.forms import AgainForm, LookForm
from duban.intake.queries import LookView
from duban.kernel.errors import DomainError
from duban.ui.components import Badge, Crumb, Empty, Tone
from duban.ui.pages import page, retarget
from duban.ui.tables import Ask, Column, Kind, Listing, Table
from duban.workbook import registry


@dataclass(frozen=True, slots=True)
class Line:
    """A workbook in the list."""

    file_name: str
    title: str
    rows: int | None
    findings: int | None
    who: str
    asked_at: datetime
    state: Badge
    url: str


def looks(request: Request) -> HttpResponse:
    """What people of this unit looked at, and a form to look at more."""
    access.require(request.user, Permission.WORKBOOK_LOOK)
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            uid = _look(request, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("intake:look", uid=uid)
    context = {
        "heading": _("Look at a workbook"),
        "lead": _("See what a workbook holds and what is wrong with it. Looking enters nothing."),
        "form": form,
        "listing": _listing(request),
    }
    answer = page(request, "intake/looks", context, status=422 if form.errors else 200)
    return retarget(answer, "#look") if form.errors else answer


def _form(request: Request) -> LookForm:
    units = queries.may_explain_for(actor=request.user, today=timezone.localdate())
    offered = [(unit.code, unit.name) for unit in units]
    own = {"unit": request.user.unit.code}
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    return LookForm(*given, units=offered, initial=own)


def _look(request: Request, given: dict[str, Any]) -> UUID:
    asked = commands.look(
        name=given["file"].name,
        content=given["file"].chunks(),
        schema=given["schema"],
        unit_code=given["unit"],
        today=timezone.localdate(),
        actor=request.user,
    )
    put_off(jobs.read, asked.uid)
    return asked.uid


@require_POST
def again(request: Request, uid: UUID) -> HttpResponse:
    """Read the same file once more, with another sheet."""
    access.require(request.user, Permission.WORKBOOK_LOOK)
    form = AgainForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the sheets of the list."))
        return redirect("intake:look", uid=uid)
    asked = commands.look_again(uid, schema=form.cleaned_data["schema"], actor=request.user)
    put_off(jobs.read, asked.uid)
    return redirect("intake:look", uid=asked.uid)


def _listing(request: Request) -> Listing:
    table = Table(
        id="looks",
        caption=_("Workbooks looked at"),
        columns=[
            Column("file_name", _("Workbook"), url="url", phone="title", sortable=False),
            Column("title", _("Read as"), sortable=False),
            Column("rows", _("Rows"), Kind.INT, sortable=False),
            Column("findings", _("Findings"), Kind.INT, sortable=False),
            Column("who", _("By"), sortable=False, phone="hide"),
            Column("asked_at", _("When"), Kind.INSTANT, sortable=False),
            Column("state", _("State"), Kind.BADGE, sortable=False),
        ],
        page_size=20,
        export=False,
    )
    ask = Ask.of(request, table)
    views = queries.looks(actor=request.user, today=timezone.localdate(), window=ask.window)
    empty = Empty(_("Nothing was looked at yet"), _("What people of your unit look at will be listed here."))
    return Listing(table, ask, [_line(view) for view in views], empty=empty)


def _line(view: LookView) -> Line:
    seen = view.seen
    return Line(
        file_name=view.file_name,
        title=title_of(view),
        rows=seen.rows if seen else None,
        findings=seen.errors + seen.warnings if seen else None,
        who=view.who,
        asked_at=view.asked_at,
        state=state_badge(view),
        url=reverse("intake:look", args=[view.uid]),
    )


def title_of(view: LookView) -> str:
    """As what it was read, or is to be."""
    code = view.seen.schema if view.seen else view.schema
    known = {schema.code: schema.title for schema in registry.schemas()}
    if code:
        return known.get(code, code)
    return _("No known table") if view.seen else ""


def state_badge(view: LookView) -> Badge:
    """How far it is, in a word."""
    if view.state == "refused":
        return Badge(_("Refused"), Tone.ALARM)
    if view.seen is None:
        return Badge(_("Waiting to be read"), Tone.INFO)
    if view.seen.errors:
        return Badge(_("Has errors"), Tone.WATCH)
    return Badge(_("Read"), Tone.GOOD)


def crumbs(view: LookView) -> list[Crumb]:
    """The way to a workbook's pages."""
    return [Crumb(_("Look at a workbook"), reverse("intake:looks")), Crumb(view.file_name)]
