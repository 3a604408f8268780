"""Signing in and out, and changing one's own appointment and password."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password as matches
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from duban.identity import entry, journal, queries, rules
from duban.identity.models import Appointment
from duban.identity.origin import current_origin
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class NotYourAppointment(DomainError):
    """Somebody asks to act under an appointment that is not theirs, or not in force."""

    text = N_("That appointment is not yours or no longer in force. Choose one from the list.")


Refusal = rules.SignInRefused | rules.SignInLocked


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What a password is checked against; empty where there is no such person or password."""

    person_id: int | None
    stored: str | None
    failures: int
    last_failure: datetime | None


def sign_in(*, name: str, password: str, address: str, agent: str) -> str:
    """Check a name and a password and open a session.

    Returns:
        The session's token.

    Raises:
        SignInLocked: too many refusals in a row.
        SignInRefused: the name or the password is not right.
        NoAppointment: the person holds no appointment today.
    """
    # A refusal is raised after the transaction that counts it, so that raising it does not undo the count.
    with transaction.atomic():
        candidate = _candidate(name)
        refusal: DomainError | None = _check(candidate, name, password, address=address)
        token = None
        if refusal is None and candidate.person_id is not None:
            token = entry.open_session(candidate.person_id, address=address, agent=agent)
            if token is None:
                refusal = rules.NoAppointment(who=name)
                _record_refusal(name, _NO_APPOINTMENT)
            else:
                actor = entry.enter(token)
                journal.record(actor=actor, action="identity.signed_in", words=Sentence(N_("Signed in.")))
    if token is None:
        raise refusal or rules.NoAppointment(who=name)
    return token


def _candidate(name: str) -> _Candidate:
    """Whoever bears `name`. Further attempts on the name wait until this transaction ends."""
    return _Candidate(*entry.ask("sign_in_candidate", name, entry.prove(f"sign-in.{name}")))


def _check(candidate: _Candidate, name: str, password: str, *, address: str) -> Refusal | None:
    """Why the password opens nothing, counted and recorded; None when it is right."""
    rule = queries.security_rule()
    if candidate.failures >= rule.failures and candidate.last_failure is not None:
        until = timezone.localtime(candidate.last_failure + rule.lock_for)
        _record_refusal(name, _NAME_LOCKED)
        return rules.SignInLocked(until=until.strftime("%H:%M"))
    if candidate.stored is None:
        make_password(password)  # Without such a person a hash is worked out all the same: the answer takes as long.
    elif matches(password, candidate.stored):
        return None
    entry.ask("note_refused_sign_in", name, address, entry.prove(f"sign-in.{name}"))
    _record_refusal(name, _NOT_RIGHT)
    left = rule.failures - candidate.failures - 1
    if left:
        return rules.SignInRefused(left=left)
    return rules.SignInLocked(until=timezone.localtime(timezone.now() + rule.lock_for).strftime("%H:%M"))


_NOT_RIGHT = N_("Refused to sign in {name}: the name or the password was not right.")
_NAME_LOCKED = N_("Refused to sign in {name}: the name is locked.")
_NO_APPOINTMENT = N_("Refused to sign in {name}: no appointment is in force.")


def _record_refusal(name: str, text: str) -> None:
    journal.record(actor=None, action="identity.sign_in_refused", words=Sentence(text, {"name": name[:64]}))


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
    other = Appointment.objects.select_related("unit").filter(pk=appointment_id, person_id=actor.person_id).first()
    if other is None or entry.ask("change_appointment", token, other.pk) != (True,):
        raise NotYourAppointment
    change = ("appointment", f"{actor.role} · {actor.unit.code}", f"{other.role} · {other.unit.code}")
    words = Sentence(N_("Changed to the appointment as {role} at {unit}."), {"role": other.role, "unit": other.unit})
    journal.record(actor=actor, action="identity.appointment_changed", words=words, changes=[change])


def change_password(*, old: str, new: str, actor: Appointment) -> None:
    """Change one's own password; every other session of the person ends.

    Raises:
        SignInRefused, SignInLocked: the old password is not right; it counts like one at the door.
        WeakPassword: the new one does not meet the rule in force.
    """
    with transaction.atomic():
        name = actor.person.name
        refusal = _check(_candidate(name), name, old, address=current_origin().address)
        if refusal is None:
            rule = queries.security_rule()
            rules.check_password(
                new, name=name, old=old, min_length=rule.password_length, min_classes=rule.password_classes
            )
            store_password(actor.person_id, new, must_change=False)
            journal.record(actor=actor, action="identity.password_changed", words=Sentence(N_("Changed the password.")))
    if refusal is not None:
        raise refusal


def store_password(person_id: int, password: str, *, must_change: bool) -> None:
    """Keep a password as its hash, and end every other session of the person."""
    stored = make_password(password)
    entry.ask("set_password", person_id, stored, must_change, entry.prove(f"password.{person_id}.{stored}"))
