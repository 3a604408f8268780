"""What a reporter and the clearing office do with a checked statement before it is entered."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from duban.arrears.commands.statement.steps import STATES, NotNow, held, trace
from duban.arrears.models import Statement
from duban.arrears.rules.reporting import check_reason
from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.words import N_, Sentence
from duban.workbook.findings import stored_sentence


@transaction.atomic
def submit(uid: UUID, *, actor: Appointment) -> Statement:
    """Stand by a checked statement: it waits for whoever decides on it. One that was returned may be submitted again.

    Raises:
        PermissionDenied: `actor` may not report for the unit.
        NotNow: it is not checked, or is submitted already.
    """
    statement = _step(uid, actor, Permission.ARREARS_IMPORT, {Statement.State.CHECKED, Statement.State.RETURNED})
    return _to(statement, Statement.State.SUBMITTED, Sentence(N_("Submitted.")), actor)


@transaction.atomic
def send_back(uid: UUID, *, reason: str, actor: Appointment) -> Statement:
    """Return a statement to its unit, with what is to be put right.

    Raises:
        PermissionDenied: `actor` may not decide on it.
        NotNow: it does not wait for a decision.
        ReasonMissing: nobody said what is to be put right.
    """
    check_reason(reason)
    statement = _step(uid, actor, Permission.ARREARS_DECIDE, Statement.UNDECIDED)
    words = Sentence(N_("Returned: {reason}"), {"reason": reason})
    statement.refusal = stored_sentence(words)
    return _to(statement, Statement.State.RETURNED, words, actor)


def _step(uid: UUID, actor: Appointment, permission: Permission, states: Collection[str]) -> Statement:
    statement = held(uid)
    access.require(actor, permission, scope_id=statement.scope_id)
    if statement.state not in states:
        raise NotNow(state=STATES[statement.state])
    return statement


def _to(statement: Statement, state: Statement.State, words: Sentence, actor: Appointment) -> Statement:
    statement.state = state
    statement.save(update_fields=["state", "refusal"])
    trace(statement, f"arrears.statement_{state}", words, actor)
    return statement
