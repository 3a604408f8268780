"""Reading the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from duban.audit.models import Event
from duban.identity.access import in_sight
from duban.identity.models import Appointment
from duban.identity.rules import Permission, Role
from duban.kernel.words import N_, Sentence

KEEPERS = frozenset({Role.OPERATOR, Role.AUDIT_ADMIN})
"""Who sees the whole trail; everybody else sees their own acts and those in their scopes."""


BATCH = 2000
_WAYS = {
    "page": N_("page"),
    "api": N_("interface"),
    "command line": N_("command line"),
    "job": N_("background job"),
}
"""What an act came by (`identity.origin`), for people."""


@dataclass(frozen=True, slots=True)
class TrailWish:
    """What is wanted of the trail; empty means everything."""

    text: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One act, in the reader's language."""

    id: int
    at: datetime
    who: str
    action: str
    words: str
    changes: str
    subject: str
    via: str
    address: str
    request_id: str


def trail(wish: TrailWish, *, actor: Appointment, window: slice) -> list[TrailRow]:
    """Acts, the latest first. One query."""
    return [_row(event) for event in _wanted(wish, actor)[window]]


def trail_after(wish: TrailWish, actor: Appointment, last: TrailRow | None) -> list[TrailRow]:
    """The acts that follow `last`, a batch at a time: for an export (`identity.streaming.batches`)."""
    events = _wanted(wish, actor)
    if last is not None:
        events = events.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.id))
    return [_row(event) for event in events[:BATCH]]


def actions(*, actor: Appointment) -> list[str]:
    """The kinds of acts that there are."""
    return sorted(_wanted(TrailWish(), actor).order_by().values_list("action", flat=True).distinct())


def _wanted(wish: TrailWish, actor: Appointment) -> QuerySet[Event]:
    events = Event.objects.order_by("-at", "-pk")
    if Role(actor.role) not in KEEPERS:
        events = events.filter(Q(appointment=actor) | in_sight(actor, Permission.TRAIL_VIEW))
    if wish.text:
        events = events.filter(Q(who__icontains=wish.text) | Q(subject_uid__icontains=wish.text))
    if wish.action:
        events = events.filter(action=wish.action)
    if wish.since:
        events = events.filter(at__gte=_start(wish.since))
    if wish.until:
        events = events.filter(at__lt=_start(wish.until + timedelta(days=1)))
    return events


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())


def who_did(action: str, subject_kind: str, subject_uids: Sequence[str], *, actor: Appointment) -> dict[str, str]:
    """Who did something to each of some subjects first, as people read it; only acts that `actor` may know of."""
    wish = TrailWish(action=action)
    events = _wanted(wish, actor).filter(subject_kind=subject_kind, subject_uid__in=subject_uids)
    # The latest comes first, so the earliest is what stays.
    return {uid: shown_by(who) for uid, who in events.values_list("subject_uid", "who")}


def shown_by(who: str) -> str:
    """Who acted, as it was kept (name, role and unit of then), with the role in the reader's language."""
    name, _, rest = who.partition(" · ")
    role, _, unit = rest.partition(" · ")
    if role not in set(Role):
        return who
    label = str(Role(role).label)
    return label if role == Role.OPERATOR else f"{name} · {unit} · {label}"


def _row(event: Event) -> TrailRow:
    return TrailRow(
        id=event.pk,
        at=event.at,
        who=shown_by(event.who),
        action=event.action,
        words=str(Sentence(event.text, event.values)),
        changes="; ".join(f"{change['what']}: {change['before']} → {change['after']}" for change in event.changes),
        subject=event.subject_uid,
        via=str(Sentence(_WAYS.get(event.via, event.via))),
        address=event.address,
        request_id=event.request_id,
    )
