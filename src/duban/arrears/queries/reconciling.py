"""The reconciliation sheet of a statement (对账确认单), and the sealed ones that came back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from duban.arrears.models import SealedSheet, Statement
from duban.arrears.queries.position import now
from duban.arrears.queries.rollforward import rollforward
from duban.arrears.rules.accounts import Account
from duban.arrears.rules.reconciling import Figures, Part
from duban.arrears.rules.reporting import month_of
from duban.audit.queries import shown_by
from duban.identity import queries as units
from duban.identity.access import in_sight, scopes_where
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import Money

_PARTS = sql.SQL("""
    SELECT {sums} FROM (
        SELECT {held} FROM arrears_transfer t
        WHERE {scopes} AND t.effective_on <= %(as_of)s AND t.recorded_at <= %(known_at)s
        GROUP BY t.claim_id
    ) b
""")
_COUNT_AND_SUM = sql.SQL("count(*) FILTER (WHERE b.{0} > 0), coalesce(sum(b.{0}), 0)::bigint")
_HELD = sql.SQL(
    "sum(CASE WHEN t.destination IN ({0}) THEN t.amount ELSE 0 END"
    " - CASE WHEN t.source IN ({0}) THEN t.amount ELSE 0 END) AS {1}"
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sheet that came back."""

    sealed_id: int
    signer_name: str
    signer_post: str
    file_name: str
    file_sha256: str
    handed_in_at: datetime
    who: str
    digest: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it is printed, with those that came back, the latest first.

    Args:
        known_at: the instant of the books of which the figures are: that of the statement's posting.
        held_rows: rows of the workbook that were left out.
    """

    figures: Figures
    state: str
    unit_name: str
    file_name: str
    rows: int
    held_rows: int
    known_at: datetime
    sealed: list[Sealed]


def sheet(uid: UUID, *, actor: Appointment) -> Sheet:
    """The sheet of a statement; what it would be of, where it was not entered. Ten queries.

    Raises:
        Statement.DoesNotExist: there is none where `actor` can see it.
    """
    row = _seen(actor).get(uid=uid)
    unit = units.unit_by_id(row.unit_id, on=row.as_of)
    # What posted nothing found the ledger as it states it: then the figures are those of now.
    known_at = row.posting.recorded_at if row.posting else now()
    since = _since(row)
    rolled = rollforward(unit.code, since, row.as_of, actor, own_only=True, known_at=known_at)
    figures = Figures(
        row.uid, unit.code, since, row.as_of, row.file.sha256, _parts(row, known_at, actor), rolled.views
    )  # fmt: skip
    return Sheet(
        figures=figures,
        state=row.state,
        unit_name=unit.name,
        file_name=row.file.name,
        rows=row.summary.get("rows", 0),
        held_rows=row.summary.get("error_rows", 0),
        known_at=known_at,
        sealed=sealed_sheets(row.pk),
    )


def sealed_sheets(statement_id: int) -> list[Sealed]:
    """The sealed sheets of a statement that the reader sees, the latest first. One query."""
    rows = SealedSheet.objects.filter(statement_id=statement_id).select_related("file", "posting").order_by("-pk")
    return [
        Sealed(
            row.pk, row.signer_name, row.signer_post, row.file.name, row.file.sha256, row.posting.recorded_at,
            shown_by(row.posting.who), row.digest,
        )
        for row in rows
    ]  # fmt: skip


def sealed_at(statement_ids: Iterable[int]) -> Mapping[int, datetime]:
    """When the latest sealed sheet of each statement came back. One query."""
    rows = SealedSheet.objects.filter(statement_id__in=statement_ids).order_by("pk")
    return dict(rows.values_list("statement_id", "posting__recorded_at"))


def _seen(actor: Appointment) -> QuerySet[Statement]:
    return Statement.objects.filter(in_sight(actor, Permission.ARREARS_VIEW)).select_related("file", "posting")


def _since(row: Statement) -> date:
    """The day after the accepted statement before this one; of a first one, the first day of its month."""
    earlier = Statement.objects.filter(
        unit_id=row.unit_id, state=Statement.State.ACCEPTED, as_of__lt=row.as_of
    ).order_by("-as_of")  # fmt: skip
    last = earlier.values_list("as_of", flat=True).first()
    return last + timedelta(days=1) if last else month_of(row.as_of)


def _parts(row: Statement, known_at: datetime, actor: Appointment) -> dict[Part, tuple[int, Money]]:
    """How many of the unit's own claims have something in each part, and how much. Two queries."""
    scopes = scopes_where(actor, Permission.ARREARS_VIEW).among(units.own_scopes(row.unit_id))
    query = _PARTS.format(
        scopes=scopes.having("t.scope_id"),
        sums=sql.SQL(", ").join(_COUNT_AND_SUM.format(sql.Identifier(part.value)) for part in Part),
        held=sql.SQL(", ").join(_HELD.format(_listed(part.accounts), sql.Identifier(part.value)) for part in Part),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"as_of": row.as_of, "known_at": known_at})
        found = cursor.fetchone()
    return {part: (found[2 * n], Money.from_fen(found[2 * n + 1])) for n, part in enumerate(Part)}


def _listed(accounts: Iterable[Account]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Literal(account.value) for account in accounts)
