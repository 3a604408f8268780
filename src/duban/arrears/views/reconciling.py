"""The reconciliation sheet of a statement (对账确认单): to print and seal, and handing it back."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears import commands
from duban.arrears.commands.statement.steps import STATES
from duban.arrears.forms.reporting import SignedForm
from duban.arrears.queries.reconciling import Sheet, sheet
from duban.arrears.rules.reconciling import NotEntered, Part
from duban.arrears.rules.rollforward import Term, View
from duban.arrears.views.scans import scan_response
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.money import Money
from duban.ui import shown
from duban.ui.components import Crumb
from duban.ui.pages import page


def paper(request: Request, uid: UUID) -> HttpResponse:
    """The sheet on a page of A4, and below it what came back and the form to hand it back."""
    access.require(request.user, Permission.ARREARS_VIEW)
    found = _entered(request, uid)
    may_hand_in = access.may(request.user, Permission.ARREARS_IMPORT)
    form = SignedForm(request.POST or None, request.FILES or None) if may_hand_in else None
    if form and request.method == "POST" and form.is_valid() and _hand_in(request, uid, form):
        return redirect("arrears:sheet", uid=uid)
    context = {
        "heading": _("Reconciliation sheet"),
        "crumbs": [
            Crumb(_("Reporting"), f"{reverse('arrears:board')}?month={found.figures.as_of:%Y-%m}"),
            Crumb(found.file_name, reverse("arrears:statement", args=[uid]) if may_hand_in else ""),
            Crumb(_("Reconciliation sheet")),
        ],
        "sheet": found,
        "check_code": _in_fours(found.figures.digest[:16]),
        "parts": _parts(found),
        "lines": _lines(found),
        "printed_at": timezone.now(),
        "sealed": [(one, one.digest != found.figures.digest) for one in found.sealed],
        "form": form,
    }
    return page(request, "arrears/sheet", context, status=422 if form and form.errors else 200)


def _entered(request: Request, uid: UUID) -> Sheet:
    found = sheet(uid, actor=request.user)
    if found.state != "accepted":
        raise NotEntered(state=STATES[found.state])
    return found


def _hand_in(request: Request, uid: UUID, form: SignedForm) -> bool:
    given = form.cleaned_data
    signed = commands.Signed(given["signer_name"], given["signer_post"], given["file"].name, given["file"].chunks())
    try:
        commands.hand_in_sealed(uid, form=signed, actor=request.user)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _in_fours(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _parts(found: Sheet) -> list[tuple[str, int, Money]]:
    return [(str(part.label), *found.figures.parts[part]) for part in Part]


def _lines(found: Sheet) -> list[tuple[str, Money, Money]]:
    """The identity, line by line, with the judicial part and without it."""
    both, without = (found.figures.views[view] for view in View)
    opened = shown.day(found.figures.since - timedelta(days=1))
    return [
        (_("Opening balance, end of {day}").format(day=opened), both.opening, without.opening),
        *(
            (f"{'−' if term.is_subtracted else '+'} {term.label}", both.figure(term), without.figure(term))
            for term in Term
        ),
        (
            _("= Closing balance, end of {day}").format(day=shown.day(found.figures.as_of)),
            both.closing,
            without.closing,
        ),
    ]


def scan(request: Request, uid: UUID, number: int) -> HttpResponseBase:
    """A sealed sheet as it was handed back."""
    access.require(request.user, Permission.ARREARS_VIEW)
    for one in _entered(request, uid).sealed:
        if one.sealed_id == number:
            return scan_response(one.file_sha256, one.file_name)
    raise Http404
