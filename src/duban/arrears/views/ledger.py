"""The ledger (台账)."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from duban.arrears.queries.ledger import (
    LedgerRow,
    LedgerWish,
    ledger_after,
    ledger_count,
    ledger_page,
    ledger_totals,
)
from duban.arrears.queries.progress import reporters
from duban.arrears.rules.ageing import days_overdue
from duban.arrears.words import label
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.identity.streaming import batches
from duban.kernel.money import Money
from duban.ui import shown
from duban.ui.components import Action, Crumb
from duban.ui.exports import xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, DayFilter, Kind, Listing, SearchFilter, SelectFilter, Table


@dataclass(frozen=True, slots=True)
class Line:
    """A claim as it is listed."""

    ledger_no: str
    debtor_name: str
    creditor_name: str
    category: str
    due_on: date | None
    days_overdue: int | None
    recognised: Money
    stated: Money
    open: Money
    url: str


def parts() -> list[tuple[str, str]]:
    """What a figure of the progress table may be made of."""
    return [
        ("open", _("Due and open")),
        ("undisputed", _("Undisputed")),
        ("disputed", _("Disputed")),
        ("judicial", _("Judicial")),
        ("stated", _("Cleared, as stated")),
        ("counted", _("Cleared, verified")),
        ("outside", _("Not due or unsettled")),
    ]


def table(request: Request, today: date) -> Table:
    """The columns and the ways to narrow them."""
    units = [(unit.code, unit.name) for unit in reporters(actor=request.user, on=today)]
    return Table(
        id="ledger",
        caption=_("Claims"),
        columns=[
            Column("ledger_no", _("Ledger number"), url="url", phone="title"),
            Column("debtor_name", _("Debtor"), sortable=False),
            Column("creditor_name", _("Creditor"), sortable=False),
            Column("category", _("Category"), sortable=False, phone="hide"),
            Column("due_on", _("Due on"), Kind.DAY),
            Column("days_overdue", _("Days overdue"), Kind.INT, sortable=False, phone="hide"),
            Column("recognised", _("Recognised"), Kind.MONEY),
            Column("stated", _("Cleared, as stated"), Kind.MONEY),
            Column("open", _("Due and open"), Kind.MONEY),
        ],
        filters=[
            SearchFilter("q", _("Search"), placeholder=_("Number, debtor or creditor")),
            SelectFilter("unit", _("Unit"), units, every=_("All units")),
            SelectFilter("part", _("Part"), parts(), every=_("All claims")),
            DayFilter("as_of", _("As of"), default=today),
        ],
        sort="-open",
        wide=True,
    )


def ledger(request: Request) -> HttpResponseBase:
    """The claims that a figure is made of."""
    access.require(request.user, Permission.ARREARS_VIEW)
    today = timezone.localdate()
    made = table(request, today)
    ask = Ask.of(request, made)
    as_of = min(ask.day("as_of") or today, today)
    wish = LedgerWish(
        as_of=None if as_of == today else as_of,
        unit=request.GET.get("unit", ""),  # a unit that is not the reader's lists nothing, rather than everything
        part=ask.text("part"),
        text=ask.text("q"),
        sort=ask.sort,
        descending=ask.descending,
    )
    notes = [_("As of {day}; amounts in yuan.").format(day=shown.day(as_of))]
    if ask.wants_export:
        rows = (_line(row, as_of, today) for row in batches(request.token, partial(ledger_after, wish)))
        return xlsx_response(made.columns, rows, title=_("Arrears ledger"), notes=notes)
    count, more = ledger_count(wish, actor=request.user)
    listing = Listing(
        made,
        ask,
        [_line(row, as_of, today) for row in ledger_page(wish, actor=request.user, window=ask.window)],
        total=count,
        capped=more,
        totals=None if more else ledger_totals(wish, actor=request.user),
        notes=notes,
    )
    context = {
        "heading": _("Arrears ledger"),
        "lead": _("As of {day}, in yuan").format(day=shown.long_day(as_of)),
        "crumbs": [Crumb(_("Arrears")), Crumb(_("Ledger"))],
        "actions": _actions(request.user),
        "listing": listing,
    }
    return page(request, "arrears/ledger", context)


def _actions(actor: Appointment) -> list[Action]:
    if not access.may(actor, Permission.ARREARS_POST):
        return []
    return [
        Action(_("Proposals"), reverse("arrears:drafts"), "scale"),
        Action(_("Enter a claim"), reverse("arrears:recognise"), "plus"),
    ]


def _line(row: LedgerRow, as_of: date, today: date) -> Line:
    asked = "" if as_of == today else f"?{urlencode({'as_of': as_of.isoformat()})}"
    return Line(
        ledger_no=row.ledger_no,
        debtor_name=row.debtor_name,
        creditor_name=row.creditor_name,
        category=label("category", row.category),
        due_on=row.due_on,
        days_overdue=days_overdue(row.due_on, as_of=as_of) if row.due_on and row.open > Money.from_fen(0) else None,
        recognised=row.recognised,
        stated=row.stated,
        open=row.open,
        url=reverse("arrears:claim", args=[row.uid]) + asked,
    )
