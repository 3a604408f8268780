"""What the campaigns make of one claim, for its page."""

from datetime import date

from django.urls import reverse

from duban.arrears.campaign_words import explained
from duban.arrears.queries.campaigns.campaign import campaigns
from duban.arrears.queries.campaigns.matching import judgements_of
from duban.identity.models import Appointment


def campaigns_of(claim_id: int, *, as_of: date, actor: Appointment) -> list[tuple[str, str, str]]:
    """Name and address of each campaign that `actor` sees, and why the claim is in it or not."""
    return [
        (found.name, reverse("arrears:campaign", args=[found.uid]), explained(judged, found.clauses.scope))
        for found in campaigns(actor=actor, on=as_of)
        if found.clauses.scope is not None
        for judged in judgements_of(found.id, found.clauses.scope, [claim_id], on=as_of, actor=actor)
    ]
