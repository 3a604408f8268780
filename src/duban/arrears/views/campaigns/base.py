"""The claims of a base, with what counts of each."""

from types import SimpleNamespace
from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears.queries.campaigns.campaign import campaign
from duban.arrears.queries.campaigns.places import places
from duban.arrears.queries.campaigns.progress import base_claims
from duban.arrears.views.campaigns.listing import crumbs, to_campaign
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.ui import shown
from duban.ui.components import Badge, Crumb
from duban.ui.exports import xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, DayFilter, Kind, Listing, SelectFilter, Table

EVERY_CLAIM = 1_000_000


def base(request: Request, uid: UUID) -> HttpResponseBase:
    """The claims behind the progress of a unit, or of all."""
    access.require(request.user, Permission.ARREARS_VIEW)
    today = timezone.localdate()
    named = places(on=today)
    made = Table(
        id="base-claims",
        caption=_("Claims of the base"),
        columns=[
            Column("ledger_no", _("Ledger number"), url="url", phone="title", sortable=False),
            Column("debtor", _("Debtor"), sortable=False),
            Column("creditor", _("Creditor"), sortable=False),
            Column("amount", _("Base"), Kind.MONEY, sortable=False),
            Column("stated", _("Stated"), Kind.MONEY, group=_("Cleared"), sortable=False),
            Column("verified", _("Verified"), Kind.MONEY, group=_("Cleared"), sortable=False),
            Column("small", _("Remark"), Kind.BADGE, sortable=False),
        ],
        filters=[
            SelectFilter("unit", _("Unit"), [(unit.code, unit.name) for unit in named.units], every=_("all units")),
            DayFilter("as_of", _("As of"), default=today),
        ],
    )
    ask = Ask.of(request, made)
    as_of = min(ask.day("as_of") or today, today)
    found = campaign(uid, actor=request.user, on=as_of)
    window = slice(0, EVERY_CLAIM) if ask.wants_export else ask.window
    rows = base_claims(found, as_of=as_of, actor=request.user, window=window, unit=ask.text("unit"))
    lines = [
        SimpleNamespace(
            ledger_no=row.ledger_no, debtor=row.debtor_name, creditor=row.creditor_name, amount=row.amount,
            stated=row.stated, verified=row.verified, small=Badge(_("Small")) if row.is_small else None,
            url=reverse("arrears:claim", args=[row.uid]),
        )
        for row in rows
    ]  # fmt: skip
    heading = _("{campaign}: claims of the base").format(campaign=found.name)
    notes = [
        _("As of {day}; counted by the day of the ledger.").format(day=shown.day(as_of)),
        _("Progress: what was cleared of each claim, at most its base, over the base."),
    ]
    if ask.wants_export:
        return xlsx_response(made.columns, lines, title=heading, notes=notes)
    context = {
        "heading": heading,
        "lead": named.names.get(ask.text("unit"), _("all units")),
        "crumbs": crumbs(to_campaign(found), Crumb(_("Claims of the base"))),
        "listing": Listing(made, ask, lines, notes=notes),
    }
    return page(request, "arrears/campaign_rows", context)
