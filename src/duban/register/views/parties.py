"""The list of parties (主体)."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.register.queries.parties import PartiesWish, PartyLine, State, party_count, party_page
from duban.register.rules.kinds import Kind as PartyKind
from duban.ui import shown
from duban.ui.components import Action, Badge, Crumb, Empty, Tone
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, Kind, Listing, SearchFilter, SelectFilter, Table


@dataclass(frozen=True, slots=True)
class Line:
    """A party as the table shows it."""

    name: str
    note: str
    uscc: str
    kind: str
    state: Badge
    url: str


def table() -> Table:
    """The columns and the ways to narrow them."""
    states = [
        (State.UNVERIFIED.value, _("Unverified")),
        (State.WITHOUT_CODE.value, _("Without code")),
        (State.ALIAS.value, _("Counts as another one")),
    ]
    kinds = [(kind.value, str(kind.label)) for kind in PartyKind]
    return Table(
        id="parties",
        caption=_("Parties"),
        columns=[
            Column("name", _("Name of the party"), url="url", note="note", sortable=False, phone="title"),
            Column("uscc", _("Credit code"), sortable=False),
            Column("kind", _("Kind"), sortable=False),
            Column("state", _("State"), Kind.BADGE, sortable=False),
        ],
        filters=[
            SearchFilter("q", _("Search"), placeholder=_("Any name, or a credit code")),
            SelectFilter("state", _("State"), states, every=_("All parties")),
            SelectFilter("kind", _("Kind"), kinds, every=_("All kinds")),
        ],
        sort="name",
        export=False,
    )


def parties(request: Request) -> HttpResponse:
    """All parties that the reader may see."""
    access.require(request.user, Permission.ARREARS_VIEW)
    made = table()
    ask = Ask.of(request, made)
    wish = PartiesWish(on=timezone.localdate(), text=ask.text("q"), state=ask.text("state"), kind=ask.text("kind"))
    lines = [_line(row) for row in party_page(wish, window=ask.window)]
    empty = Empty(_("No parties yet"), _("Parties are added by the first ledger that is accepted."))
    manages = access.may(request.user, Permission.PARTIES_MANAGE)
    context = {
        "heading": _("Parties"),
        "lead": _lead(wish.on),
        "crumbs": [Crumb(_("Parties"))],
        "actions": [Action(_("Possible duplicates"), reverse("register:duplicates"), "git-compare")] if manages else [],
        "listing": Listing(made, ask, lines, total=party_count(wish), empty=empty),
    }
    return page(request, "register/parties", context)


def _lead(on: date) -> str:
    """How much there is to do. Two queries."""
    unverified, without_code = (
        shown.count(party_count(PartiesWish(on=on, state=state.value)))
        for state in (State.UNVERIFIED, State.WITHOUT_CODE)
    )
    return _("{unverified} not yet verified, {without_code} without a code").format(
        unverified=unverified, without_code=without_code
    )


def _line(row: PartyLine) -> Line:
    note = _("first known as {name}").format(name=row.known_as) if row.known_as else ""
    if row.counts_as:
        state = Badge(_("counts as {name}").format(name=row.counts_as), Tone.INFO)
    else:
        state = Badge(_("checked"), Tone.GOOD) if row.is_verified else Badge(_("not yet verified"), Tone.WATCH)
    kind = str(row.kind.label) if row.kind else ""
    return Line(row.name, note, row.uscc or "", kind, state, reverse("register:party", args=[row.uid]))
