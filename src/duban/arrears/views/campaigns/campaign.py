"""One campaign: its rule in words, its base, its orders and targets, and progress by unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from duban.arrears.campaign_words import clause_value, rule_name, scope_facts
from duban.arrears.queries.campaigns import bases
from duban.arrears.queries.campaigns.bases import OrderRow, approved_orders
from duban.arrears.queries.campaigns.campaign import CampaignView, campaign, clause_versions
from duban.arrears.queries.campaigns.matching import members_count
from duban.arrears.queries.campaigns.places import Places, places, reporters_of
from duban.arrears.queries.campaigns.progress import ProgressRow, added_up, campaign_progress
from duban.arrears.queries.campaigns.targets import TargetRow, targets
from duban.arrears.rules.bases import NOT_ASSESSED, OrderState, progress_of
from duban.arrears.rules.campaigns import Clause
from duban.arrears.rules.targets import Metric, Reached
from duban.arrears.views.campaigns.listing import crumbs
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import ZERO, Unit
from duban.ui import shown
from duban.ui.components import Action, Badge, Crumb, Fact, Tile, Tone
from duban.ui.exports import xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, DayFilter, Kind, Listing, Table

STATES = {OrderState.WAITING: Tone.WATCH, OrderState.APPROVED: Tone.GOOD, OrderState.REFUSED: Tone.QUIET}
STANDINGS = {
    Reached.REACHED: Tone.GOOD,
    Reached.AHEAD: Tone.INFO,
    Reached.NEAR: Tone.WATCH,
    Reached.MISSED: Tone.ALARM,
    Reached.UNKNOWN: Tone.QUIET,
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A campaign, a day, and who asks."""

    campaign: CampaignView
    as_of: date
    actor: Appointment
    places: Places
    is_signed: bool


def table(today: date) -> Table:
    """Progress by unit."""
    return Table(
        id="campaign-progress",
        caption=_("Progress by unit"),
        columns=[
            Column("name", _("Unit"), phone="title", sortable=False),
            Column("claims", _("Claims"), Kind.INT, url="url"),
            Column("base", _("Base"), Kind.MONEY, unit=Unit.WAN, url="url"),
            Column("stated", _("Stated"), Kind.MONEY, unit=Unit.WAN, group=_("Cleared"), url="url"),
            Column("verified", _("Verified"), Kind.MONEY, unit=Unit.WAN, group=_("Cleared"), url="url"),
            Column("stated_rate", _("Stated"), Kind.RATE, group=_("Progress"), bar=True),
            Column("verified_rate", _("Verified"), Kind.RATE, group=_("Progress")),
            Column("small", _("Small claims at zero"), sortable=False, phone="hide"),
            Column("state", _("Remark"), Kind.BADGE, sortable=False),
        ],
        filters=[DayFilter("as_of", _("As of"), default=today)],
        page_size=200,
        wide=True,
        tall=True,
    )


def one(request: Request, uid: UUID) -> HttpResponseBase:
    """A campaign as it stands on a day."""
    access.require(request.user, Permission.ARREARS_VIEW)
    today = timezone.localdate()
    made = table(today)
    ask = Ask.of(request, made)
    as_of = min(ask.day("as_of") or today, today)
    found = campaign(uid, actor=request.user, on=as_of)
    asked = _Asked(found, as_of, request.user, places(on=as_of), bool(approved_orders(found.id, on=as_of)))
    rows = campaign_progress(found, as_of=as_of, actor=request.user)
    total = added_up(rows, is_signed=asked.is_signed)
    lines = _lines(rows, asked)
    if ask.wants_export:
        title = _("{campaign}: progress by unit").format(campaign=found.name)
        return xlsx_response(made.columns, [*lines, _line(total, _("Total"), asked)], title=title, notes=_notes(asked))
    listing = replace(Listing.of(made, ask, lines), totals=_line(total, "", asked), notes=_notes(asked))
    orders = bases.orders(found.id, actor=request.user)
    context = {
        "heading": found.name,
        "lead": _("{code}, by {source}; as of {day}").format(
            code=found.code, source=found.source, day=shown.long_day(as_of)
        ),
        "crumbs": [*crumbs(), Crumb(found.code)],
        "actions": _actions(found, asked.is_signed),
        "found": found,
        "tiles": _tiles(total, asked),
        "not_signed": "" if asked.is_signed else str(total.progress.why_none),
        "listing": listing if asked.is_signed else None,
        "facts": _facts(found, asked.places),
        "orders": [_order(order) for order in orders],
        "targets": _targets(request, asked),
        "versions": [
            (str(row.clause.label), shown.day(row.since), clause_value(row, asked.places.names), row.source)
            for row in clause_versions(found.id)
        ],
    }
    return page(request, "arrears/campaign", context)


