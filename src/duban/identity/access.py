"""Who may do what, where. Commands pass through `require`; page queries narrow by `scopes_where`.

Row security repeats the same answer underneath (`migrations/sql/entry.sql`), so that a query that forgets to narrow
still shows nothing that its reader may not see.
"""

from duban.identity.models import Appointment
from duban.identity.rules import Permission, PermissionDenied

POSTING = frozenset({Permission.ARREARS_IMPORT})
"""Permissions that add business rows: they count only in scopes where the appointment may post."""


def may(actor: Appointment, permission: Permission) -> bool:
    """Whether the role has `permission` at all, wherever that may be."""
    return permission in actor.powers.may


def scopes_where(actor: Appointment, permission: Permission) -> list[int]:
    """The scopes in which `actor` has `permission`, as a literal list so that indexes serve. One query a request."""
    if not may(actor, permission):
        return []
    return sorted(scope for scope, may_post in actor.sight.items() if may_post or permission not in POSTING)


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
