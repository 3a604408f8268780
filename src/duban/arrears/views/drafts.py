"""Acts that one person proposed and another decides on."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears.commands import claim as commands
from duban.arrears.forms.acts import ActForm, DecideForm
from duban.arrears.queries import drafts as queries
from duban.arrears.queries.claim import claim_on
from duban.arrears.queries.drafts import DraftRow
from duban.arrears.queries.said import papers_of
from duban.arrears.rules.acts import PAPERS
from duban.arrears.rules.drafting import Verdict
from duban.arrears.views.act_kinds import ACTS
from duban.arrears.views.asking import ActKind, Asked
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.ui import shown
from duban.ui.components import Badge, Crumb, Fact, Tone
from duban.ui.pages import page


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A proposal as it is listed."""

    title: str
    url: str
    signed: str
    state: Badge


def draft_line(row: DraftRow) -> DraftLine:
    """A proposal as it is listed: what, on which claim, by whom, and what became of it."""
    at = shown.instant(row.by.at) if row.by.at else ""
    return DraftLine(
        title=_("{act} · claim {number}").format(act=_(ACTS[row.act].title), number=row.claim_number),
        url=reverse("arrears:draft", args=[row.uid]),
        signed=" · ".join(filter(None, [at, row.by.who, row.by.reason])),
        state=_state(row),
    )


def _state(row: DraftRow) -> Badge:
    if row.verdict is None:
        return Badge(_("Waits to be decided"), Tone.INFO)
    return Badge(str(row.verdict.label), Tone.GOOD if row.verdict is Verdict.ACCEPTED else Tone.WATCH)


def drafts(request: Request) -> HttpResponse:
    """Everything that waits to be decided where the reader may act."""
    access.require(request.user, Permission.ARREARS_POST)
    context = {
        "heading": _("Proposals"),
        "lead": _("What waits for a second person"),
        "crumbs": [Crumb(_("Ledger"), reverse("arrears:ledger")), Crumb(_("Proposals"))],
        "drafts": [draft_line(row) for row in queries.waiting_drafts(actor=request.user)],
    }
    return page(request, "arrears/drafts", context)


def draft(request: Request, uid: UUID) -> HttpResponse:
    """One proposal with its papers, and deciding on it."""
    access.require(request.user, Permission.ARREARS_POST)
    row = queries.draft(uid, actor=request.user)
    kind, today = ACTS[row.act], timezone.localdate()
    asked = Asked.of(claim_on(row.claim, as_of=today, actor=request.user), actor=request.user, today=today)
    typed = kind.form(asked, {**row.given, "effective_on": row.effective_on.isoformat(), "reason": row.by.reason})
    may_decide = row.verdict is None and access.may(request.user, Permission.ARREARS_DECIDE)
    form = DecideForm(request.POST or None) if may_decide else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            _decide(request, row, kind, typed, form.cleaned_data["reason"])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("arrears:claim", uid=row.claim)
    title = draft_line(row).title
    context = {
        "heading": title,
        "lead": _state(row).text,
        "crumbs": [
            Crumb(_("Ledger"), reverse("arrears:ledger")),
            Crumb(row.claim_number, reverse("arrears:claim", args=[row.claim])), Crumb(title),
        ],
        "facts": _facts(row, typed),
        "papers": [
            (_(PAPERS.get(paper.role, paper.role)), paper.name, reverse("arrears:paper", args=[row.claim, paper.id]))
            for paper in papers_of(row.claim, actor=request.user)
            if paper.by.uid == row.by.uid
        ],
        "form": form,
    }  # fmt: skip
    return page(request, "arrears/draft", context, status=422 if form and form.errors else 200)


def _facts(row: DraftRow, typed: ActForm) -> list[Fact]:
    said = [Fact(label, value) for label, value in typed.shown()]
    at = shown.instant(row.by.at) if row.by.at else ""
    facts = [
        *said,
        Fact(_("Day of the ledger"), shown.day(row.effective_on)),
        Fact(_("Reason"), row.by.reason, wide=True),
        Fact(_("Proposed by"), row.by.who, note=at, wide=True),
    ]
    if row.verdict is not None:
        facts.append(Fact(str(row.verdict.label), row.decided.who, note=row.decided.reason, wide=True))
    return facts


def _decide(request: Request, row: DraftRow, kind: ActKind, typed: ActForm, reason: str) -> None:
    today = timezone.localdate()
    if request.POST.get("verdict") == Verdict.RETURNED:
        commands.return_proposal(draft=row.uid, reason=reason, today=today, actor=request.user)
        messages.success(request, _("Returned: {act}").format(act=_(kind.title)))
        return

    def run(claim_id: int, act: commands.Act) -> object:
        if not typed.is_valid():
            raise commands.NoLongerPossible
        return kind.run(claim_id, typed.cleaned_data, act, request.user)

    commands.accept_proposal(draft=row.uid, run=run, reason=reason, today=today, actor=request.user)
    messages.success(request, _("Done: {act}").format(act=_(kind.title)))
