"""Which claims somebody sees: those in sight, and a party its own."""

from django.db.models import Q

from duban.identity.access import in_sight
from duban.identity.models import Appointment
from duban.identity.rules import Permission


def seen_by(actor: Appointment) -> Q:
    """The condition on a claim, or on a claim as it stands, that `actor` sees it."""
    if actor.party_id is None:
        return in_sight(actor, Permission.ARREARS_VIEW)
    own = Q(debtor_id=actor.party_id) | Q(creditor_id=actor.party_id)
    return in_sight(actor, Permission.ARREARS_VIEW) | own
