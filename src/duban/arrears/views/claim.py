"""One claim, with everything that moved on it."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears.forms import DayForm
from duban.arrears.queries.claim import ClaimView, TransferRow, claim_on
from duban.arrears.queries.settlements import PaymentRow, payments_of
from duban.arrears.rules import position as rules
from duban.arrears.rules.accounts import OUTSIDE_RATES, Account, Rule
from duban.arrears.rules.ageing import days_overdue
from duban.arrears.rules.settling import Step
from duban.arrears.views.acts import acts_for
from duban.arrears.views.campaigns.of_claim import campaigns_of
from duban.arrears.words import label
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.money import ZERO
from duban.ui import shown
from duban.ui.components import Badge, Crumb, Event, Fact, Tile, Tone
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
}


def claim(request: Request, uid: UUID) -> HttpResponse:
    """Who owes whom what for what; where each yuan stands; how it came there."""
    access.require(request.user, Permission.ARREARS_VIEW)
    today = timezone.localdate()
    form = DayForm(request.GET or None, initial={"as_of": today})
    as_of = min(form.cleaned_data["as_of"] or today, today) if form.is_bound and form.is_valid() else today
    found = claim_on(uid, as_of=as_of, actor=request.user)
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
        "facts": _facts(found),
        "payments": [_payment(payment) for payment in payments_of(uid)],
        # An act is on the claim as it is today, whatever day is looked at.
        "acts": acts_for(request.user, found) if as_of == today else [],
        "campaigns": campaigns_of(found.claim_id, as_of=as_of, actor=request.user),
        "events": [_event(transfer) for transfer in found.transfers],
    }
    return page(request, "arrears/claim", context)


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


def _facts(found: ClaimView) -> list[Fact]:
    said = found.facts
    return [
        Fact(_("Ledger number"), said.ledger_no),
        Fact(_("Reported by"), found.unit_name, note=found.line_name),
        Fact(_("Debtor"), said.debtor_name, note=label("debtor_kind", said.debtor_kind)),
        Fact(_("Creditor"), said.creditor_name, note=label("creditor_kind", said.creditor_kind)),
        Fact(_("Competent department"), said.department or "—"),
        Fact(_("Category"), label("category", said.category) or "—"),
        Fact(_("Project"), said.project or "—", wide=True),
        Fact(_("Contract"), said.contract_no or "—", note=shown.day(said.signed_on) if said.signed_on else ""),
        Fact(_("Due on"), shown.day(said.due_on)),
        Fact(_("Note"), said.note or "—", wide=True),
        Fact(_("Version"), str(found.versions)),
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


def _event(transfer: TransferRow) -> Event:
    icon, tone = LOOKS.get(transfer.destination, ("arrows-exchange", Tone.QUIET))
    if transfer.source is Account.RECOGNISED:
        title = _("Recognised as {account}").format(account=transfer.destination.label)
        icon = "plus"
    else:
        title = _("{source} → {destination}").format(
            source=transfer.source.label, destination=transfer.destination.label
        )
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
