"""The trail: who did what, on what, when, from where."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from duban.audit import queries
from duban.audit.queries import TrailWish
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.ui.components import Crumb
from duban.ui.exports import xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, DayFilter, Kind, Listing, SearchFilter, SelectFilter, Table


def trail(request: Request) -> HttpResponse:
    """Acts, the latest first; filtered and exported as shown."""
    access.require(request.user, Permission.TRAIL_VIEW)
    table = _table(request)
    ask = Ask.of(request, table)
    wish = TrailWish(text=ask.text("q"), action=ask.text("action"), since=ask.day("since"), until=ask.day("until"))
    if ask.wants_export:
        rows = queries.whole_trail(wish, actor=request.user)
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
    actions = [(action, action) for action in queries.actions(actor=request.user)]
    return Table(
        id="trail",
        caption=_("Acts"),
        columns=[
            Column("at", _("When"), Kind.INSTANT, sortable=False, phone="title"),
            Column("who", _("Who"), sortable=False),
            Column("words", _("What"), note="changes", sortable=False),
            Column("action", _("Action"), sortable=False, phone="hide"),
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
