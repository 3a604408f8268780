"""Who may do what, where. Commands pass through `require`; page queries narrow by `scopes_where`.

Row security repeats the same answer underneath (`migrations/sql/entry.sql`), so that a query that forgets to narrow
still shows nothing that its reader may not see.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from psycopg import sql

from duban.identity.models import Appointment, Sight
from duban.identity.rules import Permission, PermissionDenied
from duban.postgres.bulk import bigints

POSTING = frozenset(
    {
        Permission.ARREARS_IMPORT,
        Permission.ARREARS_POST,
        Permission.ARREARS_DECIDE,
        Permission.CAMPAIGNS_MANAGE,
        Permission.PARTIES_MANAGE,
        Permission.WORKBOOK_LOOK,
    }
)
"""Permissions that add business rows: they count only in scopes where the appointment may post."""


@dataclass(frozen=True, slots=True)
class Scopes:
    """Scopes to narrow a query to, as a literal list so that indexes serve: these, or every scope but these."""

    listed: frozenset[int]
    is_all_but: bool = False

    def __contains__(self, scope_id: int) -> bool:
        return (scope_id in self.listed) is not self.is_all_but

    def among(self, scope_ids: Iterable[int]) -> "Scopes":
        """Those of the given scopes that are among these."""
        return Scopes(frozenset(scope_id for scope_id in scope_ids if scope_id in self))

    def having(self, column: str) -> sql.Composed:
        """The condition on a column of a query that is written in SQL: `b.scope_id`."""
        form = "{} <> ALL({}::bigint[])" if self.is_all_but else "{} = ANY({}::bigint[])"
        return sql.SQL(form).format(sql.Identifier(*column.split(".")), sql.Literal(bigints(sorted(self.listed))))


def may(actor: Appointment, permission: Permission) -> bool:
    """Whether the role has `permission` at all, wherever that may be."""
    return permission in actor.powers.may


def scopes_where(actor: Appointment, permission: Permission) -> Scopes:
    """The scopes in which `actor` has `permission`. One query a request, or none for whoever sees nearly all."""
    if not may(actor, permission):
        return Scopes(frozenset())
    unseen = _unseen(actor, permission)
    if unseen is not None:
        return Scopes(unseen, is_all_but=True)
    return Scopes(frozenset(scope for scope, may_post in actor.sight.items() if may_post or permission not in POSTING))


def in_sight(actor: Appointment, permission: Permission, *, field: str = "scope") -> Q:
    """The same as a condition for the ORM, to which a list of thousands would be dear.

    Args:
        field: what names the scope of a row.
    """
    if not may(actor, permission):
        return Q(pk__in=[])
    unseen = _unseen(actor, permission)
    if unseen is not None:
        # A row of no scope is in nobody's sight.
        return Q(**{f"{field}__isnull": False}) & ~Q(**{f"{field}__in": sorted(unseen)})
    mine = Sight.objects.filter(appointment_id=actor.pk)
    seen = mine.filter(may_post=True) if permission in POSTING else mine
    return Q(**{f"{field}__in": seen.values_list("scope_id", flat=True)})


def _unseen(actor: Appointment, permission: Permission) -> frozenset[int] | None:
    """What an appointment does not see, where it sees all else."""
    all_but = getattr(actor, "all_but", None)
    if all_but is None or (permission in POSTING and not all_but.may_post):
        return None
    return frozenset(all_but.unseen)


def require(actor: Appointment, permission: Permission, *, scope_id: int | None = None) -> None:
    """Let `actor` through, or refuse.

    Args:
        scope_id: where; None asks only for the role's permission.

    Raises:
        PermissionDenied: the role lacks `permission`, or lacks it in that scope.
    """
    allowed = may(actor, permission)
    if allowed and scope_id is not None:
        allowed = scope_id in scopes_where(actor, permission)
    if not allowed:
        raise PermissionDenied(who=actor.person.name, permission=permission)