def _actions(found: CampaignView, is_signed: bool) -> list[Action]:
    bridge = Action(_("Bridge to another campaign"), reverse("arrears:campaign_bridge", args=[found.uid]))
    if not found.may_manage:
        return [bridge]

    def clause(name: str) -> str:
        return reverse("arrears:campaign_clause", args=[found.uid, name])

    def order(name: str) -> str:
        return reverse("arrears:campaign_order", args=[found.uid, name])

    if is_signed:
        drafts = [
            Action(_("Adjust the base for members"), order("members")),
            Action(_("Correct amounts"), order("corrected")),
        ]
    else:
        drafts = [Action(_("Establish the base"), order("established"))]
    return [
        Action(_("Members"), reverse("arrears:campaign_members", args=[found.uid]), icon="list-details"),
        *drafts,
        Action(_("Set a target"), clause("target")),
        *(Action(str(name.label), clause(name.value)) for name in (Clause.SCOPE, Clause.COUNTING, Clause.SMALL)),
        Action(_("Evidence clock"), clause(Clause.EVIDENCE.value)),
        bridge,
    ]


def _tiles(total: ProgressRow, asked: _Asked) -> list[Tile]:
    members = members_count(asked.campaign.id, on=asked.as_of, actor=asked.actor)
    found = total.progress
    wan = _("万元")
    verified = _("verified")
    base = shown.wan(found.base) if asked.is_signed else shown.NOTHING
    tiles = [
        Tile(_("Claims in it"), shown.count(members)),
        Tile(_("Base"), base, wan, note="" if asked.is_signed else _("not locked")),
        Tile(_("Cleared, as stated"), shown.wan(found.stated), wan, pair=(verified, shown.wan(found.verified))),
        Tile(_("Progress, as stated"), shown.percent(found.stated_rate),
             pair=(verified, shown.percent(found.verified_rate))),
    ]  # fmt: skip
    if total.small_left is not None:
        note = _("{zero} of {all} at zero").format(
            zero=shown.count(total.small_zero), all=shown.count(total.small_claims)
        )
        tiles.append(Tile(_("Left of small claims"), shown.wan(total.small_left), wan, note=note))
    return tiles


def _lines(rows: Sequence[ProgressRow], asked: _Asked) -> list[SimpleNamespace]:
    known = {row.key for row in rows}
    nothing = progress_of(base=ZERO, stated=ZERO, verified=ZERO)
    others = [code for code in reporters_of(asked.campaign, as_of=asked.as_of, actor=asked.actor) if code not in known]
    every = [*rows, *(ProgressRow(code, 0, nothing, None, None, None) for code in others)]
    names = asked.places.names
    return [
        _line(row, names.get(row.key, row.key), asked)
        for row in sorted(every, key=lambda row: asked.places.order(row.key))
    ]


def _line(row: ProgressRow, name: str, asked: _Asked) -> SimpleNamespace:
    found = row.progress
    is_zero = found.base > ZERO and found.stated == ZERO
    state = Badge(_("Nothing cleared"), Tone.WATCH) if is_zero else None
    claims = {"unit": row.key, "as_of": asked.as_of.isoformat()}
    return SimpleNamespace(
        name=name,
        url=f"{reverse('arrears:campaign_base', args=[asked.campaign.uid])}?{urlencode(claims)}",
        claims=row.claims,
        base=found.base,
        stated=found.stated,
        verified=found.verified,
        stated_rate=found.stated_rate,
        verified_rate=found.verified_rate,
        small=f"{shown.count(row.small_zero)} / {shown.count(row.small_claims)}" if row.small_claims else "",
        state=Badge(_("Not assessed")) if found.why_none is NOT_ASSESSED else state,
    )


