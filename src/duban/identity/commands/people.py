"""Appointing people, and letting them go."""

import secrets
from datetime import date

from django.db import transaction

from duban.identity import access, entry, journal, queries, rules
from duban.identity.commands.sessions import store_password
from duban.identity.models import Appointment, Person
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class UnknownRole(DomainError):
    """A role that is not in the list."""

    text = N_("There is no role {role}. Choose one of: {roles}.")

    def __init__(self, *, role: str) -> None:
        super().__init__(
            role=role, roles=", ".join(role.value for role in rules.Role if role is not rules.Role.OPERATOR)
        )


class UnknownLine(DomainError):
    """A line that no unit belongs to."""

    text = N_("There is no line {line}. Use the code or name of a line that stands in the units file.")

    def __init__(self, *, line: str) -> None:
        super().__init__(line=line)


class ForYourself(DomainError):
    """Somebody would appoint themselves, or end or deactivate their own."""

    text = N_("Nobody appoints or dismisses themselves. Ask another security administrator.")


class PeriodEndsBeforeItBegins(DomainError):
    """An appointment would end on or before its first day."""

    text = N_("The appointment would begin on {on} and end on {until}. Give an end after the first day, or none.")

    def __init__(self, *, on: date, until: date) -> None:
        super().__init__(on=on, until=until)


@transaction.atomic
def appoint(
    *,
    name: str,
    unit_code: str,
    role: str,
    line: str = "",
    party_id: int | None = None,
    on: date,
    until: date | None = None,
    actor: Appointment,
) -> Appointment:
    """Appoint a person, known or new, to a role at a unit. A department's line is its unit's where none is given.

    Args:
        on: the first day.
        until: the first day on which it is no longer in force; None for an appointment without end.

    Raises:
        PermissionDenied: `actor` does not manage people.
        UnknownRole, UnknownUnit, AmbiguousUnit, UnknownLine: what is named does not exist, or not once.
        ForYourself: the person is `actor`.
        PeriodEndsBeforeItBegins: `until` is not after `on`.
    """
    access.require(actor, Permission.PEOPLE_MANAGE)
    if role not in set(rules.Role) - {rules.Role.OPERATOR}:
        raise UnknownRole(role=role)
    if until is not None and until <= on:
        raise PeriodEndsBeforeItBegins(on=on, until=until)
    unit = queries.unit_on(unit_code, on)
    of_line = queries.line_by_code(line) if line else None
    if line and of_line is None:
        raise UnknownLine(line=line)
    person, _ = Person.objects.get_or_create(name=name)
    _check_not_oneself(person, actor)
    appointment = Appointment.objects.create(
        person=person, role=role, unit_id=unit.id, line_id=of_line.pk if of_line else unit.line_id,
        party_id=party_id, valid_from=on, valid_to=until,
    )  # fmt: skip
    entry.ask("refresh_sight", appointment.pk)
    words = Sentence(N_("Appointed {name} as {role} at {unit}."), {"name": name, "role": role, "unit": unit.name})
    period = f"{on.isoformat()} – {until.isoformat() if until else ''}".strip()
    _trace("identity.appointed", words, person, actor, ("appointment", "", f"{role} · {unit.code} · {period}"))
    return appointment


@transaction.atomic
def end_appointment(appointment: Appointment, *, actor: Appointment) -> None:
    """End an appointment now: its sight and its sessions go in the same transaction.

    Raises:
        PermissionDenied: `actor` does not manage people.
        ForYourself: it is `actor`'s own.
    """
    access.require(actor, Permission.PEOPLE_MANAGE)
    _check_not_oneself(appointment.person, actor)
    entry.ask("end_appointment", appointment.pk)
    words = Sentence(
        N_("Ended the appointment of {name} as {role}."), {"name": appointment.person.name, "role": appointment.role}
    )
    change = ("appointment", f"{appointment.role} · {appointment.unit.code}", "")
    _trace("identity.appointment_ended", words, appointment.person, actor, change)


@transaction.atomic
def deactivate(person: Person, *, actor: Appointment) -> None:
    """Let a person in no more: every session ends, and what still runs under one sees nothing.

    Raises:
        PermissionDenied: `actor` does not manage people.
        ForYourself: it is `actor`.
    """
    words = Sentence(N_("Deactivated {name}."), {"name": person.name})
    _set_active(person, words, is_active=False, actor=actor)


@transaction.atomic
def reactivate(person: Person, *, actor: Appointment) -> None:
    """Let a person in again, under the appointments that are still in force.

    Raises:
        PermissionDenied: `actor` does not manage people.
        ForYourself: it is `actor`.
    """
    words = Sentence(N_("Reactivated {name}."), {"name": person.name})
    _set_active(person, words, is_active=True, actor=actor)


def _set_active(person: Person, words: Sentence, *, is_active: bool, actor: Appointment) -> None:
    access.require(actor, Permission.PEOPLE_MANAGE)
    _check_not_oneself(person, actor)
    before = Person.objects.get(pk=person.pk).active
    entry.ask("set_active", person.pk, is_active)
    action = "identity.reactivated" if is_active else "identity.deactivated"
    _trace(action, words, person, actor, ("active", str(before), str(is_active)))


@transaction.atomic
def set_first_password(
    person: Person, *, actor: Appointment, password: str | None = None, must_change: bool = True
) -> str:
    """Give a person a password to begin with, to be changed at the first sign-in. Every session of the person ends.

    Returns:
        The password, drawn at random when none is given; it is shown once and stored only as a hash.

    Raises:
        PermissionDenied: `actor` does not manage people.
        WeakPassword: a given one does not meet the rule in force.
    """
    access.require(actor, Permission.PEOPLE_MANAGE)
    rule = queries.security_rule()
    if password is None:
        # Drawn, so nobody chose it after the name: a short name may turn up in it by chance, and that is no weakness.
        chosen = f"{secrets.token_urlsafe(rule.password_length)}-Aa1"
    else:
        chosen = password
        rules.check_password(
            chosen, name=person.name, old=None, min_length=rule.password_length, min_classes=rule.password_classes
        )
    store_password(person.pk, chosen, must_change=must_change)
    words = Sentence(N_("Set a first password for {name}."), {"name": person.name})
    _trace("identity.password_set", words, person, actor)
    return chosen


def _check_not_oneself(person: Person, actor: Appointment) -> None:
    if person.pk == actor.person_id:
        raise ForYourself


def _trace(action: str, words: Sentence, person: Person, actor: Appointment, *changes: tuple[str, str, str]) -> None:
    subject = ("identity.person", str(person.uid))
    journal.record(actor=actor, action=action, subject=subject, words=words, changes=changes)
