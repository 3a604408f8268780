"""One claim, with everything that moved on it."""

from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears.forms.days import DayForm
from duban.arrears.queries.claim import ClaimView, TransferRow, claim_on
from duban.arrears.queries.drafts import drafts_of
from duban.arrears.queries.links import LinkRow, links_of
from duban.arrears.queries.said import PaperRow, Version, papers_of, versions_of
from duban.arrears.queries.settlements import PaymentRow, payments_of
from duban.arrears.queries.signing import Signed
from duban.arrears.rules import position as rules
from duban.arrears.rules.accounts import OUTSIDE_RATES, Account, Rule
from duban.arrears.rules.acts import CARRYING, PAPERS
from duban.arrears.rules.ageing import days_overdue
from duban.arrears.rules.settling import Step
from duban.arrears.views.acts import acts_for
from duban.arrears.views.campaigns.of_claim import campaigns_of
from duban.arrears.views.drafts import draft_line
from duban.arrears.views.facts import identity_of, said_further
from duban.arrears.views.interest import interest_panel
from duban.arrears.views.lawful import lawful_panel
from duban.arrears.words import fact_label, fact_value
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import ZERO
from duban.ui import shown
from duban.ui.components import Badge, Crumb, Event, Tile, Tone
from duban.ui.pages import page

LOOKS = {
    Account.REPORTED: ("cash", Tone.INFO),
    Account.CASH: ("cash", Tone.GOOD),
    Account.COURT: ("gavel", Tone.GOOD),
    Account.DISPUTED: ("scale", Tone.WATCH),
    Account.JUDICIAL: ("gavel", Tone.WATCH),
    Account.REDUCED: ("minus", Tone.WATCH),
}
TONES = {
    Step.STATED: Tone.INFO,
    Step.EVIDENCED: Tone.INFO,
    Step.CONFIRMED: Tone.GOOD,
    Step.DENIED: Tone.WATCH,
    Step.DISHONOURED: Tone.WATCH,
    Step.REOPENED: Tone.WATCH,
    Step.WITHDRAWN: Tone.QUIET,
}


def claim(request: Request, uid: UUID) -> HttpResponse:
    """Who owes whom what for what; where each yuan stands; how it came there."""
    access.require(request.user, Permission.ARREARS_VIEW)
    today = timezone.localdate()
    form = DayForm(request.GET or None, initial={"as_of": today})
    as_of = min(form.cleaned_data["as_of"] or today, today) if form.is_bound and form.is_valid() else today
    found = claim_on(uid, as_of=as_of, actor=request.user)
    # An act is on the claim as it is today, whatever day is looked at.
    offered = acts_for(request.user, found, today=today) if as_of == today else []
    context = {
        "heading": found.facts.creditor_name,
        "lead": _("owed by {debtor}").format(debtor=found.facts.debtor_name),
        "crumbs": [
            Crumb(_("Arrears")),
            Crumb(_("Ledger"), reverse("arrears:ledger")),
            Crumb(found.facts.ledger_no),
        ],
        "form": form,
        "as_of": as_of,
        "tiles": _tiles(found, as_of),
        "balances": [(account.label, amount) for account, amount in found.balances.items() if amount != ZERO],
        "facts": identity_of(found),
        "further": said_further(found),
        "lawful": lawful_panel(found, as_of=as_of),
        **_interest(found, as_of, request.user),
        "links": [_link(link) for link in links_of(uid, today=today, actor=request.user)],
        "versions": _versions(versions_of(uid, actor=request.user)),
        "papers": [_paper(uid, row) for row in papers_of(uid, actor=request.user)],
        "drafts": [draft_line(row) for row in drafts_of(uid, actor=request.user)],
        "payments": [_payment(payment) for payment in payments_of(uid)],
        "acts": [act for act in offered if not act.is_rare],
        "more_acts": [act for act in offered if act.is_rare],
        "campaigns": campaigns_of(found.claim_id, as_of=as_of, actor=request.user),
        "events": [_event(transfer) for transfer in found.transfers],
    }
    return page(request, "arrears/claim", context)


def _interest(found: ClaimView, as_of: date, actor: Appointment) -> dict[str, object]:
    """The template of the estimate and what it shows, for those who may see one."""
    if not found.may_estimate:
        return {}
    panel = interest_panel(found.uid, as_of=as_of, actor=actor)
    return {"estimate": "arrears/_interest.html", "interest": panel}


