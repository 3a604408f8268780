"""The roll-forward of a reporter (收支余表), and the claims behind each of its terms."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from duban.arrears.queries.progress import reporters, territory_of
from duban.arrears.queries.rollforward import Rolled, TermClaim, claims_of_term, rollforward
from duban.arrears.rules.rollforward import Term, View
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.money import Money
from duban.ui import shown
from duban.ui.components import Crumb, Empty
from duban.ui.exports import xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, DayFilter, Kind, Listing, SelectFilter, Table


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the identity, in both views."""

    name: str
    with_judicial: Money
    without_judicial: Money
    with_url: str = ""
    without_url: str = ""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim behind a term."""

    ledger_no: str
    debtor_name: str
    creditor_name: str
    amount: Money
    url: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose roll-forward over which days, as the address says it."""

    unit: str
    start: date
    end: date

    def address(self, name: str, **more: str) -> str:
        """The address of a page about the same."""
        asked = {"unit": self.unit, "from": self.start.isoformat(), "to": self.end.isoformat(), **more}
        return f"{reverse(name)}?{urlencode(asked)}"


def roll_forward(request: Request) -> HttpResponseBase:
    """What was open, what changed it, what is open: with and without what is before a court."""
    access.require(request.user, Permission.ARREARS_VIEW)
    today = timezone.localdate()
    made = _table(request, today)
    ask = Ask.of(request, made)
    asked = Asked(ask.text("unit"), _day(ask, "from", today), _day(ask, "to", today))
    found = rollforward(asked.unit, asked.start, asked.end, request.user)
    heading = _("{unit}: roll-forward").format(unit=found.unit.name)
    lines, notes = _lines(found, asked), _notes(found)
    if ask.wants_export:
        return xlsx_response(made.columns, lines, title=heading, notes=notes)
    context = {
        "heading": heading,
        "lead": _span(found.start, found.end),
        "crumbs": [Crumb(_("Arrears")), Crumb(_("Roll-forward"))],
        "listing": Listing(made, ask, lines, notes=notes),
    }
    return page(request, "arrears/rollforward", context)


def _table(request: Request, today: date) -> Table:
    units = [(unit.code, unit.name) for unit in reporters(actor=request.user, on=today)]
    whole = territory_of(actor=request.user, on=today)
    own = request.user.unit.code
    first = whole.code if whole and whole.code in dict(units) else own
    return Table(
        id="rollforward",
        caption=_("Roll-forward"),
        columns=[
            Column("name", _("Term"), phone="title", sortable=False),
            Column("with_judicial", str(View.WITH_JUDICIAL.label), Kind.MONEY, sortable=False, url="with_url"),
            Column("without_judicial", str(View.WITHOUT_JUDICIAL.label), Kind.MONEY, sortable=False, url="without_url"),
        ],
        filters=[
            SelectFilter("unit", _("Unit"), units, default=first),
            DayFilter("from", _("From"), default=today.replace(day=1)),
            DayFilter("to", _("To"), default=today),
        ],
        tall=True,
    )


def _day(ask: Ask, key: str, today: date) -> date:
    return min(ask.day(key) or today, today)


def _span(start: date, end: date) -> str:
    return _("From {start} to {end}, both days included; in yuan").format(
        start=shown.long_day(start), end=shown.long_day(end)
    )


def _lines(found: Rolled, asked: Asked) -> list[Line]:
    both, without = found.views[View.WITH_JUDICIAL], found.views[View.WITHOUT_JUDICIAL]
    opened = shown.day(found.start - timedelta(days=1))
    return [
        Line(_("Opening balance, end of {day}").format(day=opened), both.opening, without.opening),
        *(
            Line(
                f"{'−' if term.is_subtracted else '+'} {term.label}",
                both.figure(term),
                without.figure(term),
                asked.address("arrears:rollforward_claims", term=term.value, view=View.WITH_JUDICIAL.value),
                asked.address("arrears:rollforward_claims", term=term.value, view=View.WITHOUT_JUDICIAL.value),
            )
            for term in Term
        ),
        Line(
            _("= Closing balance, end of {day}").format(day=shown.day(found.end)), both.closing, without.closing
        ),
    ]  # fmt: skip


def _notes(found: Rolled) -> list[str]:
    beside = [
        _("{account}, beside this and in no rate: {was} at the opening, {now} at the closing.").format(
            account=part.label, was=shown.yuan(was), now=shown.yuan(now)
        )
        for part, (was, now) in found.outside.items()
    ]
    wrong = [
        _("The terms leave {amount} unexplained: the books have to be verified.").format(
            amount=shown.yuan(of_view.difference)
        )
        for of_view in found.views.values()
        if of_view.difference.fen
    ]
    reduced = _("A reduction is no payment; an amount that goes on in another claim is neither new nor reduced.")
    return [*wrong, reduced, *beside]


def claims(request: Request) -> HttpResponseBase:
    """The claims behind a term, the largest first."""
    access.require(request.user, Permission.ARREARS_VIEW)
    today = timezone.localdate()
    made = _claims_table()
    ask = Ask.of(request, made)
    asked = Asked(
        request.GET.get("unit") or request.user.unit.code, _day(ask, "from", today), _day(ask, "to", today)
    )  # fmt: skip
    term, view = Term(ask.text("term")), View(ask.text("view"))
    rows = claims_of_term(asked.unit, asked.start, asked.end, request.user, term=term, view=view)
    heading = _("{term}: claims").format(term=term.label)
    notes = [f"{_span(asked.start, asked.end)} · {view.label}"]
    if ask.wants_export:
        return xlsx_response(made.columns, rows, title=heading, notes=notes)
    total = {"amount": sum((row.amount for row in rows), Money.from_fen(0))}
    listing = Listing.of(made, ask, rows)
    lines = [_claim_line(row) for row in listing.rows]
    context = {
        "heading": heading,
        "lead": notes[0],
        "crumbs": [Crumb(_("Roll-forward"), asked.address("arrears:rollforward")), Crumb(str(term.label))],
        "listing": replace(listing, rows=lines, totals=total, empty=Empty(_("No claim is behind this."))),
    }
    return page(request, "arrears/rollforward", context)


def _claims_table() -> Table:
    return Table(
        id="term-claims",
        caption=_("Claims"),
        columns=[
            Column("ledger_no", _("Ledger number"), url="url", phone="title"),
            Column("debtor_name", _("Debtor")),
            Column("creditor_name", _("Creditor")),
            Column("amount", _("Amount (yuan)"), Kind.MONEY),
        ],
        filters=[
            SelectFilter("term", _("Term"), [(term.value, str(term.label)) for term in Term], default=Term.NEW),
            SelectFilter(
                "view", _("View"), [(view.value, str(view.label)) for view in View], default=View.WITH_JUDICIAL
            ),
            DayFilter("from", _("From")),
            DayFilter("to", _("To")),
        ],
        sort="-amount",
    )


def _claim_line(row: TermClaim) -> ClaimLine:
    url = reverse("arrears:claim", args=[row.uid])
    return ClaimLine(row.ledger_no, row.debtor_name, row.creditor_name, row.amount, url)
