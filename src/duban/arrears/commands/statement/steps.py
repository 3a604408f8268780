"""What the steps of a statement share: holding it, the days it may be of, refusing it, and its trail."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import connection

from duban.arrears import queries
from duban.arrears.models import Statement
from duban.audit import commands as audit
from duban.identity.models import Appointment
from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence
from duban.workbook.findings import stored_sentence


class OlderStatement(DomainError):
    """A statement of a day before the latest accepted one."""

    text = N_(
        "A statement of {latest} is accepted already; this one is of {as_of}. "
        "Send the ledger as it stands now, of {latest} or later."
    )

    def __init__(self, *, as_of: date, latest: date) -> None:
        super().__init__(as_of=as_of, latest=latest)


class MonthIsClosed(DomainError):
    """A day in a month that was signed."""

    text = N_(
        "The month {month} is signed and closed, so nothing can take effect on {day} any more. "
        "Give a day after that month; a bank's day of its own is kept beside it."
    )

    def __init__(self, *, month: date, day: date) -> None:
        super().__init__(month=f"{month:%Y-%m}", day=day)


class NotNow(DomainError):
    """A step that does not follow from where a statement is."""

    text = N_("This cannot be done with the workbook now; it is: {state}. Open it again to see what it waits for.")

    def __init__(self, *, state: Sentence) -> None:
        super().__init__(state=state)


def check_month(unit_id: int, day: date) -> None:
    """Let a day of the ledger pass that is in no closed month.

    Raises:
        MonthIsClosed: nothing of a reporter takes effect on it any more.
    """
    month = queries.latest_closed_month(unit_id)
    if month and day.replace(day=1) <= month:
        raise MonthIsClosed(month=month, day=day)


REPORTER_LOCK = 7_030_202
"""With a unit's id, the advisory lock under which one statement of a reporter is entered at a time."""


def hold_reporter(unit_id: int) -> None:
    """Let no ledger of a reporter be entered, and no other claim by hand, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [REPORTER_LOCK, unit_id])


def held(uid: UUID) -> Statement:
    """The statement, held for this transaction: whoever comes second waits here, and finds it a step further."""
    return Statement.objects.select_for_update(of=("self",)).select_related("file", "unit").get(uid=uid)


def check_day(statement: Statement) -> None:
    """Let a statement pass whose day the ledger can still take.

    Raises:
        OlderStatement: a later one is accepted already.
        MonthIsClosed: its month was signed.
    """
    latest = queries.latest_accepted_day(statement.unit_id)
    if latest and statement.as_of < latest:
        raise OlderStatement(as_of=statement.as_of, latest=latest)
    check_month(statement.unit_id, statement.as_of)


def refuse(statement: Statement, refusal: DomainError, *, actor: Appointment) -> Statement:
    """Keep the sentence for which a statement could not be entered; nothing of it was."""
    statement.state, statement.refusal = Statement.State.REFUSED, stored_sentence(refusal.sentence)
    statement.save(update_fields=["state", "refusal"])
    trace(statement, "arrears.statement_refused", refusal.sentence, actor)
    return statement


def trace(statement: Statement, action: str, words: Sentence, actor: Appointment) -> None:
    """Leave a row in the trail on a statement."""
    subject = ("arrears.statement", str(statement.uid))
    audit.record(actor=actor, action=action, subject=subject, scope_id=statement.scope_id, words=words)


STATES: Mapping[str, Sentence] = {
    Statement.State.RECEIVED: Sentence(N_("Waiting to be checked")),
    Statement.State.CHECKED: Sentence(N_("Checked, waiting for a decision")),
    Statement.State.SUBMITTED: Sentence(N_("Submitted, waiting for a decision")),
    Statement.State.RETURNED: Sentence(N_("Returned to its unit")),
    Statement.State.REFUSED: Sentence(N_("Refused")),
    Statement.State.ACCEPTING: Sentence(N_("Being entered")),
    Statement.State.ACCEPTED: Sentence(N_("Entered")),
    Statement.State.WITHDRAWN: Sentence(N_("Withdrawn")),
}
"""What a statement is, in words."""
