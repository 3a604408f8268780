"""What people do about people and units. Each leaves a row in the trail in the same transaction."""

import secrets
from collections.abc import Sequence
from datetime import date

from django.contrib.auth.hashers import check_password as matches
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from duban.identity import access, entry, journal, queries, rules
from duban.identity.models import Appointment, Line, Person, Unit, UnitAlias, UnitVersion
from duban.identity.rules import Permission
from duban.identity.units import UnitRow
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class NotYourAppointment(DomainError):
    """Somebody asks to act under an appointment that is not theirs, or not in force."""

    text = N_("That appointment is not yours or no longer in force. Choose one from the list.")


class UnknownRole(DomainError):
    """A role that is not in the list."""

    text = N_("There is no role {role}. Choose one of: {roles}.")

    def __init__(self, *, role: str) -> None:
        super().__init__(role=role, roles=", ".join(role.value for role in rules.Role if role is not rules.Role.OPERATOR))


class UnknownLine(DomainError):
    """A line that no unit belongs to."""

    text = N_("There is no line {line}. Use the code or name of a line that stands in the units file.")

    def __init__(self, *, line: str) -> None:
        super().__init__(line=line)


ROOT = "root"
"""The code of the unit above all others; it is the installation's, belongs to no paper and has no version."""


# -- Units ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def load_units(rows: Sequence[UnitRow], *, on: date, actor: Appointment) -> tuple[int, int]:
    """Bring the tree up to what a file says: new units are added, changed ones get a new version from `on`.

    A unit that the file does not name stays as it is.

    Returns:
        How many units were added, and how many changed.

    Raises:
        PermissionDenied: `actor` does not manage units.
        UnknownUnit: a parent is neither in the file nor known.
    """
    access.require(actor, Permission.UNITS_MANAGE)
    added = changed = 0
    for position, row in enumerate(rows):
        unit, is_new = Unit.objects.get_or_create(code=row.code, defaults={"path": "0"})
        was_changed = _set_version(unit, row, position=position, on=on)
        _set_aliases(unit, row.aliases)
        _make_scopes(unit)
        added, changed = added + is_new, changed + (was_changed and not is_new)
    if added or changed:
        _refresh_sight()
        journal.record(
            actor=actor,
            action="identity.units_loaded",
            words=Sentence(N_("Loaded units: {added} new, {changed} changed."), {"added": added, "changed": changed}),
        )
    return added, changed


def _set_version(unit: Unit, row: UnitRow, *, position: int, on: date) -> bool:
    parent = Unit.objects.filter(code=row.parent).first() if row.parent else None
    if row.parent and parent is None:
        raise queries.UnknownUnit(name=row.parent)
    line = Line.objects.get_or_create(code=row.line, defaults={"name": row.line})[0] if row.line else None
    new = UnitVersion(
        unit=unit, name=row.name, kind=row.kind, region_code=row.region, parent=parent, line=line,
        position=position, valid_from=on,
    )  # fmt: skip
    _set_place(unit, parent, is_territory=row.kind.is_territory)
    old = unit.versions.filter(valid_to__isnull=True).first()
    told = ("name", "kind", "region_code", "parent_id", "line_id", "position")
    if old and all(getattr(old, field) == getattr(new, field) for field in told):
        return False
    if old and old.valid_from == on:
        new.pk = old.pk
    elif old:
        old.valid_to = on
        old.save(update_fields=["valid_to"])
    else:
        # A unit is as old as the oldest paper that may name it: the first version has no beginning that matters.
        new.valid_from = date(1949, 10, 1)
    new.save()
    return True


def _set_place(unit: Unit, parent: Unit | None, *, is_territory: bool) -> None:
    above = parent or Unit.objects.get(code=ROOT)
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
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity.scope_of(%s, %s)", [unit_id, line_id])
        return int(cursor.fetchone()[0])


def _refresh_sight(appointment_id: int | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity.refresh_sight(%s, NULL)", [appointment_id])


# -- People ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def appoint(
    *, name: str, unit_code: str, role: str, line: str = "", party_id: int | None = None, on: date, actor: Appointment
) -> Appointment:
    """Appoint a person, known or new, to a role at a unit. A department's line is its unit's where none is given.

    Raises:
        PermissionDenied: `actor` does not manage people.
        UnknownRole, UnknownUnit, UnknownLine: what is named does not exist.
    """
    access.require(actor, Permission.PEOPLE_MANAGE)
    if role not in set(rules.Role) - {rules.Role.OPERATOR}:
        raise UnknownRole(role=role)
    unit = queries.unit_on(unit_code, on)
    of_line = queries.line_by_code(line) if line else None
    if line and of_line is None:
        raise UnknownLine(line=line)
    person, _ = Person.objects.get_or_create(name=name)
    appointment = Appointment.objects.create(
        person=person, role=role, unit_id=unit.id, line_id=of_line.pk if of_line else unit.line_id,
        party_id=party_id, valid_from=on,
    )  # fmt: skip
    _refresh_sight(appointment.pk)
    words = Sentence(N_("Appointed {name} as {role} at {unit}."), {"name": name, "role": role, "unit": unit.name})
    journal.record(actor=actor, action="identity.appointed", subject=("identity.person", str(person.uid)), words=words)
    return appointment


