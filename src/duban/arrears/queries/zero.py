"""Zero reports (零报告), and the claims that surfaced since and make them void."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from duban.arrears.models import ZeroReport
from duban.arrears.rules.accounts import HELD, OPEN, Account
from duban.arrears.rules.reporting import next_month
from duban.audit.queries import shown_by
from duban.identity import queries as units
from duban.identity.access import in_sight
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import Money

_OPEN = sql.SQL(", ").join(sql.Literal(account.value) for account in OPEN)
_CLAIMED = sql.SQL(" + ").join(
    sql.SQL("n.{}").format(sql.Identifier(account.value)) for account in HELD if account is not Account.REDUCED
)
# A claim surfaced if it was recorded after the report and was due, or else open, by the end of the month. What was
# reversed or reduced to nothing since is no claim, and what went on from a claim known before is no new one. Postings
# of a unit's ledger and of its report follow one another under one lock, so their ids tell which was first.
_SURFACED = sql.SQL("""
    SELECT DISTINCT ON (z.id) z.id, found.uid, found.ledger_no, found.creditor_name, found.day, found.recorded_at
    FROM arrears_zeroreport z CROSS JOIN LATERAL (
        SELECT c.uid, n.ledger_no, n.creditor_name, f.recorded_at, coalesce(n.due_on, (
            SELECT min(t.effective_on) FROM arrears_transfer t WHERE t.claim_id = c.id AND t.destination IN ({open})
        )) AS day
        FROM identity_scope s
        JOIN arrears_claim c ON c.scope_id = s.id
        JOIN arrears_claimnow n ON n.claim_id = c.id
        JOIN arrears_claimfact f ON f.claim_id = c.id AND f.n = 1
        WHERE s.unit_id = z.unit_id AND c.posting_id > z.posting_id AND {claimed} > 0 AND NOT EXISTS (
            SELECT FROM arrears_claimlink l JOIN arrears_claim o ON o.id = l.from_claim_id
            WHERE l.to_claim_id = c.id AND l.posting_id = c.posting_id AND o.posting_id < z.posting_id
        )
    ) found
    WHERE z.id = ANY(%(reports)s) AND found.day < z.month + interval '1 month'
    ORDER BY z.id, found.recorded_at, found.ledger_no
""").format(open=_OPEN, claimed=_CLAIMED)
_OWED = sql.SQL("""
    SELECT count(*), coalesce(sum(fen), 0)::bigint FROM (
        SELECT sum(leg.signed) AS fen FROM arrears_transfer t
        CROSS JOIN LATERAL (VALUES (t.source, -t.amount), (t.destination, t.amount)) leg (account, signed)
        WHERE t.scope_id = ANY(%(scopes)s) AND t.effective_on <= %(day)s AND leg.account IN ({open})
        GROUP BY t.claim_id HAVING sum(leg.signed) > 0
    ) claims
""").format(open=_OPEN)


@dataclass(frozen=True, slots=True)
class Surfaced:
    """The first claim that surfaced after a zero report: since when the ledger has it, and by what day it was due."""

    claim: UUID
    ledger_no: str
    creditor_name: str
    day: date
    since: datetime


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A zero report was taken back."""

    at: datetime
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class ZeroView:
    """A zero report as it stands now; void where something surfaced."""

    uid: UUID
    unit_id: int
    unit_name: str
    month: date
    signer_name: str
    signer_post: str
    handed_in_at: datetime
    who: str
    file_name: str
    file_sha256: str
    may_withdraw: bool
    surfaced: Surfaced | None = None
    withdrawn: Withdrawn | None = None


def owed_on(unit_id: int, day: date) -> tuple[int, Money]:
    """How many claims of a unit's own ledger are due and open at the end of a day, and with how much. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED, {"scopes": units.own_scopes(unit_id), "day": day})
        count, fen = cursor.fetchone()
    return count, Money.from_fen(fen)


def standing_zeros(*, actor: Appointment, months: Sequence[date], today: date) -> dict[tuple[int, date], ZeroView]:
    """By unit and month the zero report that nobody withdrew, void or not. Three queries."""
    rows = _seen(actor).filter(month__gte=months[0], month__lt=next_month(months[-1]), withdrawal__isnull=True)
    return {(view.unit_id, view.month): view for view in _views(list(rows), actor, today)}


def zero_report(uid: UUID, *, actor: Appointment, today: date) -> ZeroView:
    """One zero report.

    Raises:
        ZeroReport.DoesNotExist: there is none where `actor` can see it.
    """
    return _views([_seen(actor).get(uid=uid)], actor, today)[0]


def _seen(actor: Appointment) -> QuerySet[ZeroReport]:
    mine = ZeroReport.objects.filter(in_sight(actor, Permission.ARREARS_VIEW))
    return mine.select_related("unit", "file", "posting", "withdrawal__posting").order_by("month", "n")


def _views(rows: Sequence[ZeroReport], actor: Appointment, today: date) -> list[ZeroView]:
    if not rows:
        return []
    names = {unit.id: unit.name for unit in units.units_on(today)}
    surfaced = _surfaced([row.pk for row in rows])
    posted = set(
        ZeroReport.objects.filter(in_sight(actor, Permission.ARREARS_IMPORT), pk__in=[row.pk for row in rows])
        .values_list("pk", flat=True)
    )  # fmt: skip
    return [
        ZeroView(
            uid=row.uid,
            unit_id=row.unit_id,
            unit_name=names.get(row.unit_id, row.unit.code),
            month=row.month,
            signer_name=row.signer_name,
            signer_post=row.signer_post,
            handed_in_at=row.posting.recorded_at,
            who=shown_by(row.posting.who),
            file_name=row.file.name,
            file_sha256=row.file.sha256,
            may_withdraw=row.pk in posted and not hasattr(row, "withdrawal"),
            surfaced=surfaced.get(row.pk),
            withdrawn=_withdrawn(row),
        )
        for row in rows
    ]


def _withdrawn(row: ZeroReport) -> Withdrawn | None:
    if not hasattr(row, "withdrawal"):
        return None
    taken = row.withdrawal
    return Withdrawn(taken.posting.recorded_at, shown_by(taken.posting.who), taken.reason)


def _surfaced(reports: Sequence[int]) -> Mapping[int, Surfaced]:
    """By report the claim that surfaced first."""
    with connection.cursor() as cursor:
        cursor.execute(_SURFACED, {"reports": list(reports)})
        return {report: Surfaced(*found) for report, *found in cursor.fetchall()}
