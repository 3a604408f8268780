"""The bridge between two campaigns (衔接表), and the claims behind each of its cells."""

from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from duban.arrears.queries.campaigns import bridge as queries
from duban.arrears.queries.campaigns.bridge import BridgeTable, bridge_claims, bridge_table
from duban.arrears.queries.campaigns.campaign import CampaignView, campaign, campaigns
from duban.arrears.queries.campaigns.places import places
from duban.arrears.rules.bases import Bridge
from duban.arrears.rules.campaigns import Out
from duban.arrears.views.campaigns.listing import crumbs, to_campaign
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO
from duban.ui import shown
from duban.ui.components import Crumb
from duban.ui.exports import xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, DayFilter, Kind, Listing, SelectFilter, Table

EVERY_CLAIM = 1_000_000


def cell_name(cell: str) -> str:
    """What a cell of the bridge holds, in words."""
    names = {
        queries.OLD: _("Old base"),
        queries.LEFT: _("Left"),
        queries.RAISED: _("Raised"),
        queries.LOWERED: _("Lowered"),
        queries.ENTERED: _("Newly in"),
        queries.NEW: _("New base"),
    }
    name, _dash, reason = cell.partition("-")
    return _("{name}: {value}").format(name=names[name], value=Out(reason).label) if reason else names[name]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Two campaigns and a day."""

    old: CampaignView
    new: CampaignView
    on: date

    def url(self, cell: str, unit: str) -> str:
        """The claims of a cell."""
        asked = {"old": str(self.old.uid), "on": self.on.isoformat(), "cell": cell, "unit": unit}
        return f"{reverse('arrears:campaign_bridge_claims', args=[self.new.uid])}?{urlencode(asked)}"


def table(found: BridgeTable | None, others: list[tuple[str, str]], today: date) -> Table:
    """The columns: the old base, why claims left, what changed, what entered, the new base."""
    left = [f"left_{out.value}" for out in found.reasons] if found else []
    labels = [str(out.label) for out in found.reasons] if found else []
    return Table(
        id="bridge",
        caption=_("Bridge by unit"),
        columns=[
            Column("name", _("Unit"), phone="title", sortable=False),
            _money("old", cell_name(queries.OLD)),
            *(_money(key, label, group=_("Less: left")) for key, label in zip(left, labels, strict=True)),
            _money("raised", cell_name(queries.RAISED), group=_("Changed")),
            _money("lowered", cell_name(queries.LOWERED), group=_("Changed")),
            _money("entered", cell_name(queries.ENTERED)),
            _money("new", cell_name(queries.NEW)),
        ],
        filters=[
            SelectFilter("old", _("Old campaign"), others, default=others[0][0] if others else ""),
            DayFilter("on", _("As of"), default=today),
        ],
        page_size=200,
        wide=True,
        tall=True,
    )


def _money(key: str, label: str, *, group: str = "") -> Column:
    return Column(key, label, Kind.MONEY, url=f"{key}_url", group=group)


def bridge(request: Request, uid: UUID) -> HttpResponseBase:
    """How the base of another campaign becomes the base of this one."""
    access.require(request.user, Permission.ARREARS_VIEW)
    today = timezone.localdate()
    new = campaign(uid, actor=request.user, on=today)
    others = [(str(row.uid), row.name) for row in campaigns(actor=request.user, on=today) if row.uid != uid]
    ask = Ask.of(request, table(None, others, today))
    on = min(ask.day("on") or today, today)
    found, refusal, asked = None, "", None
    if others:
        asked = _asked(request, uid, ask.text("old") or others[0][0], on)
        try:
            found = bridge_table(asked.old, asked.new, on=on, actor=request.user)
        except DomainError as refused:
            refusal = str(refused)
    made = table(found, others, today)
    heading = _("Bridge to {campaign}").format(campaign=new.name)
    lines = _lines(found, asked) if found and asked else []
    total = _line(_("Total"), "", found.total, asked) if found and asked else None
    notes = _notes(asked) if asked else []
    if ask.wants_export:
        return xlsx_response(made.columns, [*lines, *([total] if total else [])], title=heading, notes=notes)
    context = {
        "heading": heading,
        "lead": _("from {campaign}").format(campaign=asked.old.name) if asked else _("There is no other campaign."),
        "crumbs": crumbs(to_campaign(new), Crumb(_("Bridge"))),
        "refusal": refusal,
        "listing": replace(Listing.of(made, ask, lines), totals=total, notes=notes),
    }
    return page(request, "arrears/campaign_rows", context)


def _asked(request: Request, new: UUID, old: str, on: date) -> _Asked:
    return _Asked(campaign(UUID(old), actor=request.user, on=on), campaign(new, actor=request.user, on=on), on)


def _lines(found: BridgeTable, asked: _Asked) -> list[SimpleNamespace]:
    named = places(on=asked.on)
    return [
        _line(named.names.get(row.unit_code, row.unit_code), row.unit_code, row.bridge, asked)
        for row in sorted(found.rows, key=lambda row: named.order(row.unit_code))
    ]


def _line(name: str, unit: str, found: Bridge, asked: _Asked) -> SimpleNamespace:
    cells = {cell: getattr(found, cell) for cell in queries.CELLS if cell != queries.LEFT}
    urls = {f"{cell}_url": asked.url(cell, unit) for cell in cells}
    for out in Out:
        cells[f"left_{out.value}"] = found.left.get(out.value, ZERO)
        urls[f"left_{out.value}_url"] = asked.url(f"left-{out.value}", unit)
    return SimpleNamespace(name=name, **cells, **urls)


def _notes(asked: _Asked) -> list[str]:
    return [
        _("Both bases as of {day}, with every order approved by then.").format(day=shown.day(asked.on)),
        _("Old base − left + raised − lowered + entered = new base, for every unit, to the cent."),
    ]


def claims_table() -> Table:
    """The claims of a cell."""
    return Table(
        id="bridge-claims",
        caption=_("Claims of the cell"),
        columns=[
            Column("ledger_no", _("Ledger number"), url="url", phone="title", sortable=False),
            Column("debtor", _("Debtor"), sortable=False),
            Column("creditor", _("Creditor"), sortable=False),
            Column("before", cell_name(queries.OLD), Kind.MONEY, sortable=False),
            Column("after", cell_name(queries.NEW), Kind.MONEY, sortable=False),
            Column("why", _("Why it left"), sortable=False),
        ],
    )


def claims(request: Request, uid: UUID) -> HttpResponseBase:
    """The claims behind a cell of the bridge."""
    access.require(request.user, Permission.ARREARS_VIEW)
    cell, unit, old = (request.GET.get(name, "") for name in ("cell", "unit", "old"))
    try:
        asked = _asked(request, uid, old, date.fromisoformat(request.GET.get("on", "")))
        heading = cell_name(cell)
    except (ValueError, KeyError) as nonsense:
        raise Http404 from nonsense
    made = claims_table()
    ask = Ask.of(request, made)
    window = slice(0, EVERY_CLAIM) if ask.wants_export else ask.window
    found = bridge_claims(asked.old, asked.new, cell, on=asked.on, actor=request.user, window=window, unit=unit)
    lines = [
        SimpleNamespace(
            ledger_no=row.ledger_no, debtor=row.debtor_name, creditor=row.creditor_name, before=row.before,
            after=row.after, why=str(row.out.label) if row.out else "", url=reverse("arrears:claim", args=[row.uid]),
        )
        for row in found
    ]  # fmt: skip
    if ask.wants_export:
        return xlsx_response(made.columns, lines, title=heading, notes=_notes(asked))
    place = places(on=asked.on).names.get(unit, _("all units"))
    bridge_url = (
        f"{reverse('arrears:campaign_bridge', args=[uid])}?{urlencode({'old': old, 'on': asked.on.isoformat()})}"
    )
    context = {
        "heading": heading,
        "lead": f"{asked.old.name} → {asked.new.name} · {place}",
        "crumbs": crumbs(to_campaign(asked.new), Crumb(_("Bridge"), bridge_url), Crumb(heading)),
        "listing": Listing(made, ask, lines, notes=_notes(asked)),
    }
    return page(request, "arrears/campaign_rows", context)
