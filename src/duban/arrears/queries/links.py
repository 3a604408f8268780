"""Where a claim goes on, or comes from; and others of the same parties, with which it may be one."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from duban.arrears.models import Claim, ClaimLink, ClaimNow
from duban.arrears.queries.sight import seen_by
from duban.arrears.queries.signing import UNSEEN, Signed, signed
from duban.arrears.rules.acts import Link
from duban.identity import queries as units
from duban.identity.access import in_sight
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.money import Money
from duban.register.queries import family

MOST_SIBLINGS = 100


@dataclass(frozen=True, slots=True)
class LinkRow:
    """An amount that was carried over, as one of the two claims sees it.

    Args:
        number, unit_name, uid: of the other claim; nothing where the reader does not see it.
    """

    kind: Link
    is_outgoing: bool
    amount: Money
    number: str
    unit_name: str
    uid: UUID | None
    by: Signed


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another claim between the same parties."""

    claim_id: int
    ledger_no: str
    unit_name: str
    open: Money


def links_of(uid: UUID, *, today: date, actor: Appointment) -> list[LinkRow]:
    """The links of a claim, the newest first. Five queries at most, mostly two.

    Raises:
        Claim.DoesNotExist: there is no such claim where `actor` can see it.
    """
    claim = Claim.objects.filter(seen_by(actor)).get(uid=uid)
    links = list(ClaimLink.objects.filter(Q(from_claim_id=claim.pk) | Q(to_claim_id=claim.pk)).order_by("-pk"))
    if not links:
        return []
    ends = {id_ for link in links for id_ in (link.from_claim_id, link.to_claim_id)}
    seen = ClaimNow.objects.filter(seen_by(actor)).select_related("claim", "scope").in_bulk(ends)
    by, names = signed(link.posting_id for link in links), _unit_names(today)
    rows = []
    for link in links:
        is_outgoing = link.from_claim_id == claim.pk
        other = seen.get(link.to_claim_id if is_outgoing else link.from_claim_id)
        rows.append(LinkRow(
            kind=Link(link.kind),
            is_outgoing=is_outgoing,
            amount=link.amount,
            number=other.ledger_no if other else "",
            unit_name=names.get(other.scope.unit_id, "") if other else "",
            uid=other.claim.uid if other else None,
            by=by.get(link.posting_id, UNSEEN),
        ))  # fmt: skip
    return rows


def _unit_names(today: date) -> dict[int, str]:
    return {unit.id: unit.name for unit in units.units_on(today)}


def siblings_of(uid: UUID, *, today: date, actor: Appointment, permission: Permission) -> list[Sibling]:
    """Other claims between the same parties where `actor` has a permission, those with most open first."""
    claim = Claim.objects.filter(seen_by(actor)).get(uid=uid)
    same = ClaimNow.objects.filter(
        in_sight(actor, permission),
        debtor_id__in=family(claim.debtor_id), creditor_id__in=family(claim.creditor_id),
    )  # fmt: skip
    rows = same.exclude(pk=claim.pk).select_related("scope").order_by("-open", "pk")[:MOST_SIBLINGS]
    names = _unit_names(today) if rows else {}
    return [Sibling(row.claim_id, row.ledger_no, names.get(row.scope.unit_id, ""), row.open) for row in rows]
