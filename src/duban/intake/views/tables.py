"""The rows of a workbook as they were read, and what was found in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from uuid import UUID

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.intake import queries
from duban.intake.keeping import KEPT_ROWS, Kept
from duban.intake.queries import FindingWish, LookView, RowView
from duban.intake.views.look import frame
from duban.kernel.money import Money
from duban.ui import shown
from duban.ui.components import Badge, Empty, Tone
from duban.ui.exports import xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, FlagFilter, Kind, Listing, SelectFilter, Table
from duban.workbook import registry
from duban.workbook.findings import Finding, Severity
from duban.workbook.naming import column_letters, place_named

PAGE_SIZE = 50
KINDS = {"money": Kind.MONEY}


def _read(request: Request, uid: UUID) -> LookView:
    access.require(request.user, Permission.WORKBOOK_LOOK)
    return queries.look(uid, actor=request.user, today=timezone.localdate())


# -- Rows -------------------------------------------------------------------------------------------------------------


def rows(request: Request, uid: UUID) -> HttpResponseBase:
    """The rows as they were read; `?at=C12&sheet=…` leads to the page with the row of that cell."""
    view = _read(request, uid)
    if view.seen is None:
        return redirect("intake:look", uid=uid)
    if place := place_named(request.GET.get("at", "")):
        return _to_row(request, view, *place)
    table = _rows_table(view.seen, with_raws=request.GET.get("raw") == "1")
    ask = Ask.of(request, table)
    found = queries.rows(uid, actor=request.user, sheet=ask.text("in"), only_errors=ask.flag("errors"))
    lines = _Lines(view.seen)
    if ask.wants_export:
        every = [lines.line(row) for row in queries.as_rows(found)]
        return xlsx_response(table.columns, every, title=_("Rows of {file}").format(file=view.file_name))
    listing = Listing(
        table,
        ask,
        [lines.line(row) for row in queries.as_rows(found[ask.window])],
        total=found.count(),
        empty=Empty(_("There are no rows to show")),
        notes=_notes(view.seen),
    )
    return page(request, "intake/table", frame(view, "rows") | {"listing": listing})


def _to_row(request: Request, view: LookView, row: int, place: int) -> HttpResponseBase:
    sheet, address = request.GET.get("sheet", ""), reverse("intake:rows", args=[view.uid])
    found = queries.row_with(view.uid, actor=request.user, sheet=sheet, number=row + 1, place=place)
    if found is None or view.seen is None:
        return redirect(address)
    asked = urlencode({"page": found[1] // PAGE_SIZE + 1, "raw": 1})
    return redirect(f"{address}?{asked}#{_anchor(view.seen, found[0])}")


def _anchor(seen: Kept, row: RowView) -> str:
    sheet = _sheets(seen).index(row.sheet) if row.sheet in _sheets(seen) else 0
    return f"row-{sheet}-{row.number}" + (f"-{row.left}" if row.left else "")


def _sheets(seen: Kept) -> list[str]:
    """The names of the sheets; one with several tables stands among `seen.sheets` with each."""
    return list(dict.fromkeys(sheet.name for sheet in seen.sheets))


def _rows_table(seen: Kept, *, with_raws: bool) -> Table:
    columns = [Column("number", _("Row"), sortable=False, phone="title", note="note")]
    columns += [
        Column(
            f"c{place}",
            column.label,
            KINDS.get(column.kind, Kind.TEXT),
            sortable=False,
            note=f"r{place}" if with_raws and seen.schema else "",
        )
        for place, column in enumerate(seen.columns)
    ]
    sheets = [(name, name) for name in _sheets(seen)]
    filters: list[SelectFilter | FlagFilter] = [
        SelectFilter("in", _("Sheet"), sheets, every=_("All sheets")),
        FlagFilter("errors", _("Only rows with errors")),
    ]
    if seen.schema:
        filters.append(FlagFilter("raw", _("Show what stands in the cells too")))
    return Table(
        id="rows", caption=_("Rows as read"), columns=columns, filters=filters, page_size=PAGE_SIZE, wide=True,
        anchor="anchor",
    )  # fmt: skip


class _Lines:
    """Makes lines of the table from rows: codes of lists become their names, amounts are amounts again."""

    def __init__(self, seen: Kept) -> None:
        self.seen = seen
        known = registry.schema(seen.schema).columns if seen.schema else ()
        self.names = {column.name: {choice.code: choice.label for choice in column.choices} for column in known}
        self.several = len(_sheets(seen)) > 1

    def line(self, row: RowView) -> SimpleNamespace:
        """One line, with a value `c…` and what stands in the cell `r…` for each column."""
        said = [row.sheet] if self.several else []
        said += [_("from column {column}").format(column=column_letters(row.left))] if row.left else []
        said += [_("hidden row")] if row.is_hidden else []
        said += [_("has errors")] if row.has_error else []
        line = SimpleNamespace(
            number=str(row.number),
            note=" · ".join(said),
            anchor=_anchor(self.seen, row),
        )
        for place, column in enumerate(self.seen.columns):
            value, raw = self._value(column.name, column.kind, row.values[place]), row.raws[place]
            setattr(line, f"c{place}", value)
            setattr(line, f"r{place}", "" if value == raw else raw)
        return line

    def _value(self, name: str, kind: str, value: str | None) -> object:
        if value is None or kind != "money":
            return self.names.get(name, {}).get(value or "", value)
        return Money.of(value)


def _notes(seen: Kept) -> list[str]:
    notes = []
    if any(column.kind == "money" for column in seen.columns):
        notes.append(_("Amounts are in yuan, whatever the unit in the sheet."))
    if seen.rows > KEPT_ROWS:
        text = _("The file has {count} rows; the first {kept}, and later ones with errors, are kept to be looked at.")
        notes.append(text.format(count=shown.count(seen.rows), kept=shown.count(KEPT_ROWS)))
    return notes


# -- Findings ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding in the list."""

    cell: str
    rule: str
    severity: Badge
    value: str
    message: str
    expected: str
    url: str


