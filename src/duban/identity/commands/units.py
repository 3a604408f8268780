"""Bringing the organisation tree up to date."""

from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction

from duban.identity import access, entry, journal, queries
from duban.identity.models import Appointment, Line, Unit, UnitAlias, UnitVersion
from duban.identity.rules import Permission
from duban.identity.units import UnitRow, official_order
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence

ROOT = "root"
"""The code of the unit above all others; it is the installation's, belongs to no paper and has no version."""
BEGINNING = date(1949, 10, 1)
"""A unit is as old as the oldest paper that may name it: the first version has no beginning that matters."""


class UnitUnderItself(DomainError):
    """A unit would stand below one of its own parts."""

    text = N_("{unit} cannot stand under {parent}, which stands under {unit} itself. Move {parent} out first.")

    def __init__(self, *, unit: str, parent: str) -> None:
        super().__init__(unit=unit, parent=parent)


class ChangedLater(DomainError):
    """A change takes effect before one that is known already."""

    text = N_("{unit} was changed from {since} on; a change from {on} would lie before that. Give a later day.")

    def __init__(self, *, unit: str, since: date, on: date) -> None:
        super().__init__(unit=unit, since=since, on=on)


class UnitEnded(DomainError):
    """A unit that went into another one is named as if it were still there."""

    text = N_("{unit} went into {successor} and is no more. Name {successor} instead.")

    def __init__(self, *, unit: Unit) -> None:
        super().__init__(unit=unit.code, successor=unit.successor.code if unit.successor else "")


class CannotMerge(DomainError):
    """A unit would go into itself or into one of its own parts."""

    text = N_("{predecessor} cannot be merged into {successor}, which is a part of it. Move {successor} out first.")

    def __init__(self, *, predecessor: str, successor: str) -> None:
        super().__init__(predecessor=predecessor, successor=successor)


@transaction.atomic
def load_units(rows: Sequence[UnitRow], *, on: date, actor: Appointment) -> tuple[int, int]:
    """Bring the tree up to what a file says: new units are added, changed ones get a new version from `on`.

    A unit that the file does not name stays as it is.

    Returns:
        How many units were added, and how many changed.

    Raises:
        PermissionDenied: `actor` does not manage units.
        UnknownUnit: a parent is neither in the file nor known.
        UnitUnderItself: a parent stands below the unit.
        UnitEnded: a unit or a parent went into another unit.
        ChangedLater: a unit has a version that begins after `on`.
    """
    access.require(actor, Permission.UNITS_MANAGE)
    _hold_tree()
    added = changed = 0
    changes: list[tuple[str, str, str]] = []
    for position, row in zip(official_order([row.code for row in rows], _positions()), rows, strict=True):
        unit, is_new = Unit.objects.get_or_create(code=row.code, defaults={"path": "0"})
        told = _set_version(unit, row, position=position, on=on)
        _set_aliases(unit, row.aliases)
        _make_scopes(unit)
        added, changed = added + is_new, changed + (bool(told) and not is_new)
        changes += told
    if added or changed:
        entry.ask("refresh_sight", None)
        words = Sentence(N_("Loaded units: {added} new, {changed} changed."), {"added": added, "changed": changed})
        journal.record(actor=actor, action="identity.units_loaded", words=words, changes=changes)
    return added, changed


