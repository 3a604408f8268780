"""What tests are made of: units, people and claims. A test names only what it is about; `make` supplies the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count

from duban.identity import commands, entry, setup
from duban.identity.models import Appointment, Unit
from duban.identity.rules import Role
from duban.identity.units import Kind, UnitRow

LONG_AGO = date(2020, 1, 1)
_numbers = count(1)


@contextmanager
def operator() -> Iterator[Appointment]:
    """A transaction entered as the local operator."""
    token = entry.open_session(setup.make_operator())
    assert token is not None
    with entry.entered(token) as actor:
        yield actor


def unit(name: str = "", *, kind: Kind = Kind.COUNTY, under: str = "", line: str = "", aliases: tuple[str, ...] = ()) -> str:
    """A unit; returns its code, which is its name."""
    code = name or f"unit-{next(_numbers)}"
    row = UnitRow(0, code, code, kind, "", under, line, aliases)
    with operator() as actor:
        commands.load_units([row], on=LONG_AGO, actor=actor)
    return code


def appointment(role: Role = Role.OFFICE, *, of: str, name: str = "", party_id: int | None = None) -> Appointment:
    """A person appointed to a role at a unit, long ago."""
    with operator() as actor:
        return commands.appoint(
            name=name or f"person-{next(_numbers)}", unit_code=of, role=role.value, party_id=party_id,
            on=LONG_AGO, actor=actor,
        )  # fmt: skip


def session(appointment: Appointment) -> str:
    """The token of a session under an appointment."""
    token = entry.open_session(appointment.person_id, appointment_id=appointment.pk)
    assert token is not None
    return token


@contextmanager
def acting(appointment: Appointment) -> Iterator[Appointment]:
    """A transaction entered under an appointment."""
    with entry.entered(session(appointment)) as actor:
        yield actor


def unit_id(code: str) -> int:
    """The id of a unit."""
    with operator():
        return Unit.objects.get(code=code).pk
