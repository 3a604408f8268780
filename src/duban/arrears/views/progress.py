"""The progress table (进度表)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duban.arrears.charts import progress_chart
from duban.arrears.queries.progress import ProgressRow, ProgressTable, progress_table
from duban.arrears.rules.position import NOT_VERIFIED
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.money import Money, Unit
from duban.ui import shown
from duban.ui.components import Badge, Crumb, Tile, Tone
from duban.ui.exports import xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, DayFilter, Kind, Listing, Table

OWED, CLEARED, RATE = gettext_lazy("Owed"), gettext_lazy("Cleared"), gettext_lazy("Progress")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table with the addresses behind its figures."""

    place: int
    name: str
    section: str
    claims: int
    recognised: Money
    undisputed: Money
    disputed: Money
    judicial: Money
    open: Money
    outside: Money
    stated: Money
    counted: Money
    stated_rate: Decimal | None
    counted_rate: Decimal | None
    state: Badge | None
    url: str
    undisputed_url: str
    disputed_url: str
    judicial_url: str
    open_url: str
    outside_url: str
    stated_url: str
    counted_url: str


def table(today: date) -> Table:
    """The columns, in the order an office prints them."""
    return Table(
        id="progress-table",
        caption=_("Progress by unit"),
        columns=[
            Column("name", _("Unit"), url="url", phone="title", sortable=False),
            Column("claims", _("Claims"), Kind.INT, url="url"),
            _wan("recognised", _("Recognised"), url="url"),
            _wan("undisputed", _("Undisputed"), group=str(OWED), url="undisputed_url"),
            _wan("disputed", _("Disputed"), group=str(OWED), url="disputed_url", phone="hide"),
            _wan("judicial", _("Judicial"), group=str(OWED), url="judicial_url", phone="hide"),
            _wan("open", _("Due and open"), group=str(OWED), url="open_url"),
            _wan("stated", _("Stated"), group=str(CLEARED), url="stated_url"),
            _wan("counted", _("Verified"), group=str(CLEARED), url="counted_url"),
            Column("stated_rate", _("Stated"), Kind.RATE, group=str(RATE), bar=True),
            Column("counted_rate", _("Verified"), Kind.RATE, group=str(RATE)),
            _wan("outside", _("Not due or unsettled"), url="outside_url", phone="hide"),
            Column("state", _("Remark"), Kind.BADGE, sortable=False),
        ],
        filters=[DayFilter("as_of", _("As of"), default=today)],
        section="section",
        page_size=200,
        wide=True,
        tall=True,
    )


def _wan(key: str, label: str, *, url: str, group: str = "", phone: Literal["show", "hide"] = "show") -> Column:
    return Column(key, label, Kind.MONEY, unit=Unit.WAN, url=url, group=group, phone=phone)


def progress(request: Request) -> HttpResponseBase:
    """Where the ledger of the region stands, by unit, under both counting rules."""
    access.require(request.user, Permission.ARREARS_VIEW)
    today = timezone.localdate()
    made = table(today)
    ask = Ask.of(request, made)
    as_of = min(ask.day("as_of") or today, today)
    found = progress_table(actor=request.user, as_of=as_of)
    lines = [_line(row, as_of, today) for row in found.rows]
    place = found.root.name if found.root else ""
    heading = _("{place} arrears: progress table").format(place=place).strip()
    notes = _notes(as_of, found.total)
    if ask.wants_export:
        return xlsx_response(made.columns, [*lines, _total(found, as_of, today)], title=heading, notes=notes)
    listing = replace(Listing.of(made, ask, lines), totals=_total(found, as_of, today), notes=notes)
    context = {
        "heading": heading,
        "lead": _("As of {day}, in 万元").format(day=shown.long_day(as_of)),
        "crumbs": [Crumb(_("Arrears")), Crumb(_("Progress table"))],
        "listing": listing,
        "tiles": position_tiles(found.total, as_of=as_of, today=today),
        "chart": progress_chart(found.rows) if len(found.rows) > 1 else None,
    }
    return page(request, "arrears/progress", context)


def _notes(as_of: date, total: ProgressRow) -> list[str]:
    unverified = total.counted_rate is None and total.stated_rate is not None
    return [
        *([str(NOT_VERIFIED)] if unverified else []),
        _("As of {day}; counted by the day of the ledger.").format(day=shown.day(as_of)),
        _(
            "Stated: rule C0, everything stated as paid. "
            "Verified: rule C1, money that arrived, enforcement, and set-off signed by the creditor."
        ),
        _("Progress is over everything due; no base has been signed yet."),
        _("Amounts are rounded, so sums may differ in the last digit."),
    ]


def _line(row: ProgressRow, as_of: date, today: date) -> Line:
    # Encoded once, for eight addresses.
    asked = {"unit": row.unit_code, "as_of": "" if as_of == today else as_of.isoformat()}
    ledger = f"{reverse('arrears:ledger')}?{urlencode({name: value for name, value in asked.items() if value})}"

    def to(part: str = "") -> str:
        return f"{ledger}&part={part}" if part else ledger

    return Line(
        place=row.place,
        name=row.unit_name,
        section=str(row.group.label),
        claims=row.claims,
        recognised=row.recognised,
        undisputed=row.undisputed,
        disputed=row.disputed,
        judicial=row.judicial,
        open=row.open,
        outside=row.outside,
        stated=row.stated,
        counted=row.counted,
        stated_rate=row.stated_rate,
        counted_rate=row.counted_rate,
        state=Badge(_("Nothing cleared"), Tone.WATCH) if row.is_zero else None,
        url=to(),
        **{
            f"{part}_url": to(part)
            for part in ("undisputed", "disputed", "judicial", "open", "outside", "stated", "counted")
        },
    )


def _total(found: ProgressTable, as_of: date, today: date) -> Line:
    return _line(found.total, as_of, today)


def position_tiles(total: ProgressRow, *, as_of: date, today: date) -> list[Tile]:
    """A position in four figures, each the way to its claims."""
    line = _line(total, as_of, today)
    wan = _("万元")
    count = _("{count} claims").format(count=shown.count(total.claims))
    undisputed = _("undisputed {amount}").format(amount=shown.wan(total.undisputed))
    verified = _("verified")
    return [
        Tile(_("Recognised"), shown.wan(total.recognised), wan, note=count, url=line.url),
        Tile(_("Due and open"), shown.wan(total.open), wan, note=undisputed, url=line.open_url),
        Tile(
            _("Cleared, as stated"), shown.wan(total.stated), wan, pair=(verified, shown.wan(total.counted)),
            url=line.stated_url,
        ),
        Tile(
            _("Progress, as stated"), shown.percent(line.stated_rate), pair=(verified, shown.percent(line.counted_rate))
        ),
    ]  # fmt: skip
