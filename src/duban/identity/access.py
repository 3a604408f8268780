"""Who may do what, where. Commands pass through `require`; page queries narrow by `scopes_where`.

Row security repeats the same answer underneath (`migrations/sql/entry.sql`), so that a query that forgets to narrow
still shows nothing that its reader may not see.
"""

from django.db.models import QuerySet

from duban.identity.models import Appointment, Sight
from duban.identity.rules import Permission, PermissionDenied

POSTING = frozenset({Permission.ARREARS_IMPORT, Permission.WORKBOOK_LOOK})
"""Permissions that add business rows: they count only in scopes where the appointment may post."""


def may(actor: Appointment, permission: Permission) -> bool:
    """Whether the role has `permission` at all, wherever that may be."""
    return permission in actor.powers.may


def scopes_where(actor: Appointment, permission: Permission) -> list[int]:
    """The scopes in which `actor` has `permission`, as a literal list so that indexes serve. One query a request."""
    if not may(actor, permission):
        return []
    return sorted(scope for scope, may_post in actor.sight.items() if may_post or permission not in POSTING)


def in_sight(actor: Appointment, permission: Permission) -> QuerySet[Sight, int]:
    """The scopes in which `actor` has `permission`, as a sub-select: `scope__in=in_sight(…)`.

    For what the ORM asks: turning a list of thousands into SQL costs it more than the query.
    """
    if not may(actor, permission):
        return Sight.objects.none().values_list("scope_id", flat=True)
    mine = Sight.objects.filter(appointment_id=actor.pk)
    return (mine.filter(may_post=True) if permission in POSTING else mine).values_list("scope_id", flat=True)


def require(actor: Appointment, permission: Permission, *, scope_id: int | None = None) -> None:
    """Let `actor` through, or refuse.

    Args:
        scope_id: where; None asks only for the role's permission.

    Raises:
        PermissionDenied: the role lacks `permission`, or lacks it in that scope.
    """
    allowed = may(actor, permission)
    if allowed and scope_id is not None:
        may_post = actor.sight.get(scope_id)
        allowed = may_post is not None and (may_post or permission not in POSTING)
    if not allowed:
        raise PermissionDenied(who=actor.person.name, permission=permission)
