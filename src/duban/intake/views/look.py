"""One workbook: what it is, what was found in it, and what its headings mean."""

from dataclasses import dataclass
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
from duban.intake.forms import IGNORE, AgainForm, meanings_given
from duban.intake.keeping import Kept
from duban.intake.queries import LookView, MeaningView
from duban.intake.views.looks import crumbs, title_of
from duban.kernel.errors import DomainError
from duban.ui import shown
from duban.ui.components import Badge, Fact, Progress, Tab, Tile, Tone
from duban.ui.pages import page
from duban.workbook import registry
from duban.workbook.looked import Fate, Heading

FORMATS = {
    "xlsx": "Excel (.xlsx)",
    "xlsm": "Excel (.xlsm)",
    "xls": "Excel 97–2003 (.xls)",
    "ods": "OpenDocument (.ods)",
    "csv": "CSV",
}


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """A heading as the page shows it; `choices` is empty where there is nothing to choose."""

    field: str
    sheet: str
    cell: str
    text: str
    label: str
    state: Badge
    reason: str
    choices: list[tuple[str, str, bool]]
    """Value, label, and whether it is the one proposed."""


@dataclass(frozen=True, slots=True)
class MeaningLine:
    """A remembered heading as the page shows it."""

    meaning: MeaningView
    label: str


def look(request: Request, uid: UUID) -> HttpResponse:
    """What a workbook is and what was found in it."""
    access.require(request.user, Permission.WORKBOOK_LOOK)
    view = queries.look(uid, actor=request.user, today=timezone.localdate())
    return page(request, "intake/look", frame(view, "look") | _overview(view))


def progress(request: Request, uid: UUID) -> HttpResponse:
    """How far the worker is; when it is done the whole page is asked for again."""
    access.require(request.user, Permission.WORKBOOK_LOOK)
    view = queries.look(uid, actor=request.user, today=timezone.localdate())
    if not _is_working(view):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return page(request, "intake/working", frame(view, "look"))


@require_POST
def explain(request: Request, uid: UUID) -> HttpResponse:
    """Remember what the person chose, and read the file again with it."""
    access.require(request.user, Permission.WORKBOOK_LOOK)
    view = queries.look(uid, actor=request.user, today=timezone.localdate())
    schema = view.seen.schema if view.seen else ""
    meanings = meanings_given(request.POST, view.seen.headings) if view.seen else {}
    if not meanings:
        messages.info(request, _("Nothing was chosen, so nothing was remembered."))
        return redirect("intake:look", uid=uid)
    try:
        commands.explain(
            unit_code=view.unit_code, schema=schema, meanings=meanings, today=timezone.localdate(), actor=request.user
        )
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("intake:look", uid=uid)
    return _read_again(request, view, _("Remembered for {unit}; the file is read again.").format(unit=view.unit_name))


@require_POST
def forget(request: Request, uid: UUID, meaning: int) -> HttpResponse:
    """Take back what was remembered, and read the file again without it."""
    access.require(request.user, Permission.WORKBOOK_LOOK)
    view = queries.look(uid, actor=request.user, today=timezone.localdate())
    commands.forget(meaning, today=timezone.localdate(), actor=request.user)
    return _read_again(request, view, _("Forgotten; the file is read again."))


def _read_again(request: Request, view: LookView, words: str) -> HttpResponse:
    asked = commands.look_again(view.uid, schema=view.schema, actor=request.user)
    put_off(jobs.read, asked.uid)
    messages.success(request, words)
    return redirect("intake:look", uid=asked.uid)


# -- What every page of a workbook shows ------------------------------------------------------------------------------


def frame(view: LookView, here: str) -> dict[str, Any]:
    """Heading, tabs and progress, which the pages of a workbook share."""
    return {
        "heading": view.file_name,
        "lead": str(view.seen.reason) if view.seen else "",
        "crumbs": crumbs(view),
        "look": view,
        "tabs": _tabs(view, here),
        "tabs_label": _("What to see of the workbook"),
        "progress": Progress(
            url=reverse("intake:progress", args=[view.uid]),
            label=_("Reading"),
            done=view.done,
            total=view.total,
            note=_("You may leave this page; the work goes on."),
        )
        if _is_working(view)
        else None,
    }


