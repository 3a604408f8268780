"""What was not due falls due by itself, on its day."""

from datetime import date

from django.db import connection, transaction

from duban.arrears.commands.posting import ClaimMoves, post_moves
from duban.arrears.commands.statement import check_month
from duban.arrears.models import ClaimNow
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.statement import Move
from duban.audit import commands as audit
from duban.identity import access
from duban.identity.access import in_sight
from duban.identity.models import Appointment, Scope
from duban.identity.rules import Permission
from duban.kernel.words import N_, Sentence


@transaction.atomic
def fall_due(*, today: date, actor: Appointment) -> int:
    """Move what is not due to undisputed on every claim whose due day has come, one posting a scope.

    It takes effect today; the due day is kept beside it as the day of the event. Run again it does nothing.

    Returns:
        How many claims fell due.
    """
    access.require(actor, Permission.ARREARS_POST)
    due = ClaimNow.objects.filter(in_sight(actor, Permission.ARREARS_POST), not_due__gt=0, due_on__lte=today)
    ids = sorted(due.values_list("claim_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT arrears.hold_claims(%s)", [ids])
    scopes = sorted(set(due.values_list("scope_id", flat=True)))
    return sum(_fall_due_in(scope_id, list(due.filter(scope_id=scope_id, claim_id__in=ids)), today, actor)
               for scope_id in scopes)  # fmt: skip


def _fall_due_in(scope_id: int, claims: list[ClaimNow], today: date, actor: Appointment) -> int:
    if not claims:
        return 0
    check_month(Scope.objects.get(pk=scope_id).unit_id, today)
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
    return len(claims)