def _notes(asked: _Asked) -> list[str]:
    counting = asked.campaign.clauses.counting
    return [
        _("As of {day}; counted by the day of the ledger.").format(day=shown.day(asked.as_of)),
        _("Progress: what was cleared of each claim, at most its base, over the base."),
        *([_("Targets are held against {rule}.").format(rule=rule_name(counting))] if counting else []),
        _("Not assessed: nothing is owed there. A dash for verified: nothing was verified yet."),
    ]


def _facts(found: CampaignView, named: Places) -> list[Fact]:
    clauses = found.clauses
    days = clauses.evidence_days
    return [
        Fact(_("Kept by"), found.keeper),
        Fact(_("Began on"), shown.day(found.began_on)),
        Fact(_("Source document"), found.source, wide=True),
        *(scope_facts(clauses.scope, named.names) if clauses.scope else [Fact(_("Scope rule"), _("not set yet"))]),
        Fact(_("Counting rule"), rule_name(clauses.counting) if clauses.counting else _("not set yet")),
        Fact(
            _("Small claims are below"),
            _("{amount} yuan").format(amount=shown.yuan(clauses.small)) if clauses.small else _("not set yet"),
        ),
        Fact(_("Evidence clock"), _("{days} days").format(days=days) if days else _("not set yet")),
    ]


def _order(order: OrderRow) -> SimpleNamespace:
    return SimpleNamespace(
        number=order.number,
        kind=str(order.kind.label),
        state=Badge(str(order.state.label), STATES[order.state]),
        effective_on=order.effective_on,
        claims=order.claims,
        change=order.after - order.before,
        reason=order.reason,
        url=reverse("arrears:base_order", args=[order.uid]),
    )


def _targets(request: Request, asked: _Asked) -> Listing | None:
    rows = targets(asked.campaign, as_of=asked.as_of, actor=asked.actor)
    made = Table(
        id="targets",
        caption=_("Targets"),
        columns=[
            Column("who", _("Targets"), note="layer", phone="title", sortable=False),
            Column("due_on", _("Deadline"), Kind.DAY, note="ready", sortable=False),
            Column("wanted", _("Target"), note="metric", sortable=False),
            Column("reached", _("So far"), note="other", sortable=False),
            Column("standing", _("State"), Kind.BADGE, sortable=False),
        ],
        page_size=200,
        export=False,
        tall=True,
    )
    return Listing(made, Ask.of(request, made), [_target(row) for row in rows]) if rows else None


def _target(row: TargetRow) -> SimpleNamespace:
    target, figures = row.target, row.figures
    wanted = {
        Metric.PROGRESS: shown.percent(target.rate),
        Metric.AMOUNT: _("{amount} 万元").format(amount=shown.wan(target.amount)),
        Metric.SMALL_ZERO: _("nothing left"),
    }
    other = replace(figures, is_strict=not figures.is_strict)
    pair = {
        Metric.PROGRESS: shown.percent(other.rate),
        Metric.AMOUNT: _("{amount} 万元").format(amount=shown.wan(other.counted)),
        Metric.SMALL_ZERO: "",
    }[target.metric]
    reached = {
        Metric.PROGRESS: shown.percent(figures.rate),
        Metric.AMOUNT: _("{amount} 万元").format(amount=shown.wan(figures.counted)),
        Metric.SMALL_ZERO: _("{amount} 万元 left").format(amount=shown.wan(figures.small_left)),
    }
    return SimpleNamespace(
        who=" · ".join(filter(None, [row.unit_name, row.debtor_name])),
        layer=str(target.layer.label),
        metric=str(target.metric.label),
        wanted=wanted[target.metric],
        reached=reached[target.metric],
        other=f"{_('Stated') if figures.is_strict else _('Verified')} {pair}" if pair else "",
        due_on=target.due_on,
        ready=_("ready by {day}").format(day=shown.day(target.ready_on)) if target.buffer_days else "",
        standing=Badge(str(row.standing.label), STANDINGS[row.standing]),
    )