def _is_working(view: LookView) -> bool:
    return view.state == "waiting" and not view.is_stopped


def _tabs(view: LookView, here: str) -> list[Tab]:
    if view.seen is None:
        return []
    counts = {"look": None, "rows": view.seen.rows, "findings": view.seen.errors + view.seen.warnings}
    labels = {"look": _("Overview"), "rows": _("Rows as read"), "findings": _("Findings")}
    return [
        Tab(labels[name], reverse(f"intake:{name}", args=[view.uid]), active=name == here, count=count)
        for name, count in counts.items()
    ]


# -- The overview -----------------------------------------------------------------------------------------------------


def _overview(view: LookView) -> dict[str, Any]:
    form = AgainForm(initial={"schema": view.seen.schema if view.seen else view.schema})
    values: dict[str, Any] = {"form": form}
    if view.seen is None:
        return values
    headings = _heading_lines(view.seen)
    return values | {
        "tiles": _tiles(view.seen),
        "facts": _facts(view, view.seen),
        "sheets": view.seen.sheets,
        "notes": [str(fact) for fact in view.seen.facts],
        "headings": headings,
        "to_explain": any(line.choices for line in headings),
        "meanings": _meaning_lines(view, view.seen.schema),
    }


def _tiles(seen: Kept) -> list[Tile]:
    unplaced = sum(heading.fate is Fate.UNPLACED for heading in seen.headings)
    return [
        Tile(_("Rows"), shown.count(seen.rows)),
        Tile(_("Errors"), shown.count(seen.errors), tone=Tone.ALARM if seen.errors else Tone.GOOD),
        Tile(_("Warnings"), shown.count(seen.warnings), tone=Tone.WATCH if seen.warnings else Tone.GOOD),
        Tile(_("Headings not placed"), shown.count(unplaced), tone=Tone.WATCH if unplaced else Tone.GOOD),
    ]


def _facts(view: LookView, seen: Kept) -> list[Fact]:
    return [
        Fact(_("File format"), FORMATS.get(seen.format, seen.format)),
        Fact(_("Read as"), title_of(view)),
        Fact(_("Headings as explained by"), view.unit_name),
        Fact(_("Looked at"), shown.instant(view.asked_at), note=view.who),
    ]


def _labels(schema: str) -> dict[str, str]:
    return {column.name: column.label for column in registry.schema(schema).columns} if schema else {}


def _heading_lines(seen: Kept) -> list[HeadingLine]:
    labels = _labels(seen.schema)
    placed = {heading.column for heading in seen.headings if heading.fate is not Fate.UNPLACED}
    free = [(name, label) for name, label in labels.items() if name not in placed]
    return [_heading_line(place, heading, labels, free) for place, heading in enumerate(seen.headings)]


def _heading_line(
    place: int, heading: Heading, labels: dict[str, str], free: list[tuple[str, str]]
) -> HeadingLine:  # fmt: skip
    is_open = heading.fate is Fate.UNPLACED
    offered = [("", _("Leave as it is")), (IGNORE, _("Ignore this column")), *free]
    choices = [(value, label, bool(value) and value == heading.column) for value, label in offered]
    label = labels.get(heading.column, heading.column) or (_("Ignored") if not is_open else "")
    return HeadingLine(
        field=f"meaning-{place}",
        sheet=heading.sheet,
        cell=heading.cell,
        text=heading.text,
        label=label,
        state=_fate_badge(heading.fate),
        reason=str(heading.reason) if heading.reason else "",
        choices=choices if is_open else [],
    )


def _fate_badge(fate: Fate) -> Badge:
    return {
        Fate.PLACED: Badge(_("Known"), Tone.GOOD),
        Fate.REMEMBERED: Badge(_("Remembered"), Tone.INFO),
        Fate.UNPLACED: Badge(_("Not placed"), Tone.WATCH),
    }[fate]


def _meaning_lines(view: LookView, schema: str) -> list[MeaningLine]:
    if not schema:
        return []
    labels = _labels(schema)
    found = queries.meanings(view.unit_id, schema)
    return [MeaningLine(one, labels.get(one.column, one.column) or _("Ignored")) for one in found]
