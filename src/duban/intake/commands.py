"""Having a workbook read to look at it, and saying what a heading means."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from duban.audit import commands as audit
from duban.audit.progress import Meter, silent
from duban.evidence import commands as evidence
from duban.evidence.models import File
from duban.identity import access
from duban.identity import queries as units
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.queries import UnitView
from duban.identity.rules import Permission
from duban.intake import queries
from duban.intake.keeping import KEPT_ROWS, storable, stored
from duban.intake.models import HeadingMeaning, Look
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence
from duban.postgres import bulk
from duban.workbook import registry
from duban.workbook.findings import stored_sentence
from duban.workbook.looked import Looked, LookedRow
from duban.workbook.looking import look_at
from duban.workbook.mapping import IGNORED, heading_key

KEPT_FINDINGS = 20_000
STEP = 2000
"""Rows kept between two signs of progress."""
LONGEST_HEADING = 200
LONGEST_SHEET_NAME = 255


class UnknownColumn(DomainError):
    """A heading is mapped to a column that its sheet does not have."""

    text = N_("{title} has no column {column}. Choose one of the list.")

    def __init__(self, *, title: str, column: str) -> None:
        super().__init__(title=title, column=column)


class MappedTwice(DomainError):
    """Two headings are given the same meaning."""

    text = N_("“{first}” and “{second}” cannot both be {column}. Choose another column for one of them, or ignore it.")

    def __init__(self, *, first: str, second: str, column: str) -> None:
        super().__init__(first=first, second=second, column=column)


# -- Looking ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def look(
    *, name: str, content: Iterable[bytes], schema: str = "", unit_code: str = "", today: date, actor: Appointment
) -> Look:
    """Take a workbook in to be looked at; reading it is a step of its own.

    Args:
        schema: the code of a sheet; empty for finding out.
        unit_code: whose memory of headings is used; the person's own unit unless said.

    Raises:
        PermissionDenied: `actor` may not look at workbooks, or not use that unit's memory.
        UnknownSchema, UnknownUnit, FileTooLarge: nothing was kept.
    """
    access.require(actor, Permission.WORKBOOK_LOOK, scope_id=_own_scope(actor))
    file = evidence.keep(content, name=name, scope_id=_own_scope(actor), actor=actor)
    return _ask(file, schema=schema, unit_id=_unit_of(unit_code, today, actor), actor=actor)


@transaction.atomic
def look_again(uid: UUID, *, schema: str, actor: Appointment) -> Look:
    """Have the same file read once more, with another schema or with what was explained meanwhile.

    Raises:
        Look.DoesNotExist: there is none that `actor` may see.
    """
    access.require(actor, Permission.WORKBOOK_LOOK, scope_id=_own_scope(actor))
    earlier = queries.looked_at(uid, actor=actor)
    return _ask(earlier.file, schema=schema, unit_id=earlier.unit_id, actor=actor)


def _ask(file: File, *, schema: str, unit_id: int, actor: Appointment) -> Look:
    if schema:
        registry.schema(schema)
    return Look.objects.create(
        scope_id=_own_scope(actor), file=file, unit_id=unit_id, schema=schema, appointment=actor, who=actor.person.name
    )


def _own_scope(actor: Appointment) -> int:
    return scope_of(actor.unit_id, None)


def _unit_of(code: str, today: date, actor: Appointment) -> int:
    if not code:
        return actor.unit_id
    unit = units.unit_on(code, today)
    access.require(actor, Permission.WORKBOOK_LOOK, scope_id=scope_of(unit.id, None))
    return unit.id


@transaction.atomic
def read(uid: UUID, *, actor: Appointment, progress: Meter = silent) -> Look:
    """Read a workbook that waits, and keep what there is to see. Run twice it does no harm."""
    waiting = Look.objects.select_for_update(of=("self",)).select_related("file").get(uid=uid)
    access.require(actor, Permission.WORKBOOK_LOOK, scope_id=waiting.scope_id)
    if waiting.state != Look.State.WAITING:
        return waiting
    schemas = [registry.schema(waiting.schema)] if waiting.schema else registry.schemas()
    mappings = {schema.code: queries.heading_map(waiting.unit_id, schema.code) for schema in schemas}
    try:
        looked = look_at(
            evidence.path_of(waiting.file.sha256), name=waiting.file.name, schemas=schemas, mappings=mappings
        )
    except DomainError as refusal:
        waiting.state, waiting.refusal = Look.State.REFUSED, stored_sentence(refusal.sentence)
    else:
        _keep_rows(waiting, looked, progress)
        _keep_findings(waiting, looked)
        waiting.state, waiting.seen = Look.State.READ, storable(stored(looked))
    waiting.save(update_fields=["state", "refusal", "seen"])
    return waiting


def _keep_rows(look: Look, looked: Looked, progress: Meter) -> None:
    numbered = enumerate(looked.rows)
    kept = [(n, row) for n, row in numbered if n < KEPT_ROWS or (row.has_error and n < 10 * KEPT_ROWS)]
    for start in range(0, len(kept), STEP):
        some = kept[start : start + STEP]
        bulk.insert("intake_lookrow", _columns(look, some))
        progress(start + len(some), len(kept))


def _columns(look: Look, rows: Sequence[tuple[int, LookedRow]]) -> bulk.Columns:
    return {
        "look_id": ("bigint", [look.pk] * len(rows)),
        "scope_id": ("bigint", [look.scope_id] * len(rows)),
        "n": ("int", [n for n, _ in rows]),
        "sheet": ("text", [row.sheet[:LONGEST_SHEET_NAME] for _, row in rows]),
        "number": ("int", [row.number for _, row in rows]),
        "left": ("int", [row.left for _, row in rows]),
        "values": ("jsonb", [storable(row.values) for _, row in rows]),
        "raws": ("jsonb", [storable(row.raws) for _, row in rows]),
        "is_hidden": ("boolean", [row.is_hidden for _, row in rows]),
        "has_error": ("boolean", [row.has_error for _, row in rows]),
    }


def _keep_findings(look: Look, looked: Looked) -> None:
    kept = [
        storable(finding.stored() | {"sheet": finding.sheet[:LONGEST_SHEET_NAME]})
        for finding in looked.findings[:KEPT_FINDINGS]
    ]
    texts = ("rule", "severity", "sheet", "cell", "value", "expected")
    bulk.insert(
        "intake_lookfinding",
        {
            "look_id": ("bigint", [look.pk] * len(kept)),
            "scope_id": ("bigint", [look.scope_id] * len(kept)),
            "message": ("jsonb", [found["message"] for found in kept]),
            **{name: ("text", [found[name] for found in kept]) for name in texts},
        },
    )


# -- What headings mean -----------------------------------------------------------------------------------------------


@transaction.atomic
def explain(*, unit_code: str, schema: str, meanings: Mapping[str, str], today: date, actor: Appointment) -> int:
    """Remember what headings of a unit's workbooks mean, from now on and for its imports too.

    Args:
        meanings: from the heading as written to the name of a column, or `IGNORED`.

    Returns:
        How many were new or different.

    Raises:
        PermissionDenied: `actor` may not post for the unit.
        UnknownColumn: the sheet has no such column.
        MappedTwice: two headings were given the same column.
    """
    unit = units.unit_on(unit_code, today)
    scope_id = scope_of(unit.id, None)
    access.require(actor, Permission.WORKBOOK_LOOK, scope_id=scope_id)
    _check_meanings(schema, meanings)
    known = queries.heading_map(unit.id, schema)
    fresh = {heading: column for heading, column in meanings.items() if known.get(heading) != column}
    for heading, column in fresh.items():
        _remember(unit, schema, heading, column, scope_id=scope_id, actor=actor)
    return len(fresh)


def _check_meanings(schema: str, meanings: Mapping[str, str]) -> None:
    labels = {column.name: column.label for column in registry.schema(schema).columns}
    first: dict[str, str] = {}
    for heading, column in meanings.items():
        if column == IGNORED:
            continue
        if column not in labels:
            raise UnknownColumn(title=registry.schema(schema).title, column=column)
        if column in first:
            raise MappedTwice(first=first[column], second=heading, column=labels[column])
        first[column] = heading


def _remember(unit: UnitView, schema: str, heading: str, column: str, *, scope_id: int, actor: Appointment) -> None:
    HeadingMeaning.objects.create(
        unit_id=unit.id, scope_id=scope_id, schema=schema, key=heading_key(heading)[:LONGEST_HEADING],
        heading=heading[:LONGEST_HEADING], column=column, appointment=actor, who=actor.person.name,
    )  # fmt: skip
    values = {"unit": unit.name, "heading": heading, "title": registry.schema(schema).title}
    if column == IGNORED:
        words = Sentence(N_("In workbooks of {unit} the heading “{heading}” is ignored for {title}."), values)
    else:
        labels = {known.name: known.label for known in registry.schema(schema).columns}
        text = N_("In workbooks of {unit} the heading “{heading}” is {column} of {title}.")
        words = Sentence(text, {**values, "column": labels[column]})
    audit.record(actor=actor, action="intake.heading_explained", words=words, scope_id=scope_id)


@transaction.atomic
def forget(meaning_id: int, *, today: date, actor: Appointment) -> None:
    """Take back what was said of a heading; what was read with it stays as it was read.

    Raises:
        HeadingMeaning.DoesNotExist: there is none that `actor` may see.
        PermissionDenied: `actor` may not post for the unit.
    """
    said = HeadingMeaning.objects.select_related("unit").get(pk=meaning_id)
    access.require(actor, Permission.WORKBOOK_LOOK, scope_id=said.scope_id)
    HeadingMeaning.objects.create(
        unit_id=said.unit_id, scope_id=said.scope_id, schema=said.schema, key=said.key, heading=said.heading,
        column=said.column, is_forgotten=True, appointment=actor, who=actor.person.name,
    )  # fmt: skip
    values = {"unit": units.unit_name(said.unit, on=today), "heading": said.heading}
    words = Sentence(N_("What “{heading}” means in workbooks of {unit} was forgotten."), values)
    audit.record(actor=actor, action="intake.heading_forgotten", words=words, scope_id=said.scope_id)
