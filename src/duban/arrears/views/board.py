"""The reporting board (报送): who has handed in what for a month, and who has not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from duban.arrears.commands.statement.steps import STATES
from duban.arrears.queries.board import TURNED_DOWN, BoardRow, Cell, board
from duban.arrears.rules.reporting import Outcome, month_of
from duban.identity import access
from duban.identity.middleware import Request
from duban.identity.rules import Permission
from duban.identity.units import Group
from duban.ui import shown
from duban.ui.components import Action, Badge, Crumb, Empty, Tab, Tile, Tone
from duban.ui.exports import conditions, xlsx_response
from duban.ui.pages import page
from duban.ui.tables import Ask, Column, FlagFilter, Kind, Listing, SearchFilter, SelectFilter, Table

MONTHS_SHOWN = 12
TONES: Mapping[str, Tone] = {
    "checked": Tone.WATCH,
    "returned": Tone.WATCH,
    "refused": Tone.ALARM,
    "accepted": Tone.GOOD,
    Outcome.CLOSED: Tone.GOOD,
    Outcome.ZERO: Tone.GOOD,
    Outcome.ZERO_VOID: Tone.ALARM,
    Outcome.AWAITED: Tone.QUIET,
    Outcome.MISSING: Tone.ALARM,
}
"""Of the states that ask for something or are done; every other one is on its way."""
DONE = frozenset({"accepted", Outcome.CLOSED})
NOTHING_IN = TURNED_DOWN | {Outcome.MISSING, Outcome.AWAITED, Outcome.ZERO_VOID}


@dataclass(frozen=True, slots=True)
class Line:
    """A reporter in a month."""

    name: str
    section: str
    code: str
    state: Badge
    note: str
    due_on: date
    days_late: int | None
    handed_in_at: datetime | None
    who: str
    file_name: str
    rows: int | None
    errors: int | None
    warnings: int | None
    held: int | None
    conflicts: int | None
    sealed: Badge | None
    url: str
    sheet_url: str


def month(request: Request) -> HttpResponseBase:
    """Who has handed in what for a month, and who has not."""
    access.require(request.user, Permission.ARREARS_VIEW)
    today = timezone.localdate()
    asked = _month_asked(request.GET.get("month", ""), today)
    rows = board(actor=request.user, months=[asked], today=today)
    lines = [_line(row, row.cells[asked], request) for row in rows]
    counts = Counter(line.code for line in lines)
    made = _table(counts)
    ask = Ask.of(request, made)
    wanted = [line for line in lines if _is_wanted(line, ask)]
    heading = _("Reports for {month}").format(month=shown.month(asked))
    if ask.wants_export:
        notes = [as_of(), *conditions((filter_.label, _said(filter_, ask)) for filter_ in made.filters)]
        return xlsx_response(made.columns, wanted, title=heading, notes=notes)
    empty = Empty(_("Nobody reports here yet"), _("Whoever hands in a ledger, or is put on the list, will stand here."))
    context = {
        "heading": heading,
        "lead": _("What came in, what waits, and what is missing; a zero report is not a missing one."),
        "crumbs": [Crumb(_("Arrears")), Crumb(_("Reporting"))],
        "tabs": _months(asked, today),
        "tiles": _tiles(lines, asked),
        "listing": replace(Listing.of(made, ask, wanted), empty=empty, notes=[as_of()]),
        "actions": _actions(request),
    }
    return page(request, "arrears/board", context)


def _month_asked(text: str, today: date) -> date:
    """The month of an address; without one it is last month, which is being reported."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return _months_before(month_of(today), 1)
    return min(found, month_of(today))


