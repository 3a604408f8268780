"""Taking a reporter's workbook in."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from duban.arrears.commands.statement.covering import coverage
from duban.arrears.commands.statement.steps import trace
from duban.arrears.models import Statement
from duban.evidence import commands as evidence
from duban.identity import access
from duban.identity import queries as units
from duban.identity.commands import scope_of
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class FutureStatement(DomainError):
    """A statement of a day that has not come."""

    text = N_("The statement is of {as_of}, and today is {today}. Give the day at which the ledger stood.")

    def __init__(self, *, as_of: date, today: date) -> None:
        super().__init__(as_of=as_of, today=today)


_FOR_ANOTHER = N_("Received {file} of {unit} as of {as_of}, handed in by another unit on its behalf.")


@transaction.atomic
def receive(
    *,
    unit_code: str,
    as_of: date,
    today: date,
    name: str,
    content: Iterable[bytes],
    mode: str = Statement.Mode.FULL,
    covers: Mapping[str, str] | None = None,
    actor: Appointment,
) -> Statement:
    """Take a reporter's workbook in, as it is; reading it is a step of its own.

    Args:
        mode: a `Statement.Mode`.
        covers: of which part of the ledger it is; see `covering.coverage`. The whole where nothing is given.

    Raises:
        UnknownUnit: there is no such reporter.
        UnknownCoverage: `covers` names a part of the ledger that there is not.
        PermissionDenied: `actor` may not report for it.
        FutureStatement: `as_of` has not come.
        FileTooLarge: nothing was kept.
    """
    unit = units.unit_on(unit_code, today)
    scope_id = scope_of(unit.id, None)
    access.require(actor, Permission.ARREARS_IMPORT, scope_id=scope_id)
    if as_of > today:
        raise FutureStatement(as_of=as_of, today=today)
    file = evidence.keep(content, name=name, scope_id=scope_id, actor=actor)
    is_for_another = unit.id != actor.unit_id
    statement = Statement.objects.create(
        unit_id=unit.id, scope_id=scope_id, as_of=as_of, mode=mode, coverage=coverage(covers or {}), file=file,
        appointment=actor, is_for_another=is_for_another,
    )  # fmt: skip
    text = _FOR_ANOTHER if is_for_another else N_("Received {file} of {unit} as of {as_of}.")
    words = Sentence(text, {"file": file.name, "unit": unit.name, "as_of": as_of})
    trace(statement, "arrears.statement_received", words, actor)
    return statement
