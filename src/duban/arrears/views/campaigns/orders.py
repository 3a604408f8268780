"""Orders on the base: drafting one, and its page, which is printed, sealed and decided on."""

from datetime import date
from functools import partial
from types import SimpleNamespace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from duban.arrears.commands import campaign as commands
from duban.arrears.forms.campaigns import DecideForm, OrderForm
from duban.arrears.queries.campaigns import bases
from duban.arrears.queries.campaigns.bases import LineRow, OrderRow
from duban.arrears.queries.campaigns.campaign import campaign
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.bases import OrderKind, OrderState
from duban.arrears.views.campaigns.campaign import STATES
from duban.arrears.views.campaigns.listing import crumbs, to_campaign
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.identity.streaming import batches
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO
from duban.ui import shown
from duban.ui.components import Badge, Crumb, Fact
from duban.ui.exports import xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, Kind, Listing, Table


def draft(request: Request, uid: UUID, name: str) -> HttpResponse:
    """The form of an order, and drafting it."""
    access.require(request.user, Permission.CAMPAIGNS_MANAGE)
    if name not in set(OrderKind):
        raise Http404
    kind, today = OrderKind(name), timezone.localdate()
    found = campaign(uid, actor=request.user, on=today)
    corrects = kind is OrderKind.CORRECTED
    form = OrderForm(request.POST or None, request.FILES or None, corrects=corrects, latest=today)
    if request.method == "POST" and form.is_valid():
        try:
            order = _draft(found.uid, kind, form, today, request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The order is drafted. Another person decides on it."))
            return redirect("arrears:base_order", uid=order)
    context = {
        "heading": str(kind.label),
        "lead": found.name,
        "crumbs": crumbs(to_campaign(found), Crumb(str(kind.label))),
        "form": form,
        "back": reverse("arrears:campaign", args=[uid]),
    }
    return page(request, "arrears/campaign_form", context, status=422 if form.errors else 200)


def _draft(uid: UUID, kind: OrderKind, form: OrderForm, today: date, actor: Appointment) -> UUID:
    given = form.cleaned_data
    file = given["paper"]
    papers = [commands.Paper("proof", file.name, list(file.chunks()))] if file else []
    act = commands.Act(given["on"], today, given["reason"], papers=papers)
    if kind is OrderKind.CORRECTED:
        return commands.draft_correction(campaign=uid, amounts=given["amounts"], act=act, actor=actor).uid
    return commands.draft_order(campaign=uid, kind=kind, act=act, actor=actor).uid


def table() -> Table:
    """The lines of an order."""
    return Table(
        id="order-lines",
        caption=_("Claims of the order"),
        columns=[
            Column("ledger_no", _("Ledger number"), url="url", phone="title", sortable=False),
            Column("debtor", _("Debtor"), sortable=False),
            Column("creditor", _("Creditor"), sortable=False),
            Column("before", _("Base before"), Kind.MONEY, sortable=False),
            Column("change", _("Up or down"), Kind.MONEY, sortable=False),
            Column("after", _("Base after"), Kind.MONEY, sortable=False),
            Column("parts", _("Parts"), sortable=False, phone="hide"),
        ],
        page_size=50,
    )


def order(request: Request, uid: UUID) -> HttpResponseBase:
    """An order with its claims, before and after."""
    access.require(request.user, Permission.ARREARS_VIEW)
    return _page(request, uid, DecideForm())


@require_POST
def decide(request: Request, uid: UUID) -> HttpResponseBase:
    """Approve an order as the second person, or refuse it."""
    access.require(request.user, Permission.ARREARS_DECIDE)
    form = DecideForm(request.POST)
    if form.is_valid():
        try:
            commands.decide_order(
                order=uid, is_approved=form.cleaned_data["verdict"] == "approve", reason=form.cleaned_data["reason"],
                actor=request.user,
            )  # fmt: skip
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The decision is entered."))
            return redirect("arrears:base_order", uid=uid)
    return _page(request, uid, form)


def _page(request: Request, uid: UUID, form: DecideForm) -> HttpResponseBase:
    found, campaign_uid = bases.order(uid, actor=request.user)
    of = campaign(campaign_uid, actor=request.user, on=found.effective_on)
    made = table()
    ask = Ask.of(request, made)
    heading = _("{campaign}: {kind}, No. {number}").format(campaign=of.code, kind=found.kind.label, number=found.number)
    if ask.wants_export:
        every = batches(request.token, partial(bases.order_lines_after, found.id))
        return xlsx_response(made.columns, map(_line, every), title=heading, notes=[found.reason])
    lines = bases.order_lines(found.id, actor=request.user, window=ask.window)
    totals = {"before": found.before, "change": found.after - found.before, "after": found.after}
    listing = Listing(made, ask, [_line(line) for line in lines], total=found.claims, totals=totals)
    may_decide = found.state is OrderState.WAITING and access.may(request.user, Permission.ARREARS_DECIDE)
    context = {
        "heading": heading,
        "lead": of.name,
        "crumbs": crumbs(to_campaign(of), Crumb(_("No. {number}").format(number=found.number))),
        "facts": _facts(found),
        "state": Badge(str(found.state.label), STATES[found.state]),
        "form": form if may_decide and of.may_manage else None,
        "decide_url": reverse("arrears:decide_base_order", args=[uid]),
        "listing": listing,
    }
    return page(request, "arrears/base_order", context, status=422 if form.errors else 200)


def _facts(found: OrderRow) -> list[Fact]:
    decided = f"{found.decided_by} · {shown.instant(found.decided_at)}" if found.decided_at else shown.NOTHING
    return [
        Fact(_("Takes effect on"), shown.day(found.effective_on)),
        Fact(_("Claims"), shown.count(found.claims)),
        Fact(_("Base before (yuan)"), shown.yuan(found.before)),
        Fact(_("Base after (yuan)"), shown.yuan(found.after)),
        Fact(_("Reason"), found.reason, wide=True),
        Fact(
            _("Evidence"), found.file_name or shown.NOTHING, wide=True,
            note=f"SHA-256 {found.file_sha256[:16]}…" if found.file_sha256 else "",
        ),
        Fact(_("Drafted by"), found.drafted_by, note=shown.instant(found.drafted_at), wide=True),
        Fact(_("Decided on by"), decided, note=found.decision, wide=True),
    ]  # fmt: skip


def _line(line: LineRow) -> SimpleNamespace:
    return SimpleNamespace(
        ledger_no=line.ledger_no,
        debtor=line.debtor_name,
        creditor=line.creditor_name,
        before=line.before,
        change=line.after - line.before,
        after=line.after,
        parts=_parts(line),
        url=reverse("arrears:claim", args=[line.claim_uid]),
    )


def _parts(line: LineRow) -> str:
    if line.parts is None:
        return _("given by the order")
    return _("; ").join(
        f"{_('Cleared before') if name == 'cleared' else Account(name).label} {shown.yuan(amount)}"
        for name, amount in line.parts.items()
        if amount > ZERO
    )
