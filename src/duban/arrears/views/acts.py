"""Acting on a claim: one form for every act, made from a table of what each asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears.commands import claim as commands
from duban.arrears.forms import ActForm
from duban.arrears.queries.claim import ClaimView, claim_on
from duban.arrears.queries.settlements import payments_of
from duban.arrears.rules.accounts import OPEN, OUTSIDE_RATES, Account
from duban.arrears.rules.acts import Cause, Ground
from duban.arrears.rules.law import Edition
from duban.arrears.rules.settling import NEXT, Method, Step
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import ZERO
from duban.kernel.words import N_
from duban.ui import shown
from duban.ui.components import Crumb
from duban.ui.pages import page

Run = Callable[[int, Mapping[str, Any], commands.Act, Appointment], object]


@dataclass(frozen=True, slots=True)
class ActKind:
    """An act: its title, what its form asks for, the papers it may bring, and the command it calls.

    Args:
        takes_from: the accounts of which one has to hold something; empty where `step` says it.
        is_dated: whether it takes effect on a day of the ledger; what is said of a claim holds from now on.
        step: for an act on a payment, what it says of it; only payments from which it may follow are offered.
    """

    title: str
    asks: tuple[str, ...]
    papers: tuple[str, ...]
    run: Run
    takes_from: tuple[Account, ...] = ()
    step: Step | None = None
    permission: Permission = Permission.ARREARS_POST
    is_dated: bool = True


def _report(claim_id: int, given: Mapping[str, Any], act: commands.Act, actor: Appointment) -> commands.Reported:
    voucher = commands.Voucher(given["voucher_number"], given["voucher_total"], given["payee_name"])
    return commands.report_payment(
        claim_id=claim_id, method=Method(given["method"]), amount=given["amount"], voucher=voucher, act=act, actor=actor
    )


def _on_payment(command: Callable[..., object]) -> Run:
    def run(_claim_id: int, given: Mapping[str, Any], act: commands.Act, actor: Appointment) -> object:
        return command(settlement=UUID(given["payment"]), act=act, actor=actor)

    return run


def _on_claim(command: Callable[..., object], **arguments: tuple[str, Callable[[Any], object]]) -> Run:
    """Call a command with what the form gave.

    Args:
        arguments: for each argument beside the claim, the field it comes from and what makes it of the field's value.
    """

    def run(claim_id: int, given: Mapping[str, Any], act: commands.Act, actor: Appointment) -> object:
        values = {name: make(given[field]) for name, (field, make) in arguments.items()}
        return command(claim_id=claim_id, act=act, actor=actor, **values)

    return run


def _same(value: object) -> object:
    return value


_AMOUNT = ("amount", _same)

ACTS: Mapping[str, ActKind] = {
    "payment": ActKind(
        N_("Report a payment"),
        ("amount", "method", "voucher_number", "voucher_total", "payee_name", "value_on"),
        ("voucher",), _report, (Account.UNDISPUTED,),
    ),
    "voucher": ActKind(
        N_("Show a voucher"), ("payment",), ("voucher",), _on_payment(commands.show_voucher), step=Step.EVIDENCED
    ),
    "confirm": ActKind(
        N_("Confirm a payment"), ("payment",), ("creditor_confirmation",), _on_payment(commands.confirm_payment),
        step=Step.CONFIRMED, permission=Permission.ARREARS_DECIDE,
    ),
    "deny": ActKind(
        N_("Deny a payment"), ("payment",), ("creditor_statement",), _on_payment(commands.deny_payment),
        step=Step.DENIED
    ),
    "dishonour": ActKind(
        N_("A bill was dishonoured"), ("payment",), ("proof",), _on_payment(commands.dishonour_payment),
        step=Step.DISHONOURED,
    ),
    "dispute": ActKind(
        N_("Dispute a part"), ("amount", "cause", "expires_on"), ("debtor_statement", "creditor_statement"),
        _on_claim(commands.dispute, amount=_AMOUNT, cause=("cause", Cause), expires_on=("expires_on", _same)),
        (Account.UNDISPUTED,),
    ),
    "withdraw-dispute": ActKind(
        N_("Withdraw a dispute"), ("amount",), (), _on_claim(commands.withdraw_dispute, amount=_AMOUNT),
        (Account.DISPUTED,)
    ),
    "court": ActKind(
        N_("Go to court"), ("due_part", "amount", "case_number"), ("court_paper",),
        _on_claim(
            commands.go_to_court, source=("due_part", Account), amount=_AMOUNT, case_number=("case_number", _same)
        ),
        (Account.UNDISPUTED, Account.DISPUTED),
    ),
    "court-over": ActKind(
        N_("Come back from court"), ("due_part", "amount"), ("court_paper",),
        _on_claim(commands.come_back_from_court, destination=("due_part", Account), amount=_AMOUNT),
        (Account.JUDICIAL,),
    ),
    "enforce": ActKind(N_("Enforced by a court"), ("amount",), ("court_paper",),
                       _on_claim(commands.enforce, amount=_AMOUNT), (Account.JUDICIAL,)),
    "reduce": ActKind(
        N_("Reduce the claim"), ("ground", "open_part", "amount"), ("agreement", "proof"),
        _on_claim(commands.reduce, source=("open_part", Account), amount=_AMOUNT, ground=("ground", Ground)),
        (*OPEN, *OUTSIDE_RATES),
        permission=Permission.ARREARS_DECIDE,
    ),
    "edition": ActKind(
        N_("Choose the edition of the law"), ("edition",), (),
        _on_claim(commands.choose_edition, edition=("edition", lambda code: Edition(code) if code else None)),
        (*OPEN, *OUTSIDE_RATES),
        permission=Permission.ARREARS_DECIDE, is_dated=False,
    ),
}  # fmt: skip
"""Every act that has a form, by its address."""


def act(request: Request, uid: UUID, name: str) -> HttpResponse:
    """The form of an act, and doing it."""
    kind = ACTS.get(name)
    if kind is None:
        raise Http404
    access.require(request.user, kind.permission)
    today = timezone.localdate()
    found = claim_on(uid, as_of=today, actor=request.user)
    form = ActForm(
        request.POST or None, request.FILES or None, asks=kind.asks, papers=kind.papers, latest=today,
        payments=_payments(found, kind), is_dated=kind.is_dated,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            done = kind.run(found.claim_id, form.cleaned_data, _act(form, today), request.user)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, kind, done)
            return redirect("arrears:claim", uid=uid)
    claim_url = reverse("arrears:claim", args=[uid])
    context = {
        "heading": _(kind.title),
        "lead": _("{creditor}, owed by {debtor}").format(
            creditor=found.facts.creditor_name, debtor=found.facts.debtor_name
        ),
        "crumbs": [
            Crumb(_("Ledger"), reverse("arrears:ledger")), Crumb(found.facts.ledger_no, claim_url),
            Crumb(_(kind.title)),
        ],
        "form": form,
        "claim_url": claim_url,
    }  # fmt: skip
    return page(request, "arrears/act", context, status=422 if form.errors else 200)


def acts_for(actor: Appointment, found: ClaimView) -> list[tuple[str, str]]:
    """The acts that a person may do to a claim as it stands: title and address of each."""
    if not found.may_act:
        return []
    return [
        (_(kind.title), reverse("arrears:act", args=[found.uid, name]))
        for name, kind in ACTS.items()
        if access.may(actor, kind.permission)
        and (_payments(found, kind) or any(found.balances[account] > ZERO for account in kind.takes_from))
    ]


def _payments(found: ClaimView, kind: ActKind) -> list[tuple[str, str]]:
    if kind.step is None:
        return []
    return [
        (str(payment.uid), f"{shown.yuan(payment.amount)} · {payment.method.label} · {payment.step.label}")
        for payment in payments_of(found.uid)
        if kind.step in NEXT[payment.step]
    ]


def _act(form: ActForm, today: date) -> commands.Act:
    given = form.cleaned_data
    papers = [commands.Paper(role, file.name, list(file.chunks())) for role, file in form.papers()]
    return commands.Act(given.get("effective_on") or today, today, given["reason"], given.get("value_on"), papers)


def _tell(request: Request, kind: ActKind, done: object) -> None:
    messages.success(request, _("Done: {act}").format(act=_(kind.title)))
    if isinstance(done, commands.Reported):
        for warning in done.warnings:
            messages.warning(request, str(warning))