def findings(request: Request, uid: UUID) -> HttpResponseBase:
    """What was found, each leading to its row."""
    view = _read(request, uid)
    if view.seen is None:
        return redirect("intake:look", uid=uid)
    table = _findings_table(queries.rules_found(uid, actor=request.user))
    ask = Ask.of(request, table)
    wish = FindingWish(severity=ask.text("severity"), rule=ask.text("rule"), sheet=ask.text("in"))
    found = queries.findings(uid, wish, actor=request.user)
    if ask.wants_export:
        every = [_finding_line(view, finding) for finding in queries.as_findings(found)]
        return xlsx_response(table.columns, every, title=_("Findings in {file}").format(file=view.file_name))
    listing = Listing(
        table,
        ask,
        [_finding_line(view, finding) for finding in queries.as_findings(found[ask.window])],
        total=found.count(),
        empty=Empty(_("Nothing was found"), icon="circle-check"),
    )
    return page(request, "intake/table", frame(view, "findings") | {"listing": listing})


def _findings_table(found: Sequence[tuple[str, str]]) -> Table:
    rules, sheets = sorted({rule for rule, _sheet in found}), sorted({sheet for _rule, sheet in found})
    severities = [("error", _("Error")), ("warning", _("Warning"))]
    return Table(
        id="findings",
        caption=_("Findings"),
        columns=[
            Column("cell", _("Cell"), url="url", phone="title", sortable=False),
            Column("severity", _("Severity"), Kind.BADGE, sortable=False),
            Column("message", _("What is wrong"), sortable=False),
            Column("value", _("As written"), sortable=False),
            Column("expected", _("Would be right"), sortable=False),
            Column("rule", _("Rule"), sortable=False, phone="hide"),
        ],
        filters=[
            SelectFilter("severity", _("Severity"), severities, every=_("All")),
            SelectFilter("rule", _("Rule"), [(rule, rule) for rule in rules], every=_("All")),
            SelectFilter("in", _("Sheet"), [(sheet, sheet) for sheet in sheets], every=_("All sheets")),
        ],
        page_size=PAGE_SIZE,
    )


def _finding_line(view: LookView, finding: Finding) -> FindingLine:
    is_error = finding.severity is Severity.ERROR
    address = reverse("intake:rows", args=[view.uid])
    return FindingLine(
        cell=f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet,
        rule=finding.rule,
        severity=Badge(_("Error"), Tone.ALARM) if is_error else Badge(_("Warning"), Tone.WATCH),
        value=finding.value,
        message=str(finding.message),
        expected=finding.expected,
        url=f"{address}?{urlencode({'at': finding.cell, 'sheet': finding.sheet})}" if finding.cell else "",
    )
