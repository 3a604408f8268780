"""Reading what was looked at, and what headings mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from duban.audit.models import Progress
from duban.identity import queries as units
from duban.identity.access import in_sight
from duban.identity.models import Appointment, Scope
from duban.identity.queries import UnitView
from duban.identity.rules import Permission
from duban.identity.work import has_failed
from duban.intake.keeping import Kept, from_stored
from duban.intake.models import HeadingMeaning, Look, LookFinding, LookRow
from duban.workbook.findings import Finding, sentence_from_stored


@dataclass(frozen=True, slots=True)
class LookView:
    """A workbook that was looked at.

    Args:
        schema: the code that was asked for; empty for finding out.
        seen: None as long as it was not read.
    """

    uid: UUID
    file_name: str
    file_sha256: str
    unit_id: int
    unit_code: str
    unit_name: str
    schema: str
    state: str
    who: str
    asked_at: datetime
    seen: Kept | None
    refusal: str
    done: int = 0
    total: int = 0
    is_stopped: bool = False
    """Its job ended by a fault of ours: nothing more will happen by itself."""


@dataclass(frozen=True, slots=True)
class RowView:
    """A row as it was read; `left` is the first column of its table, from 0."""

    sheet: str
    number: int
    left: int
    values: Sequence[str | None]
    raws: Sequence[str]
    is_hidden: bool
    has_error: bool


@dataclass(frozen=True, slots=True)
class MeaningView:
    """What a heading means to a unit, who said so and when."""

    id: int
    heading: str
    column: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FindingWish:
    """Which findings are wanted; what is empty narrows nothing."""

    severity: str = ""
    rule: str = ""
    sheet: str = ""


def looks(*, actor: Appointment, today: date, window: slice) -> list[LookView]:
    """The workbooks that people of `actor`'s unit looked at, the latest first."""
    names = {unit.id: unit.name for unit in units.units_on(today)}
    return [_view(row, names.get(row.unit_id, row.unit.code)) for row in _own(actor).order_by("-pk")[window]]


def look(uid: UUID, *, actor: Appointment, today: date) -> LookView:
    """One of them, with how far the worker is.

    Raises:
        Look.DoesNotExist: there is none that `actor` may see.
    """
    row = _own(actor).get(uid=uid)
    waits = row.state == Look.State.WAITING
    progress = Progress.objects.filter(subject=uid).first() if waits else None
    return _view(
        row, units.unit_name(row.unit, on=today), progress=progress, is_stopped=waits and has_failed(uid)
    )  # fmt: skip


def looked_at(uid: UUID, *, actor: Appointment) -> Look:
    """The record of a look, for a command.

    Raises:
        Look.DoesNotExist: there is none that `actor` may see.
    """
    return _own(actor).get(uid=uid)


def rows(uid: UUID, *, actor: Appointment, sheet: str = "", only_errors: bool = False) -> "QuerySet[LookRow]":
    """The kept rows of a look in their order, not yet read."""
    wanted = LookRow.objects.filter(look=_own(actor).get(uid=uid))
    if sheet:
        wanted = wanted.filter(sheet=sheet)
    return (wanted.filter(has_error=True) if only_errors else wanted).order_by("n")


def as_rows(found: Iterable[LookRow]) -> list[RowView]:
    """Read rows."""
    return [
        RowView(row.sheet, row.number, row.left, row.values, row.raws, row.is_hidden, row.has_error) for row in found
    ]


def row_with(uid: UUID, *, actor: Appointment, sheet: str, number: int, place: int) -> tuple[RowView, int] | None:
    """The row of the file in which a cell stands, and how many come before it; None when that row is not kept.

    Args:
        place: the column of the cell, from 0: of tables side by side the one in which it stands is meant.
    """
    every = rows(uid, actor=actor)
    there = every.filter(sheet=sheet, number=number)
    row = there.filter(left__lte=place).order_by("-left").first()
    return (as_rows([row])[0], every.filter(n__lt=row.n).count()) if row else None


def findings(uid: UUID, wish: FindingWish, *, actor: Appointment) -> "QuerySet[LookFinding]":
    """What was found in it, in the order of the sheet, not yet read."""
    narrowed = Q(look=_own(actor).get(uid=uid))
    for name in ("severity", "rule", "sheet"):
        if wanted := getattr(wish, name):
            narrowed &= Q(**{name: wanted})
    return LookFinding.objects.filter(narrowed).order_by("pk")


def as_findings(found: "QuerySet[LookFinding]") -> list[Finding]:
    """Read findings."""
    columns = ("rule", "severity", "sheet", "cell", "value", "message", "expected")
    return [Finding.from_stored(row) for row in found.values(*columns)]


def rules_found(uid: UUID, *, actor: Appointment) -> list[tuple[str, str]]:
    """Which rules and sheets have findings, as pairs without repetition."""
    return list(
        findings(uid, FindingWish(), actor=actor).order_by("rule", "sheet").values_list("rule", "sheet").distinct()
    )


def meanings(unit_id: int, schema: str) -> list[MeaningView]:
    """What the headings of a unit's workbooks mean, as last said. One query."""
    latest = HeadingMeaning.objects.filter(unit_id=unit_id, schema=schema).order_by("key", "-pk").distinct("key")
    return [MeaningView(row.pk, row.heading, row.column, row.who, row.at) for row in latest if not row.is_forgotten]


def heading_map(unit_id: int, schema: str) -> dict[str, str]:
    """The same as a mapping, for the reader."""
    return {meaning.heading: meaning.column for meaning in meanings(unit_id, schema)}


def may_explain_for(*, actor: Appointment, today: date) -> list[UnitView]:
    """The units whose memory `actor` may use and add to, in official order."""
    scopes = Scope.objects.filter(in_sight(actor, Permission.WORKBOOK_LOOK, field="pk"))
    able = set(scopes.values_list("unit_id", flat=True))
    return [unit for unit in units.units_on(today) if unit.id in able]


def _own(actor: Appointment) -> QuerySet[Look]:
    mine = Look.objects.filter(in_sight(actor, Permission.WORKBOOK_LOOK), scope__unit_id=actor.unit_id)
    return mine.select_related("unit", "file")


def _view(row: Look, unit_name: str, *, progress: Progress | None = None, is_stopped: bool = False) -> LookView:
    return LookView(
        uid=row.uid,
        file_name=row.file.name,
        file_sha256=row.file.sha256,
        unit_id=row.unit_id,
        unit_code=row.unit.code,
        unit_name=unit_name,
        schema=row.schema,
        state=row.state,
        who=row.who,
        asked_at=row.asked_at,
        seen=from_stored(row.seen) if row.seen else None,
        refusal=str(sentence_from_stored(row.refusal)) if row.refusal else "",
        done=progress.done if progress else 0,
        total=progress.total if progress else 0,
        is_stopped=is_stopped,
    )
