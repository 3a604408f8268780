"""A year of reports at a glance: reporters by months."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duban.arrears.queries.board import BoardRow, board
from duban.arrears.rules.reporting import Outcome, month_of
from duban.arrears.views.board import TONES, as_of, label, url
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.ui.components import Badge, Crumb, Tab, Tone
from duban.ui.exports import xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, Kind, Listing, SearchFilter, Table


def year(request: Request) -> HttpResponseBase:
    """What each month of a year has come to, reporter by reporter."""
    access.require(request.user, Permission.ARREARS_VIEW)
    today = timezone.localdate()
    given = request.GET.get("year", "")
    asked = min(int(given), today.year) if given.isascii() and given.isdigit() and len(given) == 4 else today.year
    months = [first for number in range(1, 13) if (first := date(asked, number, 1)) <= month_of(today)]
    rows = board(actor=request.user, months=months, today=today)
    made = _year_table(asked, months)
    ask = Ask.of(request, made)
    wanted = [_year_line(row, request) for row in rows if ask.text("q") in row.unit.name]
    heading = _("Reports of {year}").format(year=asked)
    if ask.wants_export:
        return xlsx_response(made.columns, wanted, title=heading, notes=[as_of()])
    context = {
        "heading": heading,
        "lead": _("Each month opens its statement."),
        "crumbs": [Crumb(_("Arrears")), Crumb(_("Reporting"), reverse("arrears:board")), Crumb(str(asked))],
        "tabs": [
            Tab(str(each), f"{reverse('arrears:board_year')}?year={each}", active=each == asked)
            for each in range(today.year, today.year - 5, -1)
        ],
        "listing": replace(Listing.of(made, ask, wanted), notes=[as_of()]),
    }
    return page(request, "arrears/board", context)


def _year_table(asked: int, months: Sequence[date]) -> Table:
    columns = [
        Column(f"m{first.month}", _("{month:02}").format(month=first.month), Kind.BADGE, sortable=False,
               url=f"url{first.month}", group=str(asked))
        for first in months
    ]  # fmt: skip
    return Table(
        id="year",
        caption=_("Reports by unit and month"),
        columns=[Column("name", _("Unit"), phone="title"), *columns],
        filters=[SearchFilter("q", _("Search"), placeholder=_("Unit"))],
        section="section",
        page_size=200,
        wide=True,
        tall=True,
    )


def _year_line(row: BoardRow, request: Request) -> SimpleNamespace:
    values: dict[str, object] = {"name": row.unit.name, "section": str(row.group.label)}
    for first, cell in row.cells.items():
        is_blank = cell.state == Outcome.NOT_EXPECTED
        values[f"m{first.month}"] = None if is_blank else Badge(_short(cell.state), TONES.get(cell.state, Tone.INFO))
        values[f"url{first.month}"] = url(cell, request)
    return SimpleNamespace(**values)


def _short(code: str) -> str:
    """The name of a state where twelve stand side by side."""
    short = {
        "received": pgettext("short", "Received"),
        "checked": pgettext("short", "Checked"),
        "accepting": pgettext("short", "Entering"),
        "accepted": pgettext("short", "Entered"),
        Outcome.ZERO: pgettext("short", "Zero"),
        Outcome.ZERO_VOID: pgettext("short", "Void"),
        Outcome.MISSING: pgettext("short", "Missing"),
    }
    return short.get(code, label(code))
