"""Opening a paper that was handed in with an act."""

from uuid import UUID

from django.db import transaction

from duban.arrears.models import Claim
from duban.arrears.queries.said import PaperRow, paper_of
from duban.audit import commands as audit
from duban.identity import access
from duban.identity.models import Appointment
from duban.identity.rules import Permission
from duban.kernel.words import N_, Sentence


@transaction.atomic
def open_paper(*, claim: UUID, paper_id: int, actor: Appointment) -> PaperRow:
    """A paper of a claim. Whoever opens one leaves a row in the trail.

    Raises:
        PermissionDenied: `actor` may not see arrears.
        Claim.DoesNotExist, Evidence.DoesNotExist: there is none where `actor` can see it.
    """
    access.require(actor, Permission.ARREARS_VIEW)
    found = paper_of(claim, paper_id, actor=actor)
    words = Sentence(
        N_("Opened the paper {name} of claim {number}"), {"name": found.name, "number": found.claim_number}
    )
    scope_id = Claim.objects.values_list("scope_id", flat=True).get(uid=claim)
    subject = ("arrears.claim", str(claim))
    audit.record(actor=actor, action="arrears.paper_opened", subject=subject, scope_id=scope_id, words=words)
    return found
