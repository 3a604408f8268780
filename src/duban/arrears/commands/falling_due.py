"""What was not due falls due by itself, on its day."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from duban.arrears.commands.claim.acting import check_open_month
from duban.arrears.commands.posting import ClaimMoves, post_moves
from duban.arrears.commands.statement.steps import MonthIsClosed
from duban.arrears.models import ClaimNow
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.statement import Move
from duban.audit import commands as audit
from duban.identity import access
from duban.identity import queries as units
from duban.identity.access import in_sight
from duban.identity.models import Appointment, Scope
from duban.identity.rules import Permission
from duban.kernel.words import N_, Sentence


@dataclass(frozen=True, slots=True)
class FellDue:
    """What a run did.

    Args:
        count: how many claims fell due.
        skipped: a sentence for each scope whose month is closed; its claims wait for the next one.
    """

    count: int
    skipped: tuple[Sentence, ...] = ()


@transaction.atomic
def fall_due(*, today: date, actor: Appointment) -> FellDue:
    """Move what is not due to undisputed on every claim whose due day has come, one posting a scope.

    It takes effect today; the due day is kept beside it as the day of the event. Run again it does nothing. A scope
    whose month is closed is passed over, and the others are not kept waiting for it.
    """
    access.require(actor, Permission.ARREARS_POST)
    due = ClaimNow.objects.filter(in_sight(actor, Permission.ARREARS_POST), not_due__gt=0, due_on__lte=today)
    ids = sorted(due.values_list("claim_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT arrears.hold_claims(%s)", [ids])
    claims: dict[int, list[ClaimNow]] = {}
    for claim in due.filter(claim_id__in=ids).order_by("scope_id", "claim_id"):
        claims.setdefault(claim.scope_id, []).append(claim)
    count, skipped = 0, []
    for scope in Scope.objects.select_related("unit").in_bulk(claims).values():
        waiting = claims[scope.pk]
        try:
            check_open_month(scope.unit_id, scope.pk, today)
        except MonthIsClosed:
            skipped.append(_skip(scope, len(waiting), today, actor))
        else:
            _fall_due_in(scope.pk, waiting, today, actor)
            count += len(waiting)
    return FellDue(count, tuple(skipped))


def _skip(scope: Scope, count: int, today: date, actor: Appointment) -> Sentence:
    text = N_("{unit}: {count} claims have fallen due, but the month of {day} is closed. They follow when it is over.")
    words = Sentence(text, {"unit": units.unit_name(scope.unit, on=today), "count": count, "day": today})
    audit.record(actor=actor, action="arrears.fall_due_skipped", scope_id=scope.pk, words=words)
    return words


def _fall_due_in(scope_id: int, claims: list[ClaimNow], today: date, actor: Appointment) -> None:
    posting = audit.open_posting(actor=actor, kind="arrears.fell_due", scope_id=scope_id)
    moves = [
        ClaimMoves(
            claim.claim_id, scope_id, [Move(Account.NOT_DUE, Account.UNDISPUTED, claim.not_due)], claim.transfers,
            value_on=claim.due_on,
        )
        for claim in claims
    ]  # fmt: skip
    post_moves(moves, effective_on=today, posting=posting)
    words = Sentence(N_("{count} claims fell due."), {"count": len(claims)})
    audit.record(actor=actor, action="arrears.fell_due", scope_id=scope_id, words=words)