@transaction.atomic
def end_appointment(appointment: Appointment, *, actor: Appointment) -> None:
    """End an appointment now: its sight and its sessions go in the same transaction.

    Raises:
        PermissionDenied: `actor` does not manage people.
    """
    access.require(actor, Permission.PEOPLE_MANAGE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity.end_appointment(%s)", [appointment.pk])
    words = Sentence(N_("Ended the appointment of {name} as {role}."), {"name": appointment.person.name, "role": appointment.role})
    subject = ("identity.person", str(appointment.person.uid))
    journal.record(actor=actor, action="identity.appointment_ended", subject=subject, words=words)


@transaction.atomic
def set_first_password(person: Person, *, actor: Appointment, password: str | None = None, must_change: bool = True) -> str:
    """Give a person a password to begin with, to be changed at the first sign-in.

    Returns:
        The password, made up when none is given; it is shown once and stored only as a hash.

    Raises:
        PermissionDenied: `actor` does not manage people.
    """
    access.require(actor, Permission.PEOPLE_MANAGE)
    chosen = password or f"{secrets.token_urlsafe(9)}-Aa1"
    _store_password(person.pk, chosen, must_change=must_change)
    words = Sentence(N_("Set a first password for {name}."), {"name": person.name})
    subject = ("identity.person", str(person.uid))
    journal.record(actor=actor, action="identity.password_set", subject=subject, words=words)
    return chosen


@transaction.atomic
def change_password(*, old: str, new: str, actor: Appointment) -> None:
    """Change one's own password; every other session of the person ends.

    Raises:
        SignInRefused: the old password is not right.
        WeakPassword: the new one does not meet the rule in force.
    """
    rule = queries.security_rule()
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM identity.my_password()")
        row = cursor.fetchone()
    if row is None or not matches(old, row[0]):
        raise rules.SignInRefused(left=rule.failures)
    rules.check_password(
        new, name=actor.person.name, old=old, min_length=rule.password_length, min_classes=rule.password_classes
    )
    _store_password(actor.person_id, new, must_change=False)
    journal.record(actor=actor, action="identity.password_changed", words=Sentence(N_("Changed the password.")))


def _store_password(person_id: int, password: str, *, must_change: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity.set_password(%s, %s, %s)", [person_id, make_password(password), must_change])


# -- Sessions -------------------------------------------------------------------------------------------------------


def sign_in(*, name: str, password: str, address: str, agent: str) -> str:
    """Check a name and a password and open a session.

    A refusal is counted in a transaction of its own, so that raising it does not undo the count.

    Returns:
        The session's token.

    Raises:
        SignInLocked: too many refusals in a row.
        SignInRefused: the name or the password is not right.
        NoAppointment: the person holds no appointment today.
    """
    rule = queries.security_rule()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, password, failures, last_failure FROM identity.sign_in_candidate(%s)", [name]
        )
        person_id, stored, failures, last_failure = cursor.fetchone()
    if failures >= rule.failures:
        until = timezone.localtime(last_failure + rule.lock_for)
        raise rules.SignInLocked(until=until.strftime("%H:%M"))
    # Without such a person a hash is worked out all the same, so that the answer takes as long.
    if not matches(password, stored or make_password("nobody")) or stored is None:
        _count_refusal(name, address)
        raise rules.SignInRefused(left=rule.failures - failures - 1)
    with transaction.atomic():
        token = entry.open_session(person_id, address=address, agent=agent)
        if token is None:
            raise rules.NoAppointment(who=name)
        actor = entry.enter(token)
        journal.record(actor=actor, action="identity.signed_in", words=Sentence(N_("Signed in.")))
    return token


def _count_refusal(name: str, address: str) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT identity.note_refused_sign_in(%s, %s)", [name, address])
        words = Sentence(N_("Refused to sign in {name}."), {"name": name[:64]})
        journal.record(actor=None, action="identity.sign_in_refused", words=words)


@transaction.atomic
def sign_out(*, token: str, actor: Appointment) -> None:
    """End the session."""
    journal.record(actor=actor, action="identity.signed_out", words=Sentence(N_("Signed out.")))
    entry.end_session(token)


@transaction.atomic
def change_appointment(*, token: str, appointment_id: int, actor: Appointment) -> None:
    """Act under another of one's appointments from now on.

    Raises:
        NotYourAppointment: it is somebody else's, or not in force.
    """
    words = Sentence(N_("Changed to appointment {number}."), {"number": appointment_id})
    journal.record(actor=actor, action="identity.appointment_changed", words=words)
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity.change_appointment(%s, %s)", [token, appointment_id])
        changed = cursor.fetchone()[0]
    if not changed:
        raise NotYourAppointment
