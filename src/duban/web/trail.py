"""The trail: who did what, on what, when, from where."""

from functools import partial

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from duban.audit import queries
from duban.audit.queries import TrailWish
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.identity.streaming import batches
from duban.kernel.words import N_
from duban.ui.components import Crumb
from duban.ui.exports import xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, DayFilter, Kind, Listing, SearchFilter, SelectFilter, Table

_ACTIONS = {
    "identity.signed_in": N_("Sign-in"),
    "identity.signed_out": N_("Sign-out"),
    "identity.sign_in_refused": N_("Refused sign-in"),
    "identity.password_changed": N_("Password change"),
    "identity.password_set": N_("First password"),
    "identity.appointed": N_("Appointment"),
    "identity.appointment_ended": N_("End of an appointment"),
    "identity.appointment_changed": N_("Change of appointment"),
    "identity.deactivated": N_("Account closed"),
    "identity.reactivated": N_("Account opened again"),
    "identity.units_loaded": N_("Units loaded"),
    "identity.units_merged": N_("Units merged"),
    "arrears.statement_received": N_("Workbook handed in"),
    "arrears.statement_checked": N_("Workbook checked"),
    "arrears.statement_refused": N_("Workbook refused"),
    "arrears.statement_decided": N_("Decision to enter"),
    "arrears.statement_accepted": N_("Workbook entered"),
    "arrears.statement_answered": N_("Decision on questions"),
    "arrears.statement_submitted": N_("Workbook submitted"),
    "arrears.statement_returned": N_("Workbook returned"),
    "arrears.statement_withdrawn": N_("Workbook taken back"),
    "arrears.moved": N_("Amount moved"),
    "arrears.reversed": N_("Entry reversed"),
}


def action_name(action: str) -> str:
    """What an action is called; its code where it has no name."""
    return _(_ACTIONS[action]) if action in _ACTIONS else action


def trail(request: Request) -> HttpResponseBase:
    """Acts, the latest first; filtered and exported as shown."""
    access.require(request.user, Permission.TRAIL_VIEW)
    table = _table(request)
    ask = Ask.of(request, table)
    wish = TrailWish(text=ask.text("q"), action=ask.text("action"), since=ask.day("since"), until=ask.day("until"))
    if ask.wants_export:
        rows = batches(request.token, partial(queries.trail_after, wish))
        return xlsx_response(table.columns, rows, title=_("Trail"))
    listing = Listing(table, ask, queries.trail(wish, actor=request.user, window=ask.window))
    context = {
        "heading": _("Trail"),
        "lead": _("Rows are only ever added; nobody can change or delete one."),
        "crumbs": [Crumb(_("Audit")), Crumb(_("Trail"))],
        "listing": listing,
    }
    return page(request, "web/trail", context)


def _table(request: Request) -> Table:
    actions = [(action, action_name(action)) for action in queries.actions(actor=request.user)]
    return Table(
        id="trail",
        caption=_("Acts"),
        columns=[
            Column("at", _("When"), Kind.INSTANT, sortable=False, phone="title"),
            Column("who", _("Who"), sortable=False),
            Column("words", _("What"), note="changes", sortable=False),
            Column("subject", _("On what"), sortable=False, phone="hide"),
            Column("via", _("By way of"), note="address", sortable=False, phone="hide"),
            Column("request_id", _("Request"), sortable=False, phone="hide"),
        ],
        filters=[
            SearchFilter("q", _("Search"), placeholder=_("Who, or on what")),
            SelectFilter("action", _("Action"), actions, every=_("All actions")),
            DayFilter("since", _("From")),
            DayFilter("until", _("To")),
        ],
        wide=True,
    )
