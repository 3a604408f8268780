"""The trail: each act leaves its row in its own transaction, and nobody takes it away again."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone
from tests import make

from duban.audit import commands as audit
from duban.audit.models import Event
from duban.identity import commands, entry
from duban.identity.models import Appointment
from duban.identity.origin import coming_from
from duban.identity.rules import Role, SignInRefused
from duban.identity.units import Kind
from duban.kernel.words import Sentence

TODAY = date(2026, 3, 2)


@pytest.fixture
def east(database: str) -> Appointment:
    make.units(
        make.row("City", kind=Kind.CITY), make.row("East", under="City"), make.row("Roads", under="East"),
    )  # fmt: skip
    make.unit("West", under="City")
    appointment = make.appointment(of="East", name="Li")
    make.password(appointment.person)
    return appointment


@dataclass(frozen=True)
class Act:
    """A command as somebody gives it, and the row that it leaves."""

    run: Callable[[Appointment], object]
    action: str
    subject_kind: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    by_operator: bool = True


def sign_in(name: str = "Li", password: str = make.PASSWORD) -> str:
    return commands.sign_in(name=name, password=password, address="10.0.0.7", agent="Browser")


def load(actor: Appointment) -> None:
    commands.load_units([make.row("East District", code="East", under="City")], on=TODAY, actor=actor)


def li(actor: Appointment) -> Appointment:
    return Appointment.objects.select_related("person", "unit").get(person__name="Li", unit__code="East")


def change_appointment(actor: Appointment) -> None:
    make.appointment(of="Roads", name="Li")
    token = sign_in()
    with entry.entered(token) as acting:
        other = Appointment.objects.get(unit__code="Roads")
        commands.change_appointment(token=token, appointment_id=other.pk, actor=acting)


def sign_out(actor: Appointment) -> None:
    token = sign_in()
    with entry.entered(token) as acting:
        commands.sign_out(token=token, actor=acting)


def change_password(actor: Appointment) -> None:
    with entry.entered(sign_in()) as acting:
        commands.change_password(old=make.PASSWORD, new="Quite-New-2026", actor=acting)


ACTS = {
    "load_units": Act(load, "identity.units_loaded", changes=(("East name", "East", "East District"),)),
    "merge_units": Act(
        lambda actor: commands.merge_units(predecessor="East", successor="West", on=TODAY, actor=actor),
        "identity.units_merged", "identity.unit", (("successor", "", "West"), ("ended_on", "", "2026-03-02")),
    ),
    "appoint": Act(
        lambda actor: commands.appoint(name="Wu", unit_code="East", role="leader", on=TODAY, actor=actor),
        "identity.appointed", "identity.person", (("appointment", "", "leader · East · 2026-03-02 –"),),
    ),
    "end_appointment": Act(
        lambda actor: commands.end_appointment(li(actor), actor=actor),
        "identity.appointment_ended", "identity.person", (("appointment", "office · East", ""),),
    ),
    "deactivate": Act(
        lambda actor: commands.deactivate(li(actor).person, actor=actor),
        "identity.deactivated", "identity.person", (("active", "True", "False"),),
    ),
    "reactivate": Act(
        lambda actor: commands.reactivate(li(actor).person, actor=actor),
        "identity.reactivated", "identity.person", (("active", "True", "True"),),
    ),
    "set_first_password": Act(
        lambda actor: commands.set_first_password(li(actor).person, actor=actor),
        "identity.password_set", "identity.person",
    ),
    "sign_in": Act(lambda _: sign_in(), "identity.signed_in", by_operator=False),
    "sign_out": Act(sign_out, "identity.signed_out", by_operator=False),
    "change_appointment": Act(
        change_appointment, "identity.appointment_changed",
        changes=(("appointment", "office · East", "office · Roads"),), by_operator=False,
    ),
    "change_password": Act(change_password, "identity.password_changed", by_operator=False),
}  # fmt: skip

NO_ACTS = {"scope_of": "a crossing says nothing; what is posted in it does"}


def last_event(action: str) -> Event:
    with make.operator():
        return Event.objects.filter(action=action).latest("pk")


def count() -> int:
    return int(make.as_owner("SELECT count(*) FROM audit_event")[0][0])


def test_every_command_of_identity_is_tried_here() -> None:
    functions = {name for name in commands.__all__ if inspect.isfunction(getattr(commands, name))}
    assert functions == ACTS.keys() | NO_ACTS.keys()


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_act_leaves_who_did_what_on_what_from_where_and_what_changed(east: Appointment, act: Act) -> None:
    began = timezone.now()
    with coming_from("page", address="10.0.0.7", request_id="request-1"), make.operator() as actor:
        act.run(actor)
    event = last_event(act.action)
    assert event.who == ("local operator · operator · root" if act.by_operator else "Li · office · East")
    assert (event.via, event.address, event.request_id) == ("page", "10.0.0.7", "request-1")
    assert (event.subject_kind, bool(event.subject_uid)) == (act.subject_kind, bool(act.subject_kind))
    told = [(change["what"], change["before"], change["after"]) for change in event.changes]
    assert set(act.changes) <= set(told)
    assert bool(told) == bool(act.changes)
    assert str(Sentence(event.text, event.values))
    assert began <= event.at <= timezone.now()


def test_an_act_that_is_undone_leaves_nothing(east: Appointment) -> None:
    before = count()
    for name, act in ACTS.items():
        with suppress(ZeroDivisionError), transaction.atomic():
            with make.operator() as actor:
                act.run(actor)
            last_event(act.action)
            raise ZeroDivisionError
        assert count() == before, name


def test_a_refused_sign_in_leaves_the_name_and_where_it_came_from(east: Appointment) -> None:
    with coming_from("page", address="10.0.0.9"), pytest.raises(SignInRefused):
        sign_in(password="Wrong-2026")
    event = last_event("identity.sign_in_refused")
    assert (event.appointment_id, event.who, event.address) == (None, "", "10.0.0.9")
    assert str(Sentence(event.text, event.values)) == (
        "Refused to sign in Li: the name or the password was not right."
    )  # fmt: skip


# -- Only added -------------------------------------------------------------------------------------------------------

CHANGES = [
    "UPDATE audit_event SET who = 'Nobody'",
    "UPDATE audit_event SET at = now() WHERE false",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "TRUNCATE identity_scope CASCADE",
    "INSERT INTO audit_event SELECT * FROM audit_event ON CONFLICT (id) DO UPDATE SET who = 'Nobody'",
]


def test_nobody_changes_the_trail_and_the_owner_does_not_either(east: Appointment) -> None:
    before = make.as_owner("SELECT array_agg(e.* ORDER BY id)::text FROM audit_event e")
    for statement in CHANGES:
        with pytest.raises(Error, match="only ever added"):
            make.as_owner(statement)
        with (
            make.operator(),
            pytest.raises(Error, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert make.as_owner("SELECT array_agg(e.* ORDER BY id)::text FROM audit_event e") == before


def add(**given: object) -> None:
    """Add a row by hand, as SQL lets the application."""
    row = {
        "at": "2001-01-01", "action": "test", "who": "Mayor", "subject_kind": "", "subject_uid": "", "text": "",
        "values": "{}", "changes": "[]", "via": "", "address": "", "request_id": "",
    } | given  # fmt: skip
    columns, places = ", ".join(f'"{name}"' for name in row), ", ".join("%s" for _ in row)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO audit_event ({columns}) VALUES ({places})", [*row.values()])  # type: ignore[list-item]  # columns of many types


def test_the_instant_and_the_name_of_an_act_are_the_databases(east: Appointment) -> None:
    with make.acting(east) as actor:
        add(appointment_id=actor.pk)
    event = last_event("test")
    assert event.who == "Li · office · East"
    assert timezone.now() - event.at < timedelta(minutes=1)


def test_nobody_leaves_a_row_in_another_ones_name(east: Appointment) -> None:
    other = make.appointment(of="West")
    for appointment_id in (other.pk, None):
        with pytest.raises(Error, match="row-level security"), make.acting(east):
            add(appointment_id=appointment_id)


def test_whoever_has_not_entered_can_only_be_refused(east: Appointment) -> None:
    refused = {"appointment_id": None, "action": "identity.sign_in_refused"}
    scope = make.scope_id("East")
    add(**refused)
    assert last_event("identity.sign_in_refused").who == ""
    for more in ({"action": "identity.signed_in"}, {"subject_uid": "x"}, {"scope_id": scope}, {"changes": "[1]"},
                 {"appointment_id": east.pk}):  # fmt: skip
        with pytest.raises(Error, match="row-level security"):
            add(**(refused | more))


# -- Who sees it ------------------------------------------------------------------------------------------------------


def seen(appointment: Appointment) -> set[str]:
    """The actions that an appointment sees in the trail by row security alone, apart from its own."""
    with make.acting(appointment):
        rows = Event.objects.exclude(appointment=appointment)
        return set(rows.values_list("action", flat=True))


def test_the_trail_of_a_scope_is_seen_by_its_office_and_auditor_and_the_whole_by_the_audit_administrator(
    east: Appointment,
) -> None:
    scope = make.scope_id("Roads")
    with make.acting(east) as actor:
        audit.record(actor=actor, action="test.in_east", scope_id=scope, words=Sentence("Did something."))
    everywhere = {"identity.units_loaded", "identity.appointed", "identity.password_set", "test.in_east"}
    expected = {Role.OFFICE: {"test.in_east"}, Role.AUDITOR: {"test.in_east"}, Role.AUDIT_ADMIN: everywhere}
    for role in set(Role) - {Role.OPERATOR}:
        assert (role, seen(make.appointment(role, of="East"))) == (role, expected.get(role, set()))
        if role is not Role.AUDIT_ADMIN:
            assert (role, seen(make.appointment(role, of="West"))) == (role, set())


def test_everybody_sees_their_own_acts(east: Appointment) -> None:
    with entry.entered(sign_in()) as actor:
        assert [event.action for event in Event.objects.all()] == ["identity.signed_in"]
        assert actor.pk == east.pk


def test_whoever_has_not_entered_sees_nothing_of_the_trail(east: Appointment) -> None:
    assert Event.objects.count() == 0
