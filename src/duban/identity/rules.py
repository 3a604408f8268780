"""Roles, what each reaches and may do, and how a password must look. Pure: no database and no clock."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from duban.kernel.errors import DomainError
from duban.kernel.words import N_, Sentence


class Role(StrEnum):
    """What a person is in an appointment."""

    LEADER = "leader"
    OFFICE = "office"
    DEPARTMENT = "department"
    FINANCE = "finance"
    DEBTOR = "debtor"
    ENTERPRISE = "enterprise"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"
    OPERATOR = "operator"

    @property
    def label(self) -> Sentence:
        """The role's name in the reader's language."""
        return Sentence(_ROLE_LABELS[self])


_ROLE_LABELS = {
    Role.LEADER: N_("Leader"),
    Role.OFFICE: N_("Clearing office"),
    Role.DEPARTMENT: N_("Department"),
    Role.FINANCE: N_("Finance"),
    Role.DEBTOR: N_("Debtor unit"),
    Role.ENTERPRISE: N_("Enterprise"),
    Role.AUDITOR: N_("Auditor"),
    Role.SYSTEM_ADMIN: N_("System administrator"),
    Role.SECURITY_ADMIN: N_("Security administrator"),
    Role.AUDIT_ADMIN: N_("Audit administrator"),
    Role.OPERATOR: N_("Local operator"),
}


class Reach(StrEnum):
    """Which crossings of unit and line an appointment sees."""

    TERRITORY = "territory"
    """Everything in the region its unit belongs to (块)."""
    LINE = "line"
    """Its own line in that region (条), and its own unit."""
    OWN = "own"
    """Its own unit and those under it."""
    NOTHING = "nothing"
    """No business rows; a party may still see its own."""


class Permission(StrEnum):
    """One thing that a person may be allowed to do."""

    ARREARS_VIEW = "arrears.view"
    ARREARS_IMPORT = "arrears.import"
    ARREARS_POST = "arrears.post"
    """Act on one claim: a payment, a dispute, a correction."""
    ARREARS_DECIDE = "arrears.decide"
    """Decide as the second person on what another handed in, and accept it."""
    ARREARS_ESTIMATE = "arrears.estimate"
    """See what interest would come to (测算), which is the creditor's to claim and no debt of the ledger."""
    CAMPAIGNS_MANAGE = "campaigns.manage"
    PARTIES_MANAGE = "parties.manage"
    WORKBOOK_LOOK = "workbook.look"
    TRAIL_VIEW = "trail.view"
    UNITS_MANAGE = "units.manage"
    PEOPLE_MANAGE = "people.manage"


@dataclass(frozen=True, slots=True)
class Powers:
    """What a role reaches and may do; `posts` tells whether the database lets it add rows there."""

    reach: Reach
    posts: bool
    may: frozenset[Permission]


_READ = frozenset({Permission.ARREARS_VIEW})
_WORK = frozenset(
    {Permission.ARREARS_VIEW, Permission.ARREARS_IMPORT, Permission.ARREARS_POST, Permission.WORKBOOK_LOOK}
)
_OFFICE = _WORK | {
    Permission.ARREARS_DECIDE,
    Permission.ARREARS_ESTIMATE,
    Permission.CAMPAIGNS_MANAGE,
    Permission.PARTIES_MANAGE,
    Permission.TRAIL_VIEW,
}

POWERS: Mapping[Role, Powers] = {
    Role.LEADER: Powers(Reach.TERRITORY, posts=False, may=_READ),
    Role.OFFICE: Powers(Reach.TERRITORY, posts=True, may=_OFFICE),
    Role.DEPARTMENT: Powers(Reach.LINE, posts=True, may=_WORK),
    Role.FINANCE: Powers(Reach.TERRITORY, posts=False, may=_READ | {Permission.ARREARS_ESTIMATE}),
    Role.DEBTOR: Powers(Reach.OWN, posts=True, may=_WORK),
    Role.ENTERPRISE: Powers(Reach.NOTHING, posts=False, may=_READ),
    Role.AUDITOR: Powers(Reach.TERRITORY, posts=False, may=_READ | {Permission.TRAIL_VIEW}),
    # The three administrators hold no business rows (domain.md §11.1: separation of administrators).
    Role.SYSTEM_ADMIN: Powers(Reach.NOTHING, posts=False, may=frozenset({Permission.UNITS_MANAGE})),
    Role.SECURITY_ADMIN: Powers(Reach.NOTHING, posts=False, may=frozenset({Permission.PEOPLE_MANAGE})),
    Role.AUDIT_ADMIN: Powers(Reach.NOTHING, posts=False, may=frozenset({Permission.TRAIL_VIEW})),
    # Whoever can read the data folder of this machine; never signs in on a page.
    Role.OPERATOR: Powers(Reach.TERRITORY, posts=True, may=frozenset(Permission)),
}


def reaches(role: Role) -> Reach:
    """What `role` reaches; the table `identity_reach` in the database repeats it, and a test holds them together."""
    return POWERS[role].reach


class PermissionDenied(DomainError):
    """Somebody asks for what their appointment does not allow."""

    text = N_(
        "{who} may not do this here ({permission}). Change to an appointment that may, or ask the office in charge."
    )

    def __init__(self, *, who: str, permission: Permission) -> None:
        super().__init__(who=who, permission=permission.value)


class SignInRefused(DomainError):
    """The name and password do not open a session. It does not say which of the two was wrong."""

    text = N_("The name or the password is not right. Check both and try again; {left} more tries before a pause.")

    def __init__(self, *, left: int) -> None:
        super().__init__(left=left)


class SignInLocked(DomainError):
    """Too many wrong passwords in a row."""

    text = N_("Too many wrong passwords: this name is locked until {until}. Wait, or ask the security administrator.")

    def __init__(self, *, until: str) -> None:
        super().__init__(until=until)


class NoAppointment(DomainError):
    """The person is known but holds no appointment today."""

    text = N_("{who} holds no appointment in force today. Ask the security administrator to enter one.")

    def __init__(self, *, who: str) -> None:
        super().__init__(who=who)


class WeakPassword(DomainError):
    """A new password does not meet the rule in force."""

    text = N_(
        "The password needs at least {length} characters of at least {classes} kinds "
        "(capital letters, small letters, digits, signs), must not contain the name, and must differ from the old one."
    )

    def __init__(self, *, length: int, classes: int) -> None:
        super().__init__(length=length, classes=classes)


def check_password(password: str, *, name: str, old: str | None, min_length: int, min_classes: int) -> None:
    """Let a new password through, or raise `WeakPassword`.

    Args:
        password, old: as typed; `old` is None when an administrator sets a first one.
        min_length, min_classes: of the security rule in force.

    Source: customary test values for GB/T 22239-2019 level 2 (domain.md §11.1).
    """
    kinds = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
    signs = any(not (char.isascii() and char.isalnum()) for char in password)
    classes = sum(any(char in kind for char in password) for kind in kinds) + signs
    contains_name = bool(name) and name.casefold() in password.casefold()
    if len(password) < min_length or classes < min_classes or contains_name or password == old:
        raise WeakPassword(length=min_length, classes=min_classes)
