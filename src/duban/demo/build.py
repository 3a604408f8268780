"""Makes the demo city: its units and people, then its ledgers, written as workbooks and imported as a user would."""

import tempfile
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

from duban.arrears import commands as arrears
from duban.arrears import queries as arrears_queries
from duban.demo.campaigns import make_campaigns
from duban.demo.city import PEOPLE, units_csv
from duban.demo.reporting import report_zeros, seal_sheets
from duban.demo.workbooks import write_ledgers
from duban.identity import commands as identity
from duban.identity import queries as identity_queries
from duban.identity.models import Appointment
from duban.identity.rules import Role
from duban.identity.units import read_units
from duban.kernel.words import N_, Sentence

PASSWORD = "Lanjiang-2026"  # noqa: S105 - the one password that is no secret: of a city that does not exist
LONG_AGO = date(2020, 1, 1)

Enter = Callable[[], AbstractContextManager[Appointment]]
"""Opens a transaction that has entered as somebody who may do everything."""


def build(*, claims: int, seed: int, today: date, enter: Enter, leave_out: Collection[str] = frozenset()) -> None:
    """Make what is missing of the city; a half-made one is finished.

    Its ledgers stand at the end of last month; units of `leave_out` have handed in none yet.
    """
    with enter() as actor:
        identity.load_units(read_units(units_csv()), on=LONG_AGO, actor=actor)
    with enter() as actor:
        _appoint(actor)
    as_of = end_of_last_month(today)
    report_zeros(as_of=as_of, today=today, enter=enter, leave_out=leave_out)
    with tempfile.TemporaryDirectory() as folder:
        for unit_code, path in write_ledgers(Path(folder), claims=claims, seed=seed, as_of=as_of):
            if unit_code not in leave_out:
                _import(path, unit_code, as_of=as_of, today=today, enter=enter)
    seal_sheets(as_of=as_of, enter=enter)
    make_campaigns(as_of=as_of, today=today, enter=enter)


def end_of_last_month(today: date) -> date:
    """The day at which the city's ledgers stand."""
    return today.replace(day=1) - timedelta(days=1)


def _appoint(actor: Appointment) -> None:
    known = identity_queries.known_names()
    for person in PEOPLE:
        if person.name in known:
            continue
        appointment = identity.appoint(
            name=person.name, unit_code=person.unit, role=person.role, line=person.line, on=LONG_AGO, actor=actor
        )
        identity.set_first_password(appointment.person, actor=actor, password=PASSWORD, must_change=False)


def _import(path: Path, unit_code: str, *, as_of: date, today: date, enter: Enter) -> None:
    with enter() as actor:
        unit = identity_queries.unit_on(unit_code, today)
        if arrears_queries.latest_accepted_day(unit.id):
            return
        statement = arrears.receive(
            unit_code=unit_code, as_of=as_of, today=today, name=path.name, content=[path.read_bytes()], actor=actor
        )
    with enter() as actor:
        arrears.check(statement.uid, today=today, actor=actor)
    with enter() as actor:
        arrears.ask_to_accept(statement.uid, hold_errors=False, actor=actor)
    with enter() as actor:
        arrears.accept(statement.uid, actor=actor)


def sign_ins() -> list[str]:
    """Who may sign in, in words; one password for all."""
    shown = {
        Role.OFFICE: 3,
        Role.LEADER: 1,
        Role.DEPARTMENT: 1,
        Role.DEBTOR: 1,
        Role.AUDITOR: 1,
        Role.SECURITY_ADMIN: 1,
    }
    lines = [str(Sentence(N_("Sign-ins of the demo city; the password of all is {password}"), {"password": PASSWORD}))]
    for role, most in shown.items():
        names = [person.name for person in PEOPLE if person.role == role][:most]
        lines.append(f"  {role.label}: {'、'.join(names)}")
    return lines