def _hold_tree() -> None:
    """One change of the tree at a time: the lock of `identity.work_out_sight`, taken before anything is read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7030203)")


def _positions() -> dict[str, int]:
    standing = UnitVersion.objects.filter(valid_to__isnull=True)
    return dict(standing.values_list("unit__code", "position"))


def _set_version(unit: Unit, row: UnitRow, *, position: int, on: date) -> list[tuple[str, str, str]]:
    """Give the unit the version that `row` says, and return what changed: what, before and after."""
    parent = _unit(row.parent) if row.parent else None
    for named in (unit, parent):
        if named is not None and named.ended_on:
            raise UnitEnded(unit=named)
    line = Line.objects.get_or_create(code=row.line, defaults={"name": row.line})[0] if row.line else None
    new = UnitVersion(
        unit=unit, name=row.name, kind=row.kind, region_code=row.region, parent=parent, line=line,
        position=position, valid_from=on,
    )  # fmt: skip
    _set_place(unit, parent, is_territory=row.kind.is_territory)
    old = unit.versions.filter(valid_to__isnull=True).select_related("parent", "line").first()
    changes = _differences(unit, old, new)
    if not changes:
        return []
    if old is None:
        new.valid_from = BEGINNING
    elif old.valid_from == on:
        new.pk = old.pk
    else:
        _close(old, on=on)
    new.save()
    return changes


def _close(version: UnitVersion, *, on: date) -> None:
    if version.valid_from > on:
        raise ChangedLater(unit=version.name, since=version.valid_from, on=on)
    version.valid_to = on
    version.save(update_fields=["valid_to"])


def _differences(unit: Unit, old: UnitVersion | None, new: UnitVersion) -> list[tuple[str, str, str]]:
    def told(version: UnitVersion | None) -> dict[str, str]:
        if version is None:
            return {}
        return {
            "name": version.name,
            "kind": version.kind,
            "region": version.region_code,
            "parent": version.parent.code if version.parent else "",
            "line": version.line.code if version.line else "",
            "position": str(version.position),
        }

    before, after = told(old), told(new)
    return [
        (f"{unit.code} {what}", before.get(what, ""), value)
        for what, value in after.items()
        if before.get(what) != value
    ]


def _set_place(unit: Unit, parent: Unit | None, *, is_territory: bool) -> None:
    """Put the unit under `parent`, or under the root, and everything below it along with it."""
    above = parent or Unit.objects.get(code=ROOT)
    if str(unit.pk) in above.path.split("."):
        raise UnitUnderItself(unit=unit.code, parent=above.code)
    path = f"{above.path}.{unit.pk}"
    if (unit.path, unit.is_territory) == (path, is_territory):
        return
    if unit.path != "0":
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE identity_unit SET path = %s::ltree || subpath(path, nlevel(%s::ltree))"
                " WHERE path <@ %s::ltree AND id <> %s",
                [path, unit.path, unit.path, unit.pk],
            )
    unit.path, unit.is_territory = path, is_territory
    unit.save(update_fields=["path", "is_territory"])


def _set_aliases(unit: Unit, names: Sequence[str]) -> None:
    known = set(unit.aliases.values_list("name", flat=True))
    UnitAlias.objects.bulk_create([UnitAlias(unit=unit, name=name) for name in names if name not in known])


def _make_scopes(unit: Unit) -> None:
    line_id = unit.versions.filter(valid_to__isnull=True).values_list("line_id", flat=True).first()
    for crossing in {None, line_id}:
        scope_of(unit.pk, crossing)


def scope_of(unit_id: int, line_id: int | None) -> int:
    """The crossing of a unit and a line, made on first use."""
    (scope_id,) = entry.ask("scope_of", unit_id, line_id)
    return int(scope_id)


@transaction.atomic
def merge_units(*, predecessor: str, successor: str, on: date, actor: Appointment) -> None:
    """Let a unit go into another one: from `on` it is no more, and its successor sees what it held.

    What it held keeps its scopes, and so stays told apart. Papers that still use its code or a name of it mean the
    successor (`queries.unit_on`). Appointments at it go on until they are ended, over what it held.

    Args:
        predecessor, successor: codes.

    Raises:
        PermissionDenied: `actor` does not manage units.
        UnknownUnit: there is no such unit.
        UnitEnded: one of them went into another unit already.
        CannotMerge: the successor is the predecessor, or a part of it.
        ChangedLater: the predecessor has a version that begins after `on`.
    """
    access.require(actor, Permission.UNITS_MANAGE)
    _hold_tree()
    going, staying = _unit(predecessor), _unit(successor)
    for unit in (going, staying):
        if unit.ended_on:
            raise UnitEnded(unit=unit)
    if str(going.pk) in staying.path.split("."):
        raise CannotMerge(predecessor=going.code, successor=staying.code)
    version = going.versions.get(valid_to__isnull=True)
    _close(version, on=on)
    _set_place(going, staying, is_territory=going.is_territory)
    going.successor, going.ended_on = staying, on
    going.save(update_fields=["successor", "ended_on"])
    entry.ask("refresh_sight", None)
    journal.record(
        actor=actor,
        action="identity.units_merged",
        subject=("identity.unit", going.code),
        words=Sentence(N_("Merged {name} into {successor}."), {"name": version.name, "successor": staying.code}),
        changes=[("successor", "", staying.code), ("ended_on", "", on.isoformat())],
    )


def _unit(code: str) -> Unit:
    unit = Unit.objects.exclude(code=ROOT).filter(code=code).first()
    if unit is None:
        raise queries.UnknownUnit(name=code)
    return unit
