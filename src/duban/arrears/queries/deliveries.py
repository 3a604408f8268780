"""Workbooks handed in at once, with what was guessed of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from duban.arrears.models import DeliveredFile, Delivery
from duban.arrears.queries.imports import may_report_for
from duban.audit.models import Progress
from duban.identity import queries as units
from duban.identity.access import in_sight
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.identity.work import has_failed
from duban.kernel.words import Sentence
from duban.workbook.findings import sentence_from_stored
from duban.workbook.guessing import UnitNames


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a delivery.

    Args:
        unit_code, day: as guessed; None where nothing certain can be said.
        statement: what it became when it was handed in.
        passed_over: of an archive, the names of files in it that are no workbooks.
    """

    n: int
    name: str
    state: str
    unit_code: str | None = None
    reason: Sentence | None = None
    confidence: float = 0.0
    rivals: Sequence[str] = ()
    day: date | None = None
    day_reason: Sentence | None = None
    refusal: Sentence | None = None
    statement: UUID | None = None
    passed_over: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery, how far the worker is with it, and its files."""

    uid: UUID
    state: str
    received_at: datetime
    files: list[FileView] = field(default_factory=list)
    done: int = 0
    total: int = 0
    is_stopped: bool = False

    @property
    def open_files(self) -> list[FileView]:
        """Those that wait for a person's word."""
        return [file for file in self.files if file.state == "guessed"]


def delivery(uid: UUID, *, actor: Appointment) -> DeliveryView:
    """One delivery.

    Raises:
        Delivery.DoesNotExist: there is none where `actor` can see it.
    """
    row = _seen(actor).get(uid=uid)
    waits = row.state == Delivery.State.WAITING
    progress = Progress.objects.filter(subject=uid).first() if waits else None
    return DeliveryView(
        uid=row.uid,
        state=row.state,
        received_at=row.received_at,
        files=[_file(file) for file in row.files.select_related("statement").order_by("n")],
        done=progress.done if progress else 0,
        total=progress.total if progress else 0,
        is_stopped=waits and has_failed(uid),
    )


def open_deliveries(*, actor: Appointment, most: int = 5) -> list[DeliveryView]:
    """The latest deliveries in which files wait for a person's word."""
    waiting = DeliveredFile.objects.filter(state__in=[DeliveredFile.State.WAITING, DeliveredFile.State.GUESSED])
    rows = _seen(actor).filter(pk__in=waiting.values("delivery_id")).order_by("-pk")[:most]
    return [
        DeliveryView(
            row.uid,
            row.state,
            row.received_at,
            [_file(file) for file in row.files.select_related("statement").order_by("n")],
        )
        for row in rows
    ]


def unit_names(*, actor: Appointment, today: date) -> list[UnitNames]:
    """All units with all their names, and for which of them `actor` may hand in; for guessing."""
    every = units.units_on(today)
    codes = {str(unit.id): unit.code for unit in every}
    others = units.names_of_units(today)
    able = {unit.id for unit in may_report_for(actor=actor, today=today)}
    return [
        UnitNames(
            code=unit.code,
            name=unit.name,
            others=tuple(others.get(unit.id, ())),
            above=frozenset(codes[step] for step in unit.path.split(".")[:-1] if step in codes),
            may_report=unit.id in able,
        )
        for unit in every
    ]


def _seen(actor: Appointment) -> QuerySet[Delivery]:
    return Delivery.objects.filter(in_sight(actor, Permission.ARREARS_IMPORT), scope__unit_id=actor.unit_id)


def _file(row: DeliveredFile) -> FileView:
    guess: Mapping[str, Any] = row.guess
    return FileView(
        n=row.n,
        name=row.name,
        state=row.state,
        unit_code=guess.get("unit"),
        reason=_sentence(guess.get("reason")),
        confidence=guess.get("confidence", 0.0),
        rivals=guess.get("rivals", ()),
        day=date.fromisoformat(guess["day"]) if guess.get("day") else None,
        day_reason=_sentence(guess.get("day_reason")),
        refusal=_sentence(row.refusal),
        statement=row.statement.uid if row.statement else None,
        passed_over=guess.get("passed_over", ()),
    )


def _sentence(kept: Mapping[str, Any] | None) -> Sentence | None:
    return sentence_from_stored(kept) if kept else None