def _months_before(first: date, count: int) -> date:
    index = first.year * 12 + first.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def _months(asked: date, today: date) -> list[Tab]:
    """A year of months around the one asked for, the latest first."""
    last = min(_months_before(asked, -MONTHS_SHOWN // 2), month_of(today))
    return [
        Tab(shown.month(each), f"{reverse('arrears:board')}?month={each:%Y-%m}", active=each == asked)
        for each in (_months_before(last, count) for count in range(MONTHS_SHOWN))
    ]


def _actions(request: Request) -> list[Action]:
    actions = [
        Action(_("A year at a glance"), reverse("arrears:board_year"), "calendar-stats"),
        Action(_("Roll-forward"), reverse("arrears:rollforward"), "arrows-exchange"),
    ]
    if access.may(request.user, Permission.ARREARS_IMPORT):
        actions.insert(0, Action(_("Zero report"), reverse("arrears:zero"), "signature"))
    if access.may(request.user, Permission.ARREARS_DECIDE):
        actions.append(Action(_("Who reports, and by when"), reverse("arrears:reporters"), "list-check"))
    return actions


def _table(counts: Mapping[str, int]) -> Table:
    states = [(code, _("{state} ({count})").format(state=label(code), count=count)) for code, count in counts.items()]
    return Table(
        id="board",
        caption=_("Reports by unit"),
        columns=[
            Column("name", _("Unit"), phone="title"),
            Column("state", _("State"), Kind.BADGE, url="url", note="note"),
            Column("due_on", _("Deadline"), Kind.DAY, phone="hide"),
            Column("days_late", _("Days late"), Kind.INT),
            Column("handed_in_at", _("Handed in at"), Kind.INSTANT),
            Column("who", _("Handed in by"), phone="hide"),
            Column("file_name", _("Handed in as"), url="url"),
            Column("sealed", _("Reconciled"), Kind.BADGE, url="sheet_url"),
            Column("rows", _("Rows"), Kind.INT, phone="hide"),
            Column("errors", _("Errors"), Kind.INT, phone="hide"),
            Column("warnings", _("Warnings"), Kind.INT, phone="hide"),
            Column("held", _("Held rows"), Kind.INT, phone="hide"),
            Column("conflicts", _("Conflicts"), Kind.INT, phone="hide"),
        ],
        filters=[
            SearchFilter("q", _("Search"), placeholder=_("Unit")),
            SelectFilter("state", _("State"), states, every=_("All states")),
            SelectFilter("group", _("Group"), [(g.value, str(g.label)) for g in Group], every=_("All groups")),
            FlagFilter("late", _("Only late ones")),
        ],
        section="section",
        page_size=200,
        wide=True,
        tall=True,
    )


def _said(filter_: Any, ask: Ask) -> object:  # noqa: ANN401 - one of four kinds of filter
    value = ask.filters[filter_.key]
    return dict(getattr(filter_, "choices", ())).get(value, value)


def _is_wanted(line: Line, ask: Ask) -> bool:
    group = ask.text("group")
    return (
        ask.text("q") in line.name
        and ask.text("state") in {"", line.code}
        and (not group or line.section == str(Group(group).label))
        and (not ask.flag("late") or bool(line.days_late))
    )


def _line(row: BoardRow, cell: Cell, request: Request) -> Line:
    handed = cell.handed
    return Line(
        name=row.unit.name,
        section=str(row.group.label),
        code=cell.state,
        state=Badge(label(cell.state), TONES.get(cell.state, Tone.INFO)),
        note=_note(cell),
        due_on=cell.due_on,
        days_late=cell.days_late or None,
        rows=handed.rows if handed else None,
        errors=handed.errors if handed else None,
        warnings=handed.warnings if handed else None,
        held=handed.held if handed else None,
        conflicts=handed.conflicts if handed else None,
        sealed=_sealed(cell),
        url=url(cell, request),
        sheet_url=reverse("arrears:sheet", args=[handed.uid]) if handed and cell.state in DONE else "",
        **_came(cell),
    )


def _came(cell: Cell) -> dict[str, Any]:
    """When, by whom and as which file it came: the zero report where that is what counts."""
    came = cell.zero if cell.state in {Outcome.ZERO, Outcome.ZERO_VOID} else cell.handed
    if came is None:
        return {"handed_in_at": None, "who": "", "file_name": ""}
    return {"handed_in_at": came.handed_in_at, "who": came.who, "file_name": came.file_name}


def _sealed(cell: Cell) -> Badge | None:
    """Whether the reconciliation sheet came back; only what was entered has one."""
    if cell.handed is None or cell.state not in DONE:
        return None
    return Badge(_("Confirmed"), Tone.GOOD) if cell.handed.sealed_at else Badge(_("To be confirmed"), Tone.QUIET)


def _note(cell: Cell) -> str:
    """What stands under the state: why a zero report is void, and what else there is of the month."""
    notes = []
    if cell.zero and cell.zero.surfaced:
        notes.append(
            _("zero report void since {day}, because of claim {number}").format(
                day=shown.day(cell.zero.surfaced.since), number=cell.zero.surfaced.ledger_no
            )
        )
    if cell.handed and cell.handed.others:
        notes.append(_("and {count} more of this month").format(count=cell.handed.others))
    return "; ".join(notes)


def url(cell: Cell, request: Request) -> str:
    """Where a cell leads: to the zero report, or to the statement for whoever may open it."""
    if cell.zero and cell.state in {Outcome.ZERO, Outcome.ZERO_VOID}:
        return reverse("arrears:zero_report", args=[cell.zero.uid])
    if cell.handed and access.may(request.user, Permission.ARREARS_IMPORT):
        return reverse("arrears:statement", args=[cell.handed.uid])
    return ""


def label(code: str) -> str:
    """The name of what a month has come to."""
    return str(Outcome(code).label if code in set(Outcome) else STATES[code])


def _tiles(lines: Sequence[Line], asked: date) -> list[Tile]:
    counts = Counter(line.code for line in lines)
    done, nothing = sum(counts[code] for code in DONE), sum(counts[code] for code in NOTHING_IN)
    late = sum(1 for line in lines if line.days_late)
    here = f"{reverse('arrears:board')}?month={asked:%Y-%m}"
    return [
        Tile(_("Expected"), shown.count(len(lines)), _("units")),
        Tile(_("Entered"), shown.count(done), note=_("closed {count}").format(count=counts[Outcome.CLOSED])),
        Tile(_("On its way"), shown.count(len(lines) - done - nothing - counts[Outcome.ZERO])),
        Tile(_("Zero reports"), shown.count(counts[Outcome.ZERO]), url=f"{here}&state=zero"),
        Tile(
            _("Not reported"),
            shown.count(counts[Outcome.MISSING]),
            note=_("sent back or refused {count}").format(count=sum(counts[state] for state in TURNED_DOWN)),
            tone=Tone.ALARM if counts[Outcome.MISSING] else Tone.GOOD,
            url=f"{here}&state=missing",
        ),
        Tile(_("Late"), shown.count(late), tone=Tone.WATCH if late else Tone.QUIET, url=f"{here}&late=1"),
    ]


def as_of() -> str:
    """What a board must not be separated from: its instant, and how lateness is counted."""
    return _(
        "As it stood on {instant}; days late count from the deadline to the day of handing in, or to today."
    ).format(instant=shown.instant(timezone.now()))
