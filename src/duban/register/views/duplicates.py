"""Parties that may be the same (疑似重复): the list, one pair, deciding and undoing."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.register import commands
from duban.register.forms import DIFFERENT, SAME_FIRST, SAME_SECOND, DecideForm, UndoForm
from duban.register.queries.duplicates import PairRow, PartyRow, decided_pairs, open_pairs, pair_of
from duban.register.rules.duplicates import Verdict
from duban.ui import shown
from duban.ui.components import Badge, Crumb, Empty, Fact, Tab, Tone
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, Kind, Listing, Table


@dataclass(frozen=True, slots=True)
class Line:
    """A pair as the table shows it."""

    first: str
    first_code: str
    second: str
    second_code: str
    reason: str
    confidence: int | None
    verdict: Badge
    url: str


def table() -> Table:
    """The columns."""
    return Table(
        id="duplicates",
        caption=_("Possible duplicates"),
        columns=[
            Column("first", _("Party"), url="url", note="first_code", phone="title"),
            Column("second", _("Other party"), note="second_code"),
            Column("reason", _("Reason"), sortable=False),
            Column("confidence", _("Confidence (%)"), Kind.INT),
            Column("verdict", _("Decision"), Kind.BADGE),
        ],
        sort="-confidence",
        export=False,
    )


def duplicates(request: Request) -> HttpResponse:
    """What waits to be decided, or what was."""
    access.require(request.user, Permission.PARTIES_MANAGE)
    shows_decided = request.GET.get("show") == "decided"
    waiting = open_pairs()
    rows = decided_pairs() if shows_decided else waiting
    here, made = reverse("register:duplicates"), table()
    context = {
        "heading": _("Possible duplicates"),
        "lead": _("The register proposes, a person decides, and every decision can be undone."),
        "crumbs": [Crumb(_("Parties"), reverse("register:parties")), Crumb(_("Possible duplicates"))],
        "tabs": [
            Tab(_("To be decided"), here, active=not shows_decided, count=len(waiting)),
            Tab(_("Decided"), f"{here}?show=decided", active=shows_decided),
        ],
        "listing": _listing(made, Ask.of(request, made), rows),
    }
    return page(request, "register/duplicates", context)


def _listing(made: Table, ask: Ask, rows: list[PairRow]) -> Listing:
    listing = Listing.of(made, ask, [_line(row) for row in rows])
    empty = Empty(_("Nothing to show"), _("Let the register look for duplicates after each new ledger."), "git-compare")
    return Listing(made, listing.ask, listing.rows, total=listing.total, empty=empty)


def _line(row: PairRow) -> Line:
    return Line(
        row.first.name, row.first.uscc or _("without code"), row.second.name, row.second.uscc or _("without code"),
        _ground(row), row.confidence, _verdict(row), reverse("register:pair", args=[row.first.uid, row.second.uid]),
    )  # fmt: skip


def _ground(row: PairRow) -> str:
    return str(row.ground.reason) if row.ground else _("Put together by hand.")


def _verdict(row: PairRow) -> Badge:
    if row.verdict is Verdict.OPEN:
        return Badge(_("To be decided"), Tone.WATCH)
    return Badge(str(row.verdict.label), Tone.GOOD if row.verdict is Verdict.SAME else Tone.INFO)


@require_POST
def look(request: Request) -> HttpResponse:
    """Look through all parties for new pairs."""
    found = commands.propose(today=timezone.localdate(), actor=request.user)
    text = ngettext("{count} new pair to be decided.", "{count} new pairs to be decided.", found)
    messages.success(request, text.format(count=shown.count(found)))
    return redirect("register:duplicates")


def pair(request: Request, first: UUID, second: UUID) -> HttpResponse:
    """Two parties side by side, and the decision on them."""
    access.require(request.user, Permission.PARTIES_MANAGE)
    row = pair_of(first, second)
    form = _form(request, row)
    if request.method == "POST" and form.is_valid():
        try:
            _act(row, form, request)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("register:duplicates")
    context = {
        "heading": _("{first} and {second}").format(first=row.first.name, second=row.second.name),
        "crumbs": [
            Crumb(_("Parties"), reverse("register:parties")),
            Crumb(_("Possible duplicates"), reverse("register:duplicates")),
            Crumb(_("Decision")),
        ],
        "verdict": _verdict(row),
        "facts": _facts(row),
        "form": form,
        "is_undoing": row.verdict is not Verdict.OPEN,
        "back_url": reverse("register:duplicates"),
    }
    return page(request, "register/pair", context, status=422 if form.errors else 200)


def _form(request: Request, row: PairRow) -> DecideForm | UndoForm:
    if row.verdict is not Verdict.OPEN:
        return UndoForm(request.POST or None)
    goes_on = _("The same; from now on it is {name} ({code})")
    choices = [
        (SAME_FIRST, goes_on.format(name=row.first.name, code=_code(row.first))),
        (SAME_SECOND, goes_on.format(name=row.second.name, code=_code(row.second))),
        (DIFFERENT, _("Two different parties; do not propose them again")),
    ]
    return DecideForm(request.POST or None, choices=choices)


def _code(party: PartyRow) -> str:
    return party.uscc or _("without code")


def _act(row: PairRow, form: DecideForm | UndoForm, request: Request) -> None:
    given, first, second = form.cleaned_data, row.first.uid, row.second.uid
    if isinstance(form, UndoForm):
        commands.undo_decision(first=first, second=second, reason=given["reason"], actor=request.user)
    elif given["verdict"] == DIFFERENT:
        commands.call_different(first=first, second=second, reason=given["reason"], actor=request.user)
    else:
        alias, survivor = (second, first) if given["verdict"] == SAME_FIRST else (first, second)
        commands.call_same(alias=alias, survivor=survivor, reason=given["reason"], actor=request.user)


def _facts(row: PairRow) -> list[Fact]:
    facts = [
        *(
            Fact(label, party.name, url=reverse("register:party", args=[party.uid]), note=_code(party), wide=True)
            for label, party in ((_("Party"), row.first), (_("Other party"), row.second))
        ),
        Fact(_("Reason"), _ground(row), wide=True),
    ]
    if row.verdict is Verdict.OPEN:
        return facts
    if row.verdict is Verdict.SAME:
        facts.append(Fact(_("Goes on as"), row.survivor.name, note=_code(row.survivor), wide=True))
    who = f"{row.signed.who} · {shown.instant(row.signed.at)}" if row.signed else _("another office")
    return [*facts, Fact(_("Rests on"), row.reason, wide=True), Fact(_("Decided by"), who, wide=True)]