def _tiles(found: ClaimView, as_of: date) -> list[Tile]:
    held = found.balances
    still_open = rules.still_open(held)
    due_on = found.facts.due_on
    late = days_overdue(due_on, as_of=as_of) if due_on and still_open > ZERO else 0
    return [
        Tile(_("Recognised"), shown.yuan(rules.recognised(held)), _("yuan")),
        Tile(
            _("Due and open"),
            shown.yuan(still_open),
            _("yuan"),
            note=_("{days} days overdue").format(days=shown.count(late)) if late else "",
            tone=Tone.WATCH if late else Tone.QUIET,
        ),
        Tile(
            _("Cleared, as stated"),
            shown.yuan(rules.cleared(held, Rule.C0)),
            _("yuan"),
            pair=(_("verified"), shown.yuan(rules.cleared(held, Rule.C1))),
        ),
        Tile(_("Not due or unsettled"), shown.yuan(sum((held[account] for account in OUTSIDE_RATES), ZERO)), _("yuan")),
    ]


def _payment(payment: PaymentRow) -> tuple[str, str, str, Badge]:
    """Its amount, how it was paid, by what voucher, and where it stands."""
    voucher = " · ".join(filter(None, [payment.voucher_number, payment.payee_name])) or "—"
    return (
        shown.yuan(payment.amount),
        str(payment.method.label),
        voucher,
        Badge(str(payment.step.label), TONES[payment.step]),
    )


def _link(link: LinkRow) -> tuple[str, str, str, str, str]:
    """What kind it is, the other claim, its address, who says so when, and the amount, below zero where it left."""
    number = " · ".join(filter(None, [link.number, link.unit_name])) or _("A claim of another unit")
    url = reverse("arrears:claim", args=[link.uid]) if link.uid else ""
    title = _("{kind}: to") if link.is_outgoing else _("{kind}: from")
    amount = -link.amount if link.is_outgoing else link.amount
    return title.format(kind=link.kind.label), number, url, _signed(link.by, link.by.at), shown.yuan(amount)


def _versions(versions: list[Version]) -> list[tuple[str, list[str], str]]:
    """Number, what changed, and who says so; nothing where nothing ever changed."""
    if len(versions) < 2:
        return []
    return [
        (
            str(version.n),
            [_change(name, version) for name in version.changed] or [_("As first entered")],
            _signed(version.by, version.recorded_at),
        )
        for version in versions
    ]


def _change(name: str, version: Version) -> str:
    return _("{fact}: {before} → {after}").format(
        fact=fact_label(name),
        before=fact_value(name, getattr(version.before, name)),
        after=fact_value(name, getattr(version.said, name)),
    )


def _paper(uid: UUID, row: PaperRow) -> tuple[str, str, str, str]:
    """What it proves, its name, its address, and with what act it came."""
    url = reverse("arrears:paper", args=[uid, row.id])
    return _(PAPERS.get(row.role, row.role)), row.name, url, _signed(row.by, row.by.at)


def _signed(by: Signed, at: datetime | None) -> str:
    return " · ".join(filter(None, [shown.instant(at) if at else "", by.who, by.reason]))


def _event(transfer: TransferRow) -> Event:
    icon, tone = LOOKS.get(transfer.destination, ("arrows-exchange", Tone.QUIET))
    if transfer.kind in CARRYING and transfer.source is Account.RECOGNISED:
        title = _("Carried over into {account}").format(account=transfer.destination.label)
    elif transfer.destination is Account.RECOGNISED:
        title = _("Carried over out of {account}").format(account=transfer.source.label)
    elif transfer.source is Account.RECOGNISED:
        title = _("Recognised as {account}").format(account=transfer.destination.label)
        icon = "plus"
    else:
        title = _("{source} → {destination}").format(
            source=transfer.source.label, destination=transfer.destination.label
        )
    if transfer.takes_back:
        title, icon = _("Took back entry {n}").format(n=transfer.takes_back), "arrow-back-up"
    recorded = _("recorded {instant}").format(instant=shown.instant(transfer.recorded_at))
    return Event(
        at=transfer.effective_on,
        title=title,
        text=" · ".join(filter(None, [_("entry {n}").format(n=transfer.n), recorded, transfer.reason])),
        by=transfer.who,
        tone=tone,
        icon=icon,
        amount=shown.yuan(transfer.amount),
    )
